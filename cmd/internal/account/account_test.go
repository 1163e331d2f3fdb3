package account_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/account"
	"rampart/sources"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// ramping is a ramp in its second step.
func ramping() *frame.Frame {
	f := &frame.Frame{At: noon, Context: "prod", Service: "ranker"}
	f.Traffic.Set = sources.SplitAt(sources.ShareOf(.05), noon)
	f.Rollout.Candidate = sources.NewText("42\x1b[31m")
	f.Ramp = &frame.Ramp{
		Phase: 1, Step: 1, Why: "it is watched first\x1b[2J", Starter: "ana", Started: noon.Add(-time.Hour), Holder: "ana, process 7", Lease: true, Deadline: noon.Add(time.Minute),
		Plan: frame.Plan{Steps: []frame.Step{
			{Text: "1% for 15m", To: sources.ShareOf(.01), State: frame.StepDone},
			{Text: "5% until safe", To: sources.ShareOf(.05), State: frame.StepHere, Bake: 15 * time.Minute, Watched: 4 * time.Minute, Gate: "safe"},
			{Text: "100%", To: sources.Whole},
		}},
	}
	return f
}

func TestRamp_SaysWhereItStandsWhyAndUntilWhen(t *testing.T) {
	var out strings.Builder
	account.RampOf(ramping()).Write(&out)
	for _, want := range []string{
		"ranker in context prod: running, candidate at 5 %", "waits for  safe", "candidate  42", "v legacy —", "reverts    at 2026-01-05 12:01:00Z unless", "lease      ana, process 7",
		"+ 1  1% for 15m", "> 2  5% until safe   watched 4m of 15m", "  3  100%",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("a reason reaches the terminal as it came")
	}
}

func TestRamp_LostLeaseIsSaid(t *testing.T) {
	f := ramping()
	f.Ramp.Lease = false
	var out strings.Builder
	account.RampOf(f).Write(&out)
	if !strings.Contains(out.String(), "lost; it is held by ana") {
		t.Errorf("it says\n%s", out.String())
	}
}

func TestRamp_WhatIsNotKnownIsMissingAndNeverZero(t *testing.T) {
	f := &frame.Frame{At: noon, Context: "prod", Service: "ranker"}
	b, err := json.Marshal(account.RampOf(f))
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); strings.Contains(s, "candidate_percent") || !strings.Contains(s, `"phase":"idle"`) || !strings.Contains(s, `"steps":[]`) {
		t.Errorf("an unknown share: %s", s)
	}
	var out strings.Builder
	account.RampOf(f).Write(&out)
	if !strings.Contains(out.String(), "candidate at —") {
		t.Errorf("on paper: %s", out.String())
	}
	f.Traffic.Plane, f.Sources = "haproxy", []frame.Source{{Name: "prometheus"}, {Name: "haproxy", Err: "haproxy: connection refused"}}
	out.Reset()
	account.RampOf(f).Write(&out)
	if b, _ = json.Marshal(account.RampOf(f)); !strings.Contains(string(b), `"read_error":"haproxy: connection refused"`) || !strings.Contains(out.String(), "the share is not known: haproxy: connection refused") {
		t.Errorf("why is not said: %s and %s", b, out.String())
	}
}

func TestLeft_WithoutARunnerThePlaneIsToldAndNothingOfTheRampIsInvented(t *testing.T) {
	plan := &frame.Plan{Steps: []frame.Step{{Text: "5% for 15m", To: sources.ShareOf(.05)}}}
	then := account.RememberedOf(ramp.State{Phase: ramp.Running, Step: 1, Share: sources.ShareOf(.05), Started: noon, Starter: "ana"}, nil)
	left := account.Left("prod", "ranker", noon, errors.New("nobody listens"), plan, then)
	b, err := json.Marshal(left.Reads(sources.Reading{At: noon, Configured: sources.SplitAt(sources.ShareOf(.25), noon)}, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"version":1`, `"phase":"unknown"`, `"no_runner":"nobody listens"`, `"candidate_percent":25`, `"read_at":"2026-01-05T12:00:00Z"`, `"text":"5% for 15m"`,
		`"journal":{"phase":"running","step":2,"set_percent":5,"started_by":"ana"`,
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("it lacks %s: %s", want, b)
		}
	}
	if strings.Contains(string(b), "read_error") {
		t.Errorf("what was read has an error: %s", b)
	}
	if strings.Contains(string(b), "read_error") {
		t.Errorf("it was read: %s", b)
	}
	if b, _ = json.Marshal(left.Reads(sources.Reading{At: noon}, sources.ErrUnreachable)); strings.Contains(string(b), "candidate_percent") || !strings.Contains(string(b), `"read_error":"unreachable"`) || strings.Contains(string(b), "read_at") {
		t.Errorf("a plane that is away: %s", b)
	}
}

func TestDeed_TellsWritesWhatUndoesThemAndHowFarItCame(t *testing.T) {
	p := sources.Preview{Action: sources.Action{Service: "ranker", Verb: sources.Step}}
	p.Change = sources.Change{
		From: sources.SplitAt(sources.ShareOf(.01), noon), To: sources.SplitAt(sources.ShareOf(.05), noon),
		Writes: []sources.Write{{Member: "lb1", Request: "set"}}, Inverse: &sources.Intent{To: sources.ShareOf(.01)},
	}
	d := account.Planned("prod", p).Done(sources.Progress{IntentID: "i1", How: "drained, because it was refused", Rung: sources.Sent, Rungs: []sources.RungTime{{Rung: sources.Sent, At: noon}}}, errors.New("cut"))
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"version":1,"verb":"step","context":"prod","service":"ranker","from_percent":1,"to_percent":5,"writes":[{"member":"lb1","request":"set"}],` +
		`"undo_percent":1,"intent_id":"i1","rung":"sent","rungs":[{"rung":"sent","at":"2026-01-05T12:00:00Z"}],"how":"drained, because it was refused","error":"cut"}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
}

func TestDeed_RequestsThatNobodyCountedAreNullWithTheReason(t *testing.T) {
	for want, routed := range map[string]sources.Routed{
		`"routed":{"legacy":90,"candidate":0}`:                                      {Requests: sources.ByArm[int64]{Legacy: 90}, Counted: true},
		`"routed":{"legacy":null,"candidate":null,"why":"no counter"}`:              {Why: "no counter"},
		`"routed":{"legacy":null,"candidate":null,"why":"nobody counted them yet"}`: {},
	} {
		p := sources.Progress{Rung: sources.Configured, Change: sources.Change{To: sources.SplitAt(0, noon)}, Requests: routed}
		b, err := json.Marshal(account.Deed{}.Done(p, nil))
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("wanted %s in %s: %v", want, b, err)
		}
	}
}

func TestRampOf_SaysUntilWhenAChangeOfNoRampMayBeConfirmed(t *testing.T) {
	at := time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC)
	f := &frame.Frame{Actions: []sources.Progress{{Deadline: sources.Deadline{At: at}}}}
	var out strings.Builder
	r := account.RampOf(f)
	r.Write(&out)
	if r.Deadline == nil || !r.Deadline.Equal(at) || !strings.Contains(out.String(), "unless somebody confirms") {
		t.Errorf("it says\n%s", out.String())
	}
	f.Actions[0].Deadline.Confirmed = "ana"
	if r := account.RampOf(f); r.Deadline != nil {
		t.Errorf("it was confirmed, and %v is told", r.Deadline)
	}
}

func TestRamp_TellsWhoeverStartsAgainThatTheCandidateIsDrained(t *testing.T) {
	const drained = "2 of 2 servers drained by ana at 2026-01-05 11:58:00, because the agent check of canary-1 set its weight again"
	f := ramping()
	f.Traffic.Drained = drained
	left := account.Left("prod", "ranker", noon, errors.New("nobody listens"), nil, account.RememberedOf(ramp.State{}, nil))
	left.Drained = drained
	for name, r := range map[string]account.Ramp{"a runner": account.RampOf(f), "no runner": left} {
		var out strings.Builder
		r.Write(&out)
		b, err := json.Marshal(r)
		if err != nil || !strings.Contains(out.String(), "  drained    "+drained+"\n") || !strings.Contains(string(b), `"candidate_drained":"`+drained+`"`) {
			t.Errorf("%s: %v, %s\n%s", name, err, b, out.String())
		}
	}
}

func TestRamp_AFreezeWithoutAnEndIsNotGivenOne(t *testing.T) {
	f := ramping()
	f.Ramp.Edge = ramp.Edge{Endless: true}
	var out strings.Builder
	r := account.RampOf(f)
	r.Write(&out)
	if b, err := json.Marshal(r); err != nil || !strings.Contains(string(b), `"freeze_has_no_end":true`) || strings.Contains(string(b), "next_freeze_edge") || !strings.Contains(out.String(), "freeze     no end in sight\n") {
		t.Errorf("%v, %s\n%s", err, b, out.String())
	}
}

func TestLeft_ARampThatHadNotTakenItsFirstStepIsNotSaidToBeInStepNought(t *testing.T) {
	st := ramp.State{Phase: ramp.Held, Step: -1, Started: noon, Starter: "ana", Why: "held by ana"}
	var b strings.Builder
	account.Left("prod", "ranker", noon, errors.New("nobody listens"), nil, account.RememberedOf(st, nil)).Write(&b)
	if !strings.Contains(b.String(), "its ramp was held before its first step, at 0 %: held by ana") {
		t.Error(b.String())
	}
}
