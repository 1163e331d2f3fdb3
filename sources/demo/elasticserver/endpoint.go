package elasticserver

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestBody is http.max_content_length, made smaller for a demo.
const longestBody = 16 << 20

// bodyOf reads a JSON object; no body is an empty one.
func bodyOf(c *call) (map[string]any, *trouble) {
	b, err := io.ReadAll(io.LimitReader(c.Body, longestBody))
	if err != nil {
		return nil, parsing("%v", err)
	}
	return object(b)
}

func object(b []byte) (map[string]any, *trouble) {
	body := map[string]any{}
	if len(b) == 0 {
		return body, nil
	}
	if err := json.Unmarshal(b, &body); err != nil {
		at := int64(1)
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = syntax.Offset
		}
		if strings.Contains(err.Error(), "unexpected end") {
			return nil, bad("x_content_e_o_f_exception", "[1:%d] Unexpected end of file", at)
		}
		return nil, bad("x_content_parse_exception", "[1:%d] %v", at, err)
	}
	return body, nil
}

// withParams puts the options of the URL where the body has none: clients may send either.
func withParams(body map[string]any, c *call) {
	q := c.URL.Query()
	for _, name := range []string{"size", "from", "sort", "_source", "track_total_hits"} {
		v := q.Get(name)
		if v == "" || body[name] != nil {
			continue
		}
		switch {
		case name == "sort" || name == "_source" && v != "true" && v != "false":
			list := []any{}
			for _, part := range texts(v) {
				list = append(list, part)
			}
			body[name] = list
		case v == "true" || v == "false":
			body[name] = v == "true"
		default:
			n, _ := strconv.ParseFloat(v, 64)
			body[name] = n
		}
	}
	if text := q.Get("q"); text != "" && body["query"] == nil {
		body["query"] = map[string]any{"query_string": map[string]any{"query": text}}
	}
}

// prepare reads a search for an index expression or, with a pit in the body, for what that froze.
func (s *Server) prepare(c *call, expression string, body map[string]any, lenient bool) (*search, *trouble) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	v := view{asOf: c.now.UnixMilli(), upTo: math.MaxInt64}
	id := ""
	if p, ok := body["pit"].(map[string]any); ok {
		if expression != "" {
			return nil, bad("action_request_validation_exception", "Validation Failed: 1: [indices] cannot be used with point in time. Do not specify any index with point in time.;")
		}
		frozen, t := s.pit(textOf(p["id"]), c.now, textOf(p["keep_alive"]))
		if t != nil {
			return nil, t
		}
		v, id = frozen.view, textOf(p["id"])
	} else {
		indexes, t := s.store.resolve(expression, lenient)
		if t != nil {
			return nil, t
		}
		v.indexes = indexes
	}
	sr, t := newSearch(body, v, &compiler{indexes: v.indexes, now: c.now})
	if t != nil {
		if t.late && len(v.indexes) > 0 {
			t.shard = v.indexes[0]
		}
		return nil, t
	}
	sr.pit = id
	return sr, nil
}

// shards tells how many took part; with Partial one of two failed.
func (s *Server) shards(indexes []*index) map[string]any {
	n := max(1, len(indexes))
	if !s.Partial.Load() {
		return map[string]any{"total": n, "successful": n, "skipped": 0, "failed": 0}
	}
	return map[string]any{"total": n + 1, "successful": n, "skipped": 0, "failed": 1, "failures": []any{map[string]any{
		"shard": 1, "index": backing, "node": "demo",
		"reason": map[string]any{"type": "no_shard_available_action_exception", "reason": "no shard available for [indices:data/read/search]"},
	}}}
}

func lenient(c *call) bool { return c.URL.Query().Get("ignore_unavailable") == "true" }

func (s *Server) search(c *call) (any, *trouble) {
	body, t := bodyOf(c)
	if t != nil {
		return nil, t
	}
	withParams(body, c)
	sr, t := s.prepare(c, c.index, body, lenient(c))
	if t != nil {
		return nil, t
	}
	return sr.answer(s.store, s.shards(sr.view.indexes)), nil
}

// msearch answers pairs of header and body, each by itself.
func (s *Server) msearch(c *call) (any, *trouble) {
	sc := bufio.NewScanner(io.LimitReader(c.Body, longestBody))
	sc.Buffer(nil, longestBody)
	answers := []any{}
	for sc.Scan() {
		if len(sc.Bytes()) == 0 {
			continue
		}
		head, t := object(sc.Bytes())
		if t != nil {
			return nil, t
		}
		if !sc.Scan() {
			return nil, bad("illegal_argument_exception", "The msearch request must be terminated by a newline [\\n]")
		}
		answers = append(answers, s.oneOf(c, head, sc.Bytes()))
	}
	return map[string]any{"took": 1, "responses": answers}, nil
}

func (s *Server) oneOf(c *call, head map[string]any, raw []byte) map[string]any {
	body, t := object(raw)
	if t == nil {
		expression := c.index
		if head["index"] != nil {
			expression = joined(head["index"])
		}
		ignore, _ := head["ignore_unavailable"].(bool)
		var sr *search
		if sr, t = s.prepare(c, expression, body, ignore); t == nil {
			out := sr.answer(s.store, s.shards(sr.view.indexes))
			out["status"] = http.StatusOK
			return out
		}
	}
	return t.body()
}

// joined gives an index expression that may come as a text or a list.
func joined(v any) string { return strings.Join(texts(v), ",") }

func (s *Server) count(c *call) (any, *trouble) {
	body, t := bodyOf(c)
	if t != nil {
		return nil, t
	}
	withParams(body, c)
	sr, t := s.prepare(c, c.index, map[string]any{"query": body["query"], "size": 0.}, lenient(c))
	if t != nil {
		return nil, t
	}
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	_, total, _ := sr.run(s.store)
	return map[string]any{"count": total, "_shards": s.shards(sr.view.indexes)}, nil
}

// pit is a frozen view of the store.
type pit struct {
	view    view
	expires time.Time
}

func (s *Server) openPIT(c *call) (any, *trouble) {
	alive, ok := spanOf(c.URL.Query().Get("keep_alive"))
	if !ok {
		return nil, bad("action_request_validation_exception", "Validation Failed: 1: [keep_alive] is not specified;")
	}
	s.store.mu.RLock()
	indexes, t := s.store.resolve(c.index, lenient(c))
	upTo := s.store.next
	s.store.mu.RUnlock()
	if t != nil {
		return nil, t
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened++
	id := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "demo-point-in-time-%08d", s.opened))
	s.pits[id] = &pit{view{indexes, c.now.UnixMilli(), upTo}, c.now.Add(alive)}
	return map[string]any{"id": id, "_shards": s.shards(indexes)}, nil
}

func noPIT(id string) *trouble {
	return &trouble{status: http.StatusNotFound, kind: "search_context_missing_exception", reason: "No search context found for id [" + id + "]"}
}

// pit finds a frozen view that has not expired and lengthens its life.
func (s *Server) pit(id string, now time.Time, keep string) (*pit, *trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, p := range s.pits {
		if now.After(p.expires) {
			delete(s.pits, k)
		}
	}
	p := s.pits[id]
	if p == nil {
		return nil, noPIT(id)
	}
	if alive, ok := spanOf(keep); ok {
		p.expires = now.Add(alive)
	}
	return p, nil
}

func (s *Server) closePIT(c *call) (any, *trouble) {
	body, t := bodyOf(c)
	if t != nil {
		return nil, t
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := textOf(body["id"])
	if s.pits[id] == nil {
		return nil, noPIT(id)
	}
	delete(s.pits, id)
	return map[string]any{"succeeded": true, "num_freed": 1}, nil
}
