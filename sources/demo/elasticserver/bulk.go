package elasticserver

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// bulk stores documents: action and body in turns, one a line. An action that fails does not stop the others.
func (s *Server) bulk(c *call) (any, *trouble) {
	sc := bufio.NewScanner(io.LimitReader(c.Body, longestBody))
	sc.Buffer(nil, longestBody)
	items, failed := []any{}, false
	for sc.Scan() {
		if len(sc.Bytes()) == 0 {
			continue
		}
		head, t := object(sc.Bytes())
		if t != nil {
			return nil, t
		}
		for action, meta := range head {
			m, _ := meta.(map[string]any)
			if action != "index" && action != "create" {
				return nil, bad("illegal_argument_exception", "Malformed action/metadata line, expected one of [create, index] but found [%s]", action)
			}
			if !sc.Scan() {
				return nil, bad("illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]")
			}
			item := s.one(c, m, sc.Bytes())
			failed = failed || item["error"] != nil
			items = append(items, map[string]any{action: item})
		}
	}
	if err := sc.Err(); err != nil {
		return nil, parsing("%v", err)
	}
	return map[string]any{"took": 1, "errors": failed, "items": items}, nil
}

// one stores a document and gives its item of the answer.
func (s *Server) one(c *call, meta map[string]any, raw []byte) map[string]any {
	name, ok := meta["_index"].(string)
	if !ok {
		name = c.index
	}
	item := map[string]any{"_index": name, "status": http.StatusCreated, "result": "created"}
	body, t := object(raw)
	values := map[string][]any{}
	flatten(values, "", body)
	var at time.Time
	if t == nil {
		at, t = timestampOf(values)
	}
	if name == "" && t == nil {
		t = bad("action_request_validation_exception", "Validation Failed: 1: index is missing;")
	}
	if t != nil {
		item["status"], item["error"] = t.status, map[string]any{"type": t.kind, "reason": t.reason}
		delete(item, "result")
		return item
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	x := s.store.index(name, "")
	x.learn(values)
	id, ok := meta["_id"].(string)
	if !ok {
		id = fmt.Sprintf("bulk%016x", s.store.next)
	}
	item["_id"], item["_seq_no"] = id, s.store.add(document{at: at.UnixMilli(), index: x, id: id, source: body, values: values}, c.now.UnixMilli())
	return item
}

// timestampOf turns @timestamp into a date; a document without one is taken as it is.
func timestampOf(values map[string][]any) (time.Time, *trouble) {
	var at time.Time
	for i, v := range values["@timestamp"] {
		ms, t := moment(v, at, false)
		if t != nil {
			return at, bad("document_parsing_exception", "failed to parse field [@timestamp] of type [date]: %s", t.reason)
		}
		at = time.UnixMilli(ms).UTC()
		values["@timestamp"][i] = at
	}
	return at, nil
}

// flatten gives the values of an object by dotted path, whichever way the object was nested.
func flatten(out map[string][]any, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			flatten(out, strings.TrimPrefix(path+"."+k, "."), inner)
		}
	case []any:
		for _, inner := range v {
			flatten(out, path, inner)
		}
	case nil:
	default:
		out[path] = append(out[path], v)
	}
}

// learn maps new fields as the logs template does: texts are keywords but for the message, and the first value decides.
func (x *index) learn(values map[string][]any) {
	for path, vs := range values {
		if x.kinds[path] != "" {
			continue
		}
		switch vs[0].(type) {
		case time.Time:
			x.kinds[path] = "date"
		case float64:
			x.kinds[path] = "float"
		case bool:
			x.kinds[path] = "boolean"
		default:
			x.kinds[path] = "keyword"
			if path == "message" || path == "error.message" {
				x.kinds[path] = "match_only_text"
			}
		}
	}
}

func (s *Server) refresh(c *call) (any, *trouble) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	found, t := s.store.resolve(c.index, lenient(c))
	if t != nil {
		return nil, t
	}
	for seq := s.store.first; seq < s.store.next; seq++ {
		d := &s.store.ring[seq%int64(len(s.store.ring))]
		if d.source != nil && slices.Contains(found, d.index) {
			d.visible = min(d.visible, c.now.UnixMilli())
		}
	}
	return map[string]any{"_shards": s.shards(found)}, nil
}
