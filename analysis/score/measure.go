package score

import (
	"fmt"
	"math"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/seq"
)

// Measure is one measure's part of the judgement.
type Measure struct {
	Spec dossier.Measure
	// Need is ln(1/(alpha w)): the evidence at which this measure is worse by itself. Infinite for weight 0.
	Need float64

	label    string // the name as a JSON string
	errors   *seq.Errors
	latency  *seq.Latency
	a, b     []float64 // cells of the block at hand
	strata   strata    // of the block at hand; empty: it is not split
	routes   *routes   // of errors, only when auditing
	onset    *onset    // only when auditing
	logHarm  float64
	logSafe  float64
	worse    bool
	since    time.Time // the end of the first block that made it worse
	safe     bool
	judged   bool // in the newest block
	lastLine time.Time
}

func newMeasure(m dossier.Measure, alpha float64, r rules) *Measure {
	n := &Measure{Spec: m, Need: math.Inf(1), label: string(dossier.AppendString(nil, m.Name))}
	if m.Weight > 0 {
		n.Need = math.Log(1 / (alpha * m.Weight))
	}
	if m.Kind == dossier.Errors {
		n.errors = seq.NewErrors(seq.ErrorsConfig{
			HarmMargin: m.HarmMargin, SafeMargin: m.SafeMargin, Start: r.start, Restart: r.restart, Audit: r.audit, Promotion: r.promotion,
		})
		if r.audit {
			n.routes, n.onset = newRoutes(m.HarmMargin), newOnset(m.HarmMargin, 1)
		}
		return n
	}
	n.latency = seq.NewLatency(seq.LatencyConfig{
		Edges: len(m.Edges), HarmMargin: m.HarmMargin, SafeMargin: m.SafeMargin, Bets: r.tail, Audit: r.audit, Promotion: r.promotion,
	})
	n.a, n.b = make([]float64, len(m.Edges)+1), make([]float64, len(m.Edges)+1)
	if r.audit {
		n.onset = newOnset(m.HarmMargin, len(m.Edges))
	}
	return n
}

// add takes the measure's counts of one block and tells whether it was a line.
func (m *Measure) add(legacy, candidate *dossier.Counts, since time.Duration, end time.Time, need float64) bool {
	if m.judged = legacy.Requests+candidate.Requests > 0; !m.judged {
		return false
	}
	m.lastLine = end
	if m.errors != nil {
		if m.strata.n > 0 {
			m.errors.AddStrata(m.strata.blocks[:m.strata.n], since)
			if m.routes != nil {
				m.routes.add(&m.strata)
			}
		} else {
			m.errors.Add(blockOf(legacy, candidate), since)
		}
		m.logHarm, m.logSafe = m.errors.LogHarm(), m.errors.LogSafe()
	} else {
		if m.strata.n > 0 {
			m.latency.AddStrata(m.strata.cells[:m.strata.n], since)
		} else {
			fillCells(m.a, legacy)
			fillCells(m.b, candidate)
			m.latency.Add(m.a, m.b, since)
		}
		m.logHarm, m.logSafe = m.latency.LogHarm(), m.latency.LogSafe()
	}
	if m.onset != nil {
		m.watch(blockOf(legacy, candidate), end)
	}
	if !m.worse && m.logHarm >= m.Need {
		m.worse, m.since = true, end
	}
	m.safe = m.logSafe >= need
	return true
}

// call of the measure by itself; idle says that the candidate gets no traffic.
func (m *Measure) call(idle bool, now time.Time, step time.Duration) analysis.Call {
	switch {
	case idle:
		return analysis.NoCandidateTraffic
	case m.worse:
		return analysis.Worse
	case m.lastLine.IsZero():
		return analysis.NoData
	case now.Sub(m.lastLine) > 2*step:
		return analysis.Stale
	case m.safe:
		return analysis.Safe
	}
	return analysis.Undecided
}

// WorseSince is the end of the first block that showed the measure by itself to be worse; zero: none.
func (m *Measure) WorseSince() time.Time { return m.since }

// LogHarm and LogSafe are the evidence that decides.
func (m *Measure) LogHarm() float64 { return m.logHarm }

// LogSafe is the evidence for SAFE.
func (m *Measure) LogSafe() float64 { return m.logSafe }

func (m *Measure) logPromotion() float64 {
	if m.errors != nil {
		return m.errors.LogPromotion()
	}
	return m.latency.LogPromotion()
}

// Lines is the number of blocks judged.
func (m *Measure) Lines() int {
	if m.errors != nil {
		return m.errors.Lines()
	}
	return m.latency.Lines()
}

// Edge is, for latency, the edge with most evidence, in seconds; not known before the first line.
func (m *Measure) Edge() (seconds float64, known bool) {
	e, known := m.edge()
	if !known {
		return 0, false
	}
	return m.Spec.Edges[e], true
}

func (m *Measure) edge() (int, bool) {
	if m.latency == nil {
		return 0, false
	}
	return m.latency.Edge()
}

// EdgeLogHarm is, for latency, the evidence for WORSE at each edge, each an e-process of its own.
func (m *Measure) EdgeLogHarm() []float64 {
	var logs []float64
	if m.latency != nil {
		for e := range m.Spec.Edges {
			logs = append(logs, m.latency.EdgeLogE(e))
		}
	}
	return logs
}

// Sum are the counts of all lines: errors, or for latency the requests above the edge with most evidence.
func (m *Measure) Sum() seq.Block {
	if m.errors != nil {
		return m.errors.Sum()
	}
	e, _ := m.latency.Edge()
	return m.latency.Sum(e)
}

// Ratio is the Mantel-Haenszel ratio of candidate over legacy, for latency at the edge with most evidence.
func (m *Measure) Ratio() (ratio float64, known bool) {
	if m.errors != nil {
		return m.errors.Ratio()
	}
	e, _ := m.latency.Edge()
	return m.latency.Ratio(e)
}

// Interval is the confidence sequence of that ratio at confidence 1 - alpha; kept only when auditing.
func (m *Measure) Interval(alpha float64) (lo, hi float64, bounded bool) {
	if m.errors != nil {
		return m.errors.Interval(alpha)
	}
	e, _ := m.latency.Edge()
	return m.latency.Interval(e, alpha)
}

// Sequence is what [Measure.Interval] is found from; nil where there are several, one for each edge, or none is kept.
func (m *Measure) Sequence() *seq.Interval {
	if m.errors != nil {
		return m.errors.Sequence()
	}
	return m.latency.Sequence()
}

// Forecast is, for errors, the range of blocks until WORSE if the ratio in hand is the true one.
func (m *Measure) Forecast() (lo, hi float64, known bool) {
	if m.errors == nil || math.IsInf(m.Need, 1) {
		return 0, 0, false
	}
	return m.errors.Forecast(m.Need)
}

// Excess is how many requests the candidate failed, or answered late, that legacy would not have: (RR - 1)/RR of them.
type Excess struct {
	Value, Lo, Hi float64
	Known         bool // the ratio is known
	LoKnown       bool // the ratio has a lower limit; the upper end is all of them at most
}

// Excess of the measure with its confidence sequence at 1 - alpha; needs a judge that audits.
func (m *Measure) Excess(alpha float64) Excess {
	var e Excess
	x := m.Sum().CandidateX
	if r, known := m.Ratio(); known {
		e.Value, e.Known = seq.Excess(r, x)
	}
	lo, hi, bounded := m.Interval(alpha)
	e.Lo, e.LoKnown = seq.Excess(lo, x)
	e.Hi = x
	if bounded {
		e.Hi, _ = seq.Excess(hi, x)
	}
	return e
}

// Errors is the evidence of an errors measure, nil for latency.
func (m *Measure) Errors() *seq.Errors { return m.errors }

// Latency is the evidence of a latency measure, nil for errors.
func (m *Measure) Latency() *seq.Latency { return m.latency }

// String names the measure.
func (m *Measure) String() string { return fmt.Sprintf("%s (%s)", m.Spec.Name, m.Spec.Kind) }
