package panel_test

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/panel"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

// predicted is a frame whose logs told of predictions.
func predicted() *frame.Frame {
	f := &frame.Frame{Drift: []frame.Feature{{Name: "prediction.score", PSI: analysis.Number(.07, analysis.Bare, 100)}}}
	share := analysis.Number(.03, analysis.Fraction, 900).Between(.02, .04)
	f.Said = frame.Predictions{
		Asked: true,
		Checks: []frame.Check{{
			Name: "prediction.score: number, 0 to 1", Mark: analysis.MarkWarn, Legacy: share, Candidate: share, Limit: analysis.Number(.01, analysis.Fraction, 0),
			Broken: []frame.Broken{{How: "out of range", Lines: sources.ByArm[int64]{Candidate: 27}}},
		}},
		Labels: frame.Labels{Asked: true, Figures: []frame.Figure{{Name: "AUC"}}, Due: time.Date(2026, 11, 21, 15, 5, 0, 0, time.UTC)},
		Pairs: frame.Pairs{
			Asked: true, Pairs: 812, Agreement: analysis.Number(.98, analysis.Fraction, 812).Between(.97, .99),
			Unmatched: []frame.Unmatched{{Why: "no partner within the window", Lines: sources.ByArm[int64]{Legacy: 31, Candidate: 2}}},
		},
		Teams: frame.Teams{Asked: true, Wins: sources.ByArm[int64]{Legacy: 11, Candidate: 19}, Share: analysis.Number(.63, analysis.Fraction, 30)},
	}
	return f
}

func TestDrift_SaysWhatLogLinesTellOfPredictions(t *testing.T) {
	for _, box := range []part.Box{{W: 120, H: 34}, {W: 200, H: 54}} {
		text := (&panel.Drift{}).View(predicted(), state(), box).String()
		for _, want := range []string{
			"prediction.score: number, 0 to 1", "out of range 0/27", "limit 1", "none yet, due 15:05", "98 %", "no partner within the window 31/2", "interleaving, wins",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%v lacks %q:\n%s", box, want, text)
			}
		}
	}
}

// TestPairs_LookAsTheyDid keeps the comparison of answers as somebody last looked at it.
func TestPairs_LookAsTheyDid(t *testing.T) {
	for _, box := range sizes[1:] {
		l := logview.NewLogs()
		l.TogglePairs()
		golden(t, "pairs_"+at(box), screen(sample.Shadow(), l, box))
	}
}

func TestDrift_PredictionsGiveWayToDriftOnASmallScreen(t *testing.T) {
	text := (&panel.Drift{}).View(predicted(), state(), part.Box{W: 80, H: 18}).String()
	if strings.Contains(text, "PREDICTIONS") || !strings.Contains(text, "FEATURE") {
		t.Error(text)
	}
}
