//go:build integration

package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rampart/sources"
	"rampart/sources/sourcetest"
	"rampart/sources/sourcetest/loopback"
)

// nginx is the machine's own, dividing users by the example file.
type nginx struct {
	router
	probe string // a user with the candidate at 5 %
}

func newNginx(t *testing.T) *nginx {
	t.Helper()
	path, ports := program(t, "nginx", ""), []int(nil)
	ports, err := loopback.Ports(1)
	if err != nil {
		t.Fatal(err)
	}
	n := &nginx{router: router{conf: example(t, "split.conf"), front: "http://" + loopback.Addr(ports[0])}}
	dir := filepath.Dir(n.conf.Path)
	main := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`pid %[1]s/pid; error_log %[1]s/error.log; worker_processes 2; daemon off;
events {}
http {
  access_log off; client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  include %[1]s/split.conf;
  server { listen %[2]s; location / { return 200 "$ranker_arm"; } }
}`, dir, loopback.Addr(ports[0]))
	if err := os.WriteFile(main, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	n.conf.Check = []string{path, "-t", "-q", "-c", main}
	n.conf.Reload = []string{path, "-s", "reload", "-c", main}
	run(t, dir, path, "-c", main)
	soon(t, "a user has the candidate", func() bool {
		n.user++
		n.probe = fmt.Sprint("user-", n.user)
		return n.ask(n.probe) == "candidate"
	})
	return n
}

func TestRealNginx_KeepsWhatAllPlanesPromise(t *testing.T) {
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		n := newNginx(t)
		p := n.plane(t)
		return sourcetest.PlaneWorld{
			Plane:  p,
			Meddle: n.byHand,
			Leave:  func(*testing.T) { os.RemoveAll(filepath.Dir(n.conf.Path)) },
			Traffic: func(t *testing.T, count int) {
				soon(t, "the workers have nothing for the candidate", func() bool {
					for range 10 { // by any worker
						if n.ask(n.probe) != "legacy" {
							return false
						}
					}
					return true
				})
				n.route(t, count)
			},
		}
	})
}

func TestRealNginx_RoutesTheShareThatWasSetAndKeepsItsUsers(t *testing.T) {
	n := newNginx(t)
	if got := n.route(t, 600); got.Candidate < 12 || got.Candidate > 55 {
		t.Errorf("5 %% of 600 are %d", got.Candidate)
	}
	had := map[string]bool{}
	for i := range 200 {
		if u := fmt.Sprint("user-", i); n.ask(u) == "candidate" {
			had[u] = true
		}
	}
	p := n.plane(t)
	rc, err := p.Apply(t.Context(), planned(t, p, up()))
	if err != nil {
		t.Fatal(err)
	}
	soon(t, "20 % are loaded", func() bool {
		some := 0
		for i := range 100 {
			if n.ask(fmt.Sprint("probe-", i)) == "candidate" {
				some++
			}
		}
		return some >= 12
	})
	for u := range had {
		if arm := n.ask(u); arm != "candidate" {
			t.Errorf("%s had the candidate at 5 %% and has %s at 20 %%", u, arm)
		}
	}
	if got := n.route(t, 600); got.Candidate < 80 || got.Candidate > 165 {
		t.Errorf("20 %% of 600 are %d", got.Candidate)
	}
	out, err := p.Confirm(t.Context(), rc)
	if err != nil || out.Rung != sources.Observed {
		t.Errorf("%v after %v, %v", out.Rung, out.Requests, err)
	}
}

func TestRealNginx_RefusesABrokenIncludeAndTheOldSplitStays(t *testing.T) {
	n := newNginx(t)
	p := n.plane(t)
	other := filepath.Join(filepath.Dir(n.conf.Path), "nginx.conf")
	main := text(t, other)
	if err := os.WriteFile(other, []byte(main+"\nbroken;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := text(t, n.conf.Path)
	_, err := p.Apply(t.Context(), planned(t, p, up()))
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), `unknown directive "broken"`) || !strings.Contains(err.Error(), "the old content was put back") {
		t.Errorf("said %v", err)
	}
	if text(t, n.conf.Path) != before {
		t.Error("the old content does not stand there")
	}
	if got := n.route(t, 400); got.Candidate > 45 {
		t.Errorf("%d of 400 went to the candidate", got.Candidate)
	}
	if err := os.WriteFile(other, []byte(main), 0o600); err != nil {
		t.Fatal(err)
	}
	if rc, err := p.Apply(t.Context(), planned(t, p, rollBack())); err != nil {
		t.Error(err)
	} else if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung < sources.Effective {
		t.Errorf("%v, %v", out.Rung, err)
	}
}
