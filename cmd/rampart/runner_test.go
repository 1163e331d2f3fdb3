package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/claim"
	"rampart/cmd/internal/runner/lease"
	"rampart/cmd/internal/wire"
	"rampart/sources"
	"rampart/sources/audit"
	"rampart/sources/demo"
)

// stand is a runner with its socket over a small world.
type stand struct {
	dir, config, address string
	g                    *globals
	c                    *config.Config
	x                    config.Chosen
}

// runnerOver starts a runner in this process, with more lines of config. Its world is calm: nothing calls its candidate worse while somebody acts.
func runnerOver(t *testing.T, more string) *stand {
	t.Helper()
	world, err := demo.Start(context.WithoutCancel(t.Context()), demo.Options{Scenario: "healthy", Seed: 7}) // what was begun is read back while the test is tidied up
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { world.Close() })
	s := &stand{dir: short(t)}
	s.config = filepath.Join(s.dir, "rampart.yaml")
	text := bytes.ReplaceAll(world.Config(), []byte("alpha: 0.05"), []byte("alpha: 0.0001"))
	text = append(text, more...)
	if err := os.WriteFile(s.config, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if s.c, err = config.Load(s.config); err != nil {
		t.Fatal(err)
	}
	if s.x, err = s.c.Choose(config.Choice{}); err != nil {
		t.Fatal(err)
	}
	env := func(k string) string { return map[string]string{"RAMPART_STATE": s.dir, "RAMPART_ACTOR": "ana"}[k] }
	s.g = &globals{streams: streams{env: env, out: &bytes.Buffer{}, err: &bytes.Buffer{}}}
	if s.address, err = socketOf(env, s.c, s.x, "ranker"); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	r, err := s.g.openRunner(ctx, s.c, s.x, []string{"ranker"}, runFlags{})
	if err != nil {
		end()
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- r.serve(ctx, s.address, runFlags{mode: "0600"}) }()
	t.Cleanup(func() {
		end()
		if err := <-over; err != nil {
			t.Errorf("the runner ended with %v", err)
		}
		r.close()
	})
	return s
}

// console attaches somebody, who then knows what the runner shows: a call by fresh numbers.
func (s *stand) console(t *testing.T, who string) *spoken {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		client, err := wire.Dial(t.Context(), s.address, wire.Options{Service: "ranker", Actor: who})
		switch {
		case wire.Unanswered(err) && ctx.Err() == nil:
			time.Sleep(20 * time.Millisecond) // it is about to listen
			continue
		case err != nil:
			t.Fatal(err)
		}
		for {
			f, err := client.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if f.Traffic.Set.Known && (f.Verdict.Call == analysis.Undecided || f.Verdict.Call == analysis.Safe) {
				return &spoken{client, f}
			}
		}
	}
}

func (r *spoken) plan(t *testing.T, v sources.Verb, to float64) sources.Preview {
	t.Helper()
	p, err := r.Preview(t.Context(), sources.Action{Service: "ranker", Verb: v, To: sources.ShareOf(to), Seen: r.shown.Shown()})
	if err != nil || p.Confirm.Refuse != "" {
		t.Fatalf("%v to %v: %q, %v", v, to, p.Confirm.Refuse, err)
	}
	return p
}

func TestRunner_WhoConfirmsWhatSomebodyElseOvertookIsToldTheirChangeAndARollbackGoesOn(t *testing.T) {
	s := runnerOver(t, "")
	ana, ben := s.console(t, "ana"), s.console(t, "ben")
	up, back := ana.plan(t, sources.SetSplit, .3), ana.plan(t, sources.RollBack, 0)
	bens := ben.plan(t, sources.SetSplit, .2)
	if p, err := ben.Do(t.Context(), bens.ID, ""); err != nil || p.Actor != "ben" {
		t.Fatalf("ben, as %s: %v", p.Actor, err)
	}
	p, err := ana.Do(t.Context(), up.ID, "")
	if err == nil {
		err = p.Err
	}
	if !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "20 %") && !strings.Contains(err.Error(), "ben") {
		t.Errorf("ana ramps up over ben's change: %v", err)
	}
	p, err = ana.Do(t.Context(), back.ID, back.Confirm.Word)
	if err != nil || p.Change.From.Known && p.Change.From.Candidate != sources.ShareOf(.2) && p.Rung > sources.Sent {
		t.Errorf("her rollback: from %v, %v", p.Change.From, err)
	}
	for ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second); ; {
		f, err := ana.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if f.Traffic.Set.Known && f.Traffic.Set.Candidate == 0 {
			cancel()
			break
		}
	}
}

func TestRunner_SecondOneIsRefusedByNameAndStealsWithAReasonOnly(t *testing.T) {
	s := runnerOver(t, "")
	s.console(t, "ana")
	var said bytes.Buffer
	second := &globals{streams: streams{env: s.g.env, out: io.Discard, err: &said}} // the first one serves, and speaks, meanwhile
	_, err := second.openRunner(t.Context(), s.c, s.x, []string{"ranker"}, runFlags{})
	if !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), fmt.Sprintf("held by ana, process %d", os.Getpid())) {
		t.Fatalf("a second runner: %v", err)
	}
	if !strings.Contains(err.Error(), "rampart attach") || !strings.Contains(err.Error(), "--steal REASON") {
		t.Errorf("it does not say what can be done: %v", err)
	}
	thief, err := second.openRunner(t.Context(), s.c, s.x, []string{"ranker"}, runFlags{steal: "the first one hangs"})
	if err != nil {
		t.Fatal(err)
	}
	defer thief.close()
	if !strings.Contains(said.String(), "the lease of ranker was held by ana") {
		t.Errorf("it says %q", said.String())
	}
}

func TestRunner_ThatLostItsLeaseSaysSoOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "ranker.lease")
	mine, err := lease.Take(path, lease.Holder{Actor: "ana", Host: "lb1", PID: 1, Since: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	thief, _, err := lease.Steal(path, lease.Holder{Actor: "ben", Host: "lb1", PID: 2, Since: time.Now(), Reason: "it hangs"})
	if err != nil {
		t.Fatal(err)
	}
	defer thief.Release()
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		r := &running{g: &globals{streams: streams{err: &said}}, services: []*driven{{session: &session{name: "ranker"}, lease: &claim.Right{Lease: mine}}}}
		ctx, end := context.WithTimeout(t.Context(), 5*time.Second)
		defer end()
		r.beat(ctx)
		if strings.Count(said.String(), "raises nothing of it any more") != 1 || !strings.Contains(said.String(), "ben") {
			t.Errorf("it says %q", said.String())
		}
	})
}

// TestRunner_ConsolesKilledAtAnyInstantLeaveNothingHalfDone kills twenty consoles somewhere on their way from the first
// byte to the last rung. What they asked for is done whole or not at all, once, and the journal knows of it.
func TestRunner_ConsolesKilledAtAnyInstantLeaveNothingHalfDone(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts and kills twenty processes")
	}
	t.Parallel()
	s := runnerOver(t, "")
	last := s.console(t, "ana")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(s.dir, "rampart") // by this name the test's program is the command
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	chance := rand.New(rand.NewPCG(seed, 1))
	console := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), program, append(args, "--yes", "-c", s.config)...)
		cmd.Env = append(os.Environ(), "RAMPART_STATE="+s.dir, "RAMPART_ACTOR=ben", "XDG_RUNTIME_DIR=")
		return cmd
	}
	began := time.Now()
	if out, err := console("ramp", "split", "40%").CombinedOutput(); err != nil {
		t.Fatalf("a console that nobody kills: %v\n%s", err, out)
	}
	whole := time.Since(began) // on this machine, as busy as it is now
	for i := range 20 {
		cmd := console("ramp", "split", fmt.Sprintf("%d%%", 10+i))
		if i%4 == 3 {
			cmd = console("ramp", "rollback")
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(chance.Int64N(int64(whole))))
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	}
	settle(t, last)
	journal := filepath.Join(s.dir, "demo", "audit.jsonl")
	intents, double := outcomes(t, journal)
	for late := time.Now().Add(30 * time.Second); slices.Contains(slices.Collect(maps.Values(intents)), false); intents, double = outcomes(t, journal) {
		if time.Now().After(late) { // the runner may take what a killed console said a moment before after what this one said
			raw, _ := os.ReadFile(journal)
			t.Fatalf("seed %d: not every intent has an outcome: %v\n%s", seed, intents, raw)
		}
		if _, err := last.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(intents) < 3 || len(double) > 0 {
		t.Errorf("seed %d: %d intents; sent more than once: %q", seed, len(intents), double)
	}
}

// settle waits until nothing is half-way.
func settle(t *testing.T, r *spoken) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p := r.plan(t, sources.RollBack, 0)
	done, err := r.Do(ctx, p.ID, p.Confirm.Word) // it joins the rollback of a console that was killed, where one is under way
	if err != nil {
		t.Fatal(err)
	}
	var last []sources.Progress
	for {
		f, err := r.Next(ctx)
		if err != nil {
			t.Fatalf("%v: of %s the actions stand at %+v", err, done.IntentID, last)
		}
		last = f.Actions
		open := len(f.Actions) == 0
		for _, a := range f.Actions {
			open = open || a.Rung < sources.Configured && !a.Done
		}
		if !open && f.Actions[0].IntentID == done.IntentID {
			return
		}
	}
}

// outcomes reads the journal: which intents have a known outcome, and which were sent more than once.
func outcomes(t *testing.T, path string) (known map[string]bool, double []string) {
	t.Helper()
	if r, err := audit.Verify(t.Context(), path); err != nil || r.Broken != nil {
		t.Errorf("the journal is broken: %v, %v", r.Broken, err)
	}
	j, err := audit.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	known = map[string]bool{}
	for e, err := range j.Entries(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		switch e.Kind {
		case sources.EntryIntent:
			known[e.IntentID] = known[e.IntentID] || false
		case sources.EntryRung, sources.EntryReverted, sources.EntryRefusal:
			known[e.IntentID] = true
		case sources.EntryReceipt:
			var r struct{ Known bool }
			if json.Unmarshal(e.Data, &r) == nil && r.Known && known[e.IntentID] {
				double = append(double, e.IntentID)
			}
			known[e.IntentID] = known[e.IntentID] || r.Known
		}
	}
	delete(known, "")
	return known, double
}
