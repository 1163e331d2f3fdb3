package evidence

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

func gauge(t *testing.T, gs []analysis.Gauge, name string) analysis.Gauge {
	t.Helper()
	for _, g := range gs {
		if g.Name == name {
			if g.Text == "" || !g.V.Known && g.V.Why == "" && !g.Acts {
				t.Errorf("%s explains nothing: %+v", name, g)
			}
			return g
		}
	}
	t.Fatalf("no gauge %q among %d", name, len(gs))
	return analysis.Gauge{}
}

func TestGauges_OnlyConfirmationAndBurstAct(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 5, 50_000, counts(712, 4), counts(38, 0))
	gs := ev.Gauges()
	for _, g := range gs {
		if g.Acts != (g.Name == "confirmation" || g.Name == "burst") {
			t.Errorf("%s acts: %v", g.Name, g.Acts)
		}
		gauge(t, gs, g.Name)
	}
	if len(gs) != 8 {
		t.Errorf("%d gauges", len(gs))
	}
}

func TestGauges_ACandidateThatJustStartedIsNamed(t *testing.T) {
	now := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	old, young := now.Add(-72*time.Hour), now.Add(-4*time.Minute)
	for _, c := range []struct {
		name              string
		legacy, candidate time.Time
		red               bool
		text              string
	}{
		{"young candidate", old, young, true, "the candidate started 4 min ago, the other arm 3 d earlier"},
		{"young legacy", young, old, true, "the legacy started 4 min ago"},
		{"both just started", young, young.Add(time.Minute), false, "both arms had time"},
		{"both old", old, old.Add(time.Hour), false, "both arms had time"},
		{"not known", old, time.Time{}, false, "not known"},
	} {
		g := Warmth(sources.ByArm[time.Time]{Legacy: c.legacy, Candidate: c.candidate}, now)
		if g.Red != c.red || !strings.Contains(g.Text, c.text) {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
}

func TestGauges_AMixThatOnlyOneArmGetsIsRed(t *testing.T) {
	ev := New(ranker(), nil)
	end := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	for range 120 {
		end = end.Add(step)
		b := sources.Block{End: end, Strata: []sources.Stratum{
			{Key: "/item", Counts: sources.ByArm[*sources.Counts]{Legacy: counts(530, 3), Candidate: counts(34, 0)}},
			{Key: "/rank", Counts: sources.ByArm[*sources.Counts]{Legacy: counts(170, 1), Candidate: counts(16, 0)}},
		}}
		ev.Add("r", end, map[string]sources.Block{"errors": b}, 50_000, true)
	}
	g := gauge(t, ev.Gauges(), "mix")
	if !g.Red || !strings.Contains(g.Text, "/rank is ×1.3 as frequent") {
		t.Errorf("%+v", g)
	}
}

func TestGauges_ARestartIsToldOnceForAllMeasures(t *testing.T) {
	var r resets
	now := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	note := []sources.Note{{Kind: sources.NoteReset, Text: sources.NewText("counters of 2 processes started again")}, {Kind: sources.NoteGap}}
	r.see(note, now)
	r.see(note, now)
	if g := r.gauge(now.Add(time.Minute)); !g.Red || g.V.V != 1 || !strings.Contains(g.Text, "2 processes started again, last seen 14:00") {
		t.Errorf("%+v", g)
	}
	if g := r.gauge(now.Add(time.Hour)); g.Red || g.V.V != 1 {
		t.Errorf("an hour later: %+v", g)
	}
}
