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

const (
	// mostSteps is how many of the newest blocks are explained: an hour of scrapes.
	mostSteps = 240
	// mostStrata is how many strata of a block are named.
	mostStrata = 3
)

// steps are the newest blocks with what each added to the evidence. Frames share them: what was appended is never changed.
type steps struct {
	all        []analysis.Contribution
	harm, safe map[string]float64 // ln E of each measure before the block at hand
}

// push appends, and now and then begins a new array without the old ones.
func (s *steps) push(c analysis.Contribution) {
	if len(s.all) >= 2*mostSteps {
		s.all = slices.Clone(s.all[len(s.all)-mostSteps:])
	}
	s.all = append(s.all, c)
}

// newest are those that are shown, oldest first.
func (s *steps) newest() []analysis.Contribution {
	return slices.Clip(s.all[max(0, len(s.all)-mostSteps):])
}

// find is the step of a block, or what else is known of one that is no longer held.
func (s *steps) find(block int, otherwise analysis.Contribution) analysis.Contribution {
	for _, c := range s.newest() {
		if c.Block == block {
			return c
		}
	}
	return otherwise
}

// step notes what the block that was just judged said. The confidence sequence is solved only for blocks that may be
// shown: it costs more than the judgement.
func (ev *Case) step(b *dossier.Block) {
	n := ev.judge.Newest()
	c := analysis.Contribution{
		Block: n.Block, At: n.End, LogE: n.LogE, LogSafe: n.LogSafe, Harm: ev.judge.LogHarm(), Safe: ev.judge.LogSafe(),
		Split: sources.Split{Known: b.ShareKnown},
	}
	if b.ShareKnown {
		c.Split.Candidate = sources.ShareOf(b.Share)
	}
	shown := n.End.After(ev.until.Add(-mostSteps * ev.cfg.Step))
	for i, m := range ev.judge.Measures() {
		c.Parts = append(c.Parts, ev.part(b, i, m, shown))
	}
	ev.steps.push(c)
}

// part is one measure's part of a block.
func (ev *Case) part(b *dossier.Block, i int, m *score.Measure, shown bool) analysis.Part {
	name := m.Spec.Name
	p := analysis.Part{Measure: name, LogHarm: m.LogHarm() - ev.steps.harm[name], LogSafe: m.LogSafe() - ev.steps.safe[name]}
	ev.steps.harm[name], ev.steps.safe[name] = m.LogHarm(), m.LogSafe()
	edge, latency := m.Edge()
	if latency {
		p.Edge = edge
	}
	p.Counts = sources.ByArm[*analysis.Tally]{Legacy: tally(&b.Legacy, i, m), Candidate: tally(&b.Candidate, i, m)}
	p.Due = due(p.Counts, m.Spec.HarmMargin)
	if len(b.Strata) > 0 && b.Split(i) {
		p.Strata, p.Due = strataParts(b, i, m)
	}
	p.Ratio = analysis.Missing("not kept so far back")
	if shown {
		p.Ratio = ratioOf(m, ev.judge.Alpha(), time.Time{}) // its block says when
	}
	return p
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
		c := sources.ByArm[*analysis.Tally]{Legacy: tally(&s.Legacy, i, m), Candidate: tally(&s.Candidate, i, m)}
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
