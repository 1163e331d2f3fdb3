//go:build integration

package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

// router is a real program that divides users by a file, and a client before it that counts who answered.
type router struct {
	conf  Config
	front string
	sent  sources.ByArm[int64] // answers that the client saw
	user  int
}

// program finds what .ci/install built of a version, or a program of the machine. Where there is none the test is skipped;
// a program of the machine must be there in CI, but to build one takes longer than all other tests.
func program(t *testing.T, name, version string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{filepath.Join(cache, "rampart", name+"-"+version, name), name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(at); err == nil {
			return path
		}
	}
	if version == "" && os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("skipped: %s is not installed; .ci/install brings nginx, and by its name what has to be built", name)
	return ""
}

// run starts a router in the foreground and ends it with the test; what it said is told when that failed.
func run(t *testing.T, dir string, argv ...string) *exec.Cmd {
	t.Helper()
	said, err := os.Create(filepath.Join(dir, "said.log"))
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir() // not dir: Traefik takes a traefik.yml where it is started for another one
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = said, said, home
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		for _, log := range []string{"said.log", "error.log"} {
			if b, err := os.ReadFile(filepath.Join(dir, log)); err == nil && t.Failed() {
				t.Logf("%s:\n%s", log, b)
			}
		}
		said.Close()
	})
	return cmd
}

// model is a model server that answers with its arm; it returns its address.
func model(t *testing.T, arm string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, arm) }))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// soon waits for what the router does in its own time.
func soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

// ask is one request of one user, on a connection of its own: a worker that is shut down keeps its old connections.
func (r *router) ask(user string) string {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequest(http.MethodGet, r.front, nil)
	if err != nil {
		return ""
	}
	req.Header.Set("X-User", user)
	for range 3 { // Caddy cuts a connection that it just took now and then, while it reloads
		resp, err := client.Do(req)
		if err != nil {
			continue
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return string(b)
	}
	return ""
}

// asked sends requests of new users and tells who answered, without counting them.
func (r *router) asked(t *testing.T, count int) (got sources.ByArm[int64]) {
	t.Helper()
	for range count {
		r.user++
		switch arm := r.ask(fmt.Sprint("user-", r.user)); arm {
		case "legacy":
			got.Legacy++
		case "candidate":
			got.Candidate++
		default:
			t.Fatalf("answered %q", arm)
		}
	}
	return got
}

// route sends requests of new users and counts who answered.
func (r *router) route(t *testing.T, count int) sources.ByArm[int64] {
	t.Helper()
	got := r.asked(t, count)
	r.sent.Legacy += got.Legacy
	r.sent.Candidate += got.Candidate
	return got
}

// plane is a plane on the router's file that counts what the client sees from now on.
func (r *router) plane(t *testing.T) *Plane {
	t.Helper()
	base := r.sent
	p, err := New(r.conf, func(context.Context, time.Time) (plane.Counts, error) {
		return plane.Counts{Requests: sources.ByArm[int64]{Legacy: r.sent.Legacy - base.Legacy, Candidate: r.sent.Candidate - base.Candidate}}, nil
	}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// byHand sets the share as somebody with an editor would.
func (r *router) byHand(t *testing.T, s sources.Share) {
	t.Helper()
	b, err := os.ReadFile(r.conf.Path)
	if err != nil {
		t.Fatal(err)
	}
	was, err := finders()[r.conf.Format](b, r.conf)
	if err == nil {
		err = os.WriteFile(r.conf.Path, was.edit(s), 0o640)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// step is one change of a walk.
type step struct {
	in       sources.Intent
	from, to int64 // what the candidate may get of a thousand requests
}

// walk proves by requests that the router does what is written into its file: nothing, a quarter, nothing again. rung is
// how far a change comes before any request shows it.
func (r *router) walk(t *testing.T, rung sources.Rung) {
	t.Helper()
	p := r.plane(t)
	quarter := sources.Intent{Verb: sources.SetSplit, To: sources.Whole / 4}
	for _, s := range []step{{rollBack(), 0, 0}, {quarter, 150, 350}, {rollBack(), 0, 0}} {
		c := planned(t, p, s.in)
		p := r.plane(t) // a change of its own counts from its own start
		rc, err := p.Apply(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != rung {
			t.Errorf("%v is %v before a request shows it, %v", c.To, out.Rung, err)
		}
		soon(t, fmt.Sprintf("the candidate has %v", c.To), func() bool {
			n := r.asked(t, 100).Candidate * 10
			return n >= s.from && n <= s.to
		})
		got := r.route(t, 200)
		if n := got.Candidate * 5; n < s.from || n > s.to {
			t.Errorf("%v of 200 are %d", c.To, got.Candidate)
		}
		if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Observed {
			t.Errorf("%v is %v after %v, %v", c.To, out.Rung, out.Requests, err)
		}
	}
}

// refusesAHandInBetween proves that what somebody wrote since the plan stays.
func (r *router) refusesAHandInBetween(t *testing.T) {
	t.Helper()
	p := r.plane(t)
	c := planned(t, p, up())
	r.byHand(t, sources.Whole/10)
	if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "the candidate has 10 %") {
		t.Errorf("said %v", err)
	}
	if now, err := p.Read(t.Context()); err != nil || now.Configured.Candidate != sources.Whole/10 {
		t.Errorf("what was written by hand became %v, %v", now.Configured, err)
	}
}

// refuses proves that a change that the router does not take leaves the old file, and the old traffic.
func (r *router) refuses(t *testing.T, kind error, words ...string) {
	t.Helper()
	p := r.plane(t)
	before := text(t, r.conf.Path)
	_, err := p.Apply(t.Context(), planned(t, p, up()))
	if !errors.Is(err, kind) {
		t.Errorf("said %v", err)
	}
	for _, w := range append(words, "the old content was put back") {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("no %q in %v", w, err)
		}
	}
	if text(t, r.conf.Path) != before {
		t.Errorf("the old content does not stand there but\n%s", text(t, r.conf.Path))
	}
}
