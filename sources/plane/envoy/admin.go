package envoy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

// mostBytes bounds an answer; a config dump of ten thousand routes has about 10 MB.
const mostBytes = 32 << 20

// admin is the admin interface of one member.
type admin struct {
	member, base string
	client       *http.Client
	timeout      time.Duration
}

func newAdmin(raw string, timeout time.Duration) *admin {
	a := &admin{member: raw, base: strings.TrimRight(raw, "/"), timeout: timeout}
	carrier := &http.Transport{DisableKeepAlives: true} // a connection that broke while idle would leave a write's outcome in doubt
	if path, ok := strings.CutPrefix(raw, "unix://"); ok {
		a.base = "http://envoy"
		carrier.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		}
	}
	a.client = road.Client(carrier)
	return a
}

// get reads a JSON document.
func (a *admin) get(ctx context.Context, path string, into any) error {
	b, err := a.ask(ctx, "read", http.MethodGet, path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return &sources.Error{
			Op: "read", Target: a.member, Kind: sources.ErrInvalid, Cause: errors.New("the answer is not Envoy's"), Fix: "see that traffic.envoy.admins are admin interfaces",
		}
	}
	return nil
}

// ask sends one request. Its error says in Sent whether it may have arrived.
func (a *admin) ask(ctx context.Context, op, method, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, a.timeout, sources.Late("no answer", a.timeout))
	defer cancel()
	var gone atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { gone.Store(true) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), method, a.base+path, nil)
	if err != nil {
		return nil, &sources.Error{Op: op, Target: a.member, Kind: sources.ErrInvalid, Cause: err}
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, a.broken(ctx, op, err, gone.Load())
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, mostBytes))
	if err != nil {
		return nil, a.broken(ctx, op, err, true)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, a.refused(op, resp.StatusCode, b)
	}
	return b, nil
}

func (a *admin) broken(ctx context.Context, op string, err error, sent bool) error {
	return &sources.Error{Op: op, Target: a.member, Kind: sources.ErrUnreachable, Cause: road.Broken(ctx, err), Sent: sent}
}

// refused says what a status means. Envoy's own words are kept, the beginning of them.
func (a *admin) refused(op string, code int, b []byte) error {
	e := &sources.Error{Op: op, Target: a.member, Kind: sources.ErrInvalid, Cause: fmt.Errorf("status %d: %s", code, sources.Visible(shorten(string(b))))}
	switch {
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		e.Kind, e.Fix = sources.ErrDenied, "see allow_paths of the admin interface, or what stands before it"
	case code == http.StatusServiceUnavailable && strings.Contains(string(b), "admin layer"):
		e.Kind, e.Fix = sources.ErrUnsupported, "give Envoy's layered_runtime an admin_layer"
	case code == http.StatusTooManyRequests:
		e.Kind = sources.ErrThrottled
	case code >= 500:
		e.Kind, e.Sent = sources.ErrUnreachable, true
	}
	return e
}

func shorten(s string) string {
	const most = 160
	s = strings.TrimSpace(s)
	if len(s) > most {
		s = s[:most] + "…"
	}
	return s
}

// write sends one write. Anything but Envoy's OK to one that may have arrived leaves its outcome open.
func (a *admin) write(ctx context.Context, request string) (sources.Text, error) {
	b, err := a.ask(ctx, "write", http.MethodPost, strings.TrimPrefix(request, verb))
	if e, ok := errors.AsType[*sources.Error](err); ok && e.Sent {
		e.Kind = sources.ErrAmbiguous
	}
	if err == nil && strings.TrimSpace(string(b)) != "OK" {
		err = &sources.Error{
			Op: "write", Target: a.member, Kind: sources.ErrAmbiguous, Sent: true, Cause: fmt.Errorf("it answered %q", sources.Visible(shorten(string(b)))),
		}
	}
	return sources.NewText(shorten(string(b))), err
}
