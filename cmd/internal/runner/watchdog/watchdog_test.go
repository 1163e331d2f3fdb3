package watchdog_test

import (
	"bufio"
	"context"
	"errors"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/runner/lease"
	"rampart/cmd/internal/runner/watchdog"
	"rampart/sources"
	"rampart/sources/audit"
)

// TestMain lets the test's own program be a runner that holds a lease until it is killed.
func TestMain(m *testing.M) {
	path := os.Getenv("WATCHDOG_TEST_LEASE")
	if path == "" {
		os.Exit(m.Run())
	}
	l, err := lease.Take(path, lease.Holder{Actor: "ana", PID: os.Getpid(), Host: "bastion", Since: time.Now()})
	if err != nil || l.Beat(time.Now()) != nil {
		os.Exit(1)
	}
	os.Stdout.WriteString("held\n")
	time.Sleep(time.Minute) // it is killed
}

// runner starts a process that holds the lease, and returns how to kill it the hard way.
func runner(t *testing.T, path string) (kill func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), "WATCHDOG_TEST_LEASE="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != "held\n" {
		t.Fatalf("the runner says %q, %v", said, err)
	}
	return func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed, as was wanted
	}
}

// hand is a plane and a desk that count.
type hand struct {
	share   sources.Share
	unread  error
	blind   bool   // it answers, and does not know
	before  func() // called before the write's last question
	writes  []string
	opened  int
	refused error
}

func (h *hand) Share(context.Context) (sources.Split, error) {
	if h.blind {
		return sources.Split{}, nil
	}
	return sources.SplitAt(h.share, time.Now()), h.unread
}

func (h *hand) RollBack(_ context.Context, reason string, still func() error) error {
	if h.before != nil {
		h.before()
	}
	if err := still(); err != nil {
		return err
	}
	if h.refused != nil {
		return h.refused
	}
	h.writes, h.share = append(h.writes, reason), 0
	return nil
}

func (h *hand) Close() {}

// watched is a ramp at 5 %, its runner, and a watchdog that waits 30 s.
type watched struct {
	*hand
	dog     *watchdog.Dog
	journal *audit.Journal
	path    string
	mark    string
	started time.Time // the ramp
	now     time.Time
	told    []sources.Notice

	read   []uint64 // the number of each entry that the watchdog was given
	broken error    // ends the next reading
}

// readings counts what is read of a journal.
type readings struct {
	sources.Journal
	w *watched
}

func (r *readings) Entries(ctx context.Context, from uint64) iter.Seq2[sources.Entry, error] {
	return func(yield func(sources.Entry, error) bool) {
		for e, err := range r.Journal.Entries(ctx, from) {
			r.w.read = append(r.w.read, e.Seq)
			if !yield(e, err) {
				return
			}
		}
		if err := r.w.broken; err != nil {
			r.w.broken = nil
			yield(sources.Entry{}, err)
		}
	}
}

func watch(t *testing.T, phase ramp.Phase) *watched {
	t.Helper()
	dir := t.TempDir()
	w := &watched{hand: &hand{share: sources.ShareOf(.05)}, path: filepath.Join(dir, "ranker.lease"), mark: filepath.Join(dir, "ranker.unwritten"), now: time.Now()}
	var err error
	if w.journal, err = audit.Open(filepath.Join(dir, "audit.jsonl"), time.Now); err != nil {
		t.Fatal(err)
	}
	w.stands(t, phase)
	w.dog, err = watchdog.New(watchdog.Config{
		Context: "prod", Service: "ranker", Silence: 30 * time.Second, Lease: w.path, Mark: w.mark, Journal: &readings{Journal: w.journal, w: w},
		Open: func() (watchdog.Hand, error) { w.opened++; return w.hand, nil },
		Now:  func() time.Time { return w.now }, Tell: func(n sources.Notice) { w.told = append(w.told, n) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// stands journals where the ramp stands.
func (w *watched) stands(t *testing.T, phase ramp.Phase) {
	t.Helper()
	w.started = time.Now()
	st := ramp.State{Phase: phase, Starter: "ana", Started: w.started, Share: sources.ShareOf(.05)}
	data, err := st.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.journal.Append(t.Context(), sources.Entry{Kind: sources.EntryRamp, Context: "prod", Service: "ranker", Data: data}); err != nil {
		t.Fatal(err)
	}
}

func (w *watched) look(t *testing.T, want bool) {
	t.Helper()
	if acted, err := w.dog.Look(t.Context()); err != nil || acted != want {
		t.Fatalf("acted: %v, want %v; %v", acted, want, err)
	}
}

func TestWatchdog_TakesTheTrafficAwayOnceWhenTheRunnerIsKilled(t *testing.T) {
	w := watch(t, ramp.Running)
	kill := runner(t, w.path)
	w.now = w.now.Add(time.Hour)
	w.look(t, false) // silent for an hour by the clock, and it still holds its lease: the machine may have slept
	w.now = time.Now()
	kill()
	w.now = time.Now().Add(20 * time.Second)
	w.look(t, false) // it may be starting again
	if w.opened > 0 {
		t.Fatal("the plane was opened before there was a reason")
	}
	w.now = w.now.Add(15 * time.Second)
	w.look(t, true)
	w.share = sources.ShareOf(.2) // whoever sets it now knows why
	w.look(t, false)
	if len(w.writes) != 1 || !strings.Contains(w.writes[0], "the runner (ana, process") || !strings.Contains(w.writes[0], "running at 5 %") {
		t.Errorf("it wrote %q", w.writes)
	}
	if len(w.told) != 2 || w.told[0].Severity != sources.SeverityCritical || !strings.Contains(w.told[1].Title, "has set 0 %") {
		t.Errorf("it told %+v", w.told)
	}
	w.stands(t, ramp.Running) // another ramp is watched anew
	w.look(t, true)
}

func TestWatchdog_TakesTheTrafficAwayFromARunnerThatHangsOnceItHeardNothingItself(t *testing.T) {
	w := watch(t, ramp.Running)
	runner(t, w.path) // it holds its lease and never says that it lives
	w.now = time.Now().Add(time.Hour)
	for range 30 {
		w.look(t, false)
		w.now = w.now.Add(time.Second)
	}
	w.look(t, true)
	if len(w.writes) != 1 || !strings.Contains(w.writes[0], "hangs, last heard of 30s ago") {
		t.Errorf("it wrote %q", w.writes)
	}
}

func TestWatchdog_ThatWasAsleepItselfListensAnew(t *testing.T) {
	w := watch(t, ramp.Running)
	runner(t, w.path)
	for range 5 {
		w.look(t, false)
		w.now = w.now.Add(25 * time.Second) // the machine was suspended, and the runner with it
	}
	if err := os.Chtimes(w.path, w.now, w.now); err != nil {
		t.Fatal(err)
	}
	w.look(t, false) // the runner woke up as well
	for range 29 {
		w.now = w.now.Add(time.Second)
		w.look(t, false)
	}
	w.now = w.now.Add(time.Second)
	w.look(t, true)
}

func TestWatchdog_LeavesAloneWhatNeedsNobody(t *testing.T) {
	for name, c := range map[string]struct {
		phase  ramp.Phase
		change func(*testing.T, *watched)
	}{
		"no ramp lives":             {ramp.RolledBack, func(*testing.T, *watched) {}},
		"the plane has 0 % already": {ramp.Running, func(_ *testing.T, w *watched) { w.share = 0 }},
		"no runner was ever there":  {ramp.Running, func(t *testing.T, w *watched) { os.Remove(w.path) }},
		"it comes back before the write": {ramp.Running, func(t *testing.T, w *watched) {
			w.before = func() { t.Cleanup(runner(t, w.path)) }
		}},
		"somebody rolls back before the write": {ramp.Running, func(t *testing.T, w *watched) {
			w.before = func() { w.stands(t, ramp.RolledBack) }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := watch(t, c.phase)
			runner(t, w.path)()
			w.now = time.Now().Add(time.Hour)
			c.change(t, w)
			w.look(t, false)
			if len(w.writes) > 0 {
				t.Errorf("it wrote %q", w.writes)
			}
		})
	}
}

func TestWatchdog_TriesAgainWhatItCouldNotDo(t *testing.T) {
	w := watch(t, ramp.Running)
	runner(t, w.path)()
	w.now = time.Now().Add(time.Hour)
	w.unread = sources.ErrUnreachable
	if acted, err := w.dog.Look(t.Context()); acted || !errors.Is(err, sources.ErrUnreachable) {
		t.Fatalf("a plane that is away: %v, %v", acted, err)
	}
	w.unread, w.refused = nil, sources.ErrDenied
	if acted, err := w.dog.Look(t.Context()); acted || !errors.Is(err, sources.ErrDenied) {
		t.Fatalf("a plane that refuses: %v, %v", acted, err)
	}
	w.refused = nil
	w.look(t, true)
}
