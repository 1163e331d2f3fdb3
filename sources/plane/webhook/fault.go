package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"rampart/sources"
	"rampart/sources/plane/protocol"
	"rampart/sources/road"
)

// answer reads what came back. An error that the server tells as a document counts before its status.
func (x *exchange) answer(resp *http.Response, b []byte) (protocol.Answer, error) {
	a, bad := protocol.Decode(b)
	switch {
	case a.Error != nil && protocol.Told(&bad, x.call, place(x.url)):
		if e, _ := errors.AsType[*sources.Error](bad); e.RetryAfter == 0 {
			e.RetryAfter = road.RetryAfter(resp.Header)
		}
		return a, bad
	case resp.StatusCode/100 != 2:
		return protocol.Answer{}, x.status(resp)
	case bad != nil: // the body is not repeated: a foreign page may hold anything
		return protocol.Answer{}, x.fault(sources.ErrInvalid, fmt.Errorf("status %d with a body that is no answer as agreed", resp.StatusCode), true)
	}
	return a, nil
}

// status says what an HTTP status means. Only a 5xx leaves open whether a write was done. A redirect and a 404 did not
// come from the one who divides the traffic but from a page in front of it, as while it restarts: a rollback tries again.
func (x *exchange) status(resp *http.Response) error {
	code := resp.StatusCode
	cause := fmt.Errorf("status %d", code)
	e := x.fault(sources.ErrInvalid, cause, false)
	switch {
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		e.Kind, e.Fix = sources.ErrDenied, "see bearer and secret of traffic.webhook"
	case code == http.StatusConflict, code == http.StatusPreconditionFailed:
		e.Kind, e.Fix = sources.ErrConflict, "look again and ask again"
	case code == http.StatusTooManyRequests:
		e.Kind, e.RetryAfter = sources.ErrThrottled, road.RetryAfter(resp.Header)
	case code/100 == 3:
		e.Kind, e.Cause, e.Fix = sources.ErrUnreachable, fmt.Errorf("status %d leads to %s, and redirects are not followed", code, road.Location(resp)), "put the last URL into the config"
	case code == http.StatusNotFound:
		e.Kind, e.Fix = sources.ErrUnreachable, "see read and write of traffic.webhook"
	case code >= 500, code == http.StatusRequestTimeout:
		e.Kind, e.Sent, e.RetryAfter = sources.ErrUnreachable, true, road.RetryAfter(resp.Header)
	}
	return e
}

func (x *exchange) fault(kind, cause error, sent bool) *sources.Error {
	return &sources.Error{Op: x.call, Target: place(x.url), Kind: kind, Cause: cause, Sent: sent}
}

// unsent is a request that could not be made.
func (x *exchange) unsent(err error) error {
	if e, ok := errors.AsType[*sources.Error](err); ok {
		placed := *e
		placed.Op, placed.Target = x.call, place(x.url)
		return &placed
	}
	return x.fault(sources.ErrInvalid, err, false)
}

// broken is a request without a whole answer.
func (x *exchange) broken(ctx context.Context, err error) error {
	return x.fault(sources.ErrUnreachable, road.Broken(ctx, err), x.gone.Load())
}
