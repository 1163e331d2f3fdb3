package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

// Config says how a server is trusted and how long it may take.
type Config struct {
	TLS     road.Trust
	Timeout time.Duration // of one request; 5 s when 0
}

const (
	defaultTimeout = 5 * time.Second
	// mostAnswer bounds what is read of an answer.
	mostAnswer = 8 << 20
)

// Road carries requests to one server.
type Road struct {
	op      string
	client  *http.Client
	timeout time.Duration
}

// NewRoad makes a road; op is the first word of its errors. It connects to nothing yet.
func NewRoad(op string, c Config) (*Road, error) {
	trust, err := c.TLS.TLS()
	if err != nil {
		return nil, &sources.Error{Op: "config", Target: op, Kind: sources.ErrInvalid, Cause: err}
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	carrier := &http.Transport{
		TLSClientConfig: trust, Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute,
	}
	return &Road{op: op, client: road.Client(carrier), timeout: c.Timeout}, nil
}

// Request is what is sent. It is made anew for each try, because its secrets may be.
type Request struct {
	Method string
	URL    string // revealed
	Body   []byte
	Header http.Header
	// Said picks the harmless part of a refusal's body for the error; nil: nothing of it is repeated.
	Said func(body []byte) string
}

// Send makes a request and sends it; what comes back is the body of a success.
func (r *Road) Send(ctx context.Context, build func(ctx context.Context, fresh bool) (Request, error)) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.timeout, sources.Late("no answer", r.timeout))
	defer cancel()
	body, status, err := r.once(ctx, build, false)
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		body, _, err = r.once(ctx, build, true)
	}
	return body, err
}

func (r *Road) once(ctx context.Context, build func(ctx context.Context, fresh bool) (Request, error), fresh bool) ([]byte, int, error) {
	q, err := build(ctx, fresh)
	if err != nil {
		return nil, 0, r.unsent(err)
	}
	req, err := http.NewRequestWithContext(ctx, q.Method, q.URL, bytes.NewReader(q.Body))
	if err != nil || (req.URL.Scheme != "http" && req.URL.Scheme != "https") || req.URL.Host == "" {
		return nil, 0, &sources.Error{Op: r.op, Target: "url", Kind: sources.ErrInvalid, Cause: errors.New("not an http or https URL"), Fix: "see what the secret holds"}
	}
	for name, values := range q.Header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", "rampart")
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, 0, r.broken(ctx, req.URL, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer+1))
	switch {
	case err != nil:
		return nil, resp.StatusCode, r.broken(ctx, req.URL, err)
	case resp.StatusCode/100 != 2:
		return nil, resp.StatusCode, r.refused(q, req.URL, resp, body)
	case len(body) > mostAnswer:
		return nil, resp.StatusCode, &sources.Error{Op: r.op, Target: Place(req.URL), Kind: sources.ErrInvalid, Cause: fmt.Errorf("answered more than %d bytes", mostAnswer)}
	}
	return body, resp.StatusCode, nil
}

// Place is the part of an address that is no secret: where it is, not what is asked there.
func Place(u *url.URL) string {
	if u == nil || u.Host == "" {
		return "url"
	}
	return u.Scheme + "://" + u.Host
}

// Carry sends all requests by another carrier, as tests do that must not leave the process.
func (r *Road) Carry(by http.RoundTripper) { r.client.Transport = by }
