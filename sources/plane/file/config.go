package file

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// The formats.
const (
	Nginx   = "nginx"
	Traefik = "traefik"
	Caddy   = "caddy"
)

// Config names the file and what loads it.
type Config struct {
	Path   string
	Format string // nginx, traefik or caddy
	// Block picks one split of several in the file: nginx's variable ("$arm") or Traefik's service.
	Block string
	// Arms are what the arms are called in the file: nginx's values, Traefik's services, Caddy's upstreams.
	Arms sources.ByArm[[]string]
	// Check refuses a broken file, such as [nginx, -t]; it runs after the file was replaced and before Reload.
	Check []string
	// Reload makes the router load the file, such as [nginx, -s, reload]. Without it the router watches its file.
	Reload []string
	// PID is nginx's pid file. With it a reload counts once nginx has new workers; without it traffic alone shows it.
	PID string
	// Timeout bounds each command; 10 s when 0.
	Timeout time.Duration
}

const defaultTimeout = 10 * time.Second

// Validate tells the first thing that cannot work, by the key's name.
func (c Config) Validate() error {
	if c.Path == "" || !filepath.IsAbs(c.Path) {
		return errors.New("path: want the absolute path of the file")
	}
	if _, ok := finders()[c.Format]; !ok {
		return fmt.Errorf("format: no format %q; nginx, traefik or caddy", c.Format)
	}
	for _, a := range sources.Arms() {
		names := c.Arms.Of(a)
		switch {
		case len(names) == 0 || slices.Contains(names, ""):
			return fmt.Errorf("arms.%s: none given; give what the arm is called in the file", a)
		case c.Format == Nginx && len(names) > 1:
			return fmt.Errorf("arms.%s: split_clients gives each arm one value", a)
		case slices.ContainsFunc(names, func(n string) bool { return strings.ContainsAny(n, " \t\n;{}\"'#\\") }):
			return fmt.Errorf("arms.%s: %q holds what no name may", a, names)
		}
	}
	if i := slices.IndexFunc(c.Arms.Candidate, func(n string) bool { return slices.Contains(c.Arms.Legacy, n) }); i >= 0 {
		return fmt.Errorf("arms: %q stands in both", c.Arms.Candidate[i])
	}
	switch {
	case c.PID != "" && (c.Format != Nginx || len(c.Reload) == 0):
		return errors.New("pid: it proves a reload of nginx, and there is none")
	case c.Timeout < 0:
		return errors.New("timeout: negative")
	}
	return nil
}

// arm tells whose name it is; no arm for a stranger's.
func (c Config) arm(name string) sources.Arm {
	for _, a := range sources.Arms() {
		if slices.Contains(c.Arms.Of(a), name) {
			return a
		}
	}
	return 0
}
