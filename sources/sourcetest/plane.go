package sourcetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"rampart/sources"
)

// PlaneWorld is a plane and what can be done to its surroundings. Its split can be set and the candidate has about 5 %
// when it is opened. A nil function cannot be had there; the promises that need it are then skipped.
type PlaneWorld struct {
	Plane sources.Plane
	// Meddle sets the candidate's share as somebody else would, behind the plane's back.
	Meddle func(t *testing.T, candidate sources.Share)
	// Deny takes the right to write away, and leaves the right to read.
	Deny func(t *testing.T)
	// Leave makes the plane's other end go away.
	Leave func(t *testing.T)
	// Reload starts the plane's other end anew from its file, in which the candidate has about 5 %.
	Reload func(t *testing.T)
	// Traffic routes n requests by what is set.
	Traffic func(t *testing.T, n int)
	// Secret is a credential in use; no error may hold it.
	Secret string
}

// planeTest is one world under test.
type planeTest struct {
	*testing.T
	PlaneWorld
}

// Plane proves what [sources.Plane] promises.
func Plane(t *testing.T, open func(t *testing.T) PlaneWorld) {
	t.Helper()
	for _, proof := range []struct {
		name string
		run  func(planeTest)
	}{
		{"PlanningChangesNothing", planningChangesNothing},
		{"ReadsItsOwnWrite", readsItsOwnWrite},
		{"ARollbackIsIdempotent", rollBackIsIdempotent},
		{"UndoingBringsBackWhatWas", undoingBringsBack},
		{"RefusesAStaleSplit", refusesStaleSplit},
		{"ARollbackPlannedAgainWorksOnAnySplit", rollBackAfterMeddling},
		{"WhatWasUndoneIsReverted", undoneIsReverted},
		{"AReloadIsRevertedToo", reloadIsReverted},
		{"TrafficMakesARollbackObserved", trafficIsObserved},
		{"ADeniedWriteChangesNothing", deniedChangesNothing},
		{"AnEndedContextEndsTheQuestion", planeHonoursContext},
		{"WhatIsGoneIsUnreachableAndNothingWasSent", goneIsUnreachable},
		{"RefusesWhatItCannotDo", refusesOtherVerbs},
		{"DrainsOrSaysThatItCannot", drainsOrSaysThatItCannot},
	} {
		t.Run(proof.name, func(t *testing.T) { proof.run(planeTest{t, open(t)}) })
	}
}

func (t planeTest) read() sources.Reading {
	t.Helper()
	r, err := t.Plane.Read(t.Context())
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return r
}

func (t planeTest) plan(in sources.Intent) sources.Change {
	t.Helper()
	c, err := t.Plane.Plan(t.Context(), t.read(), in)
	if err != nil {
		t.Fatalf("plan %v: %v", in.Verb, err)
	}
	return c
}

func (t planeTest) apply(in sources.Intent) sources.Receipt {
	t.Helper()
	rc, err := t.Plane.Apply(t.Context(), t.plan(in))
	if err != nil {
		t.Fatalf("apply %v: %v", in.Verb, err)
	}
	return rc
}

func (t planeTest) confirm(rc sources.Receipt) sources.Outcome {
	t.Helper()
	out, err := t.Plane.Confirm(t.Context(), rc)
	if err != nil {
		t.Fatalf("confirm: %v", err)
	}
	return out
}

// is proves the kind of an error and that it keeps the secret.
func (t planeTest) is(err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("error %q is not of kind %q", err, kind)
	}
	if err != nil && t.Secret != "" && strings.Contains(err.Error(), t.Secret) {
		t.Error("the error holds the secret")
	}
}

func (t planeTest) needs(there bool, what string) {
	t.Helper()
	if !there {
		t.Skipf("skipped: %s cannot be had here", what)
	}
}

// other is a share that is neither none nor what is set.
func (t planeTest) other() sources.Intent {
	t.Helper()
	caps, err := t.Plane.Caps(t.Context())
	if err != nil {
		t.Fatalf("caps: %v", err)
	}
	in := sources.Intent{ID: "other", Verb: sources.SetSplit, To: sources.Whole / 5}
	if len(caps.Shares) > 0 {
		in.To = caps.Shares[len(caps.Shares)-1]
	}
	return in
}

func back() sources.Intent { return sources.Intent{ID: "back", Verb: sources.RollBack} }

func planningChangesNothing(t planeTest) {
	before := t.read()
	c := t.plan(t.other())
	if len(c.Writes) == 0 || c.NoOp || c.Inverse == nil || !c.From.Equal(before.Configured) {
		t.Errorf("change %+v", c)
	}
	if after := t.read(); after.Rev != before.Rev || !after.Configured.Equal(before.Configured) {
		t.Errorf("%v became %v by planning", before.Configured, after.Configured)
	}
}

func readsItsOwnWrite(t planeTest) {
	rc := t.apply(t.other())
	if r := t.read(); !r.Configured.Equal(rc.Change.To) {
		t.Errorf("set %v, wanted %v", r.Configured, rc.Change.To)
	}
	if out := t.confirm(rc); out.Rung < sources.Configured || out.Err != nil {
		t.Errorf("only %v: %v", out.Rung, out.Err)
	}
	if len(rc.Answer) != len(rc.Change.Writes) || rc.SentAt.IsZero() {
		t.Errorf("%d answers to %d writes at %v", len(rc.Answer), len(rc.Change.Writes), rc.SentAt)
	}
}

func rollBackIsIdempotent(t planeTest) {
	for range 2 {
		rc := t.apply(back())
		if r := t.read(); !r.Configured.Known || r.Configured.Candidate != 0 {
			t.Fatalf("the candidate has %v", r.Configured)
		}
		if out := t.confirm(rc); out.Rung < sources.Configured || out.Err != nil {
			t.Errorf("only %v: %v", out.Rung, out.Err)
		}
	}
	if c := t.plan(back()); !c.NoOp || len(c.Writes) != 0 {
		t.Errorf("a third one would write %v", c.Writes)
	}
}

func undoingBringsBack(t planeTest) {
	before := t.read().Configured
	rc := t.apply(t.other())
	if rc.Change.Inverse == nil {
		t.Skip("skipped: this change cannot be undone")
	}
	undo := *rc.Change.Inverse
	undo.ID = "undo"
	t.apply(undo)
	if now := t.read().Configured; max(now.Candidate, before.Candidate)-min(now.Candidate, before.Candidate) > sources.Whole/200 {
		t.Errorf("%v before, %v after", before, now)
	}
}

func refusesStaleSplit(t planeTest) {
	seen := t.read()
	in := t.other()
	in.Expect.Split = sources.SplitAt(seen.Configured.Candidate+sources.Whole/50, seen.At)
	_, err := t.Plane.Plan(t.Context(), seen, in)
	t.is(err, sources.ErrConflict)

	t.needs(t.Meddle != nil, "somebody else")
	c := t.plan(t.other())
	t.Meddle(t.T, sources.Whole/10)
	_, err = t.Plane.Apply(t.Context(), c)
	t.is(err, sources.ErrConflict)
	if now := t.read().Configured.Candidate; now > sources.Whole/8 {
		t.Errorf("the refused write was made: %v", now)
	}
}

func rollBackAfterMeddling(t planeTest) {
	t.needs(t.Meddle != nil, "somebody else")
	t.plan(back())
	t.Meddle(t.T, sources.Whole/10)
	t.apply(back())
	if r := t.read(); r.Configured.Candidate != 0 {
		t.Errorf("the candidate has %v", r.Configured)
	}
}

func undoneIsReverted(t planeTest) {
	t.needs(t.Meddle != nil, "somebody else")
	rc := t.apply(back())
	t.confirm(rc)
	t.Meddle(t.T, sources.Whole/10)
	out := t.confirm(rc)
	t.is(out.Err, sources.ErrReverted)
	if out.Rung >= sources.Configured {
		t.Errorf("still %v", out.Rung)
	}
}

func reloadIsReverted(t planeTest) {
	t.needs(t.Reload != nil, "a reload")
	before := t.read()
	rc := t.apply(back())
	t.confirm(rc)
	t.Reload(t.T)
	t.is(t.confirm(rc).Err, sources.ErrReverted)
	if after := t.read(); after.Epoch == before.Epoch {
		t.Errorf("the epoch is still %q", after.Epoch)
	}
}

func trafficIsObserved(t planeTest) {
	t.needs(t.Traffic != nil, "traffic")
	rc := t.apply(back())
	if out := t.confirm(rc); out.Rung > sources.Effective {
		t.Errorf("%v without a request", out.Rung)
	}
	t.Traffic(t.T, 300)
	if out := t.confirm(rc); out.Rung != sources.Observed || out.Requests.Candidate != 0 || out.Requests.Legacy < 135 {
		t.Errorf("%v after %v", out.Rung, out.Requests)
	}
}

func deniedChangesNothing(t planeTest) {
	t.needs(t.Deny != nil, "a right to take away")
	before := t.read()
	c := t.plan(back())
	t.Deny(t.T)
	rc, err := t.Plane.Apply(t.Context(), c)
	t.is(err, sources.ErrDenied)
	for _, a := range rc.Answer {
		t.is(a.Err, sources.ErrDenied)
	}
	if after := t.read(); !after.Configured.Equal(before.Configured) {
		t.Errorf("%v became %v", before.Configured, after.Configured)
	}
}

func planeHonoursContext(t planeTest) {
	before, c := t.read(), t.plan(back())
	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := t.Plane.Read(over)
	t.is(err, context.Canceled)
	rc, err := t.Plane.Apply(over, c)
	t.is(err, context.Canceled)
	_, err = t.Plane.Confirm(over, rc)
	t.is(err, context.Canceled)
	if after := t.read(); !after.Configured.Equal(before.Configured) {
		t.Errorf("%v became %v by a write that was over", before.Configured, after.Configured)
	}
}

func goneIsUnreachable(t planeTest) {
	t.needs(t.Leave != nil, "an other end that goes away")
	c := t.plan(back())
	t.Leave(t.T)
	_, err := t.Plane.Read(t.Context())
	t.is(err, sources.ErrUnreachable)
	_, err = t.Plane.Apply(t.Context(), c)
	t.is(err, sources.ErrUnreachable)
	if e, ok := errors.AsType[*sources.Error](err); ok && e.Sent {
		t.Error("nothing can have been sent")
	}
}

func refusesOtherVerbs(t planeTest) {
	for _, v := range []sources.Verb{0, sources.Hold, sources.Resume} {
		_, err := t.Plane.Plan(t.Context(), t.read(), sources.Intent{Verb: v})
		t.is(err, sources.ErrUnsupported)
	}
	for _, in := range []sources.Intent{{Verb: sources.RollBack, Way: "another"}, {Verb: sources.SetSplit, Way: sources.Drain}} {
		_, err := t.Plane.Plan(t.Context(), t.read(), in)
		t.is(err, sources.ErrUnsupported)
	}
	_, err := t.Plane.Plan(t.Context(), t.read(), sources.Intent{Verb: sources.SetSplit, To: sources.Whole + 1})
	t.is(err, sources.ErrInvalid)
}
