//go:build integration

package file

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/sourcetest"
	"rampart/sources/sourcetest/loopback"
)

// nginx is the machine's own, dividing users by the example file.
type nginx struct {
	router
	probe string // a user with the candidate at 5 %
	other string // somebody else's file, which nginx reads too
	slow  *httptest.Server
	began chan struct{} // something is there that /slow does not answer
	end   chan struct{} // what /slow waits for
}

func newNginx(t *testing.T) *nginx {
	t.Helper()
	path := program(t, "nginx", "")
	ports, err := loopback.Ports(1)
	if err != nil {
		t.Fatal(err)
	}
	n := &nginx{router: router{conf: example(t, "split.conf"), front: "http://" + loopback.Addr(ports[0])}}
	dir := filepath.Dir(n.conf.Path)
	n.other, n.began, n.end = filepath.Join(dir, "other.conf"), make(chan struct{}, 1), make(chan struct{})
	n.slow = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		n.began <- struct{}{}
		<-n.end
	}))
	t.Cleanup(n.slow.Close)
	main := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`pid %[1]s/pid; error_log %[1]s/error.log; worker_processes 2; daemon off;
events {}
http {
  access_log off; client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  include %[1]s/split.conf;
  include %[1]s/other[.]conf;
  server { listen %[2]s; location / { return 200 "$ranker_arm"; } location /slow { proxy_pass http://%[3]s; } }
}`, dir, loopback.Addr(ports[0]), n.slow.Listener.Addr())
	if err := os.WriteFile(main, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	n.conf.Check = []string{path, "-t", "-q", "-c", main}
	n.conf.Reload, n.conf.PID = []string{path, "-s", "reload", "-c", main}, filepath.Join(dir, "pid")
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

func TestRealNginx_RoutesNothingThenAQuarterThenNothing(t *testing.T) {
	n := newNginx(t)
	n.walk(t, sources.Effective)
	n.refusesAHandInBetween(t)
}

// meddles writes into somebody else's file.
func (n *nginx) meddles(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(n.other, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// rollsBackOnceMended proves that a rollback that could not be loaded says so, stays in the file, and is loaded by the
// next try after somebody mended what stood in its way.
func (n *nginx) rollsBackOnceMended(t *testing.T, words ...string) {
	t.Helper()
	p := n.plane(t)
	rc, err := p.Apply(t.Context(), planned(t, p, rollBack()))
	for _, w := range append(words, "the file has nothing for the candidate and stays so") {
		if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), w) {
			t.Errorf("no %q in %v", w, err)
		}
	}
	if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Sent || out.Reading.Configured.Known || out.Reading.Effective.Known {
		t.Errorf("%v, %v effective, %v", out.Rung, out.Reading.Effective, err)
	}
	if n.ask(n.probe) != "candidate" {
		t.Error("what was not loaded is routed")
	}
	n.meddles(t, "")
	rc, err = p.Apply(t.Context(), planned(t, p, rollBack()))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Effective {
		t.Errorf("%v, %v", out.Rung, err)
	}
	if got := n.asked(t, 200); got.Candidate != 0 {
		t.Errorf("effective, and %d of 200 went to the candidate", got.Candidate)
	}
}

func TestRealNginx_WhoseOtherFileIsBrokenSaysSoAndARollbackWaitsForIt(t *testing.T) {
	n := newNginx(t)
	n.meddles(t, "broken;\n")
	n.refuses(t, sources.ErrInvalid, `unknown directive "broken" in `+n.other+":1", "the error is somebody else's")
	if got := n.asked(t, 400); got.Candidate == 0 || got.Candidate > 45 {
		t.Errorf("%d of 400 went to the candidate", got.Candidate)
	}
	n.rollsBackOnceMended(t, `unknown directive "broken" in `+n.other+":1", "the error is somebody else's", "mend what it names")
}

func TestRealNginx_ThatTakesTheSignalAndNotTheFileIsNotEffective(t *testing.T) {
	n := newNginx(t)
	n.conf.Timeout = 4 * time.Second // it tries an address for 2.5 s
	n.meddles(t, "server { listen "+n.slow.Listener.Addr().String()+"; }\n")
	n.refuses(t, sources.ErrUnreachable, "nginx took the signal and not the file")
	n.rollsBackOnceMended(t, "nginx took the signal and not the file")
}

func TestRealNginx_TellsOfWorkersThatFinishWhatTheyBegan(t *testing.T) {
	n := newNginx(t)
	over := make(chan string)
	go func() {
		long := router{front: n.front + "/slow"}
		over <- fmt.Sprint("ended", long.ask("anybody"))
	}()
	<-n.began
	p := n.plane(t)
	rc, err := p.Apply(t.Context(), planned(t, p, rollBack()))
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Confirm(t.Context(), rc)
	if err != nil || out.Rung != sources.Effective || !strings.Contains(fmt.Sprint(out.Reading.Notes), "workers of before that finish what they began: 1;") {
		t.Errorf("%v with %v, %v", out.Rung, out.Reading.Notes, err)
	}
	if got := n.asked(t, 200); got.Candidate != 0 {
		t.Errorf("effective, and %d of 200 went to the candidate", got.Candidate)
	}
	close(n.end)
	if said := <-over; said != "ended" {
		t.Errorf("the long request %s", said)
	}
	soon(t, "the old worker is gone", func() bool {
		r, err := p.Read(t.Context())
		return err == nil && len(r.Notes) == 0
	})
}
