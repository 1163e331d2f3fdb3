package envoy

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// Config says where the admin interfaces are and which clusters are the arms.
type Config struct {
	// Admins are the members: http://host:9901, or unix:///run/envoy/admin.sock.
	Admins []string
	// Prefix is the route's runtime_key_prefix.
	Prefix string
	// Clusters are the names of the arms' clusters.
	Clusters sources.ByArm[string]
	// Layer is the name of the runtime's admin layer; "admin" when empty.
	Layer string
	// Timeout bounds one request; 3 s when 0.
	Timeout time.Duration
}

const (
	defaultTimeout = 3 * time.Second
	defaultLayer   = "admin"
)

// Validate tells the first thing that cannot work, by the key's name.
func (c Config) Validate() error {
	if len(c.Admins) == 0 {
		return errors.New("admins: none given; give the admin interface, such as http://127.0.0.1:9901")
	}
	for i, raw := range c.Admins {
		u, err := url.Parse(raw)
		switch {
		case err != nil || !reachable(u):
			return fmt.Errorf("admins[%d]: want http://host:9901 or unix:///path", i)
		case u.User != nil:
			return fmt.Errorf("admins[%d]: credentials in a URL end up in logs", i)
		case slices.Contains(c.Admins[:i], raw):
			return fmt.Errorf("admins[%d]: the same member twice", i)
		}
	}
	for _, n := range []struct{ key, name string }{{"runtime_key_prefix", c.Prefix}, {"clusters.legacy", c.Clusters.Legacy}, {"clusters.candidate", c.Clusters.Candidate}} {
		if n.name == "" || strings.ContainsAny(n.name, " \t\r\n&=?#") {
			return fmt.Errorf("%s: %q is no name", n.key, n.name)
		}
	}
	switch {
	case c.Clusters.Legacy == c.Clusters.Candidate:
		return errors.New("clusters: the same for both arms")
	case c.Timeout < 0:
		return errors.New("timeout: negative")
	}
	return nil
}

// key is the runtime key of an arm's weight.
func (c Config) key(a sources.Arm) string { return c.Prefix + "." + c.Clusters.Of(a) }

// reachable tells the addresses that can be dialled.
func reachable(u *url.URL) bool {
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "unix":
		return u.Host == "" && u.Path != ""
	}
	return false
}
