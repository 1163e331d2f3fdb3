package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

func TestActionNotice_IsToldWhenItIsSetWhenTrafficShowsItAndWhenItDoesNot(t *testing.T) {
	back := func(rung sources.Rung) sources.Progress {
		p := sources.Progress{Action: sources.Action{Verb: sources.RollBack, Reason: "errors ×3"}, Actor: "alice", Via: sources.ByRule, Rung: rung}
		p.Change.From, p.Change.To = sources.SplitAt(250_000, p.Began), sources.SplitAt(0, p.Began)
		return p
	}
	missed := back(sources.Configured)
	missed.Alarm = "not effective after 10s"
	failed := back(sources.RungNone)
	failed.Alarm, failed.Err = "it was refused", errors.New("denied")
	broken := back(sources.Configured)
	broken.Aside = []string{"break-glass by alice (sev 1) leaves aside: a freeze until Mon"}
	again := back(sources.Configured)
	again.Replan = "candidate is 43 now, the screen showed 42"
	if n, _ := actionNotice(again); n.Text != "errors ×3; planned again: candidate is 43 now, the screen showed 42" {
		t.Errorf("what changed is not told: %q", n.Text)
	}
	if n, _ := actionNotice(sources.Progress{Action: sources.Action{Verb: sources.Hold}, Actor: "alice", Rung: sources.Effective}); n.Title != "hold by alice" {
		t.Errorf("a hold is told as %q", n.Title)
	}
	for name, c := range map[string]struct {
		p     sources.Progress
		kind  sources.NoticeKind
		title string
	}{
		"glass broken":   {broken, sources.NoticeAction, "rules were left aside: rollback by a rule (alice): candidate from 25 % to 0 %"},
		"on its way":     {back(sources.Accepted), "", ""},
		"set":            {back(sources.Configured), sources.NoticeAction, "rollback by a rule (alice): candidate from 25 % to 0 %"},
		"seen":           {back(sources.Observed), sources.NoticeAction, "rollback by a rule (alice): candidate from 25 % to 0 %, observed in traffic"},
		"not as far":     {missed, sources.NoticeRung, "rollback by a rule (alice): not effective after 10s"},
		"it was refused": {failed, sources.NoticeRung, "rollback by a rule (alice): it was refused"},
	} {
		n, told := actionNotice(c.p)
		if told != (c.kind != "") || n.Kind != c.kind || n.Title != c.title {
			t.Errorf("%s: %v %+v", name, told, n)
		}
		if loud := len(c.p.Aside) > 0; loud && (n.Severity != sources.SeverityCritical || !strings.Contains(n.Text, "a freeze until Mon")) {
			t.Errorf("%s: told quietly: %+v", name, n)
		}
	}
}

func TestGateNotice_SaysOnceForEachStepThatSomebodyIsWaitedForAndWhenTheyAreNot(t *testing.T) {
	const awaits = "waits for an approval of "
	at := func(step int, phase ramp.Phase, why string) *frame.Frame {
		f := &frame.Frame{Ramp: &frame.Ramp{Phase: phase, Step: step, Why: why}}
		if strings.HasPrefix(why, awaits) {
			f.Ramp.Cause = ramp.WantsConsent
		}
		f.Rollout.Candidate = sources.NewText("42")
		return f
	}
	var g gateNotice
	var told []string
	for _, f := range []*frame.Frame{
		at(1, ramp.Running, "it is watched for 2m first"), at(1, ramp.Running, awaits+"25 %"), at(1, ramp.Running, awaits+"25 %"),
		at(1, ramp.Running, "the numbers are old"), at(1, ramp.Held, "held by ana"), at(1, ramp.Running, awaits+"25 %"),
		at(2, ramp.Running, "it is watched for 2m first"), at(2, ramp.Running, awaits+"50 %"), at(2, ramp.RolledBack, "worse"),
		{},
	} {
		if n, ok := g.next(f); ok {
			told = append(told, fmt.Sprint(n.Kind, " ", n.Severity, " ", n.Title, " ", n.Resolved))
		}
	}
	want := []string{
		"approval warning the ramp waits for an approval of 25 % false", "approval info the ramp no longer waits for an approval true",
		"approval warning the ramp waits for an approval of 50 % false", "approval info the ramp no longer waits for an approval true",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
}

func TestGlassNotice_IsLoud(t *testing.T) {
	n := glassNotice(action.Glass{By: "root", Reason: "sev 1", Until: noon})
	if n.Severity != sources.SeverityCritical || n.Title != "break-glass by root until 12:00:00: rules may be left aside" || n.Text != "sev 1" {
		t.Errorf("%+v", n)
	}
}
