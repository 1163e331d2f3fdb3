package drift

import (
	"math/rand/v2"
	"strings"
	"testing"

	"rampart/sources"
)

func TestTracker_IsCalmWhenBothArmsDriftAlike(t *testing.T) {
	t.Parallel()
	edges, tail := latencyCells()
	alarms, runs := 0, 60
	for run := range runs {
		r := rand.New(rand.NewPCG(5, uint64(run)))
		tracker := NewTracker(Options{Feature: "score"})
		top := 0.0
		for block := range 80 {
			shares := append([]float64(nil), tail...)
			move := .15 * float64(block) / 80
			shares[3], shares[6] = shares[3]-move, shares[6]+move
			candidate := []int{8, 40, 200, 400}[block/20]
			if err := tracker.Add(Cells{Edges: edges, Counts: draw(r, shares, 800-candidate)}, Cells{Edges: edges, Counts: draw(r, shares, candidate)}); err != nil {
				t.Fatal(err)
			}
			top = max(top, tracker.Evidence().LogE)
		}
		if top >= 2.9957 {
			alarms++
		}
	}
	if alarms > 7 {
		t.Errorf("%d of %d equal runs reached 20 to 1", alarms, runs)
	}
}

func TestTracker_FindsACandidateThatScoresDifferently(t *testing.T) {
	t.Parallel()
	edges, tail := latencyCells()
	moved := append([]float64(nil), tail...)
	moved[3], moved[6] = moved[3]-.1, moved[6]+.1
	r := rand.New(rand.NewPCG(6, 6))
	tracker := NewTracker(Options{Feature: "score"})
	for range 60 {
		if err := tracker.Add(Cells{Edges: edges, Counts: draw(r, tail, 700)}, Cells{Edges: edges, Counts: draw(r, moved, 100)}); err != nil {
			t.Fatal(err)
		}
	}
	report := tracker.Report()
	if e := report.Evidence; !e.Known || e.LogE < 4.6 || e.Blocks != 60 {
		t.Errorf("evidence %+v", e)
	}
	if report.PSI.N.Candidate != 6000 || report.PSI.Times().V < 10 {
		t.Errorf("psi %+v", report.PSI)
	}
}

func TestTracker_FindsValuesThatGoMissing(t *testing.T) {
	t.Parallel()
	tracker := NewTracker(Options{Feature: "age"})
	for range 30 {
		legacy := Cells{Edges: []float64{1}, Counts: []float64{70, 30}, Missing: Of(0)}
		candidate := Cells{Edges: []float64{1}, Counts: []float64{56, 24}, Missing: Of(20)}
		if err := tracker.Add(legacy, candidate); err != nil {
			t.Fatal(err)
		}
	}
	r := tracker.Report()
	if r.Evidence.LogE < 4.6 || r.PSI.Value > .01 || r.Missing.Candidate.V != .2 {
		t.Errorf("evidence %+v, psi %+v, missing %+v", r.Evidence, r.PSI, r.Missing)
	}
}

func TestTracker_FindsANewCategory(t *testing.T) {
	t.Parallel()
	tracker := NewTracker(Options{Feature: "country"})
	for range 30 {
		legacy, candidate := categoriesOf(map[string]float64{"de": 70, "fr": 30}), categoriesOf(map[string]float64{"de": 60, "fr": 25, "xx": 15})
		if err := tracker.AddCategories(legacy, candidate); err != nil {
			t.Fatal(err)
		}
	}
	r := tracker.Report()
	if r.Evidence.LogE < 4.6 || len(r.Appeared) != 1 || r.Appeared[0].Name.String() != "xx" {
		t.Errorf("evidence %+v, appeared %+v", r.Evidence, r.Appeared)
	}
}

func TestTracker_RefusesABlockThatDoesNotFit(t *testing.T) {
	t.Parallel()
	good := Cells{Edges: []float64{1, 2}, Counts: []float64{50, 30, 20}}
	tracker := NewTracker(Options{Feature: "f\x1b"})
	if r := tracker.Report(); r.PSI.Known || r.PSI.Why != "no block was read" {
		t.Errorf("before the first block: %+v", r.PSI)
	}
	if err := tracker.Add(good, good); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"edge 2 is gone":               tracker.Add(Cells{Edges: []float64{1}, Counts: []float64{5, 5}}, good),
		"cell 1 holds -1":              tracker.Add(Cells{Edges: []float64{1}, Counts: []float64{-1, 5}}, good),
		"the feature was numeric":      tracker.AddCategories(Categories{}, Categories{}),
		`track f\x1b: not a histogram`: tracker.Add(Cells{}, good),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %q", err, name)
		}
	}
	if r := tracker.Report(); r.Evidence.Blocks != 1 || r.Sides.Legacy.N != 100 {
		t.Errorf("a refused block left a trace: %+v, n %g", r.Evidence, r.Sides.Legacy.N)
	}
}

func TestTracker_KeepsNothingOfTheCallersMemory(t *testing.T) {
	t.Parallel()
	counts := []float64{50, 50}
	side := Cells{Edges: []float64{1}, Counts: counts}
	tracker := NewTracker(Options{})
	for range 2 {
		if err := tracker.Add(side, side); err != nil {
			t.Fatal(err)
		}
		counts[0]++
	}
	if n := tracker.Report().Sides.Legacy.N; n != 201 {
		t.Errorf("n %g, want 201", n)
	}
}

func TestSavedReference_HasNoEvidence(t *testing.T) {
	t.Parallel()
	side := Cells{Edges: []float64{1}, Counts: []float64{50, 50}}
	tracker := NewTracker(Options{Reference: Saved})
	if err := tracker.Add(side, side); err != nil {
		t.Fatal(err)
	}
	r := tracker.Report()
	if r.Evidence.Known || r.Evidence.Why == "" || len(r.Notes) != 1 || r.Notes[0].Kind != sources.NoteInfo {
		t.Errorf("evidence %+v, notes %v", r.Evidence, r.Notes)
	}
}
