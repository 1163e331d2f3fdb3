package score

import (
	"math"
	"time"

	"rampart/analysis/seq"
	"rampart/analysis/stat"
)

// onsetKept bounds how far back the begin of harm is looked for: an hour of scrapes.
const onsetKept = 240

// onset looks for when harm began, once there is a call: the evidence is of the time since, while the ratio over the
// whole rollout still holds the good hours before and may cover the limit. It decides nothing. The begin is the one after
// which the candidate's part of all events is furthest above what the margin gives it, by the likelihood ratio of two
// binomials (Page 1955: where the best cumulated sum began).
//
// What is found so was chosen because it looks worst. Neither the ratio since then nor its interval is free of that
// choice: they describe the span, they are no confidence sequence and no evidence.
type onset struct {
	margin float64
	edges  int
	ends   [onsetKept]time.Time
	pulls  []pull // line by line, edge by edge: a ring
	lines  int

	begun bool // the call was made and a begin found
	at    time.Time
	edge  int
	sum   pull // of the edge since then
}

// pull is what lines say of where events lie: of events, got by the candidate where part would be its due at the margin.
type pull struct {
	events, got, part float64
	requests          float64 // of the candidate
	ratio             stat.RiskRatio
}

func (p pull) plus(o pull) pull {
	return pull{p.events + o.events, p.got + o.got, p.part + o.part, p.requests + o.requests, p.ratio.Plus(o.ratio)}
}

// take adds one stratum.
func (p *pull) take(b seq.Block, margin float64) {
	due := b.CandidateN * (1 + margin)
	if b.LegacyN == 0 || due == 0 {
		return
	}
	x := b.LegacyX + b.CandidateX
	p.events += x
	p.got += b.CandidateX
	p.part += x * due / (b.LegacyN + due)
	p.requests += b.CandidateN
	p.ratio.Add(stat.Stratum{A: stat.Proportion{Hits: b.LegacyX, N: b.LegacyN}, B: stat.Proportion{Hits: b.CandidateX, N: b.CandidateN}})
}

// worth is the likelihood ratio, ln, of the candidate getting what it got against its due; 0 where it got no more.
func (p pull) worth() float64 {
	if p.got <= p.part || p.part <= 0 {
		return 0
	}
	w := p.got * math.Log(p.got/p.part)
	if rest := p.events - p.got; rest > 0 {
		w += rest * math.Log(rest/(p.events-p.part))
	}
	return w
}

func newOnset(margin float64, edges int) *onset {
	return &onset{margin: margin, edges: edges, pulls: make([]pull, onsetKept*edges)}
}

// line begins a line and gives the pulls of its edges to fill.
func (o *onset) line(end time.Time) []pull {
	at := o.lines % onsetKept
	o.ends[at] = end
	o.lines++
	p := o.pulls[at*o.edges : (at+1)*o.edges]
	clear(p)
	return p
}

// follow adds the newest line to the sums since the begin.
func (o *onset) follow() {
	if o.begun {
		o.sum = o.sum.plus(o.pulls[(o.lines-1)%onsetKept*o.edges+o.edge])
	}
}

// find looks back from the call for the begin of harm above an edge.
func (o *onset) find(edge int, step time.Duration) {
	var sum pull
	most := 0.0
	for back := range min(o.lines, onsetKept) {
		at := (o.lines - 1 - back) % onsetKept
		sum = sum.plus(o.pulls[at*o.edges+edge])
		if w := sum.worth(); w > most {
			most, o.begun, o.edge, o.sum, o.at = w, true, edge, sum, o.ends[at].Add(-step)
		}
	}
}

// Onset is what was counted since harm seems to have begun; see [Measure.SinceOnset].
type Onset struct {
	At            time.Time // the begin of the first block
	Ratio, Lo, Hi float64
	N             int64 // requests of the candidate
}

// SinceOnset is the ratio since harm seems to have begun, when the rollout was called worse; it goes on with every block.
// Lo and Hi are a 95 % interval of fixed horizon over a span that was chosen for looking worst: descriptive, and no
// confidence sequence. Not known before the call, without an event in legacy since then, and for a judge that does not
// audit.
func (m *Measure) SinceOnset() (o Onset, known bool) {
	if m.onset == nil || !m.onset.begun {
		return Onset{}, false
	}
	ratio, lo, hi, err := m.onset.sum.ratio.Interval(.95)
	if err != nil {
		return Onset{}, false
	}
	return Onset{At: m.onset.at, Ratio: ratio, Lo: lo, Hi: hi, N: int64(m.onset.sum.requests)}, true
}

// watch takes the line into what is looked through for an onset.
func (m *Measure) watch(b seq.Block, end time.Time) {
	pulls := m.onset.line(end)
	switch {
	case m.errors != nil && m.strata.n > 0:
		for _, s := range m.strata.blocks[:m.strata.n] {
			pulls[0].take(s, m.onset.margin)
		}
	case m.errors != nil:
		pulls[0].take(b, m.onset.margin)
	case m.strata.n > 0:
		for _, s := range m.strata.cells[:m.strata.n] {
			takeEdges(pulls, s.Legacy, s.Candidate, m.onset.margin)
		}
	default:
		takeEdges(pulls, m.a, m.b, m.onset.margin)
	}
	m.onset.follow()
}

// takeEdges adds the requests above each edge.
func takeEdges(pulls []pull, legacy, candidate []float64, margin float64) {
	var above seq.Block
	for _, n := range legacy {
		above.LegacyN += n
	}
	for _, n := range candidate {
		above.CandidateN += n
	}
	above.LegacyX, above.CandidateX = above.LegacyN, above.CandidateN
	for e := range pulls {
		above.LegacyX -= legacy[e]
		above.CandidateX -= candidate[e]
		pulls[e].take(above, margin)
	}
}
