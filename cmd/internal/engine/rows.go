package engine

import (
	"fmt"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// findings are the block measures with their values, differences and evidence. Marks are the judge's.
//
// It is found once for each change of the book: the plane is read more often than blocks end, and each frame and each
// guard asks for it.
func (b *book) findings() []analysis.Finding {
	if b.said == nil {
		b.said = b.find()
	}
	return slices.Clone(b.said)
}

func (b *book) find() []analysis.Finding {
	var out []analysis.Finding
	for _, m := range b.svc.Measures {
		h := b.hist[m.Name]
		f := analysis.Finding{Measure: m.Measure, Limit: b.ratioLimit(m.Name)}
		f.Legacy, f.Candidate = b.value(m, h, sources.Legacy), b.value(m, h, sources.Candidate)
		if h.err != nil {
			why := sources.Visible(h.err.Error())
			f.Legacy, f.Candidate = analysis.Missing(why), analysis.Missing(why)
		}
		b.ev.Fill(m.Measure, &f)
		out = append(out, f)
	}
	return out
}

// value is an arm's share over the rollout so far; for a histogram without an edge, the cell of its p99.
func (b *book) value(m Measure, h *history, a sources.Arm) analysis.Value {
	all, at := b.total(m, h, a), h.newest.Of(a)
	if m.Kind == analysis.Latency {
		return h.quantile(all, 0.99, at)
	}
	if all.Counts == nil && h.blocks.len() == 0 {
		return unread(h)
	}
	return h.share(m.Measure, all, at)
}

// total is what an arm did in the rollout so far; where nothing has been judged yet, in the last half hour.
func (b *book) total(m Measure, h *history, a sources.Arm) sum {
	if c := b.ev.Total(m.Name, a); c != nil || h.blocks.len() == 0 {
		return sum{Counts: c}
	}
	return h.within(a, h.blocks.last(), chartPast)
}

// quantile is the cell in which a quantile of a sum lies, or why that is not known.
func (h *history) quantile(s sum, q float64, at time.Time) analysis.Value {
	if s.Counts == nil && s.lost > 0 {
		return analysis.Missing(otherBuckets)
	}
	return quantile(h.edges, s.Counts, q, at)
}

// quantile is the cell in which a quantile lies: never a point between edges, and no evidence.
func quantile(edges []float64, c *sources.Counts, q float64, at time.Time) analysis.Value {
	if c == nil || c.Requests == 0 || len(c.Cells) != len(edges)+1 {
		return analysis.Missing("no request in the window")
	}
	var below int64
	need := q * float64(c.Requests)
	for i, n := range c.Cells {
		below += n
		if float64(below) < need {
			continue
		}
		v := analysis.Number(0, analysis.Seconds, c.Requests).AsOf(at)
		v.Cell = true
		lo := 0.0
		if i > 0 {
			lo = edges[i-1]
		}
		if i == len(edges) {
			v.V = lo
			return v.AtLeast(lo)
		}
		v.V = edges[i]
		return v.Between(lo, edges[i])
	}
	return analysis.Missing("no request in the window")
}

func (b *book) ratioLimit(measure string) analysis.Value {
	for _, g := range b.svc.Guards {
		if g.Measure == measure && g.Relative() {
			return analysis.Number(g.MaxRatio, analysis.Ratio, 0)
		}
	}
	return analysis.Missing("no guard")
}

// rows is the overview's table.
func (b *book) rows(v analysis.Verdict) []frame.Row {
	var out []frame.Row
	for i, m := range b.svc.Measures {
		h := b.hist[m.Name]
		f := v.Measures[i]
		r := frame.Row{
			Mark: f.Mark, Measure: titleOf(m.Measure), Key: m.Name, Kind: m.Kind, Legacy: f.Legacy, Candidate: f.Candidate,
			Difference: f.Difference, Note: f.Detail, Limit: f.Limit, At: later(h.newest), N: sources.ByArm[int64]{Legacy: f.Legacy.N, Candidate: f.Candidate.N},
		}
		if !f.Limit.Known {
			r.LimitNote = m.Judge.String()
		}
		if n := h.blocks.len(); n > 0 {
			end := h.blocks.last()
			r.History = sources.ByArm[[]analysis.Value]{Legacy: h.strip(m.Measure, sources.Legacy, end), Candidate: h.strip(m.Measure, sources.Candidate, end)}
		}
		out = append(out, r)
		if m.Kind == analysis.Share {
			out = append(out, b.cellRow(m, h))
		}
	}
	out = append(out, b.driftRows()...)
	return append(out, b.thresholdRows()...)
}

// cellRow shows in which cell the p99 of a share's histogram lies.
func (b *book) cellRow(m Measure, h *history) frame.Row {
	r := frame.Row{Mark: analysis.MarkReport, Measure: "p99, cell", Key: m.Name, Kind: analysis.Latency, Note: "not evidence", At: later(h.newest)}
	var both sources.ByArm[analysis.Value]
	for _, a := range sources.Arms() {
		v := h.quantile(b.total(m, h, a), 0.99, h.newest.Of(a))
		if h.blocks.len() == 0 {
			v = unread(h)
		}
		*r.N.Ptr(a), *both.Ptr(a) = v.N, v
	}
	r.Legacy, r.Candidate = both.Legacy, both.Candidate
	if !r.Legacy.Known && !r.Candidate.Known {
		r.Mark = analysis.MarkMissing
	}
	return r
}

// unread is the value of a measure of which no block was read: nobody knows whether there were requests.
func unread(h *history) analysis.Value {
	if h.err != nil {
		return analysis.Missing(sources.Visible(h.err.Error()))
	}
	return analysis.Missing("no block yet")
}

func later(t sources.ByArm[time.Time]) time.Time {
	if t.Candidate.After(t.Legacy) {
		return t.Candidate
	}
	return t.Legacy
}

// driftRows is one row for each drift measure: its worst feature.
func (b *book) driftRows() []frame.Row {
	var out []frame.Row
	for _, d := range b.svc.Drift {
		r := frame.Row{Mark: analysis.MarkMissing, Measure: d.Name, Key: d.Name, Kind: d.Kind, LimitNote: d.Judge.String(), At: b.driftAt}
		count := 0
		var worst *frame.Feature
		for i := range b.drift {
			f := &b.drift[i]
			if f.Measure != d.Name {
				continue
			}
			count++
			if worst == nil || f.PSI.Known && (!worst.PSI.Known || f.PSI.V > worst.PSI.V) {
				worst = f
			}
		}
		if worst == nil {
			r.Legacy, r.Candidate = analysis.Missing("no distribution was read"), analysis.Missing("no distribution was read")
		} else {
			r.Mark, r.Legacy, r.Candidate, r.N, r.Limit = worst.Mark, worst.Legacy, worst.Candidate, worst.N, worst.Limit
			r.Note = driftNote(*worst)
			r.History = worst.History()
			if count > 1 {
				r.Measure = fmt.Sprintf("%s %d", d.Name, count)
				r.Note = "worst " + worst.Name + " " + r.Note
			}
		}
		out = append(out, r)
	}
	return out
}

func driftNote(f frame.Feature) string {
	if !f.PSI.Known {
		return f.PSI.Why
	}
	text := fmt.Sprintf("PSI %.2g", f.PSI.V)
	if f.PSINull.Known {
		text += fmt.Sprintf(" (null %.2g)", f.PSINull.V)
	}
	return text
}

// thresholdRows is one row for each free expression.
func (b *book) thresholdRows() []frame.Row {
	var out []frame.Row
	for _, t := range b.svc.Thresholds {
		r := frame.Row{Mark: analysis.MarkReport, Measure: t.Name, Key: t.Name, Kind: t.Kind, Note: "no n", LimitNote: "threshold", Legacy: analysis.Missing("one number for both arms")}
		got, ok := b.free[t.Name]
		switch {
		case !ok:
			r.Candidate, r.Mark = analysis.Missing("not asked yet"), analysis.MarkMissing
		case got.err != nil:
			r.Candidate, r.Mark = analysis.Missing(sources.Visible(got.err.Error())), analysis.MarkMissing
		default:
			r.Candidate, r.At = analysis.Number(got.sample.Value, analysis.Bare, 0).AsOf(got.sample.At), got.sample.At
		}
		out = append(out, r)
	}
	return out
}

// queries are the expanded queries, for `i`.
func (b *book) queries() []frame.Query {
	var out []frame.Query
	for _, m := range b.svc.Measures {
		out = append(out, frame.Query{Panel: titleOf(m.Measure), Measure: m.Name, Text: b.hist[m.Name].query})
	}
	return out
}
