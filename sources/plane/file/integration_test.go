//go:build integration

package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
	"rampart/sources/sourcetest"
	"rampart/sources/sourcetest/loopback"
)

// nginx is the machine's own, dividing users by the example file.
type nginx struct {
	conf  Config
	front string
	sent  sources.ByArm[int64] // answers that the client saw
	user  int
	probe string // a user with the candidate at 5 %
}

func program(t *testing.T, name string) string {
	t.Helper()
	for _, at := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(at); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("skipped: %s is not installed", name)
	return ""
}

func newNginx(t *testing.T) *nginx {
	t.Helper()
	path, ports := program(t, "nginx"), []int(nil)
	ports, err := loopback.Ports(1)
	if err != nil {
		t.Fatal(err)
	}
	n := &nginx{conf: example(t, "split.conf"), front: "http://" + loopback.Addr(ports[0])}
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
	cmd := exec.Command(path, "-c", main)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if said, err := os.ReadFile(filepath.Join(dir, "error.log")); err == nil && t.Failed() {
			t.Logf("nginx said:\n%s", said)
		}
	})
	n.soon(t, "a user has the candidate", func() bool {
		n.user++
		n.probe = fmt.Sprint("user-", n.user)
		return n.ask(n.probe) == "candidate"
	})
	return n
}

func (n *nginx) soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

// ask is one request of one user, on a connection of its own: a worker that is shut down keeps its old connections.
func (n *nginx) ask(user string) string {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequest(http.MethodGet, n.front, nil)
	if err != nil {
		return ""
	}
	req.Header.Set("X-User", user)
	resp, err := client.Do(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return string(b)
}

// route sends requests of new users and counts who answered.
func (n *nginx) route(t *testing.T, count int) sources.ByArm[int64] {
	t.Helper()
	var got sources.ByArm[int64]
	for range count {
		n.user++
		switch arm := n.ask(fmt.Sprint("user-", n.user)); arm {
		case "legacy":
			got.Legacy++
		case "candidate":
			got.Candidate++
		default:
			t.Fatalf("answered %q", arm)
		}
	}
	n.sent.Legacy += got.Legacy
	n.sent.Candidate += got.Candidate
	return got
}

func (n *nginx) plane(t *testing.T) *Plane {
	t.Helper()
	base := n.sent
	p, err := New(n.conf, func(context.Context, time.Time) (plane.Counts, error) {
		return plane.Counts{Requests: sources.ByArm[int64]{Legacy: n.sent.Legacy - base.Legacy, Candidate: n.sent.Candidate - base.Candidate}}, nil
	}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRealNginx_KeepsWhatAllPlanesPromise(t *testing.T) {
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		n := newNginx(t)
		p := n.plane(t)
		return sourcetest.PlaneWorld{
			Plane: p,
			Meddle: func(t *testing.T, s sources.Share) {
				was, err := p.read()
				if err == nil {
					err = os.WriteFile(n.conf.Path, was.split.edit(s), 0o640)
				}
				if err != nil {
					t.Fatal(err)
				}
			},
			Leave: func(*testing.T) { os.RemoveAll(filepath.Dir(n.conf.Path)) },
			Traffic: func(t *testing.T, count int) {
				n.soon(t, "the workers have nothing for the candidate", func() bool {
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
	n.soon(t, "20 % are loaded", func() bool {
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
