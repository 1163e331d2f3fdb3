package plane

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

const percent = sources.Whole / 100

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func set(s sources.Share) sources.Reading {
	return sources.Reading{At: noon, Rev: s.String(), Configured: sources.SplitAt(s, noon)}
}

func sent(from, to sources.Share) sources.Receipt {
	return sources.Receipt{
		SentAt: noon, Answer: []sources.Answer{{}},
		Change: sources.Change{Intent: sources.Intent{ID: "i", Verb: sources.SetSplit, To: to}, From: sources.SplitAt(from, noon), To: sources.SplitAt(to, noon)},
	}
}

func TestSettable_NamesTheSharesAroundOneThatIsTooFine(t *testing.T) {
	for _, c := range []struct {
		caps   sources.Caps
		target sources.Share
		ok     bool
	}{
		{sources.Caps{Finest: percent}, 5 * percent, true},
		{sources.Caps{Finest: percent}, 5*percent + 1, false},
		{sources.Caps{Finest: 3}, 0, true},
		{sources.Caps{Finest: 3 * percent}, sources.Whole, true},
		{sources.Caps{Shares: []sources.Share{0, sources.Whole}}, sources.Whole, true},
		{sources.Caps{Shares: []sources.Share{0, sources.Whole}}, percent, false},
		{sources.Caps{}, 7, true},
	} {
		if err := Settable(c.caps, c.target); (err == nil) != c.ok || err != nil && !errors.Is(err, sources.ErrUnsupported) {
			t.Errorf("%v of %+v: %v", c.target, c.caps, err)
		}
	}
	if err := Settable(sources.Caps{Finest: percent}, 5*percent/2); err == nil || err.Error() != "plan split: not supported: 2.5 % is finer than its steps of 1 % (it takes 2 % or 3 %)" {
		t.Errorf("said %v", err)
	}
	if err := Settable(sources.Caps{Finest: 30 * percent}, 95*percent); err == nil || !strings.Contains(err.Error(), "it takes 90 % or 100 %") {
		t.Errorf("said %v", err)
	}
	if err := Settable(sources.Caps{Shares: []sources.Share{0, 10 * percent, sources.Whole}}, percent); err == nil || !strings.Contains(err.Error(), "it takes 0 %, 10 % or 100 %") {
		t.Errorf("said %v", err)
	}
}

func TestDraft_BindsAnIntentToTheReadingItWasMadeOf(t *testing.T) {
	caps := sources.Caps{Finest: percent, Settle: time.Second}
	c, err := Draft(set(5*percent), sources.Intent{Verb: sources.SetSplit, To: 10 * percent}, caps)
	if err != nil || c.Intent.Expect.Rev != set(5*percent).Rev || c.To.Candidate != 10*percent || c.From.Candidate != 5*percent || c.Inverse.To != 5*percent || c.Settle != caps.Settle {
		t.Errorf("%+v, %v", c, err)
	}
	for want, in := range map[error]sources.Intent{
		sources.ErrUnsupported: {Verb: sources.SetSplit, To: percent / 2},
		sources.ErrInvalid:     {Verb: sources.SetSplit, To: 2 * sources.Whole},
		sources.ErrConflict:    {Verb: sources.RollBack, Expect: sources.Precondition{Rev: "another"}},
	} {
		if c, err := Draft(set(5*percent), in, caps); !errors.Is(err, want) || c.To.Known {
			t.Errorf("%v: %v, drafted %v", want, err, c.To)
		}
	}
}

func TestStill_NeverRefusesARollbackForWhatMoved(t *testing.T) {
	c := sources.Change{Intent: sources.Intent{Verb: sources.SetSplit, Expect: sources.Precondition{Rev: "5 %"}}}
	if err := Still(set(10*percent), c); !errors.Is(err, sources.ErrConflict) {
		t.Errorf("a ramp: %v", err)
	}
	c.Intent.Verb = sources.RollBack
	if err := Still(set(10*percent), c); err != nil {
		t.Errorf("a rollback: %v", err)
	}
}

func TestMemory_GivesARungOnlyForWhatWasSeen(t *testing.T) {
	effective := func(r sources.Reading, s sources.Share) sources.Reading {
		r.Effective = sources.SplitAt(s, noon)
		return r
	}
	for name, c := range map[string]struct {
		reading sources.Reading
		counted sources.ByArm[int64]
		want    sources.Rung
	}{
		"not set":                     {set(5 * percent), sources.ByArm[int64]{}, sources.Accepted},
		"set":                         {set(0), sources.ByArm[int64]{}, sources.Configured},
		"effective":                   {effective(set(0), 0), sources.ByArm[int64]{}, sources.Effective},
		"not effective":               {effective(set(0), percent), sources.ByArm[int64]{Legacy: 500}, sources.Configured},
		"seen though never effective": {set(0), sources.ByArm[int64]{Legacy: 200}, sources.Observed},
		"too few":                     {effective(set(0), 0), sources.ByArm[int64]{Legacy: 134}, sources.Effective},
	} {
		m := Memory{Count: func(context.Context, time.Time) (Counts, error) { return Counts{Requests: c.counted}, nil }}
		if out := m.Look(t.Context(), sent(5*percent, 0), c.reading, nil); out.Rung != c.want || out.Err != nil {
			t.Errorf("%s: %v, %v; wanted %v", name, out.Rung, out.Err, c.want)
		}
	}
}

func TestMemory_TellsAChangeThatWasUndone(t *testing.T) {
	var m Memory
	rc := sent(5*percent, 0)
	m.Look(t.Context(), rc, set(0), nil)
	if out := m.Look(t.Context(), rc, set(5*percent), nil); !errors.Is(out.Err, sources.ErrReverted) || out.Rung != sources.Accepted {
		t.Errorf("%v, %v", out.Rung, out.Err)
	}
	partial := set(0)
	partial.Members = []sources.Member{{Name: "a", Configured: sources.SplitAt(0, noon)}, {Name: "b", Err: sources.ErrUnreachable}}
	if out := m.Look(t.Context(), rc, partial, sources.ErrPartial); !errors.Is(out.Err, sources.ErrPartial) || out.Rung != sources.Accepted {
		t.Errorf("one member unread: %v, %v", out.Rung, out.Err)
	}
}

func TestMemory_SaysWhyRequestsCouldNotBeCounted(t *testing.T) {
	m := Memory{Count: func(context.Context, time.Time) (Counts, error) { return Counts{}, sources.ErrUnreachable }}
	out := m.Look(t.Context(), sent(5*percent, 0), set(0), nil)
	if out.Rung != sources.Configured || !errors.Is(out.Uncounted, sources.ErrUnreachable) || !slices.ContainsFunc(out.Reading.Notes, func(n sources.Note) bool { return n.Kind == sources.NoteUnreachable }) {
		t.Errorf("%v with %v", out.Rung, out.Reading.Notes)
	}
}

func TestMemory_ACountThatFailsOnceDoesNotBeginTheProofAnew(t *testing.T) {
	counts := []sources.ByArm[int64]{{Legacy: 10, Candidate: 1}, {}, {Legacy: 160, Candidate: 1}}
	looks := 0
	m := Memory{Count: func(context.Context, time.Time) (Counts, error) {
		looks++
		if looks == 2 {
			return Counts{}, sources.ErrUnreachable
		}
		return Counts{Requests: counts[looks-1]}, nil
	}}
	var rungs []sources.Rung
	for range counts {
		rungs = append(rungs, m.Look(t.Context(), sent(5*percent, 0), set(0), nil).Rung)
	}
	if want := []sources.Rung{sources.Configured, sources.Configured, sources.Observed}; !slices.Equal(rungs, want) {
		t.Errorf("%v; wanted %v: 150 requests went to legacy alone since the candidate's last", rungs, want)
	}
}

// fleet is a reading of two members that are set to nothing for the candidate, with the requests of their servers.
func fleet(a, b sources.ByArm[int64], unread error) sources.Reading {
	r := set(0)
	for name, n := range map[string]sources.ByArm[int64]{"a": a, "b": b} {
		m := sources.Member{Name: name, Configured: sources.SplitAt(0, noon)}
		if name == "b" && unread != nil {
			m.Err = unread
		} else {
			for _, arm := range sources.Arms() {
				r.Servers = append(r.Servers, sources.Server{Member: name, Name: arm.String(), Arm: arm, Counters: sources.RouterCounters{Requests: n.Of(arm)}})
			}
		}
		r.Members = append(r.Members, m)
	}
	return r
}

func TestWatches_AMemberThatWasNotReadAtFirstCountsFromWhereItIsRead(t *testing.T) {
	var w Watches
	c := sent(5*percent, 0).Change
	for i, look := range []struct {
		r    sources.Reading
		want sources.ByArm[int64]
	}{
		{fleet(sources.ByArm[int64]{Legacy: 1000, Candidate: 50}, sources.ByArm[int64]{}, sources.ErrUnreachable), sources.ByArm[int64]{}},
		{fleet(sources.ByArm[int64]{Legacy: 1100, Candidate: 51}, sources.ByArm[int64]{Legacy: 900_000, Candidate: 40_000}, nil), sources.ByArm[int64]{Legacy: 100, Candidate: 1}},
		{fleet(sources.ByArm[int64]{Legacy: 1200, Candidate: 51}, sources.ByArm[int64]{Legacy: 900_030, Candidate: 40_002}, nil), sources.ByArm[int64]{Legacy: 230, Candidate: 3}},
	} {
		if got := w.Routed(c, look.r); got != look.want {
			t.Errorf("look %d: %+v routed since the change, wanted %+v", i, got, look.want)
		}
	}
}

func TestMemory_AMemberThatIsAwayForALookDoesNotBeginTheProofAnew(t *testing.T) {
	var m Memory
	rc, was := sent(5*percent, 0), sources.ByArm[int64]{Legacy: 1000, Candidate: 50}
	m.Applied(rc.Change, fleet(was, was, nil))
	late := sources.ByArm[int64]{Legacy: 1010, Candidate: 51}
	m.Look(t.Context(), rc, fleet(late, late, nil), nil)
	m.Look(t.Context(), rc, fleet(late, late, sources.ErrUnreachable), sources.ErrPartial)
	now := sources.ByArm[int64]{Legacy: 1090, Candidate: 51}
	if out := m.Look(t.Context(), rc, fleet(now, now, nil), nil); out.Rung != sources.Observed {
		t.Errorf("%v with %+v: 160 requests went to legacy alone since the candidate's last", out.Rung, out.Requests)
	}
}

func TestMemory_APartOfTheRequestsIsNotToldAsAllOfThem(t *testing.T) {
	var m Memory
	rc, was := sent(5*percent, 0), sources.ByArm[int64]{Legacy: 1000, Candidate: 50}
	m.Applied(rc.Change, fleet(was, was, nil))
	now := sources.ByArm[int64]{Legacy: 1090, Candidate: 51}
	out := m.Look(t.Context(), rc, fleet(now, now, sources.ErrUnreachable), sources.ErrPartial)
	if got := out.Routed(); got.Counted || !strings.Contains(got.String(), "— (the members that answered count a part only: ") || out.Seen.Known {
		t.Errorf("%v, seen %v", got, out.Seen)
	}
	if got := m.Look(t.Context(), rc, fleet(now, now, nil), nil).Routed(); got.String() != "the candidate got 2 of 182 requests since" {
		t.Errorf("all answer again: %v", got)
	}
}

// begun is a fleet of two with the epochs of its members, of which b has a split of its own.
func begun(a, b string, other sources.Share) sources.Reading {
	r := fleet(sources.ByArm[int64]{}, sources.ByArm[int64]{}, nil)
	for i := range r.Members {
		m := &r.Members[i]
		m.Epoch = map[string]string{"a": a, "b": b}[m.Name]
		if m.Name == "b" {
			m.Configured = sources.SplitAt(other, noon)
		}
	}
	r.Epoch = "a " + a + ", b " + b
	return r
}

func TestMemory_LaysARevertToTheMemberThatBeganAnewAndToNoOther(t *testing.T) {
	for name, c := range map[string]struct {
		held, now sources.Reading
		says, not string
	}{
		"b was restarted": {begun("1", "1", 0), begun("1", "2", 5*percent), "b: Envoy was restarted and is back at its configuration: the candidate has 5 %", "somebody"},
		"a was restarted": {begun("1", "1", 0), begun("2", "1", 5*percent), "b: the candidate has 5 %, this change had made it 0 %", "restarted"},
		"a was away":      {begun("", "1", 0), begun("2", "1", 5*percent), "somebody else writes the split", "restarted"},
	} {
		m := Memory{Reloaded: "Envoy was restarted", File: "its configuration"}
		rc := sent(5*percent, 0)
		m.Look(t.Context(), rc, c.held, nil)
		out := m.Look(t.Context(), rc, c.now, nil)
		if says := fmt.Sprint(out.Err); !errors.Is(out.Err, sources.ErrReverted) || !strings.Contains(says, c.says) || strings.Contains(says, c.not) {
			t.Errorf("%s: %s", name, says)
		}
	}
}

func TestWatches_CountersOfAProcessThatBeganAnewDoNotFallWhenTheyPassTheOld(t *testing.T) {
	var w Watches
	c := sent(5*percent, 0).Change
	for i, look := range []struct {
		epoch          string
		counter, since int64
	}{{"1", 100, 0}, {"1", 110, 10}, {"2", 60, 60}, {"2", 120, 120}, {"2", 150, 150}} {
		r := begun("1", look.epoch, 0)
		for i := range r.Servers {
			if s := &r.Servers[i]; s.Member == "b" && s.Arm == sources.Legacy {
				s.Counters.Requests = look.counter
			}
		}
		if got := w.Routed(c, r); got.Legacy != look.since {
			t.Errorf("look %d: %d routed, wanted %d", i, got.Legacy, look.since)
		}
	}
}

func TestFailed_TellsAFleetFromAMember(t *testing.T) {
	down := &sources.Error{Op: "read", Target: "lb1", Kind: sources.ErrDenied}
	lost := &sources.Error{Op: "write", Target: "lb2", Kind: sources.ErrAmbiguous, Sent: true}
	for _, c := range []struct {
		op   string
		errs []error
		kind error
		says string
		sent bool
	}{
		{"read", []error{nil, nil}, nil, "", false},
		{"read", []error{down}, sources.ErrDenied, "read lb1", false},
		{"read", []error{down, down}, sources.ErrDenied, "read all 2 members", false},
		{"read", []error{nil, down}, sources.ErrPartial, "read 1 of 2 members", false},
		{"write", []error{down, lost}, sources.ErrPartial, "write 2 of 2 members", true},
	} {
		err := Failed(c.op, c.errs)
		if c.kind == nil {
			if err != nil {
				t.Errorf("nobody failed: %v", err)
			}
			continue
		}
		e, ok := errors.AsType[*sources.Error](err)
		if !ok || !errors.Is(err, c.kind) || !strings.HasPrefix(err.Error(), c.says) || e.Sent != c.sent {
			t.Errorf("%s: %v, sent %t", c.says, err, ok && e.Sent)
		}
	}
}

func TestMemory_IsBounded(t *testing.T) {
	var m Memory
	for i := range 3 * mostWatched {
		rc := sent(5*percent, 0)
		rc.Change.Intent.ID = string(rune('A' + i))
		m.Applied(rc.Change, set(0))
	}
	if len(m.watches.of) != mostWatched || len(m.watches.order) != mostWatched {
		t.Errorf("%d watched, %d in order", len(m.watches.of), len(m.watches.order))
	}
}

func TestAnswered_IsNothingWhenNothingWasSent(t *testing.T) {
	rc := sent(0, percent)
	rc.Answer[0].Err = &sources.Error{Kind: sources.ErrUnreachable}
	if r := Answered(rc); r != sources.RungNone {
		t.Errorf("unsent: %v", r)
	}
	rc.Answer[0].Err = &sources.Error{Kind: sources.ErrAmbiguous, Sent: true}
	if r := Answered(rc); r != sources.Sent {
		t.Errorf("not known: %v", r)
	}
}

func TestWatches_AServerThatSaysNothingAtFirstCountsFromWhereItIsTold(t *testing.T) {
	var w Watches
	c := sent(5*percent, 0).Change
	w.Begin(c, fleet(sources.ByArm[int64]{Legacy: sources.Untold, Candidate: sources.Untold}, sources.ByArm[int64]{}, nil))
	w.Routed(c, fleet(sources.ByArm[int64]{Legacy: 9_000, Candidate: 400}, sources.ByArm[int64]{}, nil))
	if got, want := w.Routed(c, fleet(sources.ByArm[int64]{Legacy: 9_010, Candidate: 401}, sources.ByArm[int64]{}, nil)), (sources.ByArm[int64]{Legacy: 10, Candidate: 1}); got != want {
		t.Errorf("%+v routed since, wanted %+v", got, want)
	}
}
