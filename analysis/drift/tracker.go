package drift

import (
	"fmt"

	"rampart/analysis/seq"
	"rampart/sources"
)

// trackedCategories is how many categories a tracker tells apart; the first ones seen, all others are one cell.
const trackedCategories = 32

// Tracker holds one feature of one rollout: the sums for the distances and the evidence, fed block by block. The
// evidence is an e-process: looking at it costs nothing, and what drifts in both arms at once or moves with the split
// leaves it alone (the k-sample multinomial of package seq). It sees any change of shape, and a change of the missing
// share as one more cell. It is not repaired for noise private to one arm, so it may warn and not act.
type Tracker struct {
	options Options
	kind    Kind
	sums    sources.ByArm[Cells]
	names   sources.ByArm[Categories]
	slots   map[sources.Text]int
	cells   *seq.Cells
	missing bool
	blocks  int
}

// NewTracker starts without a block.
func NewTracker(o Options) *Tracker { return &Tracker{options: o} }

// Add takes a block of a numeric feature. The first block fixes the edges; a later one that lacks some of them is refused
// and leaves everything as it was.
func (t *Tracker) Add(legacy, candidate Cells) error {
	for _, c := range []Cells{legacy, candidate} {
		if err := c.Check(); err != nil {
			return t.refuse(err)
		}
	}
	if t.kind == Categorical {
		return t.refuse(fmt.Errorf("%w: the feature was categorical before", ErrCells))
	}
	a, b, _, err := Common(legacy, candidate)
	if err != nil {
		return t.refuse(err)
	}
	if t.kind == 0 {
		t.startNumeric(a, b)
		return nil
	}
	for _, e := range t.sums.Legacy.Edges {
		if !a.hasEdge(e) {
			return t.refuse(fmt.Errorf("%w: edge %g is gone", ErrCells, e))
		}
	}
	a, b = a.onto(t.sums.Legacy.Edges), b.onto(t.sums.Legacy.Edges)
	t.compare(t.row(a.Counts, a.Missing), t.row(b.Counts, b.Missing))
	t.sums.Legacy, t.sums.Candidate = t.sums.Legacy.plus(a), t.sums.Candidate.plus(b)
	return nil
}

func (t *Tracker) startNumeric(a, b Cells) {
	t.kind, t.missing = Numeric, a.Missing.Known && b.Missing.Known
	k := len(a.Counts)
	if t.missing {
		k++
	}
	t.cells = seq.NewCells(max(k, 2), 0)
	t.compare(t.row(a.Counts, a.Missing), t.row(b.Counts, b.Missing))
	t.sums = sources.ByArm[Cells]{Legacy: a.clone(), Candidate: b.clone()}
}

// row is the cells with the missing as one more, padded to the two cells the evidence needs.
func (t *Tracker) row(counts []float64, missing Amount) []float64 {
	row := append([]float64(nil), counts...)
	if t.missing {
		row = append(row, missing.V)
	}
	for len(row) < 2 {
		row = append(row, 0)
	}
	return row
}

func (t *Tracker) compare(a, b []float64) {
	t.cells.Add(a, b, 1)
	t.blocks++
}

func (t *Tracker) refuse(err error) error {
	return fmt.Errorf("track %s: %w", sources.Visible(t.options.Feature), err)
}

// AddCategories takes a block of a categorical feature. A category that is new in this block counts as other until the
// next one: which cells there are may depend on the past only.
func (t *Tracker) AddCategories(legacy, candidate Categories) error {
	if t.kind == Numeric {
		return t.refuse(fmt.Errorf("%w: the feature was numeric before", ErrCells))
	}
	if t.kind == 0 {
		t.kind, t.missing = Categorical, legacy.missing.Known && candidate.missing.Known
		t.slots = map[sources.Text]int{}
		k := trackedCategories + 1
		if t.missing {
			k++
		}
		t.cells = seq.NewCells(k, 0)
	}
	t.compare(t.slotted(legacy), t.slotted(candidate))
	t.names.Legacy.Merge(legacy)
	t.names.Candidate.Merge(candidate)
	names, _, _ := aligned(legacy, candidate)
	for _, name := range names {
		if _, seen := t.slots[name]; !seen && len(t.slots) < trackedCategories && name != rest() {
			t.slots[name] = len(t.slots) + 1
		}
	}
	return nil
}

// slotted lays the counts into the slots; slot 0 is for names without one.
func (t *Tracker) slotted(c Categories) []float64 {
	counts := make([]float64, trackedCategories+1)
	counts[0] = c.other
	for _, name := range c.names() {
		counts[t.slots[name]] += c.counts[name]
	}
	return t.row(counts, c.missing)
}

// Report compares the sums of all blocks and states the evidence.
func (t *Tracker) Report() Report {
	var r Report
	switch t.kind {
	case Numeric:
		r = Compare(t.sums.Legacy, t.sums.Candidate, t.options)
	case Categorical:
		r = CompareCategories(t.names.Legacy, t.names.Candidate, t.options)
	default:
		r = newReport(0, t.options)
		r.unknownAll("no block was read")
		return r
	}
	r.Evidence = t.Evidence()
	return r
}

// Evidence is that of all blocks so far, without the work of a report.
func (t *Tracker) Evidence() Evidence {
	if t.cells == nil || t.options.Reference == Saved {
		return newReport(t.kind, t.options).Evidence
	}
	return Evidence{LogE: t.cells.TwoSided(), Blocks: t.blocks, Known: true}
}

func (c Cells) hasEdge(edge float64) bool {
	for _, e := range c.Edges {
		if compareEdges(e, edge) == 0 {
			return true
		}
	}
	return false
}
