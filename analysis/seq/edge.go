package seq

import "math"

// SAFE looks at the edges above which legacy has this share of its requests in the first lines.
const (
	edgeShare = .005
	edgeLines = 20
)

// chooseEdges freezes the edges that SAFE looks at, by legacy's requests of the first lines.
func (l *Latency) chooseEdges() {
	for e, s := range l.sums {
		if s.LegacyN > 0 && s.LegacyX >= edgeShare*s.LegacyN {
			l.qualify[e] = 1
		}
	}
}

// above fills one block per edge from the cells of both arms: the requests above that edge.
func above(dst []Block, legacy, candidate []float64) {
	nA, nB := total(legacy), total(candidate)
	xA, xB := nA, nB
	for e := range dst {
		xA -= legacy[e]
		xB -= candidate[e]
		dst[e] = Block{LegacyN: nA, LegacyX: xA, CandidateN: nB, CandidateX: xB}
	}
}

// EdgeLogE is the evidence for WORSE at one edge, as an e-process of its own.
func (l *Latency) EdgeLogE(edge int) float64 {
	k := l.config.Bets.Len()
	return l.harm.SlotsLogE(1+edge*k, 1+edge*k+k, tailPart/float64(l.config.Edges))
}

// Edge is the edge with most evidence for WORSE, the first of equals; not known before the first line.
func (l *Latency) Edge() (edge int, known bool) {
	best := math.Inf(-1)
	for e := range l.edges {
		if v := l.EdgeLogE(e); v > best {
			best, edge = v, e
		}
	}
	return edge, l.lines > 0
}

// Ratio is the Mantel-Haenszel ratio of the shares above an edge.
func (l *Latency) Ratio(edge int) (ratio float64, known bool) { return l.noise[edge].ratio.Ratio() }

// Interval is the confidence sequence of the ratio of the shares above an edge; only with Audit.
func (l *Latency) Interval(edge int, alpha float64) (lo, hi float64, bounded bool) {
	if l.interval == nil {
		return 0, 0, false
	}
	return l.interval[edge].Ratio(alpha)
}

// Sequence is what [Latency.Interval] is found from where there is one edge; nil where there are several, and without Audit.
func (l *Latency) Sequence() *Interval {
	if len(l.interval) != 1 {
		return nil
	}
	return l.interval[0]
}

// Sum are the requests of all blocks judged, and those above an edge.
func (l *Latency) Sum(edge int) Block { return l.sums[edge] }
