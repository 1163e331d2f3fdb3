package road

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"rampart/sources"
)

// Client sends requests by a carrier and follows no redirect: where one leads is told to whoever wrote the config, and
// neither credentials nor a write go there by themselves.
func Client(by http.RoundTripper) *http.Client {
	return &http.Client{Transport: by, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Broken is why a request has no whole answer: the context's own reason where that ended it. net/http's words around it
// are left out, because they hold the URL with its query, and so is our own port, another one each time.
func Broken(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return sources.Remote(err)
}
