package haproxy

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rampart/sources"
)

func TestFleet_ThatDisagreesHasNoOneSplit(t *testing.T) {
	p := opened(t, newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 0)...))
	r := read(t, p)
	if r.Configured.Known || len(r.Members) != 2 || r.Members[0].Configured.Candidate != 5*percent || r.Members[1].Configured.Candidate != 0 {
		t.Errorf("%v of %+v", r.Configured, r.Members)
	}
	if !slices.ContainsFunc(r.Notes, func(n sources.Note) bool { return strings.Contains(n.Text.String(), "members differ") }) {
		t.Errorf("notes %v", r.Notes)
	}
	c := planned(t, p, rollBack)
	if len(c.Writes) != 1 || !c.To.Known || c.To.Candidate != 0 {
		t.Errorf("%v to %v", c.Writes, c.To)
	}
}

func TestFleet_IsWrittenMemberAfterMemberAndStopsAtTheFirstFailureWhenRampingUp(t *testing.T) {
	good, bad, last := newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)
	bad.readOnly = true
	p := opened(t, good, bad, last)
	rc, err := p.Apply(t.Context(), planned(t, p, to(50*percent)))
	if !errors.Is(err, sources.ErrPartial) || !errors.Is(err, sources.ErrDenied) {
		t.Errorf("err %v", err)
	}
	if good.weight("canary-1") == 5 || bad.weight("canary-1") != 5 || len(last.sets()) != 0 {
		t.Errorf("weights %d, %d, third got %q", good.weight("canary-1"), bad.weight("canary-1"), last.sets())
	}
	if out := confirmed(t, p, rc); out.Rung != sources.Sent {
		t.Errorf("rung %v", out.Rung)
	}
}

func TestFleet_TheFirstMemberIsReadBackBeforeTheOthersAreWritten(t *testing.T) {
	first, second := newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)
	p := opened(t, first, second)
	c := planned(t, p, to(50*percent))
	deaf := func(cmd string) string { return map[bool]string{true: "\n"}[strings.HasPrefix(cmd, "set ")] }
	first.change(func() { first.answer = deaf }) // it says yes and sets nothing
	rc, err := p.Apply(t.Context(), c)
	if !errors.Is(err, sources.ErrPartial) || !errors.Is(err, sources.ErrIgnored) || len(second.sets()) != 0 {
		t.Errorf("err %v, the second got %q", err, second.sets())
	}
	if out := confirmed(t, p, rc); out.Rung >= sources.Configured {
		t.Errorf("rung %v", out.Rung)
	}
	first.change(func() { first.answer = nil })
	applied(t, p, to(50*percent))
	if len(second.sets()) == 0 {
		t.Error("a member that took it keeps the others from it")
	}
	first.change(func() { first.answer = deaf })
	if _, err := p.Apply(t.Context(), planned(t, p, rollBack)); err != nil || second.weight("canary-1") != 0 {
		t.Errorf("a rollback waits for the first: %v, the second has %d", err, second.weight("canary-1"))
	}
}

func TestFleet_IsRolledBackWhereItCanBeAndTheRestIsNamed(t *testing.T) {
	gone, denied, good := newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)
	denied.readOnly = true
	p := opened(t, gone, denied, good)
	c := planned(t, p, rollBack)
	gone.ln.Close()
	rc, err := p.Apply(t.Context(), c)
	if !errors.Is(err, sources.ErrPartial) || !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "2 of 3 members") {
		t.Errorf("err %v", err)
	}
	if good.weight("canary-1") != 0 || len(rc.Answer) != 3 {
		t.Errorf("weight %d, %d answers", good.weight("canary-1"), len(rc.Answer))
	}
	out, err := p.Confirm(t.Context(), rc)
	if got := out.Routed(); got.Counted || !strings.Contains(got.Why, "count a part only") {
		t.Errorf("one of three members counted: %v", got)
	}
	if err != nil || !errors.Is(out.Err, sources.ErrPartial) || out.Rung != sources.Sent {
		t.Errorf("%v, %v, %v", out.Rung, out.Err, err)
	}

	r, err := p.Read(t.Context())
	if !errors.Is(err, sources.ErrPartial) || r.Configured.Known || r.Members[0].Err == nil {
		t.Errorf("%v of %+v: %v", r.Configured, r.Members, err)
	}
	if _, err := p.Plan(t.Context(), r, to(50*percent)); !errors.Is(err, sources.ErrPartial) {
		t.Errorf("ramping up without a member: %v", err)
	}
	again, err := p.Plan(t.Context(), r, rollBack)
	if err != nil || again.NoOp || len(again.Writes) != 1 {
		t.Errorf("rolling back again: %v, %v", again.Writes, err)
	}
}

func TestFleet_WithEveryMemberGoneSaysWhy(t *testing.T) {
	a, b := newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)
	a.ln.Close()
	b.ln.Close()
	_, err := opened(t, a, b).Read(t.Context())
	if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "all 2 members") {
		t.Errorf("err %v", err)
	}
}

func TestFleet_IsRevertedByAReloadOfOneMember(t *testing.T) {
	a, b := newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)
	b.servers[1].initial = 5
	p := opened(t, a, b)
	rc := applied(t, p, rollBack)
	if out := confirmed(t, p, rc); out.Rung != sources.Effective {
		t.Errorf("rung %v", out.Rung)
	}
	b.reload()
	if out := confirmed(t, p, rc); !errors.Is(out.Err, sources.ErrReverted) {
		t.Errorf("%v, %v", out.Rung, out.Err)
	}
}
