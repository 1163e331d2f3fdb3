package action_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/cmd/internal/action"
	"rampart/sources"
	"rampart/sources/audit"
	"rampart/sources/demo/world"
	"rampart/sources/plane/haproxy"
)

// The whole way over a balancer whose weights somebody else sets: drained, observed, and made ready again by a process
// that knows of it from the audit alone.
func TestDesk_DrainsTheDemosBalancerAndAnotherProcessMakesItReady(t *testing.T) {
	w, path := newWorld(t), filepath.Join(t.TempDir(), "audit.jsonl")
	plane, err := haproxy.New(haproxy.Config{
		Sockets: []string{"unix://" + w.socket}, Backend: "be_ranker",
		Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	do := func(a sources.Action, on func(sources.Progress)) sources.Progress {
		t.Helper()
		desk, end := newDesk(t, w, plane, path)
		defer end()
		seat := desk.Seat(action.Actor{Name: "ana"})
		preview, err := seat.Preview(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		track, err := seat.Start(t.Context(), preview.ID, preview.Confirm.Word)
		if err != nil {
			t.Fatal(err)
		}
		for p := range track.All(t.Context()) {
			if on(p); p.Rung == sources.Observed {
				return p
			}
		}
		t.Fatalf("never observed: %+v", track.Progress())
		return sources.Progress{}
	}
	meddled := false
	p := do(sources.Action{Verb: sources.RollBack, Reason: "errors"}, func(p sources.Progress) {
		switch {
		case p.Rung < sources.Effective:
		case !meddled:
			meddled = true
			w.live.Do(func(w *world.World) { w.SetShare(0.05) })
		case p.How != "":
			w.pass(p.Began.Add(time.Minute))
		}
	})
	if !strings.HasPrefix(p.How, "drained, because somebody else set the weight of canary-") || p.Requests.Requests.Candidate != 0 || p.Alarm != "" {
		t.Errorf("how %q, %v, alarm %q", p.How, p.Requests, p.Alarm)
	}
	if r, err := plane.Read(t.Context()); err != nil || r.Configured.Candidate != 0 || r.Effective.Candidate != 0 {
		t.Errorf("%v set, %v effective, %v", r.Configured, r.Effective, err)
	}
	p = do(sources.Action{Verb: sources.SetSplit, To: sources.Whole / 20}, func(p sources.Progress) {
		if p.Rung == sources.Effective {
			w.pass(p.Began.Add(10 * time.Minute))
		}
	})
	if p.Change.Readies == 0 || p.Requests.Requests.Candidate == 0 {
		t.Errorf("%d made ready, %v", p.Change.Readies, p.Requests)
	}
	if r, err := audit.Verify(t.Context(), path); err != nil || r.Broken != nil {
		t.Errorf("audit: %+v, %v", r, err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"way":"drain"`, "set server be_ranker/canary-1 state drain", "set server be_ranker/canary-1 state ready", "by draining its servers"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the audit does not hold %s:\n%s", want, b)
		}
	}
}

// pass lets the world's time go on to an instant, and never back.
func (w *demoWorld) pass(to time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if to.After(w.now) {
		w.now = to
	}
}
