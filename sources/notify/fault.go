package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"rampart/sources"
	"rampart/sources/road"
)

// refused says what an HTTP status means for a notice.
func (r *Road) refused(q Request, at *url.URL, resp *http.Response, body []byte) error {
	code := resp.StatusCode
	e := &sources.Error{Op: r.op, Target: Place(at), Kind: sources.ErrInvalid, Cause: fmt.Errorf("status %d", code)}
	if q.Said != nil {
		if said := q.Said(body); said != "" {
			e.Cause = fmt.Errorf("status %d: %s", code, sources.Visible(said))
		}
	}
	switch {
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		e.Kind, e.Fix = sources.ErrDenied, "see the receiver's secrets under notify in the config"
	case code == http.StatusTooManyRequests:
		e.Kind, e.RetryAfter = sources.ErrThrottled, road.RetryAfter(resp.Header)
	case code/100 == 3:
		e.Cause, e.Fix = fmt.Errorf("status %d leads elsewhere, and redirects are not followed", code), "put the last URL into the config"
	case code >= 500, code == http.StatusRequestTimeout:
		e.Kind, e.RetryAfter = sources.ErrUnreachable, road.RetryAfter(resp.Header)
	case code == http.StatusNotFound, code == http.StatusGone:
		e.Fix = "nobody listens under this URL"
	}
	return e
}

// unsent is a request that could not be made.
func (r *Road) unsent(err error) error {
	if e, ok := errors.AsType[*sources.Error](err); ok {
		placed := *e
		if placed.Op == "" {
			placed.Op, placed.Target = r.op, "secret"
		}
		return &placed
	}
	return &sources.Error{Op: r.op, Target: "notice", Kind: sources.ErrInvalid, Cause: err}
}

// broken is a request without a whole answer.
func (r *Road) broken(ctx context.Context, at *url.URL, err error) error {
	return &sources.Error{Op: r.op, Target: Place(at), Kind: sources.ErrUnreachable, Cause: road.Broken(ctx, err), Sent: true}
}
