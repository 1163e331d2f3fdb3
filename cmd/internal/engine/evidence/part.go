package evidence

import (
	"cmp"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/score"
	"rampart/sources"
)

// mostStrata is how many strata of a block are named.
const mostStrata = 3

// part is one measure's part of a block.
type part struct {
	edge, due, logHarm, logSafe float64
	tallies                     sources.ByArm[analysis.Tally]
	scraped, lost               sources.ByArm[bool]
	ratio                       ratio
	strata                      []analysis.StratumPart
}

// weights are a measure's ln E of both sides.
type weights struct{ harm, safe float64 }

// ratio is a measure's ratio so far with its confidence sequence, where that was solved.
type ratio struct {
	v, lo, hi float64
	n         int64
	solved    bool
	known     bool
	bounded   bool
	later     *trail // not nil: its limits are solved there when they are looked at
	place     int
}

// part notes one measure's part of a block.
func (ev *Case) part(b *dossier.Block, i int, m *score.Measure, shown bool) part {
	name := m.Spec.Name
	before := ev.before[name]
	p := part{logHarm: m.LogHarm() - before.harm, logSafe: m.LogSafe() - before.safe}
	ev.before[name] = weights{m.LogHarm(), m.LogSafe()}
	if edge, latency := m.Edge(); latency {
		p.edge = edge
	}
	counts := tallies(&b.Legacy, &b.Candidate, i, m)
	for _, a := range sources.Arms() {
		if t := counts.Of(a); t != nil {
			*p.tallies.Ptr(a), *p.scraped.Ptr(a) = *t, true
		}
	}
	p.lost = ev.lost[name][b.End.UnixNano()]
	p.due = due(counts, m.Spec.HarmMargin)
	if len(b.Strata) > 0 && b.Split(i) {
		p.strata, p.due = strataParts(b, i, m)
	}
	if shown {
		p.ratio = ev.ratio(b, i, m)
	}
	return p
}

// solved is a measure's ratio as of the newest block.
func solved(m *score.Measure, alpha float64) ratio {
	r := ratio{solved: true}
	if r.v, r.known = m.Ratio(); r.known {
		r.n = int64(m.Sum().CandidateN)
		r.lo, r.hi, r.bounded = m.Interval(alpha)
	}
	return r
}

// value is the ratio as it is shown.
func (r ratio) value(at time.Time) analysis.Value {
	if !r.known {
		return analysis.Missing("no ratio yet").AsOf(at)
	}
	if r.later != nil {
		l := r.later.at(r.place)
		r.lo, r.hi, r.bounded = l.lo, l.hi, l.bounded
	}
	v := analysis.Number(r.v, analysis.Ratio, r.n).AsOf(at)
	if !r.bounded {
		return v.AtLeast(r.lo)
	}
	return v.Between(r.lo, r.hi)
}

// shown is the part as a panel shows it; its block says when.
func (p *part) shown(measure string) analysis.Part {
	out := analysis.Part{Measure: measure, Edge: p.edge, Due: p.due, LogHarm: p.logHarm, LogSafe: p.logSafe, Strata: p.strata, Lost: p.lost}
	for _, a := range sources.Arms() {
		if t := p.tallies.Of(a); p.scraped.Of(a) {
			*out.Counts.Ptr(a) = &t
		}
	}
	out.Ratio = analysis.Missing("not kept so far back")
	if p.ratio.solved {
		out.Ratio = p.ratio.value(time.Time{})
	}
	return out
}

// tallies are both arms' counts of a measure.
func tallies(legacy, candidate *dossier.Arm, i int, m *score.Measure) sources.ByArm[*analysis.Tally] {
	return sources.ByArm[*analysis.Tally]{Legacy: tally(legacy, i, m), Candidate: tally(candidate, i, m)}
}

// tally is an arm's counts of a measure: of latency, of requests above the edge with most evidence.
func tally(a *dossier.Arm, i int, m *score.Measure) *analysis.Tally {
	if !a.Scraped || !a.Counts[i].Known {
		return nil
	}
	c := &a.Counts[i]
	t := &analysis.Tally{Requests: c.Requests, Bad: c.Errors}
	if edge, latency := m.Edge(); latency {
		t.Bad = 0
		for k, n := range c.Cells {
			if k > 0 && m.Spec.Edges[k-1] >= edge {
				t.Bad += n
			}
		}
	}
	return t
}

// due is what would be the candidate's of both arms' counted requests, were its rate legacy's times the limit.
func due(c sources.ByArm[*analysis.Tally], margin float64) float64 {
	if c.Legacy == nil || c.Candidate == nil {
		return 0
	}
	n := float64(c.Candidate.Requests) * (1 + margin)
	if n == 0 {
		return 0
	}
	return float64(c.Legacy.Bad+c.Candidate.Bad) * n / (float64(c.Legacy.Requests) + n)
}

// strataParts are the strata in which the candidate got more than its due, furthest first, and its due in all of them.
func strataParts(b *dossier.Block, i int, m *score.Measure) (above []analysis.StratumPart, sum float64) {
	for k := range b.Strata {
		s := &b.Strata[k]
		c := tallies(&s.Legacy, &s.Candidate, i, m)
		d := due(c, m.Spec.HarmMargin)
		sum += d
		if c.Legacy != nil && c.Candidate != nil && float64(c.Candidate.Bad) > d {
			above = append(above, analysis.StratumPart{Key: sources.NewText(s.Key), Bad: c.Candidate.Bad, Due: d, Requests: c.Candidate.Requests})
		}
	}
	slices.SortStableFunc(above, func(a, b analysis.StratumPart) int {
		return cmp.Compare(float64(b.Bad)-b.Due, float64(a.Bad)-a.Due)
	})
	return above[:min(len(above), mostStrata)], sum
}
