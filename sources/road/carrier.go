package road

import (
	"net/http"
	"net/url"
	"slices"
)

// Carrier takes requests to a server: it says who we are, to the hosts alone that may know, and reads each secret afresh
// and sends once more what was answered with a 401, which means that nothing was done. It may be used by many goroutines
// at once.
type Carrier struct {
	Next   http.RoundTripper
	Who    Identity
	Hosts  []*url.URL        // that may know: scheme and host of each
	Header map[string]string // told to every host besides
}

// RoundTrip sends a request, a second time where the first credentials were refused and it can be sent again.
func (c *Carrier) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.send(req, false)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || !c.Who.Any() || !again(req) {
		return resp, err
	}
	Discard(resp.Body)
	return c.send(req, true)
}

// again tells whether a request has all that a second try would need.
func again(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// send makes its own copy of the request: a RoundTripper must not change the one it was given.
func (c *Carrier) send(req *http.Request, fresh bool) (*http.Response, error) {
	out := req.Clone(req.Context())
	if req.Body != nil && req.GetBody != nil {
		defer req.Body.Close() // it is the copy's that is read
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body = body
	}
	if slices.ContainsFunc(c.Hosts, func(u *url.URL) bool { return u.Scheme == req.URL.Scheme && u.Host == req.URL.Host }) {
		if err := c.Who.Add(req.Context(), out.Header, fresh); err != nil {
			if out.Body != nil {
				_ = out.Body.Close()
			}
			return nil, err
		}
	}
	for name, value := range c.Header {
		out.Header.Set(name, value)
	}
	return c.Next.RoundTrip(out)
}
