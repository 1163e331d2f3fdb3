package panel_test

import (
	"regexp"
	"strings"
	"testing"

	"rampart/ui/panel"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestDrift_NoRowIsEmptyWhileFeaturesAreLeftOut(t *testing.T) {
	empty := regexp.MustCompile(`(?m)^│ *│$`)
	f := sample.Incident()
	for _, cells := range []int{len(f.Drift[0].Cells.Legacy), 4} {
		for h := 14; h <= 60; h++ {
			text := panel.NewSet().Drift.View(f, state(), part.Box{W: 120, H: h}).String()
			if blank := len(empty.FindAllString(text, -1)); blank > 0 && strings.Contains(text, " more") {
				t.Errorf("%d rows, %d cells: %d are empty\n%s", h, cells, blank, text)
			}
		}
		for i := range f.Drift {
			x := &f.Drift[i].Cells
			x.Legacy, x.Candidate = x.Legacy[:min(4, len(x.Legacy))], x.Candidate[:min(4, len(x.Candidate))]
		}
	}
}
