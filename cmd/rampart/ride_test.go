package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
)

// slow is a router whose traffic shows a change late, or never.
type slow struct {
	router
	late time.Duration // zero: never
}

func (r *slow) Confirm(ctx context.Context, rc sources.Receipt) (sources.Outcome, error) {
	now, err := r.Read(ctx)
	out := sources.Outcome{Rung: sources.Effective, Reading: now, Requests: sources.ByArm[int64]{Legacy: 90, Candidate: 3}}
	if r.late > 0 && time.Since(rc.SentAt) >= r.late {
		out.Rung, out.Requests.Candidate = sources.Observed, 0
	}
	return out, err
}

func TestRide_LeavesOnceTrafficShowsTheRollbackOrItIsToldThatItDoesNot(t *testing.T) {
	for name, c := range map[string]struct {
		late         time.Duration
		notice, line string
	}{
		"shown late":  {20 * time.Second, "candidate from 25 % to 0 %, observed in traffic", "observed   the candidate got 0 of 90"},
		"never shown": {0, "not observed after 30s: the candidate got 3 of 93 requests since", "not observed after 30s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				desk, err := action.New(ctx, action.Config{
					Plane: &slow{router{share: 250_000, rev: "rev7"}, c.late}, Journal: &pages{}, Now: time.Now, Context: "prod", Service: "ranker",
				})
				if err != nil {
					t.Fatal(err)
				}
				defer desk.Wait()
				defer cancel()
				p, err := desk.Rule().Preview(ctx, sources.Action{Service: "ranker", Verb: sources.RollBack, Reason: "errors ×3"})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := desk.Rule().Do(ctx, p.ID, ""); err != nil {
					t.Fatal(err)
				}
				var out strings.Builder
				var told []string
				d := &driven{session: &session{name: "ranker", desk: desk, clock: engine.Clock{Now: time.Now}, chosen: config.Chosen{Name: "prod"}}}
				d.arrive(ctx, streams{out: &out, err: &out}, func(n sources.Notice) {
					if n.Key != "prod/ranker/action/"+p.ID {
						t.Errorf("told under the key %s", n.Key)
					}
					told = append(told, n.Title)
				})
				i := slices.IndexFunc(told, func(s string) bool { return strings.HasSuffix(s, "candidate from 25 % to 0 %") })
				if i < 0 || !strings.HasSuffix(told[len(told)-1], c.notice) {
					t.Errorf("told %q, want that it is set and then %q", told, c.notice)
				}
				if !strings.Contains(out.String(), c.line) {
					t.Errorf("printed\n%s", out.String())
				}
			})
		})
	}
}

func TestRide_ThatWroteNothingWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		desk, err := action.New(ctx, action.Config{Plane: &router{}, Journal: &pages{}, Now: time.Now, Context: "prod", Service: "ranker"})
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Wait()
		defer cancel()
		began := time.Now()
		(&driven{session: &session{desk: desk}}).arrive(ctx, streams{}, func(n sources.Notice) { t.Errorf("told %q", n.Title) })
		if time.Since(began) != 0 {
			t.Errorf("it waited for %v", time.Since(began))
		}
	})
}

func TestRide_EndsWithACodeThatSaysWhyItEnded(t *testing.T) {
	back := func(cause ramp.Cause) ramp.State { return ramp.State{Phase: ramp.RolledBack, Cause: cause} }
	for name, c := range map[string]struct {
		st            ramp.State
		worse, byHand bool
		want          int
	}{
		"promoted":                      {ramp.State{Phase: ramp.Promoted}, false, false, 0},
		"worse":                         {back(ramp.CalledWorse), true, false, exitWorse},
		"worse, as a restart finds it":  {back(ramp.CalledWorse), false, false, exitWorse},
		"worse, and somebody was first": {back(ramp.Somebody), true, true, exitWorse},
		"a rule of the plan":            {back(ramp.RuleBroken), false, false, exitWorse},
		"a guard beside the evidence":   {back(ramp.GuardBroken), false, false, exitWorse},
		"somebody rolled back":          {back(ramp.Somebody), false, false, exitRefused},
		"no numbers, by the plan":       {back(ramp.Blind), false, false, exitUndecided},
		"a step without an end":         {back(ramp.Overdue), false, false, exitUndecided},
		"a reload":                      {back(ramp.PlaneAnew), false, false, exitUndecided},
		"a plan says so, and an earlier rollback of somebody's is the newest that is known": {back(ramp.Blind), false, true, exitUndecided},
		"somebody rolled back, by a journal without causes":                                 {back(ramp.NoCause), false, true, exitRefused},
		"nobody did, by a journal without causes":                                           {back(ramp.NoCause), false, false, exitUndecided},
		"somebody stopped it": {ramp.State{Phase: ramp.Ended}, false, false, exitRefused},
	} {
		if got := endOf(c.st, c.worse, c.byHand); got != c.want {
			t.Errorf("%s: exit %d, want %d", name, got, c.want)
		}
	}
}

func TestRampLine_BeforeTheFirstStepThereIsNoStepNought(t *testing.T) {
	for step, want := range map[int]string{-1: "running, before step 1, candidate at 0 %", 0: "running, step 1, candidate at 0 %"} {
		if got := rampLine(ramp.State{Phase: ramp.Running, Step: step}); got != want {
			t.Errorf("step %d: %q", step, got)
		}
	}
}
