package main

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/runner"
	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
	"rampart/ui"
	"rampart/ui/uitest"
)

// right is a lease that nobody takes away.
type right struct{}

func (right) Held() error          { return nil }
func (right) Holder() lease.Holder { return lease.Holder{Actor: "ana"} }

// entries are all that was written.
func (p *pages) entries() []sources.Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.all)
}

// calm is the incident before it became one, with a plan that waits for an approval of 25 %.
func calm(name string) *frame.Frame {
	f := uitest.Incident(time.Now())
	f.Verdict = analysis.Verdict{Call: analysis.Safe, At: time.Now(), Sentence: "no harm"}
	f.Env, f.Session.Actor, f.Session.Role, f.Unlock.Needed = "", name, people()[name], false
	f.Plan = frame.PlanOf(slowly())
	return f
}

func slowly() ramp.Plan {
	return ramp.Plan{Steps: []ramp.Step{{To: 50_000, Bake: time.Hour, Until: ramp.Approve}, {To: 250_000, Bake: time.Hour}, {To: sources.Whole}}}
}

// atRamp opens somebody's console on a ramp and its desk as a runner has them: screen, keys and palette, the plan's
// driver, the one place that writes, and a router.
func atRamp(t *testing.T, name string, story func(*testing.T, bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := bench{router: &router{share: 50_000, rev: "rev7"}, journal: &pages{}, feed: uitest.NewFeed()}
		ctx, cancel := context.WithCancel(context.Background())
		desk, err := action.New(ctx, action.Config{
			Plane: c.router, Journal: c.journal, Now: time.Now, Context: "demo", Service: "ranker", Roles: people(), Lives: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Wait()
		frames := uitest.NewFeed()
		driver, err := runner.New(ctx, runner.Config{
			Context: "demo", Service: "ranker", Plan: slowly(), Frames: frames, Desk: desk, Journal: c.journal, Lease: right{}, Tally: &runner.Tally{},
			Step: 15 * time.Second, Now: time.Now, Settling: time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { _ = driver.Run(ctx); close(ended) }()
		defer func() { cancel(); <-ended }()
		seat := driver.Seat(action.Actor{Name: name, From: "tty1"})
		exported, asker := 0, who{name, "ranker", seat.Role(), func(why error) { seat.Refused("unmask", why) }}
		c.Console = uitest.Open(t, ui.Env{
			Feed: c.feed, Operator: seat, Ask: &uitest.Ask{},
			Unmask: func(ctx context.Context, d time.Duration, reason string) (time.Time, error) {
				return bareUntil(time.Now(), d, reason, asker, func(text string) error { return seat.Note(ctx, text) })
			},
			Export: func(context.Context, *frame.Frame, frame.LogsQuery, sources.Window) (string, int, error) {
				exported++
				return "/tmp/lines", 0, nil
			},
		})
		frames.Put(calm(name))
		c.feed.Put(calm(name))
		c.Wait(time.Second)
		c.exported = &exported
		story(t, c)
	})
}
