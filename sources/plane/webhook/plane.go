package webhook

import (
	"net/http"
	"net/url"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
	"rampart/sources/plane/protocol"
	"rampart/sources/road"
)

// Plane is a web server that divides traffic.
type Plane struct {
	*protocol.Plane
	conf Config
}

// New returns the plane of a checked config; it connects to nothing yet. count sees requests where readings tell no
// counters; it may be nil.
func New(c Config, count plane.Count, now func() time.Time) (*Plane, error) {
	invalid := func(err error) error {
		return &sources.Error{Op: "config", Target: "traffic.webhook", Kind: sources.ErrInvalid, Cause: err}
	}
	if err := c.Validate(); err != nil {
		return nil, invalid(err)
	}
	trust, err := c.TLS.TLS()
	if err != nil {
		return nil, invalid(err)
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	carrier := &http.Transport{
		TLSClientConfig: trust, Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		DisableKeepAlives: true, // a connection that broke while idle would leave a write's outcome in doubt
	}
	return &Plane{protocol.New("webhook", place(c.Write), &caller{conf: c, client: road.Client(carrier), now: now}, count, now), c}, nil
}

// place is a URL without its query, which may hold what nobody else should see.
func place(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "url"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
