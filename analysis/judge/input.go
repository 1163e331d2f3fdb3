package judge

import (
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// Input is everything that a verdict rests on, as of one instant.
type Input struct {
	Now     time.Time
	Step    time.Duration
	Settle  time.Duration // how long after its end a block is left alone
	Newest  time.Time     // the end of the newest block
	Blocks  int
	Alpha   float64
	Rollout analysis.Rollout

	Unreachable string        // why the metrics source cannot be asked; empty: it answers
	NoSeries    string        // what matched nothing; empty: something did
	Split       sources.Split // the effective split as read back
	Plane       bool          // a plane was read, so the split is known by more than counters
	PlaneAway   bool          // there is a plane and it cannot be read
	Refused     bool          // the metrics source answers that it will not or cannot: waiting mends nothing
	Silent      sources.Arm   // an arm that is not scraped while the other is
	Spoilt      bool          // the silent arm is scraped, and what it shows is no number
	Idle        bool          // the candidate is scraped and had no request lately, legacy had

	Evidence Evidence
	Measures []analysis.Finding // values and differences, marks not yet set
	Guards   []analysis.GuardResult
	Gauges   []analysis.Gauge
	Router   Router
	Trouble  []Trouble // legacy's own troubles
	Servers  sources.ByArm[[2]int]
	Rates    sources.ByArm[analysis.Value]
	Previous *analysis.Verdict // for "since" and the latch
}

// Evidence is what package score says of the rollout so far.
type Evidence struct {
	Call             analysis.Call // worse, safe or undecided by evidence alone
	FirstWorse       time.Time     // the end of the first block called worse; zero: none
	Called           Called        // what was known then
	LogHarm, LogSafe float64
	SafeUntil        time.Time // the last block called safe
	Forecast         analysis.Forecast
	Exposure         analysis.Exposure
	Auto             bool   // automatic rollback would fire: worse, and no acting gauge is red
	Late             string // a warning of errors that rose late in the rollout; it holds no alpha, so it makes no call
}

// Called is what the evidence rested on in the block that was called worse first: the call stays, the ratio goes on.
type Called struct {
	Measure string         // the weightiest; empty: not known
	Ratio   analysis.Value // since harm seemed to have begun, or over the rollout
	LogHarm float64        // of all measures together
}

// Trouble is legacy breaking its own limit, or its own habit.
type Trouble struct {
	Since time.Time
	Text  string
}

// staleAfter is how old the newest block may be: two scrapes, and the time a scrape takes to settle.
func (in Input) staleAfter() time.Duration {
	return 2*in.Step + max(min(in.Step, 5*time.Second), in.Settle+min(in.Step, 4*time.Second))
}

// stale tells whether the newest block is too old to speak of now.
func (in Input) stale() bool { return !in.Newest.IsZero() && in.Now.Sub(in.Newest) > in.staleAfter() }

// noTraffic tells whether there is nothing to judge: the candidate's share is 0.
func (in Input) noTraffic() bool {
	if in.Plane && in.Split.Known {
		return in.Split.Candidate == 0
	}
	return in.Idle
}
