package prom

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	commonconfig "github.com/prometheus/common/config"

	"rampart/sources"
	"rampart/sources/road"
)

// transport is the one way to the server: it falls back to GET where POST is forbidden, and turns every answer that is
// not the API's into an *sources.Error.
type transport struct {
	*road.Carrier
	base *url.URL // without user
}

// newTransport builds the way of a config: prometheus/common does TLS, proxies and HTTP/2.
func newTransport(c Config) (*transport, error) {
	base, err := url.Parse(c.URL)
	if err != nil {
		return nil, errors.New("prometheus url: not a url")
	}
	common := commonconfig.HTTPClientConfig{
		EnableHTTP2: true,
		TLSConfig: commonconfig.TLSConfig{
			CAFile: c.TLS.CA, CertFile: c.TLS.Cert, KeyFile: c.TLS.Key,
			ServerName: c.TLS.ServerName, InsecureSkipVerify: c.TLS.Insecure,
		},
		ProxyConfig: commonconfig.ProxyConfig{ProxyFromEnvironment: c.Proxy == ""},
	}
	if c.Proxy != "" {
		proxy, err := url.Parse(c.Proxy)
		if err != nil {
			return nil, errors.New("prometheus proxy: not a url")
		}
		common.ProxyURL = commonconfig.URL{URL: proxy}
	}
	next, err := commonconfig.NewRoundTripperFromConfig(common, "rampart", commonconfig.WithDialContextFunc(road.Dial))
	if err != nil {
		return nil, err
	}
	way := &road.Carrier{
		Next: next, Hosts: []*url.URL{base}, Who: road.Identity{Bearer: c.Bearer, Basic: c.Basic, Headers: c.Headers},
		Header: map[string]string{"User-Agent": "rampart"},
	}
	if road.Loopback(base) { // packing costs a server of this machine more than moving
		way.Header["Accept-Encoding"] = "identity"
	}
	if u := base.User; u != nil {
		password, _ := u.Password()
		way.Who.Basic = &road.Basic{Username: u.Username(), Password: literal(password)}
	}
	base.User = nil
	return &transport{way, base}, nil
}

// RoundTrip sends a request and returns only answers that can be the API's: success, or its own 400 and 422.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.Carrier.RoundTrip(req)
	if err == nil && req.Method == http.MethodPost && noPost(resp.StatusCode) {
		road.Discard(resp.Body)
		get, gerr := asGet(req)
		if gerr != nil {
			return nil, gerr
		}
		resp, err = t.Carrier.RoundTrip(get)
	}
	if err != nil {
		return nil, err
	}
	if fault := statusFault(resp); fault != nil {
		road.Discard(resp.Body)
		return nil, fault
	}
	resp.Body = bound(resp.Body)
	return resp, nil
}

func noPost(status int) bool {
	return status == http.StatusForbidden || status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented
}

func asGet(req *http.Request) (*http.Request, error) {
	if req.GetBody == nil {
		return nil, errors.New("a request that cannot be sent again")
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	form, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	get, err := http.NewRequestWithContext(req.Context(), http.MethodGet, req.URL.String(), nil)
	if err != nil {
		return nil, err
	}
	get.URL.RawQuery = string(form)
	return get, nil
}

// mostBytes is how much is read at once: a whole answer, or one series of a streamed one. The largest series seen is 2 h
// of raw samples each second, 200 kB; a grouped answer is smaller still.
const mostBytes = 32 << 20

// bounded is an answer's body that cannot fill the memory: what url leads to may be another program, and one value of
// its JSON would otherwise be held whole, however long it goes on.
type bounded struct {
	io.ReadCloser
	left int64
}

func bound(body io.ReadCloser) *bounded { return &bounded{ReadCloser: body, left: mostBytes} }

// Read reads on until the bytes that are left are used up.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, &sources.Error{
			Kind: sources.ErrInvalid, Cause: errors.New("the answer goes on for more than 32 MiB"),
			Fix: "see what url leads to, and select fewer series",
		}
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// renew gives the next series its own bytes.
func (b *bounded) renew() { b.left = mostBytes }
