package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
	"rampart/sources/road"
)

var (
	errHTML    = errors.New("an HTML page instead of JSON")
	errNotJSON = errors.New("the answer is not JSON of Elasticsearch")
	errCut     = errors.New("the answer was cut off on the way")
)

// said is what Elasticsearch says of a failure; the innermost cause tells most.
type said struct {
	Type         string `json:"type"`
	Reason       string `json:"reason"`
	RootCause    []said `json:"root_cause"`
	FailedShards []struct {
		Reason said `json:"reason"`
	} `json:"failed_shards"`
	CausedBy *said `json:"caused_by"`
}

// deepest walks to the cause that names the mistake: "all shards failed" tells nobody anything.
func (s said) deepest() said {
	for range 16 {
		switch {
		case len(s.FailedShards) > 0 && s.FailedShards[0].Reason.Type != "":
			s = s.FailedShards[0].Reason
		case s.CausedBy != nil && s.CausedBy.Reason != "" && (s.Type != "parse_exception" || tooManyClauses(*s.CausedBy)):
			s = *s.CausedBy
		case len(s.RootCause) > 0 && s.RootCause[0].Type != "" && s.RootCause[0].Type != s.Type:
			s = s.RootCause[0]
		default:
			return s
		}
	}
	return s
}

// String is the first line of it; what follows in a parser's complaint is its grammar.
func (s said) String() string {
	line, _, _ := strings.Cut(s.Reason, "\n")
	return strings.Trim(s.Type+": "+line, ": ")
}

const reasonBytes = 300

// statusFault reads an answer of 300 and above into what it means.
func statusFault(res *esapi.Response) error {
	code := res.StatusCode
	var body struct {
		Error json.RawMessage `json:"error"`
	}
	raw, _ := io.ReadAll(io.LimitReader(res.Body, 1<<22)) // what could be read of a failure is enough
	_ = json.Unmarshal(raw, &body)
	out := failed(code, body.Error)
	out.RetryAfter = road.RetryAfter(res.Header)
	if code/100 == 3 {
		out.Cause = fmt.Errorf("status %d leads to %s", code, road.Location(&http.Response{Header: res.Header}))
	}
	return out
}

// failed is what a status and the JSON of an error mean.
func failed(code int, raw json.RawMessage) *sources.Error {
	var top said
	if len(raw) > 0 && json.Unmarshal(raw, &top) != nil {
		_ = json.Unmarshal(raw, &top.Reason) // some failures are a plain string
	}
	deep := top.deepest()
	cause := fmt.Errorf("status %d", code)
	if words := deep.String(); words != "" {
		cause = fmt.Errorf("status %d: %s", code, short(words, reasonBytes))
	}
	out := &sources.Error{Kind: sources.ErrInvalid, Cause: cause}
	out.Fix, out.Kind = meaning(code, top, deep)
	return out
}

// meaning gives a status and what was said their kind and what to do.
func meaning(code int, top, deep said) (fix string, kind error) {
	switch {
	case code == http.StatusUnauthorized:
		return "see api_key, bearer or basic in the config", sources.ErrDenied
	case code == http.StatusForbidden && deep.Type != "cluster_block_exception":
		return "the key needs the privilege read on the index pattern", sources.ErrDenied
	case top.Type == "index_not_found_exception":
		return "see logs.index in the config, and whether the key may see it", sources.ErrNoData
	case deep.Type == "index_closed_exception":
		return "the index is closed; open it or name another in logs.index", sources.ErrNoData
	case code == http.StatusTooManyRequests, deep.Type == "circuit_breaking_exception":
		return "the cluster is busy: see who else searches it, and its memory", sources.ErrThrottled
	case deep.Type == "search_context_missing_exception":
		return "the point in time expired; it is opened anew", sources.ErrUnreachable
	case code == http.StatusNotFound && deep.Type == "":
		return "url must be what stands before the index name", sources.ErrInvalid
	case code == http.StatusNotFound:
		return "", sources.ErrNoData
	case code == http.StatusRequestTimeout, code >= 500:
		return "see whether it, or what stands before it, is starting, down or overloaded", sources.ErrUnreachable
	case code/100 == 3:
		return "put that into url", sources.ErrInvalid
	case strings.Contains(deep.Reason, "is not supported for aggregation"), strings.Contains(deep.Reason, "Fielddata is disabled"):
		return "see logs.fields and logs.arm.field in the config: that field has another type there", sources.ErrInvalid
	case deep.Type == "parse_exception":
		return "put words that hold : ( ) / into quotes, or search for plain words", sources.ErrInvalid
	case tooManyClauses(deep):
		return "the query has too many words or wildcards for the cluster; ask for fewer", sources.ErrInvalid
	}
	return "", sources.ErrInvalid
}

func tooManyClauses(s said) bool {
	return strings.Contains(s.Type, "too_many_") || strings.Contains(s.Reason, "axClauseCount") || strings.Contains(s.Reason, "too many clauses")
}

// fault gives any failure its place and kind: `op target: kind: cause`.
func (s *Source) fault(op string, err error) error {
	if e, ok := errors.AsType[*sources.Error](err); ok {
		full := *e
		if full.Op == "" {
			full.Op, full.Target = op, s.target
		}
		return &full
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	out := &sources.Error{Op: op, Target: s.target, Kind: sources.ErrUnreachable, Cause: sources.Remote(err)}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		out.Cause, out.Fix = sources.Late("no answer", s.cfg.Timeout), "it hangs or is overloaded; timeout in the config is how long it is waited for"
	case errors.Is(err, context.Canceled):
		out.Cause = context.Canceled
	case errors.Is(err, errCut), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		out.Cause, out.Fix = errCut, "the cluster, or what stands before it, broke it off"
	case road.Mend(err) != "":
		out.Fix = road.Mend(err)
	case errors.Is(err, errHTML), errors.Is(err, errNotJSON):
		out.Kind, out.Fix = sources.ErrInvalid, "url may lead to a login page or to another program"
	case errors.Is(err, errStranger):
		out.Kind = sources.ErrInvalid
		out.Fix = "url must lead to Elasticsearch 7.14 or newer, and a proxy in between must keep that header"
	}
	return out
}

// short cuts a text of others.
func short(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:most] + " …"
}
