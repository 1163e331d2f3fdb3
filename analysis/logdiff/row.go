package logdiff

import (
	"cmp"
	"math"
	"slices"
	"time"

	"rampart/analysis/logtmpl"
	"rampart/sources"
)

// Row is one template compared between the arms.
type Row struct {
	ID       logtmpl.ID
	Lines    sources.ByArm[int64] // in the closed blocks whose requests are known; per [Basis.Requests]
	LogE     float64              // the evidence that the candidate writes it more often per request, ln E
	LogNeed  float64              // the evidence at which it is selected beside those that are, ln
	Selected bool                 // by e-BH at alpha over all templates
	New      bool                 // legacy never wrote it
	Bursty   bool                 // the lines came in bursts: the evidence says too much
	Clock    bool                 // processes write it by the clock, not requests, and the candidate's no more per minute
	Ratio    float64              // of lines per request, each block compared within itself (Mantel and Haenszel 1959)
	Known    bool                 // the ratio is known: legacy wrote some
	Lo, Hi   float64              // 95 % confidence sequence of the ratio; 0 without a lower end
	Bounded  bool                 // Hi is known
	First    time.Time            // the first line of either arm
	Last     time.Time
}

// intervalAlpha is what the interval of a ratio leaves out.
const intervalAlpha = .05

// Rows are the templates with lines of the candidate by evidence, the largest first, at most so many. Those that are
// selected stand first.
func (d *Diff) Rows(most int) []Row {
	all := d.ranked()
	selected := d.chosen(all)
	var out []Row
	for i, r := range all {
		if len(out) >= most {
			break
		}
		if r.lines.Candidate > 0 {
			out = append(out, d.row(r, i < selected, selected))
		}
	}
	return out
}

// Row is one template's, wherever it stands; false when it is not known.
func (d *Diff) Row(id logtmpl.ID) (Row, bool) {
	all := d.ranked()
	selected := d.chosen(all)
	for i, r := range all {
		if r.id == id {
			return d.row(r, i < selected, selected), true
		}
	}
	return Row{}, false
}

// Has tells whether a template is held.
func (d *Diff) Has(id logtmpl.ID) bool { return d.byID[id] != nil }

// ranking is a template with its wealth, which e-BH ranks by.
type ranking struct {
	*template
	wealth float64
	clock  bool
}

// ranked are all templates, the largest wealth first, behind them those that follow the clock and not requests. Leaving
// templates out of the ranking can only lower the chance that a healthy rollout shows any.
func (d *Diff) ranked() []ranking {
	out := make([]ranking, 0, len(d.byID))
	for _, t := range d.byID {
		out = append(out, ranking{t, t.wealth(), d.byClock(t)})
	}
	slices.SortFunc(out, func(a, b ranking) int {
		if a.clock != b.clock {
			return map[bool]int{false: -1, true: 1}[a.clock]
		}
		return cmp.Or(cmp.Compare(b.wealth, a.wealth), cmp.Compare(a.id, b.id))
	})
	return out
}

// chosen is how many of the ranked templates e-BH selects: the largest k of which each has E w >= 1/(alpha k).
func (d *Diff) chosen(ranked []ranking) int {
	for k := len(ranked); k > 0; k-- {
		if !ranked[k-1].clock && ranked[k-1].wealth >= -math.Log(d.cfg.Alpha*float64(k)) {
			return k
		}
	}
	return 0
}

func (d *Diff) row(t ranking, selected bool, k int) Row {
	r := d.summary(t, selected, k)
	r.Lo, r.Hi, r.Bounded = t.interval.Ratio(intervalAlpha)
	return r
}

// summary is a row without its interval.
func (d *Diff) summary(t ranking, selected bool, k int) Row {
	if !selected {
		k++
	}
	r := Row{
		ID: t.id, Lines: t.lines, LogE: t.wealth - t.part(), LogNeed: -math.Log(d.cfg.Alpha*float64(k)) - t.part(),
		Selected: selected, New: t.isNew(), Bursty: t.harm.Burst().Red(), Clock: t.clock, First: t.seen(), Last: t.last,
	}
	r.Ratio, r.Known = t.ratio.Ratio()
	return r
}

// Basis is what all rows rest on.
func (d *Diff) Basis() Basis {
	b := d.basis
	b.Templates = len(d.byID)
	return b
}

// Rates are one template's lines and all requests over the remembered blocks, in cells of so many blocks, oldest first;
// the last cell ends at the newest closed block. Blocks whose requests are not known are left out of both.
func (d *Diff) Rates(id logtmpl.ID, cells, blocks int) []Rate {
	out := make([]Rate, cells)
	place := func(block int64) int { return cells - 1 - int(d.closed-block)/blocks }
	known := map[int64]bool{}
	for _, r := range d.requests {
		if i := place(r.block); i >= 0 {
			known[r.block] = true
			out[i].Requests.Legacy += r.n.Legacy
			out[i].Requests.Candidate += r.n.Candidate
		}
	}
	t := d.byID[id]
	if t == nil {
		return out
	}
	for _, c := range t.past {
		if i := place(c.block); i >= 0 && known[c.block] {
			out[i].Lines.Legacy += int64(c.legacy)
			out[i].Lines.Candidate += int64(c.candidate)
		}
	}
	return out
}

// Rate is lines and requests of both arms over the same blocks.
type Rate struct {
	Lines, Requests sources.ByArm[int64]
}

// Interval is the 95 % confidence sequence of one template's ratio.
func (d *Diff) Interval(id logtmpl.ID) (lo, hi float64, bounded bool) {
	t := d.byID[id]
	if t == nil {
		return 0, 0, false
	}
	return t.interval.Ratio(intervalAlpha)
}

// ByID are the rows of all templates without their intervals, which take longest: [Diff.Interval] gives one.
func (d *Diff) ByID() map[logtmpl.ID]Row {
	all := d.ranked()
	selected := d.chosen(all)
	out := make(map[logtmpl.ID]Row, len(all))
	for i, t := range all {
		out[t.id] = d.summary(t, i < selected, selected)
	}
	return out
}
