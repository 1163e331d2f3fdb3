package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"rampart/sources"
	"rampart/sources/plane/protocol"
	"rampart/sources/road"
)

// caller carries the calls over HTTP.
type caller struct {
	conf   Config
	client *http.Client
	now    func() time.Time
}

// Ask answers caps from the config, reads by GET and applies by POST. A 401 is asked once more with fresh credentials:
// what was refused was not done.
func (c *caller) Ask(ctx context.Context, q protocol.Request) (protocol.Answer, error) {
	method, at, body := http.MethodGet, c.conf.Read, []byte(nil)
	switch q.Call {
	case protocol.CallCaps:
		return protocol.Answer{Caps: c.caps()}, nil
	case protocol.CallApply:
		b, err := json.Marshal(q)
		if err != nil {
			return protocol.Answer{}, &sources.Error{Op: q.Call, Target: place(at), Kind: sources.ErrInvalid, Cause: err}
		}
		method, at, body = http.MethodPost, c.conf.Write, b
	}
	x := &exchange{caller: c, call: q.Call, method: method, url: at, body: body}
	if q.Intent != nil {
		x.key = q.Intent.ID
	}
	a, status, err := x.do(ctx, false)
	if status == http.StatusUnauthorized && c.conf.Bearer != nil {
		a, _, err = x.do(ctx, true)
	}
	return a, err
}

func (c *caller) caps() *protocol.Caps {
	out := &protocol.Caps{Finest: c.conf.Finest.Percent(), Settle: c.conf.Settle.Seconds(), Durable: c.conf.Durable}
	for _, s := range c.conf.Shares {
		out.Shares = append(out.Shares, s.Percent())
	}
	return out
}

// exchange is one request and its answer.
type exchange struct {
	*caller
	call, method, url, key string
	body                   []byte
	token                  string      // masked in all that comes back
	gone                   atomic.Bool // a connection was there: from then on something may have been sent
}

func (x *exchange) do(ctx context.Context, fresh bool) (protocol.Answer, int, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, x.conf.Timeout, sources.Late("no answer", x.conf.Timeout))
	defer cancel()
	req, err := x.request(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { x.gone.Store(true) }}), fresh)
	if err != nil {
		return protocol.Answer{}, 0, x.unsent(err)
	}
	resp, err := x.client.Do(req)
	if err != nil {
		return protocol.Answer{}, 0, x.broken(ctx, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, protocol.MaxAnswer))
	if err != nil {
		return protocol.Answer{}, resp.StatusCode, x.broken(ctx, err)
	}
	if x.token != "" {
		b = bytes.ReplaceAll(b, []byte(x.token), []byte("***"))
	}
	a, err := x.answer(resp, b)
	return a, resp.StatusCode, err
}

// request is made anew for each try. Without GetBody net/http cannot send a body a second time.
func (x *exchange) request(ctx context.Context, fresh bool) (*http.Request, error) {
	var body io.Reader
	if x.body != nil {
		body = bytes.NewReader(x.body)
	}
	req, err := http.NewRequestWithContext(ctx, x.method, x.url, body)
	if err != nil {
		return nil, err
	}
	req.GetBody = nil
	req.Header.Set("User-Agent", "rampart")
	req.Header.Set("Accept", "application/json")
	if x.body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", x.key)
	}
	if x.conf.Bearer != nil {
		if x.token, err = sources.Reveal(ctx, x.conf.Bearer, fresh); err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+x.token)
	}
	if x.conf.Secret != nil {
		secret, err := sources.Reveal(ctx, x.conf.Secret, fresh)
		if err != nil {
			return nil, err
		}
		req.Header.Set(road.SignatureHeader, road.Sign(secret, x.now(), x.method, req.URL.RequestURI(), x.body))
	}
	return req, nil
}
