package prom

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

// The values of a Config whose fields are zero.
const (
	DefaultTimeout   = 10 * time.Second
	DefaultLookback  = 5 * time.Minute
	DefaultMaxSeries = 20_000
	DefaultChunk     = 30 * time.Minute
)

// Config says where a Prometheus is and how to ask it. Its zero values are the defaults above.
type Config struct {
	URL     string                    // the base, without /api/v1
	Bearer  sources.Secret            // read again on 401
	Basic   *road.Basic               // instead of bearer
	TLS     road.Trust                //
	Headers map[string]sources.Secret // such as X-Scope-OrgID
	Proxy   string                    // the environment's when empty
	Timeout time.Duration             // of one query
	Chunk   time.Duration             // the longest span of raw samples read by one query
	Replica string                    // so that HA pairs are not counted twice
	// Lookback is how old a counter's earlier value may be to count from; a longer silence begins anew.
	Lookback time.Duration
	// MaxSeries is how many series one query may bring before it is broken off.
	MaxSeries int
}

// Validate says what is wrong with the config itself, without asking anybody.
func (c Config) Validate() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return errors.New("prometheus url: not a url") // the parser's own message would repeat credentials
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return fmt.Errorf("prometheus url %s: want http://host or https://host", sources.Visible(u.Redacted()))
	case c.Bearer != nil && (c.Basic != nil || u.User != nil), c.Basic != nil && u.User != nil:
		return errors.New("prometheus: want one of bearer, basic or credentials in the url")
	case c.Basic != nil && (c.Basic.Username == "" || c.Basic.Password == nil):
		return errors.New("prometheus basic: want username and password")
	case (c.TLS.Cert == "") != (c.TLS.Key == ""):
		return errors.New("prometheus tls: cert and key belong together")
	case c.Timeout < 0, c.Lookback < 0, c.Chunk < 0, c.MaxSeries < 0:
		return errors.New("prometheus: timeout, lookback, chunk and max_series cannot be negative")
	}
	for name := range c.Headers {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) }) {
			return fmt.Errorf("prometheus headers: %s is no header's name", sources.Visible(name))
		}
	}
	if _, err := url.Parse(c.Proxy); err != nil {
		return errors.New("prometheus proxy: not a url")
	}
	return nil
}

// filled returns the config with its defaults.
func (c Config) filled() Config {
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Lookback == 0 {
		c.Lookback = DefaultLookback
	}
	if c.Chunk == 0 {
		c.Chunk = DefaultChunk
	}
	if c.MaxSeries == 0 {
		c.MaxSeries = DefaultMaxSeries
	}
	return c
}

// literal is a secret that was written in the config itself.
type literal string

// Get returns it; there is no fresher one.
func (l literal) Get(context.Context, bool) (string, error) { return string(l), nil }
