package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/lease"
	"rampart/cmd/internal/wire"
	"rampart/sources"
	"rampart/sources/demo"
	"rampart/ui/uitest/sample"
)

// stage is a runner of one service that shows one frame and does nothing.
type stage struct{ frame *frame.Frame }

func (s stage) Hello() wire.Hello {
	return wire.Hello{Version: "v9", Services: []string{s.frame.Service}}
}
func (s stage) Services() []frame.Summary { return nil }
func (s stage) Trust(int) bool            { return false }
func (s stage) Service(name string) (wire.Service, error) {
	if name != s.frame.Service {
		return nil, sources.ErrInvalid
	}
	return s, nil
}
func (s stage) Frames() wire.Reader { return &once{f: s.frame} }
func (s stage) Session(p wire.Peer) frame.Session {
	return frame.Session{Actor: p.Name, Role: sources.Operator}
}
func (s stage) Operator(wire.Peer) (wire.Operator, error) { return nil, sources.ErrUnsupported }
func (s stage) Logs(context.Context, frame.LogsQuery) (frame.LogsPage, error) {
	return frame.LogsPage{}, nil
}

func (s stage) Line(context.Context, string) (frame.LogLine, error) { return frame.LogLine{}, nil }

func (s stage) BareLine(context.Context, string) (frame.LogLine, error) { return frame.LogLine{}, nil }

func (s stage) Seek(context.Context, frame.LogsQuery, string, bool) (frame.LogLine, error) {
	return frame.LogLine{}, sources.ErrNoData
}

func (s stage) Export(context.Context, frame.LogsQuery, sources.Window, io.Writer) (int, error) {
	return 0, nil
}
func (s stage) Refresh(context.Context) error { return nil }

// once gives one frame and then nothing.
type once struct {
	f    *frame.Frame
	done bool
}

func (o *once) Next(ctx context.Context) (*frame.Frame, error) {
	if !o.done {
		o.done = true
		return o.f, nil
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// staged serves a frame on a socket at a path until the returned function is called.
func staged(t *testing.T, path string, f *frame.Frame) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l, err := wire.Listen(ctx, path, 0o600)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() { defer close(over); _ = wire.Serve(ctx, l, stage{f}) }()
	end = sync.OnceFunc(func() { cancel(); <-over })
	t.Cleanup(end)
	return end
}

// short is a folder whose name leaves room for a socket's.
func short(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "r")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// reader ends a run once enough was written.
type untilText struct {
	bytes.Buffer
	want string
	stop context.CancelFunc
}

func (u *untilText) Write(b []byte) (int, error) {
	n, err := u.Buffer.Write(b)
	if strings.Contains(u.String(), u.want) {
		u.stop()
	}
	return n, err
}

// told runs a command line until it has written a text, and returns its output and exit code.
func told(t *testing.T, env map[string]string, want string, args ...string) (out, errs string, code int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w := &untilText{want: want, stop: cancel}
	var e bytes.Buffer
	code = run(ctx, args, streams{in: strings.NewReader(""), out: w, err: &e, env: func(k string) string { return env[k] }})
	return w.String(), e.String(), code
}

func TestAttach_OffATerminalTheRunnersFramesAreLines(t *testing.T) {
	dir := short(t)
	staged(t, filepath.Join(dir, "rampart", "prod.sock"), sample.Incident())
	env := map[string]string{"XDG_RUNTIME_DIR": dir, "RAMPART_STATE": dir, "RAMPART_CONFIG": ""}
	t.Chdir(dir) // no config is found here
	for _, args := range [][]string{{"attach"}, {"attach", filepath.Join(dir, "rampart", "prod.sock")}, {"attach", "unix://" + filepath.Join(dir, "rampart", "prod.sock"), "--service", "ranker"}} {
		out, errs, code := told(t, env, "WORSE", args...)
		if !strings.Contains(out, "WORSE") || strings.Contains(out, "\x1b") || code != exitOK {
			t.Errorf("%q: exit %d, %q, %q", args, code, out, errs)
		}
	}
}

func TestAttach_SaysWhyThereIsNoConsole(t *testing.T) {
	dir := short(t)
	t.Chdir(dir)
	env := map[string]string{"XDG_RUNTIME_DIR": dir, "RAMPART_STATE": dir, "HOME": dir}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"attach"}, exitUsage, "no runner listens on this machine"},
		{[]string{"attach", "/nonexistent.sock"}, exitStale, "unreachable"},
		{[]string{"attach", "/nonexistent.sock"}, exitStale, "start one there with: rampart run -c CONFIG --detach"},
		{[]string{"attach", "http://x"}, exitUsage, "want a path, unix:///path or ssh://host"},
		{[]string{"attach", "--stdio", "/nonexistent.sock"}, exitStale, "is a runner there?"},
		{[]string{"attach", "a", "b"}, exitUsage, `"b" is one too many: rampart attach [SOCKET | ssh://HOST]`},
	} {
		if _, errs, code := told(t, env, "never", c.args...); code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%q: exit %d, %q; want %d, %q", c.args, code, errs, c.code, c.says)
		}
	}
	staged(t, filepath.Join(dir, "rampart", "a.sock"), sample.Incident())
	staged(t, filepath.Join(dir, "rampart", "b.sock"), sample.Incident())
	if _, errs, code := told(t, env, "never", "attach"); code != exitUsage || !strings.Contains(errs, "2 runners listen") {
		t.Errorf("exit %d, %q", code, errs)
	}
	if _, errs, code := told(t, env, "never", "attach", filepath.Join(dir, "rampart", "a.sock"), "--service", "nosuch"); code != exitUsage || !strings.Contains(errs, "not driven by this runner (ranker)") {
		t.Errorf("exit %d, %q", code, errs)
	}
}

func TestAttach_ARunnerThatIsNotThereSaysWhatStartsIt(t *testing.T) {
	dir := short(t)
	t.Chdir(dir)
	if err := os.WriteFile("rampart.yaml", []byte("version: 1\ncontexts: {prod: {prometheus: {url: 'http://127.0.0.1:1'}}}\nservices:\n  ranker:\n    select: {app: r}\n    arms: {label: t, legacy: a, candidate: b}\n    preset: http\n    guards: [{measure: errors, max_ratio: 1.1}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"XDG_RUNTIME_DIR": dir, "RAMPART_STATE": dir, "HOME": dir}
	if _, errs, code := told(t, env, "never", "attach"); code != exitStale || !strings.Contains(errs, "start it with: rampart run -c ") || !strings.Contains(errs, "--context prod --detach") {
		t.Errorf("exit %d, %q", code, errs)
	}
}

func TestAttach_WithoutAConfigFindsARunnerWhereverItListens(t *testing.T) {
	dir := short(t)
	t.Chdir(dir)
	env := map[string]string{"RAMPART_STATE": dir, "HOME": dir}
	staged(t, filepath.Join(dir, "prod", "runner-ranker.sock"), sample.Incident()) // beside another of the same context
	if out, errs, code := told(t, env, "WORSE", "attach"); code != exitOK || !strings.Contains(out, "WORSE") {
		t.Fatalf("exit %d, %q", code, errs)
	}
	named := filepath.Join(dir, "elsewhere", "r.sock") // as runner: names it
	staged(t, named, sample.Incident())
	host, _ := os.Hostname()
	l, err := lease.Take(filepath.Join(dir, "prod", "ads.lease"), lease.Holder{Actor: "ana", Host: host, PID: os.Getpid(), Socket: named})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Release() }()
	if got, err := onlySocket(t.Context(), func(k string) string { return env[k] }, "ads"); got != "unix://"+named || err != nil {
		t.Errorf("the runner of ads is at %q, %v", got, err)
	}
	if _, errs, code := told(t, env, "never", "attach"); code != exitUsage || !strings.Contains(errs, "2 runners listen") || !strings.Contains(errs, named) {
		t.Errorf("exit %d, %q", code, errs)
	}
}

// beyond is a console of a staged runner that shows a frame, with a plane of its own that it can reach: a demo's. end
// takes the runner away. It is closed while the test's context lives: an action that is half-way still needs its plane.
func beyond(t *testing.T, shown *frame.Frame) (_ *alone, end func()) {
	t.Helper()
	world, err := demo.Start(t.Context(), demo.Options{Scenario: "healthy", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { world.Close() })
	c, err := config.Parse("the test's own", world.Config())
	if err != nil {
		t.Fatal(err)
	}
	dir := short(t)
	end = staged(t, filepath.Join(dir, "r.sock"), shown)
	env := func(k string) string { return map[string]string{"RAMPART_STATE": dir}[k] }
	g := &globals{streams: streams{env: env, err: &bytes.Buffer{}}}
	client, err := g.dial(t.Context(), "unix://"+filepath.Join(dir, "r.sock"), "ranker")
	if err != nil {
		t.Fatal(err)
	}
	return g.aside(c, client), end
}

func TestAttach_ARollbackIsDoneAloneWhereTheRunnerDoesNotAnswer(t *testing.T) {
	last := sample.Incident()
	last.Traffic.ReadAt = time.Time{} // whatever the hour, what is read back here is newer
	a, end := beyond(t, last)
	defer a.close()
	back := sources.Action{Service: "ranker", Verb: sources.RollBack, Reason: "test"}
	if _, err := a.Preview(t.Context(), back); !errors.Is(err, sources.ErrUnsupported) {
		t.Errorf("a runner that refuses is not passed by: %v", err)
	}
	if f, err := a.Next(t.Context()); err != nil || f.Verdict.Call != analysis.Worse {
		t.Fatalf("got %v, %v", f, err)
	}
	end()
	if _, err := a.Preview(t.Context(), sources.Action{Service: "ranker", Verb: sources.SetSplit, To: 500_000}); !wire.Unanswered(err) {
		t.Errorf("ramping up is the runner's: %v", err)
	}
	p, err := a.Preview(t.Context(), back)
	if err != nil || len(p.Change.Writes) == 0 || !strings.Contains(p.Warnings[0].Text.String(), "writes by itself") {
		t.Fatalf("got %+v, %v", p, err)
	}
	if _, err := a.Do(t.Context(), p.ID, p.Confirm.Word); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		f, err := a.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Actions) > 0 && f.Actions[0].IntentID == p.ID && f.Actions[0].Rung >= sources.Configured {
			if f.Traffic.Set.Candidate != 0 || !f.Traffic.Asked.Known || f.Traffic.Asked.Candidate != 0 {
				t.Errorf("the split is told as before: %+v", f.Traffic)
			}
			break
		}
	}
}

// late is a runner that answers the second time it is asked, as one behind a slow line does.
type late struct {
	stage
	asked *atomic.Int32
}

func (l late) Service(string) (wire.Service, error)      { return l, nil }
func (l late) Operator(wire.Peer) (wire.Operator, error) { return lateHand{asked: l.asked}, nil }

type lateHand struct {
	wire.Operator
	asked *atomic.Int32
}

func (h lateHand) Preview(ctx context.Context, act sources.Action) (sources.Preview, error) {
	if h.asked.Add(1) == 1 {
		<-ctx.Done()
		return sources.Preview{}, ctx.Err()
	}
	return sources.Preview{ID: "the runner's", Action: act}, nil
}

func TestAttach_ARollbackWaitsForASlowRunnerWhereThePlaneIsNotSeenFromHere(t *testing.T) {
	dir := short(t)
	ctx, end := context.WithCancel(context.Background())
	path := filepath.Join(dir, "r.sock")
	l, err := wire.Listen(ctx, path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() { defer close(over); _ = wire.Serve(ctx, l, late{stage{sample.Incident()}, &atomic.Int32{}}) }()
	t.Cleanup(func() { end(); <-over })
	c, err := config.Parse("the test's own", []byte(strings.ReplaceAll(unitsConfig, "/run/h.sock", filepath.Join(dir, "nobody.sock"))))
	if err != nil {
		t.Fatal(err)
	}
	g := &globals{streams: streams{env: func(k string) string { return map[string]string{"RAMPART_STATE": dir}[k] }, err: &bytes.Buffer{}}}
	client, err := g.dial(t.Context(), "unix://"+path, "ranker")
	if err != nil {
		t.Fatal(err)
	}
	a := g.aside(c, client)
	defer a.close()
	asking, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if p, err := a.Preview(asking, sources.Action{Service: "ranker", Verb: sources.RollBack}); err != nil || p.ID != "the runner's" {
		t.Errorf("it would try for ever what the runner does at once: %+v, %v", p, err)
	}
}

func TestAttach_ARollbackThatWasConfirmedIsDoneAloneWhereTheRunnerDiedBehindThePreview(t *testing.T) {
	a, end := beyond(t, sample.Incident())
	defer a.close()
	a.asked["previewed"] = sources.Action{Service: "ranker", Verb: sources.RollBack, Reason: "test"}
	end()
	p, err := a.Do(t.Context(), "previewed", "")
	if err != nil || p.Action.Verb != sources.RollBack || len(p.Change.Writes) == 0 {
		t.Fatalf("one confirmation did not roll back: %+v, %v", p, err)
	}
	if _, err := a.Do(t.Context(), "of something else", ""); !wire.Unanswered(err) {
		t.Errorf("what ramps up is the runner's: %v", err)
	}
}
