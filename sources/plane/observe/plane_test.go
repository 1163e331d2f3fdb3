package observe

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

func clock() time.Time { return time.Date(2026, 1, 5, 14, 5, 0, 0, time.UTC) }

func watching(t *testing.T, legacy, candidate int64) *Plane {
	t.Helper()
	return New(Config{Runbook: []string{"deployctl", "split", "it's ranker", "{percent}", "{verb}={share}"}}, func(_ context.Context, since time.Time) (plane.Counts, error) {
		w := sources.Window{From: clock().Add(-time.Minute), To: clock()}
		if !since.IsZero() {
			w.From = since
		}
		return plane.Counts{Window: w, Requests: sources.ByArm[int64]{Legacy: legacy, Candidate: candidate}}, nil
	}, clock)
}

func TestRead_TellsTheShareOfRequestsWithItsDoubtAndNothingThatWasNotMeasured(t *testing.T) {
	r, err := watching(t, 950, 50).Read(t.Context())
	if err != nil || !r.Effective.Known || r.Effective.Candidate != sources.Whole/20 || r.Configured.Known || r.File.Known {
		t.Errorf("%+v, %v", r, err)
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0].Text.String(), "50 of 1000 requests (3.81 % to 6.53 %, 95 %)") {
		t.Errorf("notes %v", r.Notes)
	}
	if r, _ := watching(t, 0, 0).Read(t.Context()); r.Effective.Known || len(r.Notes) != 1 {
		t.Errorf("without a request: %+v", r)
	}
}

func TestPlan_NamesTheCommandAndApplyNeverRunsIt(t *testing.T) {
	p := watching(t, 950, 50)
	r, _ := p.Read(t.Context())
	for verb, want := range map[sources.Verb]string{
		sources.RollBack: `deployctl split 'it'\''s ranker' 0 rollback=0`,
		sources.SetSplit: `deployctl split 'it'\''s ranker' 2.5 set_split=0.025`,
		sources.Promote:  `deployctl split 'it'\''s ranker' 100 promote=1`,
	} {
		c, err := p.Plan(t.Context(), r, sources.Intent{Verb: verb, To: sources.Whole / 40})
		if err != nil || len(c.Writes) != 1 || c.Writes[0].Request != want {
			t.Errorf("%v: %v, %v", verb, c.Writes, err)
		}
		if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrUnsupported) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", verb, err)
		}
	}
	if _, err := p.Plan(t.Context(), r, sources.Intent{Verb: sources.Hold}); !errors.Is(err, sources.ErrUnsupported) {
		t.Errorf("hold: %v", err)
	}
	in := sources.Intent{Verb: sources.SetSplit, Expect: sources.Precondition{Split: sources.SplitAt(1, clock())}}
	if _, err := p.Plan(t.Context(), r, in); !errors.Is(err, sources.ErrConflict) {
		t.Errorf("a split that cannot be read: %v", err)
	}
}

func TestConfirm_FollowsWhatWasRunByHandByTheRequestsAlone(t *testing.T) {
	for name, c := range map[string]struct {
		legacy, candidate int64
		to                sources.Share
		want              sources.Rung
	}{
		"too few":        {134, 0, 0, sources.RungNone},
		"none":           {135, 0, 0, sources.Observed},
		"still some":     {500, 1, 0, sources.RungNone},
		"all":            {0, 200, sources.Whole, sources.Observed},
		"a fifth":        {800, 200, sources.Whole / 5, sources.Observed},
		"not yet a half": {800, 200, sources.Whole / 2, sources.RungNone},
	} {
		out, err := watching(t, c.legacy, c.candidate).Confirm(t.Context(), sources.Receipt{SentAt: clock(), Change: sources.Change{To: sources.SplitAt(c.to, clock())}})
		if err != nil || out.Rung != c.want {
			t.Errorf("%s: %v, %v", name, out.Rung, err)
		}
	}
}

func TestPlan_SaysWhenThereIsNoRunbook(t *testing.T) {
	p := New(Config{}, nil, clock)
	c, err := p.Plan(t.Context(), sources.Reading{}, sources.Intent{Verb: sources.RollBack})
	if err != nil || len(c.Writes) != 1 || !strings.Contains(c.Writes[0].Request, "names none") {
		t.Errorf("%v, %v", c.Writes, err)
	}
}

func TestRead_PassesOnWhyThereAreNoCounters(t *testing.T) {
	p := New(Config{}, func(context.Context, time.Time) (plane.Counts, error) { return plane.Counts{}, sources.ErrUnreachable }, clock)
	if _, err := p.Read(t.Context()); !errors.Is(err, sources.ErrUnreachable) {
		t.Errorf("err %v", err)
	}
	if _, err := p.Confirm(t.Context(), sources.Receipt{}); !errors.Is(err, sources.ErrUnreachable) {
		t.Errorf("err %v", err)
	}
}
