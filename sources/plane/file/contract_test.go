package file

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
	"rampart/sources/sourcetest"
)

func armsNamed(legacy, candidate []string) sources.ByArm[[]string] {
	return sources.ByArm[[]string]{Legacy: legacy, Candidate: candidate}
}

// copied is one of the examples in a folder of its own.
func copied(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../../testdata/planes", name))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o640); err != nil {
		t.Fatal(err)
	}
	return path
}

// example is a config for one of the examples.
func example(t *testing.T, name string) Config {
	t.Helper()
	c := Config{
		Path: copied(t, name), Format: Nginx, Arms: armsNamed([]string{"legacy"}, []string{"candidate"}),
		Check: []string{"true"}, Reload: []string{"true"}, PID: "/run/nginx.pid",
	}
	if name != "split.conf" {
		c.PID = ""
	}
	switch name {
	case "traefik.yml":
		c.Format, c.Check, c.Reload = Traefik, nil, nil
	case "Caddyfile":
		c.Format, c.Arms = Caddy, armsNamed([]string{"legacy-1:80", "legacy-2:80"}, []string{"candidate:80"})
	case "caddy.json":
		c.Format, c.Arms = Caddy, armsNamed([]string{"legacy:80"}, []string{"candidate:80"})
	}
	return c
}

// obeyed is an nginx that runs a new worker whenever one looks.
func obeyed() func(string) (workers, error) {
	var id atomic.Int64
	return func(string) (workers, error) { return workers{int(id.Add(1)): false}, nil }
}

// metrics counts what a router that has loaded the file would send to each arm.
type metrics struct {
	p *Plane
	n sources.ByArm[int64]
}

func (m *metrics) count(context.Context, time.Time) (plane.Counts, error) {
	return plane.Counts{Requests: m.n}, nil
}

func (m *metrics) route(t *testing.T, n int) {
	t.Helper()
	r, err := m.p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := int64(r.Configured.Candidate.Fraction() * float64(n))
	m.n.Candidate += c
	m.n.Legacy += int64(n) - c
}

func TestPlane_KeepsWhatAllPlanesPromiseInEveryFormat(t *testing.T) {
	for _, name := range []string{"split.conf", "traefik.yml", "Caddyfile", "caddy.json"} {
		t.Run(name, func(t *testing.T) {
			sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
				c, m := example(t, name), &metrics{}
				p, err := New(c, m.count, time.Now)
				if err != nil {
					t.Fatal(err)
				}
				p.see = obeyed()
				m.p = p
				w := sourcetest.PlaneWorld{
					Plane: p,
					Meddle: func(t *testing.T, s sources.Share) {
						was, err := p.read()
						if err == nil {
							err = os.WriteFile(c.Path, was.split.edit(s), 0o640)
						}
						if err != nil {
							t.Fatal(err)
						}
					},
					Leave:   func(*testing.T) { os.RemoveAll(filepath.Dir(c.Path)) },
					Traffic: m.route,
				}
				if os.Geteuid() != 0 { // root may write everywhere
					w.Deny = func(t *testing.T) {
						if err := os.Chmod(filepath.Dir(c.Path), 0o500); err != nil {
							t.Fatal(err)
						}
					}
				}
				return w
			})
		})
	}
}
