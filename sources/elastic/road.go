package elastic

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"

	"rampart/sources"
)

// road is the one way to the nodes: it adds who we are and asks for fresh credentials once after a 401.
type road struct {
	next    http.RoundTripper
	hosts   map[string]bool // scheme and host of the configured nodes
	apiKey  sources.Secret
	bearer  sources.Secret
	basic   *Basic
	headers map[string]sources.Secret
}

// newRoad builds the transport of a config.
func newRoad(c Config, nodes []*url.URL) (*road, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("elasticsearch: the program's default transport was replaced")
	}
	t := base.Clone()
	t.MaxIdleConnsPerHost = inFlight
	conf, err := c.TLS.config()
	if err != nil {
		return nil, err
	}
	t.TLSClientConfig = conf
	if c.Proxy != "" {
		proxy, err := url.Parse(c.Proxy)
		if err != nil {
			return nil, errors.New("elasticsearch proxy: not a url")
		}
		t.Proxy = http.ProxyURL(proxy)
	}
	r := &road{next: t, hosts: map[string]bool{}, apiKey: c.APIKey, bearer: c.Bearer, basic: c.Basic, headers: c.Headers}
	for _, u := range nodes {
		r.hosts[u.Scheme+"://"+u.Host] = true
		if loopback(u) {
			t.DisableCompression = true // packing costs a server of this machine more than moving
		}
	}
	return r, nil
}

func (t TLS) config() (*tls.Config, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName, InsecureSkipVerify: t.Insecure} //nolint:gosec // Health says so.
	if t.CA != "" {
		pem, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, fmt.Errorf("elasticsearch tls.ca: %w", err)
		}
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("elasticsearch tls.ca %s: no certificate in it", t.CA)
		}
	}
	if t.Cert != "" {
		pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, fmt.Errorf("elasticsearch tls.cert: %w", err)
		}
		conf.Certificates = []tls.Certificate{pair}
	}
	return conf, nil
}

func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// RoundTrip sends a request, a second time with fresh credentials when the first ones were refused.
func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.send(req, false)
	if err == nil && resp.StatusCode == http.StatusUnauthorized && r.secretive() {
		discard(resp.Body)
		resp, err = r.send(req, true)
	}
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 == 2 && html(resp.Header) {
		discard(resp.Body)
		return nil, errHTML
	}
	return resp, nil
}

func (r *road) secretive() bool {
	return r.apiKey != nil || r.bearer != nil || r.basic != nil || len(r.headers) > 0
}

// send makes its own copy of the request: a RoundTripper must not change the one it was given.
func (r *road) send(req *http.Request, fresh bool) (*http.Response, error) {
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
func (r *road) identify(req *http.Request, fresh bool) error {
	if !r.hosts[req.URL.Scheme+"://"+req.URL.Host] {
		return nil
	}
	ctx := req.Context()
	for _, w := range []struct {
		secret sources.Secret
		scheme string
	}{{r.apiKey, "ApiKey "}, {r.bearer, "Bearer "}} {
		if w.secret == nil {
			continue
		}
		v, err := sources.Reveal(ctx, w.secret, fresh)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", w.scheme+v)
	}
	if r.basic != nil {
		v, err := sources.Reveal(ctx, r.basic.Password, fresh)
		if err != nil {
			return err
		}
		req.SetBasicAuth(r.basic.Username, v)
	}
	for name, s := range r.headers {
		v, err := sources.Reveal(ctx, s, fresh)
		if err != nil {
			return err
		}
		req.Header.Set(name, v)
	}
	return nil
}

// discard empties a little of an answer, so that its connection can be used again.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 1<<14)
	_ = body.Close()
}
