package engine

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/evidence"
	"rampart/sources"
)

// Service is one thing that is ramped, fully checked: what to ask, how to judge it, by which rules.
type Service struct {
	Name    string
	Context string
	Env     string
	Step    time.Duration // the length of a block
	Settle  time.Duration // how long after its end a block is left alone; 0: a fifth of Step, a second at most

	Target     sources.Target
	Identity   *sources.IdentityQuery // nil: versions are not known
	Measures   []Measure              // judged block by block, in the order shown
	Drift      []Drift
	Thresholds []Threshold
	Guards     []analysis.Guard
	Alpha      float64
	Logs       bool // a log source is configured
	Accept     bool // `check` accepts "no harm in the asked time"
	Links      map[string]string
	Plan       *frame.Plan // how a ramp would go on, as shown; nil: none is configured
}

// mostSettle is how long after its end a block is left alone at most where the config does not say: whoever is worse is to be
// rolled back within a second of it. A scrape takes some hundredths of a second to arrive; one that takes longer, or that is written
// to a remote store, is missing from its block as if the instance had not been scraped.
const mostSettle = time.Second

// settle is how long after its end a block is left alone, so that every replica's last scrape is in.
func (s Service) settle() time.Duration {
	if s.Settle > 0 {
		return s.Settle
	}
	return min(s.Step/5, mostSettle)
}

// Measure is one measure that is read in blocks.
type Measure struct {
	analysis.Measure
	Query  sources.BlockQuery
	Router bool // from the plane's own counters instead of the metrics source
	Logs   bool // from the lines that were read instead of the metrics source
}

// Asked tells whether the metrics source is asked for a measure.
func (m Measure) Asked() bool { return !m.Router && !m.Logs }

// Drift is a family of distributions compared between the arms.
type Drift struct {
	analysis.Measure
	Query  sources.DistributionQuery
	MaxPSI float64 // 0: no limit
}

// Threshold is a free expression with a limit.
type Threshold struct {
	analysis.Measure
	Expr string
}

// evidence is what its rollouts are judged by.
func (s Service) evidence() evidence.Config {
	c := evidence.Config{Step: s.Step, Alpha: s.Alpha, Guards: s.Guards}
	for _, m := range s.Measures {
		c.Measures = append(c.Measures, m.Measure)
	}
	return c
}
