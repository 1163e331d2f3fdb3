package frame

import (
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// Version is the version of the frame's shape, as printed by `-o json` and demanded on the wire.
const Version = 1

// Frame is everything known of one service at one instant.
type Frame struct {
	Seq     uint64
	At      time.Time // the engine's clock when it was made
	Context string
	Env     string // "prod" paints the stripe
	Service string
	Step    time.Duration

	Rollout analysis.Rollout
	Verdict analysis.Verdict
	Rows    []Row
	Charts  []Chart
	Ticks   []Tick // what happened, for every chart's time axis, oldest first
	Traffic Traffic
	Plan    *Plan // how a ramp would go on; nil: none is configured
	Ramp    *Ramp // the ramp that a runner drives; nil: nothing drives one
	Logs    Logs
	Said    Predictions // what log lines say of predictions
	Drift   []Feature
	Cells   []Feature // the latency histograms, by their measure's key; Name is how the measure is shown
	Sources []Source
	// Alerting is what an alerting system says of the service; its zero value: none is asked, or none has answered.
	Alerting sources.Alerting
	Actions  []sources.Progress // newest first
	Audit    []sources.Entry    // the newest entries, newest first
	Seen     []Event            // what happened, in words, newest first
	Unlock   Unlock
	Session  Session
	Queries  []Query
	// Waiting says what has not answered yet, before there is anything to show.
	Waiting []string
	// Unread names the measures that will be told without anybody's help and were not yet, however much is there.
	Unread   []string
	Services []Summary // all services of the context, worst first
}

// Row is one line of the overview's table.
type Row struct {
	Mark       analysis.Mark
	Measure    string // as shown: "errors, app"
	Key        string // the measure's name in the config
	Kind       analysis.Kind
	Legacy     analysis.Value
	Candidate  analysis.Value
	Difference analysis.Value
	Note       string // instead of a difference: "not evidence", "PSI .04 (null .01)"
	Limit      analysis.Value
	LimitNote  string // instead of a limit: "report"
	N          sources.ByArm[int64]
	At         time.Time // the newest data behind it; its age is now minus this
	Stale      bool
	History    sources.ByArm[[]analysis.Value] // 30 minutes in equal cells, oldest first
}

// Chart is one measure over time.
type Chart struct {
	Key    string
	Title  string
	Unit   analysis.Unit
	Series sources.ByArm[[]Point]
	Limit  analysis.Value
	Window sources.Window
	Badge  string // "pooled v stratified" and its reason, when they disagree
}

// Point is one instant of a series; a missing value is a gap.
type Point struct {
	T time.Time
	V analysis.Value
}

// TickKind is what sort of thing happened.
type TickKind uint8

// The kinds of ticks.
const (
	TickSplit TickKind = iota + 1
	TickAction
	TickCall
	TickAlert
	TickRestart
	TickReload
	TickVersion
	TickData // numbers that stopped or came back: a gap on the charts already, a word in the SEEN line
)

// Tick is something that happened, on every chart.
type Tick struct {
	At   time.Time
	Kind TickKind
	Text sources.Text
}

// Event is a tick in words, for the SEEN line.
type Event struct {
	At   time.Time
	Text sources.Text
}

// Traffic is the split in its four forms, and the servers.
type Traffic struct {
	Plane     string // "haproxy", "observe"; empty: none configured
	Asked     sources.Split
	Set       sources.Split
	Effective sources.Split
	Seen      sources.Split // by counters, over the last minute
	File      sources.Split // what a reload would return to
	By        sources.Text  // who set it last, if known
	ReadAt    time.Time
	Rev       string
	Epoch     string // changes when the plane restarted or reloaded
	Identity  sources.ByArm[sources.Text]
	Servers   []sources.Server
	Rates     []analysis.Value // requests/s of each server, in their order
	Members   []Member
	Writes    bool
	Notes     []sources.Note
	Err       string
	History   []SplitAt                     // configured splits over time, oldest first
	Rate      sources.ByArm[analysis.Value] // requests/s of each arm
	Held      string                        // why the ramp is held; empty: it is not
	Drained   string                        // how many of the candidate's servers are drained, by whom, when and why; empty: none is
}

// SplitAt is the split from an instant on.
type SplitAt struct {
	At    time.Time
	Split sources.Split
}

// Member is one instance of the plane, as shown.
type Member struct {
	Name       string
	Configured sources.Split
	Err        string
}

// Feature is one feature's or score's drift.
type Feature struct {
	Name      string
	Measure   string
	Mark      analysis.Mark
	PSI       analysis.Value
	PSINull   analysis.Value // the value expected when nothing changed
	JS        analysis.Value
	W1        analysis.Value
	KS        analysis.Value
	KSP       analysis.Value
	Legacy    analysis.Value // mean
	Candidate analysis.Value
	Cells     sources.ByArm[[]analysis.Value] // shares per cell
	Edges     []analysis.Value
	Names     []sources.Text // of categories, instead of edges
	Binning   string
	Limit     analysis.Value
	N         sources.ByArm[int64]
	Notes     []sources.Note
	Window    sources.Window // of the values; zero: not told
	Quantiles []Quantile     // of latencies only
}

// Quantile is the cells of a histogram in which one quantile of each arm lies. It is no evidence: a point between two
// edges would be made up.
type Quantile struct {
	Name string // "p99"
	Cell sources.ByArm[analysis.Value]
}

// Source is how one source is.
type Source struct {
	Name   string // "prometheus", "elasticsearch", "haproxy"
	Target string
	State  SourceState
	Since  time.Time // since when it is so
	At     time.Time // the newest data it gave
	RTT    time.Duration
	Err    string
	Retry  time.Time // when it is asked again
	Notes  []sources.Note
}

// SourceState is how a source is.
type SourceState uint8

// The states of a source. The zero value: not asked yet.
const (
	SourceWaiting SourceState = iota
	SourceLive
	SourceStale  // it answers, but its data are old
	SourceEmpty  // it answers, and nothing matched
	SourceDown   // it does not answer
	SourceAbsent // none is configured
)

// Unlock is whether ramping up is allowed now.
type Unlock struct {
	Needed bool // the environment asks for it
	Until  time.Time
	By     string
	Reason string
}

// Session is who looks, for the stripe.
type Session struct {
	Actor    string
	Role     sources.Role
	ReadOnly bool
	Demo     string // the scenario, in the demo
}

// Query is a panel's expanded query.
type Query struct {
	Panel   string
	Measure string
	Text    string
	Note    string
}

// Summary is one service in the list of services.
type Summary struct {
	Service  string
	Call     analysis.Call
	Sentence string
	Split    sources.Split
	At       time.Time
}

var sourceWords = [...]string{"waiting", "live", "stale", "empty", "down", "absent"}

// String returns the state's word.
func (s SourceState) String() string {
	if int(s) < len(sourceWords) {
		return sourceWords[s]
	}
	return sourceWords[0]
}

// History shows a feature's cells as a row's sparklines: the shape of the distribution in both arms.
func (f Feature) History() sources.ByArm[[]analysis.Value] { return f.Cells }
