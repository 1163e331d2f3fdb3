package runner

import (
	"context"
	"slices"
	"strings"
	"testing"

	"rampart/sources"
)

func TestMisfits_NameTheStepAndTheSharesThatThePlaneCanDo(t *testing.T) {
	for name, c := range map[string]struct {
		caps sources.Caps
		want []string
	}{
		"one server an arm, weights to 256": {sources.Caps{Finest: 3891}, []string{`step 1 "0.1% for 10m": the plane divides no finer than 0.3891%`}},
		"steps of 4 %":                      {sources.Caps{Finest: 40_000, Even: true}, []string{`step 1`, `step 2 "10% for 10m": the plane divides in steps of 4% (the nearest shares are 8% and 12%)`}},
		"a balance that knows no weights":   {sources.Caps{Shares: []sources.Share{0, sources.Whole}}, []string{`step 1`, `step 2 "10% for 10m": the plane cannot do this share (the nearest that it can: 0% or 100%)`}},
		"parts of a million":                {sources.Caps{Finest: 1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			wrong, err := Misfits(t.Context(), plan(t, "0.1% for 10m", "10% for 10m", "100%"), func(context.Context) (sources.Caps, error) { return c.caps, nil })
			if err != nil || len(wrong) != len(c.want) {
				t.Fatalf("%v, %v; want %d", wrong, err, len(c.want))
			}
			for i, m := range wrong {
				if !strings.HasPrefix(m.Error(), c.want[i]) {
					t.Errorf("%q, want %q", m.Error(), c.want[i])
				}
			}
		})
	}
}

// coarse is a plane that makes the nearest tenth of what it is asked for.
type coarse struct{ *router }

func (coarse) Plan(_ context.Context, _ sources.Reading, in sources.Intent) (sources.Change, error) {
	tenth := sources.Whole / 10
	return sources.Change{Intent: in, To: sources.Split{Known: true, Candidate: (in.To + tenth/2) / tenth * tenth}}, nil
}

func TestRoundings_TellAStepThatWouldBecomeAnotherShare(t *testing.T) {
	got, err := Roundings(t.Context(), plan(t, "10% for 10m", "26% for 10m", "100%"), coarse{&router{dir: t.TempDir()}})
	want := []string{`step 2 "26% for 10m": the plane would make it 30 %, the nearest share that its servers allow now`}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}
