package frame

import (
	"testing"

	"rampart/sources"
)

func TestNextStep_IsTheFirstThatIsNotSetAlready(t *testing.T) {
	f := &Frame{Plan: &Plan{Steps: []Step{{To: 10_000}, {To: 100_000}, {To: 250_000}, {To: sources.Whole}}}}
	for set, want := range map[sources.Share]sources.Share{
		0: 10_000, 9_901: 100_000, 50_000: 100_000, 99_099: 250_000, 100_000: 250_000, 250_000: sources.Whole, sources.Whole: 0,
	} {
		f.Traffic.Set = sources.Split{Known: true, Candidate: set}
		if got := f.NextStep(); got != want {
			t.Errorf("at %v: %v, want %v", set, got, want)
		}
	}
}
