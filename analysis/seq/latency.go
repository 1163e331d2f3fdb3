package seq

import (
	"math"
	"time"
)

// LatencyConfig sets up [Latency] for a histogram with this many edges.
type LatencyConfig struct {
	Edges      int
	HarmMargin float64 // WORSE: more than (1 + HarmMargin) times legacy's share lies above some edge
	SafeMargin float64 // SAFE: less than (1 + SafeMargin) times, above every edge that matters
	Bets       Bets    // on the ratio of shares above an edge; zero for [Grid]
	Audit      bool    // keep the raw evidence and the confidence sequences
	Promotion  bool    // keep the evidence that automatic promotion asks for
}

// The directional comparison of cells sees a shift of the body, the tail edges a few very slow requests.
const (
	cellsPart = .85
	tailPart  = .15
)

// Latency judges the histograms of both arms, line by line; a line is a block in which both were scraped.
//
// WORSE is a [Portfolio] of the directional [Cells] and of [Tail], .85 to .15, with the divisor of each edge learned by
// [Dispersion]; the cells take the largest. The two-sided evidence of the cells never feeds WORSE: it calls an
// improvement worse. SAFE is the least over the edges that legacy uses, each with mirrored bets.
type Latency struct {
	config   LatencyConfig
	edges    []Block
	phi      []float64
	cells    *Cells
	tail     *Tail // its steps feed the portfolio
	raw      *Tail
	harm     *Portfolio
	step     []float64
	safe     *Tail
	noise    []*Dispersion
	promote  *Tail
	noise8   []*Dispersion
	group    []eight
	phi8     []float64
	grid     *Nodes
	interval []*Interval
	qualify  []float64 // 1 where SAFE looks
	lines    int
	sums     []Block // of each edge
	line     []Block // of each edge, all strata of the line
	one      [1]CellCounts
}

// NewLatency starts without evidence.
func NewLatency(c LatencyConfig) *Latency {
	if c.Bets.Len() == 0 {
		c.Bets = Grid()
	}
	l := &Latency{
		config: c, edges: make([]Block, c.Edges), sums: make([]Block, c.Edges), line: make([]Block, c.Edges), phi: make([]float64, c.Edges), qualify: make([]float64, c.Edges),
		cells: NewCells(c.Edges+1, c.HarmMargin), tail: NewTail(c.Edges, c.HarmMargin, c.Bets),
		safe: NewTail(c.Edges, c.SafeMargin, SafeBets()), noise: dispersions(c.Edges, edgeRule()),
	}
	parts := []float64{cellsPart}
	for range c.Edges {
		for _, w := range c.Bets.weight {
			parts = append(parts, tailPart*w/float64(c.Edges))
		}
	}
	l.step = make([]float64, len(parts))
	l.harm = NewPortfolio(LatencySchedule(), parts, parts)
	if c.Promotion {
		l.promote, l.noise8 = NewTail(c.Edges, c.SafeMargin, SafeBets()), dispersions(c.Edges, edgeEightRule())
		l.group, l.phi8 = make([]eight, c.Edges), make([]float64, c.Edges)
	}
	if c.Audit {
		l.raw, l.grid = NewTail(c.Edges, 0, Grid()), NewNodes()
		for range c.Edges {
			l.interval = append(l.interval, NewInterval(l.grid, Grid()))
		}
	}
	return l
}

func dispersions(n int, rule DispersionRule) []*Dispersion {
	d := make([]*Dispersion, n)
	for i := range d {
		d[i] = NewDispersion(rule)
	}
	return d
}

// Add takes one line in: the requests of each cell, not cumulated; since is from the begin of the rollout's first block to
// the begin of this one.
func (l *Latency) Add(legacy, candidate []float64, since time.Duration) {
	l.one[0] = CellCounts{legacy, candidate}
	l.AddStrata(l.one[:], since)
}

// AddStrata takes one line in whose requests are split, as by route: each stratum is compared within itself, so that an arm
// that gets more of a slow route is not called slower for it.
func (l *Latency) AddStrata(strata []CellCounts, since time.Duration) {
	top := l.predict(strata)
	l.harm.Release(since)
	_, slower := l.cells.AddStrata(strata, top)
	l.begin()
	for _, s := range strata {
		above(l.edges, s.Legacy, s.Candidate)
		l.take()
	}
	l.step[0] = slower / top
	copy(l.step[1:], l.tail.Steps())
	l.harm.Add(l.step, 1)
	l.end()
	if l.lines++; l.lines == edgeLines {
		l.chooseEdges()
	}
}

// predict sets the divisors of the line, which rest on its requests and the lines before, and gives the largest.
func (l *Latency) predict(strata []CellCounts) (top float64) {
	both := 0.0
	for _, s := range strata {
		both += pairs(total(s.Legacy), total(s.Candidate))
	}
	top = 1
	for e, d := range l.noise {
		l.phi[e] = d.phi(d.Excess(), both)
		top = max(top, l.phi[e])
		if l.promote != nil {
			l.phi8[e] = max(l.phi[e], d.phi(float64(spell*l.noise8[e].Excess()), both))
		}
	}
	return top
}

// begin starts a line.
func (l *Latency) begin() {
	clear(l.line)
	for _, t := range [...]*Tail{l.tail, l.safe, l.promote, l.raw} {
		if t != nil {
			t.begin()
		}
	}
	for _, d := range l.noise {
		d.begin()
	}
}

// take adds one stratum, whose requests above each edge are in edges, to the line.
func (l *Latency) take() {
	l.tail.take(l.edges, l.phi)
	l.safe.take(l.edges, l.phi)
	if l.promote != nil {
		l.promote.take(l.edges, l.phi8)
	}
	if l.raw != nil {
		l.raw.take(l.edges, nil)
		l.grid.Load(l.edges[0].LegacyN, l.edges[0].CandidateN)
		for e, v := range l.interval {
			v.Add(l.edges[e])
		}
	}
	for e, d := range l.noise {
		d.take(l.edges[e])
		l.line[e] = l.line[e].Plus(l.edges[e])
	}
}

// end takes the line in.
func (l *Latency) end() {
	for e, d := range l.noise {
		d.end()
		l.sums[e] = l.sums[e].Plus(l.line[e])
	}
	for e := range l.group {
		if sum, full := l.group[e].add(l.line[e]); full {
			l.noise8[e].Add(sum)
		}
	}
}

// LogHarm is the evidence for WORSE, ln E.
func (l *Latency) LogHarm() float64 { return l.harm.LogE() }

// LogSafe is the evidence for SAFE, ln E; 0 before line 20, and when legacy uses no edge.
func (l *Latency) LogSafe() float64 { return l.least(l.safe) }

// LogPromotion is the evidence for SAFE that automatic promotion starts from; 0 unless asked for.
func (l *Latency) LogPromotion() float64 {
	if l.promote == nil {
		return 0
	}
	return l.least(l.promote)
}

func (l *Latency) least(t *Tail) float64 {
	least, any := math.Inf(1), false
	for e, q := range l.qualify {
		if q > 0 {
			least, any = min(least, t.EdgeLogE(e)), true
		}
	}
	if !any {
		return 0
	}
	return least
}

// LogCells is the raw two-sided evidence of the cells, kept for audit.
func (l *Latency) LogCells() float64 { return l.cells.TwoSided() }

// LogTail is the raw evidence of the tail edges at margin 0, kept for audit.
func (l *Latency) LogTail() float64 {
	if l.raw == nil {
		return 0
	}
	return l.raw.LogE()
}

// Lines is the number of blocks judged.
func (l *Latency) Lines() int { return l.lines }

// MarshalBinary saves all evidence.
func (l *Latency) MarshalBinary() ([]byte, error) { return save(l) }

// UnmarshalBinary goes on from what was saved with the same config.
func (l *Latency) UnmarshalBinary(b []byte) error { return restore(l, b) }

func (l *Latency) state(c *codec) {
	for _, s := range []stateful{l.cells, l.tail, l.harm, l.safe} {
		s.state(c)
	}
	for e := range l.noise {
		l.noise[e].state(c)
		c.block(&l.sums[e])
	}
	if l.promote != nil {
		l.promote.state(c)
		for e := range l.group {
			l.group[e].state(c)
			l.noise8[e].state(c)
		}
	}
	if l.raw != nil {
		l.raw.state(c)
		for _, v := range l.interval {
			v.state(c)
		}
	}
	c.slice(l.qualify)
	c.ints(&l.lines)
}
