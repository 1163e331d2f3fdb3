package panel

import (
	"math"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
)

// splitBar is the candidate's share of the traffic as far as is known: what the servers amount to, or what is set.
func splitBar(t frame.Traffic) cell.Line {
	s := t.Effective
	if !s.Known {
		s = t.Set
	}
	return shareBar(s, 20)
}

func shareBar(s sources.Split, w int) cell.Line {
	v := math.NaN()
	if s.Known {
		v = s.Candidate.Fraction()
	}
	return chart.Bar(v, w, cell.Candidate)
}
