package engine

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

func TestTraffic_OnlyAMemberThatBeganAnewIsToldAsReloaded(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	tr := newTraffic(15 * time.Second)
	look := func(a, b string) {
		at = at.Add(15 * time.Second)
		r := sources.Reading{At: at, Epoch: a + b}
		for name, epoch := range map[string]string{"lb1": a, "lb2": b} {
			m := sources.Member{Name: name, Epoch: epoch}
			if epoch == "" {
				m.Err = sources.ErrUnreachable
			}
			r.Members = append(r.Members, m)
		}
		tr.add(r, at)
	}
	look("1", "1")
	look("1", "")
	look("1", "1")
	if len(tr.ticks) != 0 {
		t.Errorf("a member was away and came back: %v", tr.ticks)
	}
	look("1", "")
	look("1", "2")
	if len(tr.ticks) != 1 || tr.ticks[0].Kind != frame.TickReload || tr.ticks[0].Text.String() != "lb2 reloaded: its weights are the file's, —" {
		t.Errorf("one was reloaded while it could not be read: %v", tr.ticks)
	}
}

// forgetful is a router that tells its split until an instant and says then that it does not know it.
type forgetful struct{ until time.Time }

func (forgetful) Caps(context.Context) (sources.Caps, error) { return sources.Caps{}, nil }

func (f forgetful) Read(context.Context) (sources.Reading, error) {
	r := sources.Reading{At: time.Now()}
	if time.Now().Before(f.until) {
		r.Configured = sources.SplitAt(sources.Whole/2, r.At)
	} else {
		r.Notes = []sources.Note{{Kind: sources.NoteWarning, Text: sources.NewText("not known to be loaded"), At: r.At}}
	}
	return r, nil
}

func TestEngine_ASplitThatThePlaneDoesNotKnowAnyMoreIsNotShownAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, stop := run(t, Config{Service: ranker(), Metrics: newTown(time.Now().Add(-time.Hour)), Plane: forgetful{time.Now().Add(step)}, PlaneName: "file"})
		defer stop()
		if f := after(e, time.Second); !f.Traffic.Set.Known {
			t.Fatal("it was never known")
		}
		if f := after(e, 3*step); f.Traffic.Set.Known || len(f.Traffic.Notes) != 1 || f.At.Sub(f.Traffic.ReadAt) > step {
			t.Errorf("set %v, read %v before, with %v", f.Traffic.Set, f.At.Sub(f.Traffic.ReadAt), f.Traffic.Notes)
		}
	})
}

// nobody is a router that answers and has no server of an arm.
type nobody struct{}

func (nobody) Caps(context.Context) (sources.Caps, error) { return sources.Caps{}, nil }

func (nobody) Read(context.Context) (sources.Reading, error) {
	return sources.Reading{}, &sources.Error{Op: "read", Target: "lb1", Kind: sources.ErrNoData}
}

func TestEngine_ARouterThatHasNoServerOfAnArmTellsNoSplitToStepFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, stop := run(t, Config{Service: ranker(), Metrics: newTown(time.Now().Add(-time.Hour)), Plane: nobody{}, PlaneName: "haproxy"})
		defer stop()
		after(e, time.Second)
		e.mu.Lock()
		defer e.mu.Unlock()
		if in := e.input(time.Now()); !in.PlaneAway || in.Plane {
			t.Errorf("the judge takes the split as known: live %t, away %t", in.Plane, in.PlaneAway)
		}
	})
}
