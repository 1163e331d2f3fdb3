package haproxy

import (
	"errors"
	"fmt"
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

func TestFleet_WhatUndidAChangeIsToldByTheMemberItHappenedTo(t *testing.T) {
	reload := func(r *runtime) { r.reload() }
	hand := func(r *runtime) { r.change(func() { r.servers[1].weight = 9 }) }
	for name, c := range map[string]struct {
		file      int                 // the candidate's weight in the file of both
		then      func(a, b *runtime) // between two looks, the first of which sees it hold
		says, not string
	}{
		"a reload of one": {5, func(_, b *runtime) { reload(b) }, "HAProxy was started or reloaded and is back at its file: the candidate has 4.76 %", "somebody else"},
		"somebody at one while the other reloads and stays": {0, func(a, b *runtime) { reload(a); hand(b) }, "somebody else writes", "reloaded"},
		"somebody at one while the other cannot be read":    {0, func(a, b *runtime) { a.ln.Close(); hand(b) }, "somebody else writes", "reloaded"},
		"a reload of one while the other cannot be read":    {5, func(a, b *runtime) { a.ln.Close(); reload(b) }, "HAProxy was started or reloaded and is back at its file", "somebody else"},
		"a reload and somebody after it":                    {0, func(_, b *runtime) { reload(b); hand(b) }, "reloaded, and was written since: the candidate has 8.26 %", "back at its file"},
		"each its own":                                      {5, func(a, b *runtime) { reload(a); hand(b) }, "ask who before writing again; write it into HAProxy's file too", ""},
	} {
		a, b := newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)
		a.servers[1].initial, b.servers[1].initial = c.file, c.file
		p := opened(t, a, b)
		rc := applied(t, p, rollBack)
		if out := confirmed(t, p, rc); out.Rung != sources.Effective {
			t.Fatalf("%s: rung %v", name, out.Rung)
		}
		c.then(a, b)
		out := confirmed(t, p, rc)
		says := fmt.Sprint(out.Err)
		if !errors.Is(out.Err, sources.ErrReverted) || !strings.Contains(says, c.says) || c.not != "" && strings.Contains(says, c.not) {
			t.Errorf("%s: %s", name, says)
		}
		if who := ": " + p.sockets[1].member + ": "; !strings.Contains(says, who) && !strings.Contains(says, "; "+who[2:]) {
			t.Errorf("%s: which member is not said: %s", name, says)
		}
	}
}

func TestFleet_AReloadThatHeldIsNotWhatUndidItLater(t *testing.T) {
	a, b := newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)
	b.servers[1].initial = 0
	p := opened(t, a, b)
	rc := applied(t, p, rollBack)
	confirmed(t, p, rc)
	b.reload()
	if out := confirmed(t, p, rc); out.Err != nil {
		t.Fatalf("it is back at a file that says the same: %v", out.Err)
	}
	b.change(func() { b.servers[1].weight = 9 })
	if out := confirmed(t, p, rc); !errors.Is(out.Err, sources.ErrReverted) || !strings.Contains(out.Err.Error(), "somebody else writes") || strings.Contains(out.Err.Error(), "reloaded") {
		t.Errorf("%v", out.Err)
	}
}

func TestFleet_AMemberThatCannotBeReadWasNotReloaded(t *testing.T) {
	a, b := newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)
	p := opened(t, a, b)
	was := read(t, p)
	a.ln.Close()
	is, _ := p.Read(t.Context())
	if err := conflict(was, is); strings.Contains(err.Error(), "reloaded") {
		t.Errorf("a member is away: %v", err)
	}
	b.reload()
	is, _ = p.Read(t.Context())
	if err := conflict(was, is); !strings.Contains(err.Error(), "reloaded in between on "+p.sockets[1].member) {
		t.Errorf("the other one was reloaded: %v", err)
	}
}
