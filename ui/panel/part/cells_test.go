package part_test

import (
	"strings"
	"testing"

	"rampart/analysis"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestCellBox_NamesTheCellsOfQuantilesAndLosesNoShareWhereThereIsLittleRoom(t *testing.T) {
	d := sample.Incident().Cells[0]
	st := part.State{Now: sample.Now()}
	for _, c := range []struct {
		h    int
		says []string
	}{
		{26, []string{"<10 ms", "≥2.5 s", "p50  leg 10–25 ms", "p99  leg 100–250 ms", "cand 250–500 ms", "n    23 560 / 1 240 since 13:44"}},
		{7, []string{"<25 ms        51", "100–250 ms", "250–500 ms", "≥500 ms     0.40", "p99 100–250 ms / 250–500 ms"}},
		{3, []string{"p99 100–250 ms / 250–500 ms"}},
	} {
		g := part.CellBox(d, st, 78, c.h).String()
		for _, want := range c.says {
			if !strings.Contains(g, want) {
				t.Errorf("%d rows do not say %q:\n%s", c.h, want, g)
			}
		}
	}
}

func TestCellBox_OfAnArmWithoutRequestsSaysWhy(t *testing.T) {
	d := sample.Incident().Cells[0]
	d.Cells.Candidate = nil
	for i := range d.Quantiles {
		d.Quantiles[i].Cell.Candidate = analysis.Missing("no request in the window")
	}
	if g := part.CellBox(d, part.State{}, 78, 26).String(); !strings.Contains(g, "cand — (no request in the window)") {
		t.Errorf("it says:\n%s", g)
	}
}
