package haproxy

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

var drain = sources.Intent{ID: "1", Verb: sources.RollBack, Way: sources.Drain, Because: "the agent check set its weight again"}

// stubborn is a candidate whose agent check sets its weight to 75 again.
func stubborn() []*fakeServer {
	s := pair(100, 75)
	s[1].initial, s[1].agent, s[1].sets = 100, "L7OK", 75
	return s
}

// again is a ramp-up that knows what was drained from here.
func raised(share sources.Share, drained []sources.Write) sources.Intent {
	in := to(share)
	in.Drained = drained
	return in
}

func TestDrain_TakesTheTrafficOfACandidateWhoseAgentCheckSetsItsWeightAgain(t *testing.T) {
	h := newRuntime(t, stubborn()...)
	p := opened(t, h)
	rc := applied(t, p, rollBack)
	out := confirmed(t, p, rc)
	if out.Rung != sources.Accepted || out.Again != "the agent check of canary-1 set its weight again, to 75" {
		t.Fatalf("%v, again %q", out.Rung, out.Again)
	}
	rc = applied(t, p, drain)
	if got := h.sets(); !slices.Equal(got, []string{"canary-1 weight 0", "canary-1 state drain"}) {
		t.Errorf("wrote %q", got)
	}
	out = confirmed(t, p, rc)
	if out.Rung != sources.Effective || out.Err != nil || out.Again != "" {
		t.Errorf("drained: %v, %v, again %q", out.Rung, out.Err, out.Again)
	}
	h.route(135)
	if out := confirmed(t, p, rc); out.Rung != sources.Effective {
		t.Errorf("the agent check may not have spoken yet: %v", out.Rung)
	}
	p.now = func() time.Time { return rc.SentAt.Add(4 * time.Second) }
	if out := confirmed(t, p, rc); out.Rung != sources.Observed || out.Requests.Candidate != 0 {
		t.Errorf("after 135 requests: %v, %v", out.Rung, out.Requests)
	}
	r := read(t, p)
	if !r.Configured.Known || r.Configured.Candidate != 0 || r.Effective.Candidate != 0 || !r.Servers[1].Drained || !noted(r.Notes, "canary-1 is drained", "stick to it") {
		t.Errorf("read %v set, %v effective, %+v, %v", r.Configured, r.Effective, r.Servers[1], r.Notes)
	}
	for _, in := range []sources.Intent{drain, rollBack} {
		if c := planned(t, p, in); !c.NoOp || noted(c.Notes, "agent check may set") {
			t.Errorf("rolled back twice: %v, %v", c.Writes, c.Notes)
		}
	}
	h.change(func() { h.servers[1].agent = "" })
	if c := planned(t, p, rollBack); len(c.Writes) != 1 || c.To.Candidate != 0 {
		t.Errorf("drained for an hour by somebody: its weight is taken as well, and it has %v", c.Writes)
	}
	rc = applied(t, p, sources.Intent{ID: "3", Verb: sources.RollBack})
	h.change(func() { h.servers[1].weight = 9 })
	if out := confirmed(t, p, rc); out.Rung < sources.Effective || out.Err != nil {
		t.Errorf("a weight of what is drained is no traffic: %v, %v", out.Rung, out.Err)
	}
}

func noted(notes []sources.Note, words ...string) bool {
	return slices.ContainsFunc(notes, func(n sources.Note) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(n.Text.String(), w) })
	})
}

func TestDrain_IsSaidBeforeItMayBeNeededAndWhatItLeaves(t *testing.T) {
	p := opened(t, newRuntime(t, stubborn()...))
	if c := planned(t, p, rollBack); !noted(c.Notes, "agent check", "canary-1", "drained then", "stick to it") {
		t.Errorf("said %v", c.Notes)
	}
	if c := planned(t, p, to(10*percent)); !noted(c.Notes, "agent check may set the weight of canary-1", "more or less than asked for") || noted(c.Notes, "drained") {
		t.Errorf("a ramp-up over an agent check: %v", c.Notes)
	}
	if c := planned(t, p, drain); !noted(c.Notes, "still gets the requests that stick to it") || c.To.Candidate != 0 || c.Inverse == nil {
		t.Errorf("%+v", c)
	}
	if c := planned(t, opened(t, newRuntime(t, pair(95, 5)...)), rollBack); noted(c.Notes, "drained") {
		t.Errorf("without an agent check: %v", c.Notes)
	}
}

func TestDrain_SetsAgainByAnotherHandIsToldAndAReloadIsNot(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	h.servers[1].initial = 5
	p := opened(t, h)
	rc := applied(t, p, rollBack)
	confirmed(t, p, rc)
	h.change(func() { h.servers[1].weight = 7 })
	if out := confirmed(t, p, rc); out.Again != "somebody else set the weight of canary-1 again, to 7" || !errors.Is(out.Err, sources.ErrReverted) {
		t.Errorf("again %q, %v", out.Again, out.Err)
	}
	h.reload()
	if out := confirmed(t, p, rc); out.Again != "" || !errors.Is(out.Err, sources.ErrReverted) {
		t.Errorf("a reload: again %q, %v", out.Again, out.Err)
	}
	if rc := applied(t, p, to(10*percent)); confirmed(t, p, rc).Again != "" {
		t.Error("a ramp-up knows no other way")
	}
}

func TestDrain_WhatSomebodySetsAfterTrafficShowedTheRollbackMayBeMeantAndAnAgentCheckNeverIs(t *testing.T) {
	for agent, want := range map[string]string{"": "", "L7OK": "the agent check of canary-1 set its weight again, to 7"} {
		h := newRuntime(t, pair(95, 5)...)
		h.servers[1].agent = agent
		p := opened(t, h)
		rc := applied(t, p, rollBack)
		h.route(135)
		p.now = func() time.Time { return rc.SentAt.Add(time.Minute) }
		if out := confirmed(t, p, rc); out.Rung != sources.Observed {
			t.Fatal(out.Rung)
		}
		h.change(func() { h.servers[1].weight = 7 })
		if out := confirmed(t, p, rc); out.Again != want || !errors.Is(out.Err, sources.ErrReverted) {
			t.Errorf("agent check %q: again %q, %v", agent, out.Again, out.Err)
		}
	}
}

func TestDrain_IsRevertedByAReloadAndByWhoeverMakesTheServerReady(t *testing.T) {
	h := newRuntime(t, stubborn()...)
	p := opened(t, h)
	rc := applied(t, p, drain)
	confirmed(t, p, rc)
	h.change(func() { h.servers[1].drain = false })
	if out := confirmed(t, p, rc); !errors.Is(out.Err, sources.ErrReverted) || out.Again != "" || out.Rung >= sources.Configured {
		t.Errorf("made ready: %v, %v, again %q", out.Rung, out.Err, out.Again)
	} else if !strings.Contains(out.Err.Error(), "(silence the agent check, by hand: disable agent be/canary-1; then roll back again)") {
		t.Errorf("an agent check that says ready does so again, whatever is written: %v", out.Err)
	}
	in := drain
	in.ID = "2"
	rc = applied(t, p, in)
	confirmed(t, p, rc)
	h.reload()
	h.change(func() { h.servers[1].weight = 75 })
	if out := confirmed(t, p, rc); !errors.Is(out.Err, sources.ErrReverted) || !strings.Contains(out.Err.Error(), "HAProxy was started or reloaded and is back at its file") {
		t.Errorf("reloaded, and its agent check set its weight since: %v", out.Err)
	}
}

func TestDrain_NeverLeavesTheBackendWithoutAServer(t *testing.T) {
	servers := stubborn()
	servers[0].down = true
	h := newRuntime(t, servers...)
	p := opened(t, h)
	if _, err := p.Plan(t.Context(), read(t, p), drain); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "without a server") {
		t.Errorf("planned: %v", err)
	}
	h.change(func() { h.servers[0].down = false })
	c := planned(t, p, drain)
	h.change(func() { h.servers[0].down = true })
	if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrConflict) || len(h.sets()) > 0 {
		t.Errorf("applied: %v after %q", err, h.sets())
	}

	h.change(func() { h.servers[0].down, h.servers[0].weight = false, 0 })
	applied(t, p, drain)
	if got := h.sets(); !slices.Equal(got, []string{"stable-1 weight 100", "canary-1 state drain"}) {
		t.Errorf("from the whole: %q", got)
	}
}

func TestDrain_LeavesServersInMaintenanceThereAndDrainedOnesAlone(t *testing.T) {
	m := memberOf([]int{100}, []int{75, 75, 75})
	m.servers[1].admin, m.servers[2].admin = 0x01, forcedDrain
	writes, then, err := drainMember("be", m)
	if err != nil || len(writes) != 2 || !strings.HasSuffix(writes[0].Request, "weight 0") || !strings.HasSuffix(writes[1].Request, "state drain") {
		t.Fatalf("%v, %v", writes, err)
	}
	if s := then.split(member.weights); s.Candidate != 0 || !s.Known {
		t.Errorf("then %v", s)
	}
}

func TestRampUp_MakesReadyLastWhatARollbackDrainedAndNothingElse(t *testing.T) {
	h := newRuntime(t, stubborn()...)
	p := opened(t, h)
	rc := applied(t, p, drain)
	h.change(func() { h.servers[1].sets = 0 })

	_, err := p.Plan(t.Context(), read(t, p), to(10*percent))
	if !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "knows of no rollback that drained it") || !strings.Contains(err.Error(), "set server be/canary-1 state ready") {
		t.Errorf("drained by somebody else: %v", err)
	}
	c := planned(t, p, raised(10*percent, rc.Change.Writes))
	if c.Readies != 1 || noted(c.Notes, "no candidate server") || !noted(c.Notes, "made ready last") || c.Inverse.Verb != sources.RollBack {
		t.Errorf("%+v", c)
	}
	rc, err = p.Apply(t.Context(), c)
	if got := h.sets()[1:]; err != nil || len(got) < 2 || got[len(got)-1] != "canary-1 state ready" || strings.Contains(strings.Join(got[:len(got)-1], " "), "ready") {
		t.Errorf("wrote %q, %v", got, err)
	}
	if out := confirmed(t, p, rc); out.Rung != sources.Effective || out.Reading.Configured.Candidate < 9*percent {
		t.Errorf("%v, %v, %v", out.Rung, out.Err, out.Reading.Configured)
	}
	if c := planned(t, p, raised(20*percent, rc.Change.Writes)); c.Readies != 0 {
		t.Error("it is ready already")
	}
}

func TestRampUp_AServerWhoseWeightIsRefusedIsNotMadeReady(t *testing.T) {
	h := newRuntime(t, stubborn()...)
	p := opened(t, h)
	rc := applied(t, p, drain)
	h.change(func() {
		h.answer = func(cmd string) string {
			if strings.Contains(cmd, "canary-1 weight") {
				return "Backend is busy.\n\n"
			}
			return ""
		}
	})
	c := planned(t, p, raised(10*percent, rc.Change.Writes))
	if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("said %v", err)
	}
	if !read(t, p).Servers[1].Drained {
		t.Errorf("it is ready with weight 75: %q", h.sets())
	}
}

func TestFleet_OnlyTheMemberThatOverridesIsDrained(t *testing.T) {
	calm, loud := newRuntime(t, pair(95, 5)...), newRuntime(t, stubborn()...)
	p := opened(t, calm, loud)
	rc := applied(t, p, rollBack)
	out := confirmed(t, p, rc)
	if !strings.Contains(out.Again, "canary-1 on unix://"+loud.path) {
		t.Fatalf("again %q", out.Again)
	}
	rc = applied(t, p, drain)
	if got := calm.sets(); !slices.Equal(got, []string{"canary-1 weight 0"}) {
		t.Errorf("the calm one got %q", got)
	}
	if out := confirmed(t, p, rc); out.Rung != sources.Effective || out.Err != nil || !out.Reading.Configured.Known {
		t.Errorf("%v, %v, %v", out.Rung, out.Err, out.Reading.Configured)
	}
}

func TestRead_ADrainedServerAmongOthersKeepsItsWeightInWhatIsSet(t *testing.T) {
	h := newRuntime(t, &fakeServer{name: "stable-1", weight: 45}, &fakeServer{name: "stable-2", weight: 45, drain: true},
		&fakeServer{name: "canary-1", weight: 5}, &fakeServer{name: "canary-2", weight: 5, drain: true})
	p := opened(t, h)
	if r := read(t, p); r.Configured.Candidate != 10*percent || r.Effective.Candidate != 10*percent {
		t.Errorf("%v set, %v effective", r.Configured, r.Effective)
	}
	rev := read(t, p).Rev
	h.change(func() { h.servers[2].drain = true })
	if r := read(t, p); r.Configured.Candidate != 0 || !r.Configured.Known || r.Rev == rev {
		t.Errorf("all drained: %v set", r.Configured)
	}
}
