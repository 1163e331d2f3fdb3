package prom

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"rampart/sources"
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
	URL     string                    `yaml:"url" json:"url"`                               // the base, without /api/v1
	Bearer  sources.Secret            `yaml:"bearer,omitempty" json:"-"`                    // read again on 401
	Basic   *Basic                    `yaml:"basic,omitempty" json:"basic"`                 // instead of bearer
	TLS     TLS                       `yaml:"tls,omitempty" json:"tls"`                     //
	Headers map[string]sources.Secret `yaml:"headers,omitempty" json:"-"`                   // such as X-Scope-OrgID
	Proxy   string                    `yaml:"proxy,omitempty" json:"proxy"`                 // the environment's when empty
	Timeout time.Duration             `yaml:"timeout,omitempty" json:"timeout"`             // of one query
	Chunk   time.Duration             `yaml:"chunk,omitempty" json:"chunk"`                 // the longest span of raw samples read by one query
	Replica string                    `yaml:"replica_label,omitempty" json:"replica_label"` // so that HA pairs are not counted twice
	// Lookback is how old a counter's earlier value may be to count from; a longer silence begins anew.
	Lookback time.Duration `yaml:"lookback,omitempty" json:"lookback"`
	// MaxSeries is how many series one query may bring before it is broken off.
	MaxSeries int `yaml:"max_series,omitempty" json:"max_series"`
}

// Basic is a user and a password.
type Basic struct {
	Username string         `yaml:"username" json:"username"`
	Password sources.Secret `yaml:"password" json:"-"`
}

// TLS says how to trust the server and who we are to it.
type TLS struct {
	CA         string `yaml:"ca,omitempty" json:"ca"`     // file
	Cert       string `yaml:"cert,omitempty" json:"cert"` // file
	Key        string `yaml:"key,omitempty" json:"key"`   // file
	ServerName string `yaml:"server_name,omitempty" json:"server_name"`
	Insecure   bool   `yaml:"insecure,omitempty" json:"insecure"` // said by Health
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

func (l literal) Get(context.Context, bool) (string, error) { return string(l), nil }
