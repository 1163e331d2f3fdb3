package part_test

import (
	"strings"
	"testing"
	"time"

	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestWholeness_LinesThatAreHeldBeforeTheSourceCountedAreNoZeroErrors(t *testing.T) {
	f := sample.Incident()
	f.Logs.Held = 15_000
	f.Logs.Errors.Legacy, f.Logs.Errors.Candidate = 0, 0
	f.Logs.Lines.Legacy, f.Logs.Lines.Candidate = 0, 0
	st := part.State{Now: sample.Now()}
	if got := part.Wholeness(f, st).String(); !strings.HasPrefix(got, "error lines not counted yet · held 15 000 lines") {
		t.Errorf("before the first count: %q", got)
	}
	f.Logs.Held, f.Logs.At = 0, time.Time{}
	if got := part.Wholeness(f, st).String(); !strings.HasPrefix(got, "error lines not counted yet · held 0 lines") {
		t.Errorf("before the first answer: %q", got)
	}
	f.Logs.Lines.Legacy = 15_000
	if got := part.Wholeness(f, st).String(); !strings.HasPrefix(got, "error lines 0 / 0 · ") {
		t.Errorf("counted, and none: %q", got)
	}
}

func TestPatterns_ARateOfABacklogThatIsStillReadIsNotKnown(t *testing.T) {
	f := sample.Incident()
	f.Logs.Held = 15_000
	draw := func() string { return part.PatternTable(nil, f, part.State{Now: sample.Now()}, 120, 4).String() }
	if got := draw(); !strings.Contains(got, "14.5") {
		t.Fatalf("counted:\n%s", got)
	}
	f.Logs.Lines.Legacy, f.Logs.Lines.Candidate = 0, 0
	if got := draw(); strings.Contains(got, "14.5") || !strings.Contains(got, "KeyError") {
		t.Errorf("not counted yet:\n%s", got)
	}
}
