package haproxy

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// Config says where the runtime API listens and which servers belong to which arm.
type Config struct {
	// Sockets are the members: unix:///run/haproxy/admin.sock, tcp://host:port or ssh://[user@]host[:port]/path.sock.
	Sockets []string `yaml:"sockets" json:"sockets"`
	// Backend is the name of the one backend whose servers are both arms.
	Backend string `yaml:"backend" json:"backend"`
	// Servers are the names of each arm's servers, with the wildcards of path.Match ("canary-*").
	Servers sources.ByArm[[]string] `yaml:"servers" json:"servers"`
	// Timeout bounds one exchange with one member; 3 s when 0.
	Timeout time.Duration `yaml:"timeout,omitempty" json:"timeout,omitempty"`
	// SSH is used by ssh:// members only.
	SSH SSH `yaml:"ssh,omitempty" json:"ssh,omitzero"`
}

// SSH says how ssh:// members are trusted and how we prove who we are. ~/.ssh/config is not read.
type SSH struct {
	// KnownHosts are the files of trusted host keys; ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts when empty.
	KnownHosts []string `yaml:"known_hosts,omitempty" json:"known_hosts,omitempty"`
	// Agent is the agent's socket; $SSH_AUTH_SOCK when empty. Keys never enter this process.
	Agent string `yaml:"agent,omitempty" json:"agent,omitempty"`
}

const defaultTimeout = 3 * time.Second

// Validate tells the first thing that cannot work, by the key's name.
func (c Config) Validate() error {
	if len(c.Sockets) == 0 {
		return errors.New("sockets: none given; give the runtime API's socket, such as unix:///run/haproxy/admin.sock")
	}
	for i, s := range c.Sockets {
		if _, err := parseAddress(s); err != nil {
			return fmt.Errorf("sockets[%d]: %w", i, err)
		}
		if slices.Contains(c.Sockets[:i], s) {
			return fmt.Errorf("sockets[%d]: %s stands there twice", i, s)
		}
	}
	if err := validName(c.Backend); err != nil {
		return fmt.Errorf("backend: %w", err)
	}
	for _, a := range sources.Arms() {
		if err := validPatterns(c.Servers.Of(a)); err != nil {
			return fmt.Errorf("servers.%s: %w", a, err)
		}
	}
	for _, s := range c.Servers.Candidate {
		if slices.Contains(c.Servers.Legacy, s) {
			return fmt.Errorf("servers: %q stands in both arms", s)
		}
	}
	if c.Timeout < 0 {
		return fmt.Errorf("timeout: %s is negative", c.Timeout)
	}
	return nil
}

func validPatterns(patterns []string) error {
	if len(patterns) == 0 {
		return errors.New("none given; give the names of the arm's servers, such as [canary-*]")
	}
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			return fmt.Errorf("%q is no name and no wildcard", p)
		}
	}
	return nil
}

// validName keeps a name from ending one command and beginning another.
func validName(s string) error {
	if s == "" {
		return errors.New("no name given")
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == ';' || r == '/' || r == 0x7f || r == '\\' }); i >= 0 {
		return fmt.Errorf("%q holds %q, which no name in HAProxy may", s, s[i])
	}
	return nil
}
