package sources

import (
	"context"
	"time"
)

// Metrics reads what both arms measured of themselves. Every method asks for both arms at once and for the same
// window, so that no change between two answers can look like a difference between the arms.
//
// Implementations never turn a failure into a zero: they return an *Error, or notes on a partial answer.
type Metrics interface {
	// Blocks reads the window's blocks of the asked measures, in the same order. Its number of queries to the server
	// does not grow with pods. One measure's failure stands in its own BlockSeries.Err and leaves the others alone.
	Blocks(ctx context.Context, ask []BlockQuery, w Window) []BlockSeries
	// Distributions reads how values were distributed in the window, per feature, for drift.
	Distributions(ctx context.Context, q DistributionQuery, w Window) ([]Distribution, error)
	// Identities reads which version each arm ran at each step of the window.
	Identities(ctx context.Context, q IdentityQuery, w Window) ([]Identity, error)
	// Threshold reads one free expression at one instant; it has no n and can never be evidence.
	Threshold(ctx context.Context, expr string, at time.Time) (Sample, error)
	// Health says who we are to the source, how it is and what time it has there.
	Health(ctx context.Context) Health
}

// Matcher is one condition on a label, as the source writes it: Op is "=", "!=", "=~" or "!~".
type Matcher struct{ Label, Op, Value string }

// ArmRule tells the two arms apart. Exactly one way is used: a label with a value (or anchored regexp) for each arm,
// two sets of matchers, or two metric names; Join attaches the label from another metric first.
type ArmRule struct {
	Label    string           // the label that names the arm
	Value    ByArm[string]    // its value for each arm; a regexp when Regexp is set
	Regexp   bool             //
	Matchers ByArm[[]Matcher] // or: what picks each arm
	Metric   ByArm[string]    // or: suffixes or names of the metric of each arm
	Join     *Join            // or: where the label is found when the measure itself lacks it
}

// Join names an info metric that carries the arm's label, and the labels that both share.
type Join struct {
	Metric string
	On     []string
}

// Target is what all measures of a service have in common: which series are its, and whose.
type Target struct {
	Select []Matcher
	Arms   ArmRule
	Strata []string // labels that split blocks into strata
}

// BlockQuery asks for one measure in blocks.
type BlockQuery struct {
	Measure string // its name in the config
	Target  Target
	Step    time.Duration // the length of a block
	Counter string        // a counter of requests; or
	Bad     []Matcher     // which of its series are errors; or
	BadOf   string        // another counter that counts the errors
	// Histogram is the base name of a classic histogram (without _bucket) or of a native one.
	Histogram string
	// Edges are the edges that a native histogram is cut at; a classic one keeps its own.
	Edges []float64
}

// BlockSeries is the answer for one measure.
type BlockSeries struct {
	Measure string
	Step    time.Duration
	Edges   []float64        // for histograms: the common edges of both arms
	Blocks  []Block          // ascending, without gaps inside the window: an arm that was not scraped is nil
	Newest  ByArm[time.Time] // when each arm's newest raw sample was scraped; zero: never in the window
	Series  ByArm[int]       // how many series each arm had
	Notes   []Note
	Query   string // the expanded query, for `i`
	Err     error  // why there is no answer; Blocks is nil then
}

// DistributionQuery asks for features or scores: all histograms, or all gauges, whose name matches an anchored regexp.
type DistributionQuery struct {
	Measure string
	Target  Target
	Names   string // regexp of base names
	Gauges  bool   // the current values of gauges, one per series, instead of histograms
}

// Distribution is one feature's values in both arms over the window.
type Distribution struct {
	Name      string
	Histogram ByArm[*Histogram] // nil: not scraped
	Values    ByArm[[]float64]  // for gauges
	Newest    time.Time
	Notes     []Note
}

// IdentityQuery asks for versions: the label of an info metric such as build_info.
type IdentityQuery struct {
	Target Target
	Metric string
	Label  string
	Step   time.Duration
}

// Identity is which version an arm ran from an instant on. More than one at the same time is a note.
type Identity struct {
	Arm     Arm
	Version Text
	From    time.Time // the first step at which it was seen in the window
	To      time.Time // the last
	Started time.Time // when its first process started, if the source knows
}

// Sample is one number of a free expression.
type Sample struct {
	Value float64
	At    time.Time
	Notes []Note
}

// Health is what a source says of itself when asked.
type Health struct {
	Source  string // "prometheus", "elasticsearch", "haproxy"
	Target  string // where it is, without secrets
	Who     Text   // who we are to it, if it tells
	Version Text
	RTT     time.Duration
	Skew    time.Duration // its clock minus ours; zero also when it cannot be told (see Notes)
	Notes   []Note
	Err     error
}
