package haproxy

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rampart/sources"
)

func read(t *testing.T, p *Plane) sources.Reading {
	t.Helper()
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func planned(t *testing.T, p *Plane, in sources.Intent) sources.Change {
	t.Helper()
	c, err := p.Plan(t.Context(), read(t, p), in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func applied(t *testing.T, p *Plane, in sources.Intent) sources.Receipt {
	t.Helper()
	rc, err := p.Apply(t.Context(), planned(t, p, in))
	if err != nil {
		t.Fatal(err)
	}
	return rc
}

func confirmed(t *testing.T, p *Plane, rc sources.Receipt) sources.Outcome {
	t.Helper()
	out, err := p.Confirm(t.Context(), rc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var rollBack = sources.Intent{ID: "1", Verb: sources.RollBack}

func to(share sources.Share) sources.Intent {
	return sources.Intent{ID: "s" + share.String(), Verb: sources.SetSplit, To: share}
}

const percent = sources.Whole / 100

func TestRollBack_IsFollowedUntilTrafficShowsIt(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	p := opened(t, h)
	rc := applied(t, p, rollBack)
	if got := h.sets(); !slices.Equal(got, []string{"canary-1 weight 0"}) {
		t.Errorf("wrote %q", got)
	}
	if out := confirmed(t, p, rc); out.Rung != sources.Effective || out.Requests != (sources.ByArm[int64]{}) {
		t.Errorf("without traffic: %v after %v", out.Rung, out.Requests)
	}
	h.route(134)
	if out := confirmed(t, p, rc); out.Rung != sources.Effective {
		t.Errorf("after 134 requests: %v", out.Rung)
	}
	h.route(1)
	if out := confirmed(t, p, rc); out.Rung != sources.Observed || out.Requests.Legacy != 135 || !out.Seen.Known || out.Seen.Candidate != 0 {
		t.Errorf("after 135 requests: %v, %v, seen %v", out.Rung, out.Requests, out.Seen)
	}
}

func TestRollBack_IsObservedOnlyAfterTheLastStragglerOfTheCandidate(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	p := opened(t, h)
	rc := applied(t, p, rollBack)
	h.route(100)
	h.change(func() { h.servers[1].requests++ })
	confirmed(t, p, rc)
	h.route(100)
	if out := confirmed(t, p, rc); out.Rung != sources.Effective {
		t.Errorf("100 requests after a straggler: %v", out.Rung)
	}
	h.route(100)
	if out := confirmed(t, p, rc); out.Rung != sources.Observed {
		t.Errorf("200 requests after a straggler: %v", out.Rung)
	}
}

func TestRampUp_IsObservedWhenItsShareIsSeenAndTheOldOneIsNot(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	p := opened(t, h)
	rc := applied(t, p, to(10*percent))
	h.route(100)
	if out := confirmed(t, p, rc); out.Rung != sources.Effective {
		t.Errorf("10 of 100 requests may still be 5 %%: %v", out.Rung)
	}
	h.route(900)
	if out := confirmed(t, p, rc); out.Rung != sources.Observed {
		t.Errorf("after 1000 requests: %v, %v", out.Rung, out.Requests)
	}
}

func TestConfirm_SaysWhoseDoingItWasWhenAChangeIsUndone(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	p := opened(t, h)
	rc := applied(t, p, rollBack)
	confirmed(t, p, rc)
	h.change(func() { h.servers[1].weight = 5 })
	out := confirmed(t, p, rc)
	if !errors.Is(out.Err, sources.ErrReverted) || !strings.Contains(out.Err.Error(), "somebody else") || out.Rung >= sources.Configured {
		t.Errorf("somebody's write: %v, %v", out.Rung, out.Err)
	}

	h.servers[1].initial = 5
	rc = applied(t, p, rollBack)
	confirmed(t, p, rc)
	h.reload()
	out = confirmed(t, p, rc)
	if !errors.Is(out.Err, sources.ErrReverted) || !strings.Contains(out.Err.Error(), "reloaded") {
		t.Errorf("a reload: %v", out.Err)
	}
}

func TestRampUp_IsRefusedWhenTheSplitMovedSinceItWasPlanned(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	p := opened(t, h)
	c := planned(t, p, to(10*percent))
	h.change(func() { h.servers[1].weight = 7 })
	if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrConflict) || len(h.sets()) != 0 {
		t.Errorf("err %v, wrote %q", err, h.sets())
	}
	c = planned(t, p, to(10*percent))
	h.reload()
	if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "reloaded") || len(h.sets()) != 0 {
		t.Errorf("after a reload: err %v, wrote %q", err, h.sets())
	}
}

func TestPlan_RefusesASplitThatIsNotTheOneOnTheScreen(t *testing.T) {
	p := opened(t, newRuntime(t, pair(95, 5)...))
	in := to(10 * percent)
	in.Expect.Split = sources.SplitAt(3*percent, read(t, p).At)
	if _, err := p.Plan(t.Context(), read(t, p), in); !errors.Is(err, sources.ErrConflict) {
		t.Errorf("err %v", err)
	}
}

func TestPlan_AsksNobodyAboutAReadingItMade(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	p := opened(t, h)
	r := read(t, p)
	h.ln.Close()
	if c, err := p.Plan(t.Context(), r, rollBack); err != nil || len(c.Writes) != 1 {
		t.Errorf("%v, %v", c.Writes, err)
	}
}

func TestPlan_OfAReadingThatIsNotThisPlanesReadsOnceMoreAndRefusesAnotherSplit(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	theirs := read(t, opened(t, h)) // another process's
	p := opened(t, h)
	if c, err := p.Plan(t.Context(), theirs, to(10*percent)); err != nil || len(c.Writes) == 0 {
		t.Errorf("the split is as they saw it: %v, %v", c.Writes, err)
	}
	h.change(func() { h.servers[1].weight = 7 })
	if c, err := p.Plan(t.Context(), read(t, opened(t, h)), to(10*percent)); err != nil || len(c.Writes) == 0 {
		t.Errorf("read anew: %v, %v", c.Writes, err)
	}
	theirs.Rev += "?" // nobody remembers it
	if c, err := p.Plan(t.Context(), theirs, to(10*percent)); !errors.Is(err, sources.ErrConflict) {
		t.Errorf("planned %v on what is not there any more, %v", c.Writes, err)
	}
}

func TestRollBack_NeverLeavesTheBackendWithoutAnyWeight(t *testing.T) {
	h := newRuntime(t, pair(0, 100)...)
	p := opened(t, h)
	applied(t, p, rollBack)
	if got, want := h.sets(), []string{"stable-1 weight 100", "canary-1 weight 0"}; !slices.Equal(got, want) {
		t.Errorf("wrote %q, want %q", got, want)
	}

	h = newRuntime(t, pair(95, 5)...)
	p = opened(t, h)
	c := planned(t, p, rollBack)
	h.change(func() { h.servers[0].weight, h.servers[1].weight = 0, 100 })
	if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrConflict) || h.weight("canary-1") != 100 {
		t.Errorf("promoted meanwhile: err %v, candidate's weight %d", err, h.weight("canary-1"))
	}
}

func TestPromote_GivesTheCandidateItsWeightBeforeLegacyLosesIts(t *testing.T) {
	h := newRuntime(t, pair(100, 0)...)
	applied(t, opened(t, h), sources.Intent{ID: "1", Verb: sources.Promote})
	if got, want := h.sets(), []string{"canary-1 weight 100", "stable-1 weight 0"}; !slices.Equal(got, want) {
		t.Errorf("wrote %q, want %q", got, want)
	}
}

func TestChange_NamesWhatWouldUndoItAndWhatAReloadWouldDo(t *testing.T) {
	p := opened(t, newRuntime(t, pair(95, 5)...))
	c := planned(t, p, rollBack)
	if c.Inverse == nil || c.Inverse.Verb != sources.SetSplit || c.Inverse.To != 5*percent || !c.Inverse.Expect.Split.Equal(c.To) {
		t.Errorf("inverse %+v", c.Inverse)
	}
	c = planned(t, p, to(10*percent))
	if !slices.ContainsFunc(c.Notes, func(n sources.Note) bool { return strings.Contains(n.Text.String(), "a reload returns to 0 %") }) {
		t.Errorf("notes %v", c.Notes)
	}
	if c := planned(t, p, to(5*percent)); !c.NoOp || len(c.Writes) != 0 {
		t.Errorf("what is already so: %+v", c)
	}
}

func TestRead_IsEffectiveOnlyByTheServersThatAreUp(t *testing.T) {
	h := newRuntime(t, &fakeServer{name: "stable-1", weight: 50}, &fakeServer{name: "stable-2", weight: 50, down: true}, &fakeServer{name: "canary-1", weight: 50})
	r := read(t, opened(t, h))
	if r.Configured.Candidate != sources.ShareOf(1.0/3) || r.Effective.Candidate != sources.Whole/2 {
		t.Errorf("set %v, effective %v", r.Configured, r.Effective)
	}
	if up, all := r.Up(sources.Legacy); up != 1 || all != 2 {
		t.Errorf("legacy %d of %d up", up, all)
	}
	want := sources.RouterCounters{Requests: 0, Errors: 5, ConnectionErrors: 1, ResponseErrors: 2, Retries: 3, Redispatches: 4}
	if r.Servers[0].Counters != want {
		t.Errorf("counters %+v", r.Servers[0].Counters)
	}
}

func TestConfirm_StaysConfiguredWhileTheCandidateIsDown(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	p := opened(t, h)
	rc := applied(t, p, to(10*percent))
	h.change(func() { h.servers[1].down = true })
	if out := confirmed(t, p, rc); out.Rung != sources.Configured || out.Reading.Effective.Candidate != 0 {
		t.Errorf("%v, effective %v", out.Rung, out.Reading.Effective)
	}
}

func TestRead_WarnsOfAgentChecksAndLeavesBackupsOut(t *testing.T) {
	h := newRuntime(t, append(pair(95, 5), &fakeServer{name: "stable-spare", weight: 1, backup: true, agent: "L7OK"}, &fakeServer{name: "sorry", weight: 1, backup: true})...)
	r := read(t, opened(t, h))
	if r.Configured.Candidate != 5*percent || len(r.Servers) != 3 {
		t.Errorf("set %v of %d servers", r.Configured, len(r.Servers))
	}
	var notes strings.Builder
	for _, n := range r.Notes {
		notes.WriteString(n.Text.String() + "\n")
	}
	for _, want := range []string{"agent check", "is a backup", "a reload returns to 0 %"} {
		if !strings.Contains(notes.String(), want) {
			t.Errorf("no note of %q in:\n%s", want, notes.String())
		}
	}
}

func TestStray_AServerInBothArmsOrInNoneRefusesARampUpAndOnlyWarnsARollback(t *testing.T) {
	for name, c := range map[string]struct {
		stray *fakeServer
		says  string
	}{
		"none": {&fakeServer{name: "stray", weight: 1}, `server "stray" is in neither arm`},
		"both": {&fakeServer{name: "canary-stable", weight: 1}, `server "canary-stable" is in both arms`},
	} {
		h := newRuntime(t, append(pair(95, 5), c.stray)...)
		p := opened(t, h)
		p.conf.Servers = sources.ByArm[[]string]{Legacy: []string{"stable-*", "canary-st*"}, Candidate: []string{"canary-*", "*-stable"}}
		r := read(t, p)
		if r.Configured.Candidate != 5*percent || len(r.Notes) == 0 || !strings.Contains(r.Notes[0].Text.String(), c.says) {
			t.Errorf("%s: %v, notes %v", name, r.Configured, r.Notes)
		}
		if _, err := p.Plan(t.Context(), r, to(10*percent)); !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: a ramp-up: %v", name, err)
		}
		if _, err := p.Plan(t.Context(), r, to(percent)); err != nil {
			t.Errorf("%s: downwards: %v", name, err)
		}
		change := planned(t, p, rollBack)
		if len(change.Notes) == 0 || !strings.Contains(change.Notes[0].Text.String(), c.says) {
			t.Errorf("%s: a rollback does not warn: %v", name, change.Notes)
		}
		if _, err := p.Apply(t.Context(), change); err != nil || h.weight("canary-1") != 0 || c.stray.weight != 1 {
			t.Errorf("%s: a rollback: %v, canary-1 %d, the stray %d", name, err, h.weight("canary-1"), c.stray.weight)
		}
	}
}

func TestRead_RefusesAnArmWithoutAnyServer(t *testing.T) {
	p := opened(t, newRuntime(t, &fakeServer{name: "stable-1", weight: 1}))
	if _, err := p.Read(t.Context()); !errors.Is(err, sources.ErrNoData) || !strings.Contains(err.Error(), "servers.candidate [canary-*] matches no server") {
		t.Error(err)
	}
}

func TestRollBack_GoesOnOverAReloadBetweenPreviewAndWrite(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	h.servers[1].initial = 9
	p := opened(t, h)
	c := planned(t, p, rollBack)
	h.reload()
	if _, err := p.Apply(t.Context(), c); err != nil || h.weight("canary-1") != 0 {
		t.Errorf("err %v, the candidate has weight %d", err, h.weight("canary-1"))
	}
}
