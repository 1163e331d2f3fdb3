package main

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rampart/cmd/internal/action"
	"rampart/sources"
	"rampart/ui"
	"rampart/ui/uitest"
)

// router is a plane of one candidate, at 5 % as in the incident.
type router struct {
	mu     sync.Mutex
	share  sources.Share
	rev    string
	writes int
}

func (*router) Caps(context.Context) (sources.Caps, error) {
	return sources.Caps{Kind: "router", Writes: true}, nil
}

func (r *router) Read(context.Context) (sources.Reading, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	split := sources.SplitAt(r.share, time.Now())
	return sources.Reading{At: time.Now(), Rev: r.rev, Configured: split, Effective: split, Servers: []sources.Server{{Name: "stable-1", Arm: sources.Legacy, Up: true}}}, nil
}

func (r *router) Plan(_ context.Context, now sources.Reading, in sources.Intent) (sources.Change, error) {
	if in.Verb == sources.RollBack {
		in.To = 0
	}
	in.Expect.Rev = now.Rev
	return sources.Change{Intent: in, From: now.Configured, To: sources.SplitAt(in.To, now.At), Writes: []sources.Write{{Member: "lb1", Request: fmt.Sprint("set ", in.To)}}}, nil
}

func (r *router) Apply(_ context.Context, c sources.Change) (sources.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.share, r.writes = c.To.Candidate, r.writes+1
	return sources.Receipt{Change: c, SentAt: time.Now(), Answer: []sources.Answer{{Write: c.Writes[0], At: time.Now()}}}, nil
}

func (r *router) Confirm(ctx context.Context, _ sources.Receipt) (sources.Outcome, error) {
	now, err := r.Read(ctx)
	return sources.Outcome{Rung: sources.Observed, Reading: now}, err
}

// pages is a journal in memory.
type pages struct {
	mu  sync.Mutex
	all []sources.Entry
}

func (p *pages) Append(_ context.Context, e sources.Entry) (sources.Entry, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.Seq, e.Time = uint64(len(p.all)+1), time.Now()
	p.all = append(p.all, e)
	return e, nil
}

func (p *pages) Entries(_ context.Context, from uint64) iter.Seq2[sources.Entry, error] {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.all[min(int(from)-1, len(p.all)):]
	return func(yield func(sources.Entry, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// bench is a console at a real desk: screen, keys and palette, the one place that writes, and a router.
type bench struct {
	*uitest.Console
	router   *router
	journal  *pages
	look     *action.Look
	feed     *uitest.Feed
	exported *int // files of log lines
}

// atBench opens a console for alice in a role that the config gives her.
func atBench(t *testing.T, role sources.Role, story func(*testing.T, bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := bench{router: &router{share: 50_000, rev: "rev7"}, journal: &pages{}, look: &action.Look{}}
		c.look.Identity = sources.ByArm[sources.Text]{Legacy: sources.NewText("41"), Candidate: sources.NewText("42")}
		ctx, cancel := context.WithCancel(context.Background())
		desk, err := action.New(ctx, action.Config{
			Plane: c.router, Journal: c.journal, Now: time.Now, Context: "prod-eu", Service: "ranker", Env: "prod",
			Roles: map[string]sources.Role{"alice": role}, Look: func() action.Look { return *c.look },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Wait()
		defer cancel()
		c.feed = uitest.NewFeed()
		c.Console = uitest.Open(t, ui.Env{Feed: c.feed, Operator: desk.Seat(action.Actor{Name: "alice", From: "tty1"})})
		f := uitest.Incident(time.Now())
		f.Session.Role, f.Unlock.Needed = role, false // the desk decides, whatever the screen believes
		c.feed.Put(f)
		c.Settle()
		story(t, c)
	})
}

// promote types the palette's word and then the share that is asked for.
func (c bench) promote() {
	c.Press(":")
	c.Type("promote")
	c.Press("enter")
	c.Settle()
	c.Type("100%")
	c.Press("enter")
	c.Settle()
	c.Press("esc", "esc")
}

// command types a line into the palette and confirms what it asks.
func (c bench) command(line string) {
	c.Press(":")
	c.Type(line)
	c.Press("enter")
	c.Settle()
	c.Press("enter")
	c.Settle()
	c.Press("esc", "esc")
}

func TestRoles_AreEnforcedFromKeysAndPaletteAlike(t *testing.T) {
	rollsBack := func(c bench) { c.Press("R"); c.Settle(); c.Press("enter"); c.Settle() }
	splits := func(c bench) {
		c.Press("S")
		c.Type("10%")
		c.Press("enter")
		c.Settle()
		c.Press("enter")
		c.Settle()
	}
	unlocked := func(f func(bench)) func(bench) {
		return func(c bench) { c.command("unlock 10m release 42"); f(c) }
	}
	ways := map[string]struct {
		do    func(bench)
		needs sources.Role
		share sources.Share
	}{
		"R":                   {rollsBack, sources.Operator, 0},
		":rollback":           {func(c bench) { c.command("rollback") }, sources.Operator, 0},
		":split down":         {func(c bench) { c.command("split 1%") }, sources.Operator, 10_000},
		"S, unlocked":         {unlocked(splits), sources.Promoter, 100_000},
		":split, unlocked":    {unlocked(func(c bench) { c.command("split 10%") }), sources.Promoter, 100_000},
		":promote, unlocked":  {unlocked(bench.promote), sources.Promoter, sources.Whole},
		":split while locked": {func(c bench) { c.command("split 10%") }, sources.Breakglass + 1, 0}, // nobody
	}
	for name, w := range ways {
		for role := sources.Viewer; role <= sources.Breakglass; role++ {
			t.Run(name+" as "+role.String(), func(t *testing.T) {
				atBench(t, role, func(t *testing.T, c bench) {
					w.do(c)
					want, writes := w.share, 1
					if role < w.needs {
						want, writes = 50_000, 0
					}
					if c.router.share != want || c.router.writes != writes {
						t.Errorf("the candidate has %v after %d writes, want %v after %d\n%s", c.router.share, c.router.writes, want, writes, c.Screen())
					}
				})
			})
		}
	}
}

func TestRoles_ApprovingAndConfirmingTakeAPromoter(t *testing.T) {
	for role := sources.Viewer; role <= sources.Breakglass; role++ {
		atBench(t, role, func(t *testing.T, c bench) {
			c.command("approve 25% seen by two")
			if got := c.journal.holds(sources.EntryApproval); got != (role >= sources.Promoter) {
				t.Errorf("%s approved: %v", role, got)
			}
		})
	}
}

func (p *pages) holds(kind sources.EntryKind) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.all {
		if e.Kind == kind {
			return true
		}
	}
	return false
}

func TestIdentity_ARampUpOnAnotherCandidateIsRefusedWithWhatChangedAndARollbackGoesOn(t *testing.T) {
	atBench(t, sources.Promoter, func(t *testing.T, c bench) {
		c.command("unlock 10m release 42")
		c.Press("S")
		c.Type("10%")
		c.Press("enter")
		c.Settle()
		c.Must("enter set the split")
		c.look.Identity.Candidate = sources.NewText("43")
		c.Press("enter")
		c.Settle()
		if c.router.writes != 0 || !c.Shows("candidate is 43 now, the screen showed 42") {
			t.Errorf("%d writes:\n%s", c.router.writes, c.Screen())
		}
		c.Press("R")
		c.Settle()
		c.Must("planned again: candidate is 43 now, the screen showed 42")
		c.Press("enter")
		c.Settle()
		if c.router.share != 0 {
			t.Errorf("the candidate has %v:\n%s", c.router.share, c.Screen())
		}
	})
}

func TestIdentity_AnotherLegacyRefusesARollbackToo(t *testing.T) {
	atBench(t, sources.Operator, func(t *testing.T, c bench) {
		c.look.Identity.Legacy = sources.NewText("40")
		c.Press("R")
		c.Settle()
		c.Must("legacy is 40 now, the screen showed 41")
		c.Press("enter")
		c.Settle()
		if c.router.writes != 0 {
			t.Errorf("rolled back to somebody else:\n%s", c.Screen())
		}
	})
}

func TestDialog_IsAskedAnewWhenSomebodyMovesTheSplitUnderIt(t *testing.T) {
	atBench(t, sources.Promoter, func(t *testing.T, c bench) {
		c.command("unlock 10m release 42")
		c.Press("S")
		c.Type("10%")
		c.Press("enter")
		c.Settle()
		c.Must("enter set the split")
		c.router.mu.Lock()
		c.router.share, c.router.rev = 70_000, "rev8"
		c.router.mu.Unlock()
		f := uitest.Incident(time.Now())
		f.Traffic.Rev = "rev8"
		c.feed.Put(f)
		c.Settle()
		c.Must("the candidate has 7 % now, the screen showed 5 %")
		c.MustNot("enter set the split")
	})
}
