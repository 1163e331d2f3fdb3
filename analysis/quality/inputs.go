package quality

import (
	"fmt"
	"slices"
	"time"

	"rampart/analysis/drift"
	"rampart/sources"
)

// Input is one field whose distribution is compared between the arms.
type Input struct {
	Field       string
	Categorical bool
}

// Inputs holds the distributions of fields in both arms over the newest blocks, at a fixed resolution. Make it with
// NewInputs.
type Inputs struct {
	inputs    []Input
	step      time.Duration
	keep      int
	watermark time.Time
	blocks    map[int64]*block // by the nanosecond at which they end
	late      sources.ByArm[int64]
}

// block is the values of one span, by input.
type block struct {
	numbers []sources.ByArm[drift.Sketch]
	names   []sources.ByArm[drift.Categories]
}

// MostInputs bounds the fields that are compared.
const MostInputs = 64

// NewInputs starts without values. They are compared over the newest span, in blocks of a thirtieth of it.
func NewInputs(inputs []Input, span time.Duration) (*Inputs, error) {
	const parts = 30
	if len(inputs) > MostInputs {
		return nil, fmt.Errorf("predictions: %d fields: want at most %d", len(inputs), MostInputs)
	}
	if span < parts*time.Second {
		return nil, fmt.Errorf("predictions: a span of %v: want at least %v", span, parts*time.Second)
	}
	return &Inputs{inputs: inputs, step: (span / parts).Truncate(time.Second), keep: parts, blocks: map[int64]*block{}}, nil
}

// Add takes a line's values, one for each input in their order. A number that is none counts as missing.
func (i *Inputs) Add(arm sources.Arm, at time.Time, values []Value) {
	if arm != sources.Legacy && arm != sources.Candidate || len(values) != len(i.inputs) {
		return
	}
	if at.Before(i.watermark) {
		*i.late.Ptr(arm)++
		return
	}
	end := sources.Align(at, i.step).Add(i.step).UnixNano()
	b := i.blocks[end]
	if b == nil {
		if len(i.blocks) >= 4*i.keep {
			return
		}
		b = &block{numbers: make([]sources.ByArm[drift.Sketch], len(i.inputs)), names: make([]sources.ByArm[drift.Categories], len(i.inputs))}
		i.blocks[end] = b
	}
	for k, v := range values {
		if i.inputs[k].Categorical {
			b.name(k, arm, v)
			continue
		}
		b.number(k, arm, v)
	}
}

func (b *block) name(k int, arm sources.Arm, v Value) {
	c := b.names[k].Ptr(arm)
	if !v.Known {
		c.AddMissing(1)
		return
	}
	c.Add(v.Text, 1)
	c.AddMissing(0)
}

func (b *block) number(k int, arm sources.Arm, v Value) {
	s := b.numbers[k].Ptr(arm)
	x, ok := number(v.Text.String())
	if !v.Known || !ok {
		s.AddMissing(1)
		return
	}
	s.Add(x)
}

// Advance says that no line before the watermark is to be expected any more, and forgets blocks that are too old.
func (i *Inputs) Advance(watermark time.Time) {
	if !watermark.After(i.watermark) {
		return
	}
	i.watermark = sources.Align(watermark, i.step)
	oldest := i.watermark.Add(-time.Duration(i.keep) * i.step).UnixNano()
	for end := range i.blocks {
		if end <= oldest {
			delete(i.blocks, end)
		}
	}
}

// Late is how many lines came behind the watermark.
func (i *Inputs) Late() sources.ByArm[int64] { return i.late }

// Reports compare the arms over the blocks that the watermark has passed, both over the same, which are those from since
// on.
func (i *Inputs) Reports(since time.Time) (reports []drift.Report, window sources.Window) {
	var ends []int64
	for end := range i.blocks {
		if end <= i.watermark.UnixNano() && !time.Unix(0, end).Add(-i.step).Before(since) {
			ends = append(ends, end)
		}
	}
	slices.Sort(ends)
	if len(ends) > 0 {
		window = sources.Window{From: time.Unix(0, ends[0]).Add(-i.step), To: time.Unix(0, ends[len(ends)-1])}
	}
	for k, in := range i.inputs {
		if in.Categorical {
			reports = append(reports, i.compareNames(k, ends))
			continue
		}
		reports = append(reports, i.compareNumbers(k, ends))
	}
	return reports, window
}

func (i *Inputs) compareNames(k int, ends []int64) drift.Report {
	var sum sources.ByArm[drift.Categories]
	for _, end := range ends {
		for _, a := range sources.Arms() {
			sum.Ptr(a).Merge(i.blocks[end].names[k].Of(a))
		}
	}
	return drift.CompareCategories(sum.Legacy, sum.Candidate, drift.Options{Feature: i.inputs[k].Field})
}

// compareNumbers cuts both arms at the deciles of both together.
func (i *Inputs) compareNumbers(k int, ends []int64) drift.Report {
	var sum sources.ByArm[drift.Sketch]
	var all drift.Sketch
	for _, end := range ends {
		for _, a := range sources.Arms() {
			s := i.blocks[end].numbers[k].Of(a)
			sum.Ptr(a).Merge(s)
			all.Merge(s)
		}
	}
	edges := all.Deciles()
	r := drift.Compare(sum.Legacy.Cells(edges), sum.Candidate.Cells(edges), drift.Options{Feature: i.inputs[k].Field})
	if r.PSI.Known {
		r.Binning += " at the deciles of both sides"
	}
	return r
}
