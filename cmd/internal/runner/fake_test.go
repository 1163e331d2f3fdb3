package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
	"rampart/sources/audit"
)

const percent = sources.Whole / 100

// router is a plane whose state is a file, so that it outlives the process under test, as a real one does. Each write it
// was told stands in a second file.
type router struct {
	dir string
	at  func(place string) // called before and after a write
	mu  sync.Mutex

	reloads int           // how often it was reloaded
	settle  time.Duration // what it takes to be set; not 0: longer than anybody here waits
}

// slow is how long the router says that it takes.
func (r *router) slow() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.settle
}

func (r *router) state() (share sources.Share) {
	b, err := os.ReadFile(filepath.Join(r.dir, "share"))
	if err == nil {
		err = json.Unmarshal(b, (*uint32)(&share))
	}
	if err != nil && !os.IsNotExist(err) {
		panic(err)
	}
	return share
}

// reload is the router back at its file, which gives the candidate a share of its own.
func (r *router) reload(share sources.Share) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(share)
	r.reloads++
}

func (r *router) Caps(context.Context) (sources.Caps, error) {
	return sources.Caps{Kind: "file", Writes: true, Finest: 1}, nil
}

func (r *router) Read(context.Context) (sources.Reading, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, share := time.Now(), r.state()
	return sources.Reading{
		At: now, Rev: fmt.Sprint(share), Epoch: fmt.Sprint(1 + r.reloads), Configured: sources.SplitAt(share, now), Effective: sources.SplitAt(share, now),
		Servers: []sources.Server{{Name: "stable", Arm: sources.Legacy, Up: true}, {Name: "canary", Arm: sources.Candidate, Up: true}},
	}, nil
}

func (r *router) Plan(_ context.Context, now sources.Reading, in sources.Intent) (sources.Change, error) {
	if in.Verb == sources.RollBack {
		in.To = 0
	}
	in.Expect.Rev = now.Rev
	c := sources.Change{Intent: in, From: now.Configured, To: sources.SplitAt(in.To, now.At), Settle: r.slow()}
	if c.NoOp = c.From.Equal(c.To); !c.NoOp {
		c.Writes = []sources.Write{{Member: "file", Request: fmt.Sprintf("set %d", in.To)}}
	}
	return c, nil
}

func (r *router) Apply(_ context.Context, c sources.Change) (sources.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rc := sources.Receipt{Change: c, SentAt: time.Now()}
	if c.NoOp {
		return rc, nil
	}
	r.at("before the write is sent")
	f, err := os.OpenFile(filepath.Join(r.dir, "writes"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return rc, err
	}
	defer f.Close()
	fmt.Fprintln(f, uint32(c.To.Candidate))
	if r.settle == 0 { // else it is not there yet
		r.put(c.To.Candidate)
	}
	r.at("after the write was sent")
	for _, w := range c.Writes {
		rc.Answer = append(rc.Answer, sources.Answer{Write: w, At: time.Now()})
	}
	return rc, nil
}

func (r *router) put(share sources.Share) {
	if err := os.WriteFile(filepath.Join(r.dir, "share.new"), fmt.Append(nil, uint32(share)), 0o600); err != nil {
		panic(err)
	}
	if err := os.Rename(filepath.Join(r.dir, "share.new"), filepath.Join(r.dir, "share")); err != nil {
		panic(err)
	}
}

func (r *router) Confirm(ctx context.Context, rc sources.Receipt) (sources.Outcome, error) {
	now, err := r.Read(ctx)
	out := sources.Outcome{Rung: sources.Observed, Reading: now, Requests: sources.ByArm[int64]{Legacy: 100, Candidate: 100}}
	if !now.Configured.Equal(rc.Change.To) {
		out.Rung, out.Err = sources.Accepted, fmt.Errorf("file: %w", sources.ErrReverted)
		if r.slow() > 0 {
			out.Err = nil
		}
	}
	return out, err
}

// log is a journal that tells before and after each entry.
type log struct {
	*audit.Journal
	at func(place string)
}

func (l log) Append(ctx context.Context, e sources.Entry) (sources.Entry, error) {
	l.at("before " + string(e.Kind))
	e, err := l.Journal.Append(ctx, e)
	l.at("after " + string(e.Kind))
	return e, err
}

// world is a candidate that is what its call says, seen 50 times a second.
type world struct {
	router *router
	now    func() time.Time
	mu     sync.Mutex
	call   analysis.Call
	red    bool
	alert  bool   // one fires that nobody muted
	who    string // the candidate's version
}

func (w *world) set(f func(*world)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w)
}

func (w *world) Next(ctx context.Context) (*frame.Frame, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(20 * time.Millisecond):
	}
	r, err := w.router.Read(ctx)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	f := &frame.Frame{At: now, Service: "ranker", Step: 15 * time.Second, Sources: []frame.Source{{Name: "prometheus", State: frame.SourceLive}}}
	f.Rollout.Legacy, f.Rollout.Candidate = sources.NewText("41"), sources.NewText(w.who)
	f.Verdict = analysis.Verdict{Call: w.call, At: now, Sentence: "the candidate is " + w.call.Label()}
	if w.red {
		f.Verdict.Gauges = []analysis.Gauge{{Name: "burst", Red: true, Acts: true, Text: "errors come in bursts"}}
	}
	if w.alert {
		f.Alerting.Alerts = []sources.Alert{{Name: sources.NewText("HighErrors"), Since: now}}
	}
	f.Traffic.Set, f.Traffic.ReadAt, f.Traffic.Epoch = sources.SplitAt(r.Configured.Candidate, now), now, r.Epoch
	return f, nil
}

// fast is a clock on which a hundred seconds pass in one, the same for all runners of a folder.
func fast(t testing.TB, dir string) func() time.Time {
	t.Helper()
	path := filepath.Join(dir, "began")
	began := time.Now()
	if b, err := os.ReadFile(path); err == nil {
		if err := began.UnmarshalText(b); err != nil {
			t.Fatal(err)
		}
	} else if err := os.WriteFile(path, began.AppendFormat(nil, time.RFC3339Nano), 0o600); err != nil {
		t.Fatal(err)
	}
	return func() time.Time { return began.Add(100 * time.Since(began)) }
}

// rig is one runner of one service in a folder.
type rig struct {
	dir    string
	world  *world
	router *router
	desk   *action.Desk
	driver *Driver
	path   string
	cancel context.CancelFunc
	done   chan struct{}
}

// start runs a runner over what a folder holds. at is told where it is.
func start(t testing.TB, dir string, plan ramp.Plan, at func(place string)) *rig {
	t.Helper()
	return startWith(t, dir, plan, at, func(*Config) {})
}

func startWith(t testing.TB, dir string, plan ramp.Plan, at func(place string), change func(*Config), desk ...func(*action.Config)) *rig {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	g := &rig{dir: dir, cancel: cancel, done: make(chan struct{}), path: filepath.Join(dir, "audit.jsonl")}
	now := fast(t, dir)
	g.router = &router{dir: dir, at: at}
	g.world = &world{router: g.router, now: now, call: analysis.Safe, who: "42"}
	j, err := audit.Open(g.path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	journal := log{j, at}
	atDesk := action.Config{
		Plane: g.router, Journal: journal, Now: time.Now, Context: "prod", Service: "ranker", Lives: true,
		Patience: action.Patience{Poll: 5 * time.Millisecond, Watch: 500 * time.Millisecond, Observed: 200 * time.Millisecond, Configured: 100 * time.Millisecond, Retry: 10 * time.Millisecond},
	}
	for _, f := range desk {
		f(&atDesk)
	}
	g.desk, err = action.New(ctx, atDesk)
	if err != nil {
		t.Fatal(err)
	}
	held, err := lease.Take(filepath.Join(dir, "ranker.lease"), lease.Holder{Actor: "ana", PID: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Context: "prod", Service: "ranker", Plan: plan, Frames: g.world, Desk: g.desk, Journal: journal, Lease: held, Tally: &Tally{},
		Step: 15 * time.Second, Now: now, Settling: 50 * time.Millisecond,
	}
	change(&cfg)
	g.driver, err = New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(g.done)
		_ = g.driver.Run(ctx)
		g.desk.Wait()
		_ = held.Release()
	}()
	return g
}

func (g *rig) stop() {
	g.cancel()
	<-g.done
}

// until waits for the ramp to stand somewhere; 20 s are for machines that are busy.
func (g *rig) until(t testing.TB, what string, ok func(ramp.State) bool) ramp.State {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		changed := g.driver.Changed()
		st := g.driver.State()
		if ok(st) {
			return st
		}
		select {
		case <-changed:
		case <-time.After(100 * time.Millisecond):
		case <-limit:
			t.Fatalf("the ramp never came to: %s; it is %s at %v: %s", what, st.Phase, st.Share, st.Why)
		}
	}
}

// ask previews and does what an actor asks for.
func (g *rig) ask(t testing.TB, who string, a sources.Action) (sources.Progress, error) {
	t.Helper()
	seat := g.driver.Seat(action.Actor{Name: who})
	a.Service = "ranker"
	p, err := seat.Preview(t.Context(), a)
	if err != nil {
		return sources.Progress{}, err
	}
	return seat.Do(t.Context(), p.ID, p.Confirm.Word)
}

func plan(t testing.TB, steps ...string) ramp.Plan {
	t.Helper()
	var p ramp.Plan
	for _, s := range steps {
		step, err := ramp.ParseStep(s)
		if err != nil {
			t.Fatal(err)
		}
		p.Steps = append(p.Steps, step)
	}
	return p
}

// harm changes one byte in the middle of a file.
func harm(t testing.TB, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// begin starts the ramp as soon as there is a frame to start it by.
func (g *rig) begin(t testing.TB, who string) {
	t.Helper()
	g.until(t, "a first look", func(ramp.State) bool { g.driver.mu.Lock(); defer g.driver.mu.Unlock(); return g.driver.newest != nil })
	if _, err := g.ask(t, who, sources.Action{Verb: sources.Start}); err != nil {
		t.Fatal(err)
	}
}
