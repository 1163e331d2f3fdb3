package prom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"

	"rampart/sources"
	"rampart/sources/road"
)

// errForeign says that the answer is not one of this API.
var errForeign = errors.New("the answer is not the query API's")

// errCut says that an answer, or the connection that it should have come by, ended too early.
var errCut = errors.New("the answer was cut off on the way")

// errDisorder says that one series came with samples that do not follow each other in time.
var errDisorder = errors.New("the samples of a series do not ascend in time")

// foreign is a reason for errForeign.
func foreign(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errForeign}, args...)...)
}

// statusFault says what an HTTP status means, or nil where the body must speak for itself.
func statusFault(resp *http.Response) error {
	code, page, said := resp.StatusCode, road.HTML(resp.Header), bodyCause(resp)
	cause := fmt.Errorf("status %d%s", code, said)
	switch {
	case !page && (code/100 == 2 || code == http.StatusBadRequest || code == http.StatusUnprocessableEntity):
		return nil
	case code == http.StatusUnauthorized:
		return &sources.Error{Kind: sources.ErrDenied, Cause: cause, Fix: "see bearer or basic in the config"}
	case code == http.StatusForbidden:
		return &sources.Error{Kind: sources.ErrDenied, Cause: cause, Fix: "these credentials may not query here"}
	case code == http.StatusTooManyRequests:
		return &sources.Error{Kind: sources.ErrThrottled, Cause: cause, RetryAfter: road.RetryAfter(resp.Header), Fix: "see how many queries the server takes from these credentials"}
	case code == http.StatusNotFound:
		return &sources.Error{Kind: sources.ErrInvalid, Cause: cause, Fix: "url must be what stands before /api/v1"}
	case code/100 == 3:
		return &sources.Error{Kind: sources.ErrInvalid, Cause: fmt.Errorf("status %d leads to %s", code, road.Location(resp)), Fix: "put that into url"}
	case code == http.StatusRequestEntityTooLarge, code == http.StatusRequestURITooLong:
		return &sources.Error{Kind: sources.ErrInvalid, Cause: oversize(cause.Error()), Fix: "a server in between takes no query that long; see group_by in the config"}
	case code >= 500, code == http.StatusRequestTimeout:
		return &sources.Error{Kind: sources.ErrUnreachable, Cause: cause, RetryAfter: road.RetryAfter(resp.Header), Fix: outage(said)}
	case page:
		return &sources.Error{Kind: sources.ErrInvalid, Cause: fmt.Errorf("status %d with an HTML page instead of JSON", code), Fix: "url may lead to a login page or to another program"}
	}
	return &sources.Error{Kind: sources.ErrInvalid, Cause: cause}
}

// outage says what to look at behind a status of 500 and above.
func outage(said string) string {
	switch {
	case said == "":
		return "see whether it, or what stands before it, is starting, down or overloaded"
	case strings.Contains(said, "query timed out"):
		return gaveUp
	}
	return ""
}

// gaveUp is what mends a query that the server began and did not finish in its own time.
const gaveUp = "the server gave up; ask for less, or raise its query.timeout"

// bodyCause returns what the API itself says of a failure; foreign bodies are not repeated, they may hold anything.
func bodyCause(resp *http.Response) string {
	if resp.StatusCode/100 < 4 || road.HTML(resp.Header) {
		return ""
	}
	var said struct {
		ErrorType string `json:"errorType"`
		Error     string `json:"error"`
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<14))
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(strings.NewReader(string(body)), resp.Body), resp.Body}
	if err != nil || json.Unmarshal(body, &said) != nil || said.Error == "" {
		return ""
	}
	return ": " + sources.Visible(said.Error)
}

// fault gives any failure its place and kind: `op target: kind: cause`. The URL that net/http puts into its errors is
// left out, because it holds the whole query.
func fault(op, target string, timeout time.Duration, err error) error {
	if e, ok := errors.AsType[*sources.Error](err); ok {
		full := *e
		if full.Op == "" {
			full.Op, full.Target = op, target
		}
		return &full
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	out := &sources.Error{Op: op, Target: target, Kind: sources.ErrUnreachable, Cause: sources.Remote(err)}
	switch e, api := errors.AsType[*v1.Error](err); {
	case api:
		apiFault(out, string(e.Type), e.Msg)
	case errors.Is(err, context.DeadlineExceeded):
		out.Cause, out.Fix = sources.Late("no answer", timeout), "it hangs or is overloaded; timeout in the config is how long it is waited for"
	case errors.Is(err, context.Canceled):
		out.Cause = context.Canceled
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		out.Cause, out.Fix = errCut, "the server, or what stands before it, broke it off"
	case road.Mend(err) != "":
		out.Fix = road.Mend(err)
	case errors.Is(err, errDisorder):
		out.Kind, out.Fix = sources.ErrInvalid, "what answers merges several stores: see its deduplication, or ask one store"
	case errors.Is(err, errForeign):
		out.Kind, out.Fix = sources.ErrInvalid, "url may lead to a login page or to another program"
	}
	return out
}

// oversize is the word of a server, or of one in between, that a query or its answer is too large.
type oversize string

// Error is what was said.
func (o oversize) Error() string { return string(o) }

// sizeLimit are the words of Prometheus, Thanos, Mimir and VictoriaMetrics for the limits of one query.
var sizeLimit = regexp.MustCompile(`(?i)too many|too large|too long|exceed|limit`)

// refusal is the server's word that a query is none. It holds whatever the data are and whenever it is asked.
type refusal string

// Error is what the server said.
func (r refusal) Error() string { return string(r) }

// Refused tells whether the server read a query and found it to be none, as against a failure that may heal, an address
// that leads elsewhere, or data that a good query cannot be answered from.
func Refused(err error) bool {
	_, is := errors.AsType[refusal](err)
	return is
}

var parsePlace = regexp.MustCompile(`\b(\d+):(\d+): parse error`)

// apiFault gives the API's own error types their kinds (prometheus.io/docs, HTTP API, "Format overview").
func apiFault(out *sources.Error, kind, msg string) {
	out.Cause = errors.New(sources.Visible(msg))
	switch kind {
	case "timeout":
		out.Fix = gaveUp
	case "canceled", "unavailable", "internal", "server_error":
	case "bad_response":
		if out.Kind = sources.ErrInvalid; strings.Contains(msg, "unexpected end") {
			out.Kind = sources.ErrUnreachable // cut off on the way: the next answer may be whole
		}
	case "not_found":
		out.Kind = sources.ErrNoData
	default:
		out.Kind = sources.ErrInvalid
		if kind == "bad_data" {
			out.Cause = refusal(out.Cause.Error())
		}
		if kind == "execution" && sizeLimit.MatchString(msg) {
			out.Cause = oversize(out.Cause.Error())
		}
		if m := parsePlace.FindStringSubmatch(msg); m != nil {
			out.Fix = "the query is wrong at line " + m[1] + ", column " + m[2]
		}
		if strings.Contains(msg, "too many samples") {
			out.Fix = "select fewer series, or raise the server's query.max-samples"
		}
	}
}
