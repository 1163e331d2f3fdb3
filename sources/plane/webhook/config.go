package webhook

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

// Config says where to read and write.
type Config struct {
	Read, Write string         // URLs, http or https
	Secret      sources.Secret // signs every request; nil: unsigned
	Bearer      sources.Secret // nil: none
	TLS         road.Trust
	Timeout     time.Duration   // of one request; 5 s when 0
	Shares      []sources.Share // the only shares that can be set, or
	Finest      sources.Share   // the smallest step; one part per million when 0
	Settle      time.Duration   // from accepted to effective; 1 s when 0
	Durable     bool            // a setting survives a restart of the server
}

const defaultTimeout = 5 * time.Second

// Validate tells the first thing that cannot work, by the key's name.
func (c Config) Validate() error {
	for _, u := range []struct{ key, raw string }{{"read", c.Read}, {"write", c.Write}} {
		at, err := url.Parse(u.raw)
		switch {
		case u.raw == "":
			return fmt.Errorf("%s: no URL given", u.key)
		case err != nil || (at.Scheme != "http" && at.Scheme != "https") || at.Host == "":
			return fmt.Errorf("%s: not an http or https URL", u.key)
		case at.User != nil:
			return fmt.Errorf("%s: credentials in a URL end up in logs; use bearer", u.key)
		}
	}
	if c.Timeout < 0 || c.Settle < 0 {
		return errors.New("timeout, settle: negative")
	}
	return nil
}
