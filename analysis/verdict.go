package analysis

import (
	"time"

	"rampart/sources"
)

// Verdict is what is known of a rollout at one instant, decided once.
type Verdict struct {
	Call  Call
	At    time.Time // the end of the newest block judged
	Since time.Time // since when the call holds
	// Sentence says the call and its reason in one line, in plain words.
	Sentence string
	// Do says what an operator should do now, in one line: advice, exposure and what stands in its way.
	Do string
	// Reasons are the findings behind the call, weightiest first.
	Reasons []Reason
	// WouldChange says what would turn the call.
	WouldChange string
	// BothWorse is set while legacy is in trouble as well: probably not the candidate.
	BothWorse *BothWorse
	// Ask says why an automatic action would ask first; empty: it would not.
	Ask      string
	Evidence Evidence
	Measures []Finding
	Guards   []GuardResult
	Gauges   []Gauge
	Forecast Forecast
	Exposure Exposure
	// Consequence is the gravest that a breached guard asks for; DoWarn when none is.
	Consequence Consequence
	Blocks      int // blocks judged so far
	// Explanation says where the evidence for WORSE is from.
	Explanation Explanation
}

// Explanation says where the evidence is from, block by block.
type Explanation struct {
	Newest []Contribution // of the newest blocks, oldest first
	Top    []Contribution // those that added most for WORSE, greatest first; of old ones only times and what they added
}

// Contribution is what one block said and what that added to the evidence of both sides; all of a rollout's add up to it.
// A frame holds some hundred of them, hence the short names on a wire.
type Contribution struct {
	Block   int           `json:"block"` // from 1
	At      time.Time     `json:"at"`    // its end
	Split   sources.Split `json:"split,omitzero"`
	LogE    float64       `json:"d_harm,omitzero"` // added to ln E of WORSE
	LogSafe float64       `json:"d_safe,omitzero"` // added to ln E of SAFE
	Harm    float64       `json:"harm"`            // ln E of WORSE after it
	Safe    float64       `json:"safe"`            // ln E of SAFE after it
	Parts   []Part        `json:"parts,omitzero"`  // of the measures that make evidence
}

// Part is one measure's part of a block.
type Part struct {
	Measure string                `json:"measure"`
	Edge    float64               `json:"edge,omitzero"`   // of latency: counted are the requests above it, in seconds
	Counts  sources.ByArm[*Tally] `json:"counts"`          // nil: not scraped, or see Lost
	Lost    sources.ByArm[bool]   `json:"lost,omitzero"`   // scraped with other buckets than the rollout began with
	Due     float64               `json:"due,omitzero"`    // of both arms' counted requests, what would be the candidate's at the limit
	LogHarm float64               `json:"d_harm,omitzero"` // added to ln E of the measure
	LogSafe float64               `json:"d_safe,omitzero"`
	Ratio   Value                 `json:"ratio,omitzero"`  // so far, with its confidence sequence as of this block
	Strata  []StratumPart         `json:"strata,omitzero"` // those above their due, furthest first
}

// Tally is one arm's counts: requests, and those that count against it.
type Tally struct {
	Requests int64 `json:"n"`
	Bad      int64 `json:"bad,omitzero"`
}

// StratumPart is what the candidate got of a stratum's counted requests, and what would be its due at the limit.
type StratumPart struct {
	Key      sources.Text `json:"key"`
	Bad      int64        `json:"bad"`
	Due      float64      `json:"due"`
	Requests int64        `json:"n"`
}

// StratumEvidence is what one stratum, such as a route, says by itself: is it the model or the traffic?
type StratumEvidence struct {
	Key     sources.Text
	LogHarm float64
	Ratio   Value
	Excess  Value // requests that failed beyond legacy's rate
}

// EdgeEvidence is what one edge of a histogram says.
type EdgeEvidence struct {
	Seconds float64
	LogHarm float64 // evidence by itself that more of the candidate's requests lie above
	Ratio   Value
}

// Reason is one finding in a sentence.
type Reason struct {
	Mark    Mark
	Measure string
	Text    string
}

// Mark is a finding's sign, so that meaning is never colour alone.
type Mark uint8

// The marks.
const (
	MarkNone      Mark = iota
	MarkWorse          // ▲
	MarkBetter         // ▼
	MarkUndecided      // ?
	MarkReport         // ·
	MarkMissing        // —
	MarkSafe           // ✓
	MarkWarn           // !
)

// Evidence is how far the decision is, in odds: Harm of Needed, Safe of Needed.
type Evidence struct {
	LogHarm, LogSafe float64 // natural logarithms of the e-values
	LogNeeded        float64 // ln(1/alpha)
	Alpha            float64
	Since            time.Time
	Worse            time.Time // the end of the first block called worse, also where the call is another by now; zero: none
}

// Finding is what is known of one measure.
type Finding struct {
	Measure          Measure
	Mark             Mark
	Call             Call
	Legacy           Value
	Candidate        Value
	Difference       Value // a ratio with its interval
	Limit            Value
	Weight           float64
	LogHarm, LogSafe float64
	Detail           string            // "not evidence", "in about 11 min", "worst: ctr_7d"
	Edges            []EdgeEvidence    // of latency, ascending
	Strata           []StratumEvidence // of errors, weightiest first; none: requests are not split
	Onset            Onset             // of one that is called worse
	Badge            string            // "pooled v stratified" and its reason, where a dashboard's ratio misleads
}

// Onset is when harm seems to have begun and the ratio since then. That span was chosen because it looks worst: the ratio
// and its interval, of one look, describe it and are neither evidence nor a confidence sequence.
type Onset struct {
	At    time.Time // zero: not known
	Ratio Value
}

// GuardResult is what one guard says now.
type GuardResult struct {
	Guard    Guard
	Mark     Mark
	Value    Value
	Limit    Value
	Text     string
	Breached bool
	Since    time.Time
	Last     []Mark // the last evaluations, oldest first
}

// Gauge is one reason to trust or doubt the numbers.
type Gauge struct {
	Name string // "confirmation", "burst", "dispersion", "split", "missing", "resets", "start", "mix"
	Red  bool
	Acts bool // red turns automatic actions into asking
	Text string
	V    Value
}

// Forecast is how long until a decision, at the share in hand and at others.
type Forecast struct {
	Lo, Hi time.Duration // zero: not known
	Text   string        // "about 11 min at 5 %, 3 min at 25 %"
	Next   sources.Share // the step that exposes fewest until decided; 0: none suggested
}

// Exposure is the excess failed requests that the candidate has caused, with interval.
type Exposure struct {
	Excess    Value
	PerMinute Value
}

// BothWorse says that legacy is in trouble too.
type BothWorse struct {
	Since time.Time
	Text  string
}

// Rollout is one candidate identity against one legacy. Evidence, alpha and the dossier belong to it.
type Rollout struct {
	ID        string
	Service   string
	Legacy    sources.Text
	Candidate sources.Text
	Since     time.Time // its first request
	Narrowed  bool      // evidence begins later, by --since
}
