package panel_test

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestRamp_SaysWhereItStandsAndWhyItWaits(t *testing.T) {
	for _, s := range []string{"planned", "ramping", "ramp_asks", "ramp_ended"} {
		for _, box := range sizes {
			r := panel.NewSet().Ramp
			golden(t, "ramp_"+strings.TrimPrefix(s, "ramp_")+"_"+at(box), screen(sample.All()[s], r, box))
		}
	}
}

func TestRamp_NothingOfAStrangersTextReachesTheTerminal(t *testing.T) {
	f := sample.Ramping()
	bad := "\x1b[2J\u202e"
	f.Ramp.Why, f.Ramp.Question, f.Ramp.Holder, f.Ramp.Starter, f.Ramp.Gate = bad, bad, bad, bad, bad
	f.Ramp.Approvals[0].By, f.Ramp.Plan.Steps[0].Text = bad, bad
	f.Ramp.Plan.Would = []frame.Would{{When: "WORSE", Then: bad}}
	if got := screen(f, panel.NewSet().Ramp, part.Box{W: 120, H: 40}).String(); strings.ContainsAny(got, "\x1b\u202e") {
		t.Errorf("%q", got)
	}
}

func TestRamp_WithoutOneItSaysHowToStartOne(t *testing.T) {
	got := screen(sample.Planned(), panel.NewSet().Ramp, part.Box{W: 120, H: 40}).String()
	for _, want := range []string{"No ramp runs here", "rampart run", ":ramp start", "25% for 15m then approve", "rolls back to 0 %"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestTrafficAndRamp_TellWhoeverStartsAgainThatTheCandidateIsDrained(t *testing.T) {
	golden(t, "traffic_drained_120x40", screen(sample.RampDrained(), panel.NewSet().Traffic, part.Box{W: 120, H: 40}))
	golden(t, "ramp_drained_80x24", screen(sample.RampDrained(), panel.NewSet().Ramp, part.Box{W: 80, H: 24}))
	f := sample.Planned()
	f.Traffic.Drained = "2 of 2 servers drained by ana\x1b[2J at 13:58"
	set := panel.NewSet()
	for _, p := range []panel.Panel{set.Traffic, set.Ramp} {
		if got := screen(f, p, part.Box{W: 120, H: 40}).String(); !strings.Contains(got, "2 of 2 servers drained by ana") || strings.Contains(got, "\x1b") {
			t.Errorf("%s says\n%s", p.Name(), got)
		}
	}
}

func TestRamp_AFreezeWithoutAnEndIsNotGivenOne(t *testing.T) {
	f := sample.Ramping()
	f.Ramp.Edge = ramp.Edge{Endless: true}
	if got := screen(f, panel.NewSet().Ramp, part.Box{W: 120, H: 40}).String(); !strings.Contains(got, "the freeze has no end in sight") {
		t.Errorf("it says\n%s", got)
	}
}

func TestRamp_ARollbackThatNoRampCameBeforeWasStartedByNobody(t *testing.T) {
	f := sample.RampDrained()
	f.Ramp.Started, f.Ramp.Starter = time.Time{}, ""
	if got := screen(f, panel.NewSet().Ramp, part.Box{W: 120, H: 40}).String(); strings.Contains(got, "started —") || !strings.Contains(got, "ROLLED BACK") {
		t.Errorf("it says\n%s", got)
	}
}
