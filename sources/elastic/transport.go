package elastic

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"rampart/sources/road"
)

// transport is the one way to the nodes: it adds who we are and asks for fresh credentials once after a 401.
type transport struct {
	next  http.RoundTripper
	hosts map[string]bool // scheme and host of the configured nodes
	who   road.Identity
}

// newTransport builds the way of a config.
func newTransport(c Config, nodes []*url.URL) (*transport, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("elasticsearch: the program's default transport was replaced")
	}
	t := base.Clone()
	t.MaxIdleConnsPerHost = inFlight
	conf, err := c.TLS.TLS()
	if err != nil {
		return nil, fmt.Errorf("elasticsearch %w", err)
	}
	t.TLSClientConfig = conf
	if c.Proxy != "" {
		proxy, err := url.Parse(c.Proxy)
		if err != nil {
			return nil, errors.New("elasticsearch proxy: not a url")
		}
		t.Proxy = http.ProxyURL(proxy)
	}
	r := &transport{next: t, hosts: map[string]bool{}, who: road.Identity{APIKey: c.APIKey, Bearer: c.Bearer, Headers: c.Headers}}
	if c.Basic != nil {
		r.who.Username, r.who.Password = c.Basic.Username, c.Basic.Password
	}
	for _, u := range nodes {
		r.hosts[u.Scheme+"://"+u.Host] = true
		if road.Loopback(u) {
			t.DisableCompression = true // packing costs a server of this machine more than moving
		}
	}
	return r, nil
}

// RoundTrip sends a request, a second time with fresh credentials when the first ones were refused.
func (r *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.send(req, false)
	if err == nil && resp.StatusCode == http.StatusUnauthorized && r.who.Any() {
		road.Discard(resp.Body)
		resp, err = r.send(req, true)
	}
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 == 2 && road.HTML(resp.Header) {
		road.Discard(resp.Body)
		return nil, errHTML
	}
	return resp, nil
}

// send makes its own copy of the request: a RoundTripper must not change the one it was given.
func (r *transport) send(req *http.Request, fresh bool) (*http.Response, error) {
	out := req.Clone(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body = body
	}
	if err := r.identify(out, fresh); err != nil {
		return nil, err
	}
	out.Header.Set("X-Opaque-Id", "rampart") // an administrator sees in tasks and slow logs who asks
	return r.next.RoundTrip(out)
}

// identify adds who we are, but never for another host than the configured ones.
func (r *transport) identify(req *http.Request, fresh bool) error {
	if !r.hosts[req.URL.Scheme+"://"+req.URL.Host] {
		return nil
	}
	return r.who.Add(req.Context(), req.Header, fresh)
}
