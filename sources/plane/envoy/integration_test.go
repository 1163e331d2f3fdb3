//go:build integration

package envoy

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/sourcetest"
	"rampart/sources/sourcetest/loopback"
)

// envoyVersion is the one that .ci/install brings.
const envoyVersion = "1.40.0"

// real is an Envoy of the machine before one model server of each arm.
type real struct {
	path, config, front, admin string
	process                    *exec.Cmd
	log                        *os.File
}

// program finds Envoy, or ends the test: skipped by hand, failed where CI says that it must be there.
func program(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{filepath.Join(cache, "rampart", "envoy-"+envoyVersion, "envoy"), "envoy"} {
		if path, err := exec.LookPath(at); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("envoy is not installed")
	}
	t.Skip("skipped: envoy is not installed (.ci/install brings it)")
	return ""
}

func newReal(t *testing.T, top string, edits ...string) *real {
	t.Helper()
	path := program(t)
	ports, err := loopback.Ports(2)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../../../testdata/planes/envoy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(b), "\nadmin:") // the comment names what is filled in
	text = strings.NewReplacer("ADMIN", fmt.Sprint(ports[0]), "FRONT", fmt.Sprint(ports[1]), "STABLE", model(t, "stable"), "CANARY", model(t, "canary"), "TOP", top).
		Replace("admin:" + strings.NewReplacer(edits...).Replace(text))
	e := &real{path: path, config: filepath.Join(t.TempDir(), "envoy.yaml"), admin: "http://" + loopback.Addr(ports[0]), front: "http://" + loopback.Addr(ports[1])}
	if err := os.WriteFile(e.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if e.log, err = os.Create(e.config + ".log"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		e.stop()
		if said, err := os.ReadFile(e.log.Name()); err == nil && t.Failed() {
			t.Logf("envoy said:\n%s", said)
		}
	})
	e.start(t)
	return e
}

// model is a model server that answers with its arm; it returns its port.
func model(t *testing.T, arm string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, arm) }))
	t.Cleanup(s.Close)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	return port
}

func (e *real) start(t *testing.T) {
	t.Helper()
	e.process = exec.Command(e.path, "-c", e.config, "--use-dynamic-base-id", "--concurrency", "1", "-l", "warning")
	e.process.Stdout, e.process.Stderr = e.log, e.log
	if err := e.process.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); e.ask(e.front) == ""; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("envoy does not answer within 30 s")
		}
	}
}

func (e *real) stop() {
	if e.process != nil {
		_ = e.process.Process.Kill()
		_ = e.process.Wait()
		e.process = nil
	}
}

func (e *real) ask(url string) string {
	resp, err := http.Get(url)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return string(b)
}

func (e *real) modify(t *testing.T, query string) {
	t.Helper()
	resp, err := http.Post(e.admin+"/runtime_modify?"+query, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// route sends requests and counts who answered.
func (e *real) route(t *testing.T, n int) sources.ByArm[int] {
	t.Helper()
	var got sources.ByArm[int]
	for range n {
		switch arm := e.ask(e.front); arm {
		case "stable":
			got.Legacy++
		case "canary":
			got.Candidate++
		default:
			t.Fatalf("answered %q", arm)
		}
	}
	return got
}

func realPlane(t *testing.T, members ...*real) *Plane {
	t.Helper()
	c := Config{Prefix: "routing.ranker", Clusters: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}}
	for _, e := range members {
		c.Admins = append(c.Admins, e.admin)
	}
	p, err := New(c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRealEnvoy_KeepsWhatAllPlanesPromise(t *testing.T) {
	e := newReal(t, "")
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		if e.process == nil {
			e.start(t)
		}
		e.modify(t, "routing.ranker.stable=&routing.ranker.canary=")
		return sourcetest.PlaneWorld{
			Plane: realPlane(t, e),
			Meddle: func(t *testing.T, s sources.Share) {
				e.modify(t, fmt.Sprintf("routing.ranker.stable=%d&routing.ranker.canary=%d", sources.Whole-s, s))
			},
			Leave: func(*testing.T) { e.stop() },
			Reload: func(t *testing.T) {
				e.stop()
				e.start(t)
			},
			Traffic: func(t *testing.T, n int) { e.route(t, n) },
		}
	})
}

func TestRealEnvoy_RoutesTheShareThatWasSetAndShowsIt(t *testing.T) {
	e := newReal(t, "")
	p := realPlane(t, e)
	rc, err := p.Apply(t.Context(), planned(t, p, to(20*percent)))
	if err != nil {
		t.Fatal(err)
	}
	got := e.route(t, 1000)
	out, err := p.Confirm(t.Context(), rc)
	if err != nil || out.Rung != sources.Observed || out.Requests.Candidate != int64(got.Candidate) || out.Requests.Legacy != int64(got.Legacy) {
		t.Errorf("%v: counted %v, the client saw %v: %v", out.Rung, out.Requests, got, err)
	}
	if got.Candidate < 150 || got.Candidate > 250 {
		t.Errorf("20 %% of 1000 are %d", got.Candidate)
	}
	if r := out.Reading; r.File.Candidate != 5*percent || r.Epoch == "" {
		t.Errorf("the file has %v, epoch %q", r.File, r.Epoch)
	}
}

func TestRealEnvoy_TellsALayerThatOverridesOurs(t *testing.T) {
	e := newReal(t, "routing.ranker.canary: 20, routing.ranker.stable: 80")
	p := realPlane(t, e)
	rc, err := p.Apply(t.Context(), planned(t, p, rollBack()))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.route(t, 400); got.Candidate < 40 {
		t.Errorf("the layer above does not hold: %v", got)
	}
	out, err := p.Confirm(t.Context(), rc)
	if err != nil || out.Rung != sources.Configured || out.Reading.Effective.Candidate != 20*percent || !noted(out.Reading.Notes, `layer "top" overrides`) {
		t.Errorf("%v with %v effective and %v: %v", out.Rung, out.Reading.Effective, out.Reading.Notes, err)
	}
}

func TestRealEnvoy_ThatMayOnlyBeReadRefusesAsDenied(t *testing.T) {
	e := newReal(t, "", "port_value: ADMIN}}}", "port_value: ADMIN}}, allow_paths: [{exact: /runtime}, {prefix: /config_dump}, {prefix: /stats}]}")
	p := realPlane(t, e)
	if _, err := p.Apply(t.Context(), planned(t, p, rollBack())); !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "allow_paths") {
		t.Errorf("said %v", err)
	}
	if got := e.route(t, 400); got.Candidate == 0 {
		t.Error("the denied write was made")
	}
}

func TestRealEnvoy_AFleetWithOneMemberDownIsRolledBackWhereItCanBe(t *testing.T) {
	up, down := newReal(t, ""), newReal(t, "")
	p := realPlane(t, up, down)
	c := planned(t, p, rollBack())
	down.stop()
	rc, err := p.Apply(t.Context(), c)
	if !errors.Is(err, sources.ErrPartial) || !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), down.admin) {
		t.Errorf("said %v", err)
	}
	if got := up.route(t, 200); got.Candidate != 0 || rc.Answer[0].Err != nil {
		t.Errorf("%v; %v", got, rc.Answer)
	}
	down.start(t) // it is back at its file's 5 %: the next try of a rollback finds it
	again := planned(t, p, rollBack())
	if len(again.Writes) != 1 || again.Writes[0].Member != down.admin {
		t.Errorf("writes %v", again.Writes)
	}
	if rc, err = p.Apply(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Effective {
		t.Errorf("%v, %v", out.Rung, err)
	}
}
