package logview_test

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestPairs_SayHowFarTheAnswersAgreeAndWhichDifferMost(t *testing.T) {
	l, f := logview.NewLogs(), sample.Shadow()
	l.TogglePairs()
	for _, box := range []part.Box{{W: 80, H: 18}, {W: 120, H: 34}, {W: 200, H: 54}} {
		text := l.View(f, state(), box).String()
		for _, want := range []string{"98.1 %", "14 921 pairs", "+2.5 ms", "−2.9 ms", "Wilcoxon p <0.001", "no partner within the window 41 / 37", "WORST PAIRS", "≠ prediction.item", "item-8957", "item-3457"} {
			if !strings.Contains(text, want) {
				t.Errorf("%v lacks %q:\n%s", box, want, text)
			}
		}
	}
	first := l.Selected(f)
	l.Move(part.Down)
	if got := l.Selected(f); got == first || !strings.Contains(got, "≠ prediction.item: legacy item-1946, candidate item-9160") {
		t.Errorf("the second pair is copied as %q", got)
	}
	if !l.Back() || l.Back() {
		t.Error("esc does not lead back to the lines, once")
	}
}

func TestPairs_SayWhyThereAreNone(t *testing.T) {
	l, f := logview.NewLogs(), sample.Incident()
	l.TogglePairs()
	if text := l.View(f, state(), part.Box{W: 80, H: 18}).String(); !strings.Contains(text, "pairs: under logs:") {
		t.Error(text)
	}
	f.Said.Pairs = frame.Pairs{Asked: true}
	if text := l.View(f, state(), part.Box{W: 80, H: 18}).String(); !strings.Contains(text, "waiting for the first pairs: no answer was read yet") {
		t.Error(text)
	}
	f.Said.Pairs = frame.Pairs{Asked: true, Seen: sources.ByArm[int64]{Legacy: 12}, Waiting: sources.ByArm[int64]{Legacy: 12}}
	if text := l.View(f, state(), part.Box{W: 80, H: 18}).String(); !strings.Contains(text, "waiting for the first pairs") || !strings.Contains(text, "12 / 0") {
		t.Error(text)
	}
	if l.Selected(f) != "" {
		t.Error("something is copied")
	}
}

func TestPairs_TextsOfStrangersAreHarmlessAndNumbersThatAreNotKnownAreNone(t *testing.T) {
	l, f := logview.NewLogs(), sample.Incident()
	evil := sources.NewText("\x1b[2J\u202e" + strings.Repeat("日本", 300))
	f.Said.Pairs = frame.Pairs{Asked: true, Pairs: 1, Worst: []frame.Pair{{
		ID: evil, At: sources.ByArm[time.Time]{}, Score: analysis.Missing("none"), Latency: analysis.Missing("none"),
		Fields: []frame.PairField{{Name: strings.Repeat("x", 90), Legacy: evil, Candidate: evil, Differs: true}},
	}}}
	l.TogglePairs()
	for _, box := range []part.Box{{W: part.LeastWidth, H: part.LeastHeight}, {W: 80, H: 4}, {W: 80, H: 18}} {
		g := l.View(f, state(), box)
		if text := g.String(); g.W != box.W || g.H != box.H || strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("%v: %dx%d\n%s", box, g.W, g.H, text)
		}
	}
	if strings.ContainsAny(l.Selected(f), "\x1b\u202e") {
		t.Error("an escape would be copied")
	}
}
