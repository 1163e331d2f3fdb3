package score

import (
	"rampart/analysis/dossier"
	"rampart/analysis/seq"
)

// strata are one measure's counts of a block by stratum, in room that is kept from block to block.
type strata struct {
	n      int
	keys   []string
	blocks []seq.Block      // of errors
	cells  []seq.CellCounts // of latency
}

// split takes a block's strata of the measure, whose place among the header's measures is given. A block in which it is
// not split leaves none.
func (m *Measure) split(b *dossier.Block, place int) {
	if m.strata.n = 0; len(b.Strata) == 0 || !b.Split(place) {
		return
	}
	m.strata.keys = m.strata.keys[:0]
	for i := range b.Strata {
		m.strata.keys = append(m.strata.keys, b.Strata[i].Key)
		l, c := countsIn(&b.Strata[i].Legacy, place), countsIn(&b.Strata[i].Candidate, place)
		if m.errors != nil {
			m.strata.addErrors(l, c)
		} else {
			m.strata.addCells(l, c, len(m.a))
		}
	}
}

// countsIn are an arm's counts of a measure; nil where it has none, which in a stratum means no request.
func countsIn(a *dossier.Arm, place int) *dossier.Counts {
	if !a.Scraped || !a.Counts[place].Known {
		return nil
	}
	return &a.Counts[place]
}

func (s *strata) addErrors(legacy, candidate *dossier.Counts) {
	if s.n == len(s.blocks) {
		s.blocks = append(s.blocks, seq.Block{})
	}
	s.blocks[s.n] = blockOf(legacy, candidate)
	s.n++
}

func (s *strata) addCells(legacy, candidate *dossier.Counts, width int) {
	if s.n == len(s.cells) {
		s.cells = append(s.cells, seq.CellCounts{Legacy: make([]float64, width), Candidate: make([]float64, width)})
	}
	fillCells(s.cells[s.n].Legacy, legacy)
	fillCells(s.cells[s.n].Candidate, candidate)
	s.n++
}

// blockOf are both arms' counts of errors as numbers.
func blockOf(legacy, candidate *dossier.Counts) (b seq.Block) {
	if legacy != nil {
		b.LegacyN, b.LegacyX = float64(legacy.Requests), float64(legacy.Errors)
	}
	if candidate != nil {
		b.CandidateN, b.CandidateX = float64(candidate.Requests), float64(candidate.Errors)
	}
	return b
}

func fillCells(dst []float64, from *dossier.Counts) {
	clear(dst)
	if from == nil {
		return
	}
	for k := range dst {
		dst[k] = float64(from.Cells[k])
	}
}
