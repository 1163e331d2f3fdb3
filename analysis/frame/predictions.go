package frame

import (
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// Predictions is what log lines say of predictions: checks of their fields, how good they were by labels that came later,
// and both arms' answers to the same request.
type Predictions struct {
	Asked    bool                 // the config asks for any of it
	Lines    sources.ByArm[int64] // lines that told a prediction
	Late     sources.ByArm[int64] // of them, behind the watermark: counted and no evidence
	Undated  sources.ByArm[int64] // without a time of their own
	Window   sources.Window       // of what is compared; both arms over the same
	Sample   string               // how lines were chosen; empty: all of them
	Checks   []Check
	Labels   Labels
	Pairs    Pairs
	Teams    Teams
	Features []Feature // drift of their fields
}

// Check is one rule over a field of predictions.
type Check struct {
	Name      string // the field and what is asked of it
	Mark      analysis.Mark
	Legacy    analysis.Value // share of lines that break it
	Candidate analysis.Value
	Missing   sources.ByArm[analysis.Value] // share of lines without a value
	Ratio     analysis.Value                // candidate over legacy, with its confidence sequence
	Evidence  analysis.Value                // that the candidate breaks it more often than allowed, as times
	Limit     analysis.Value
	Broken    []Broken // how, the most frequent first
}

// Broken is one way in which values break a check.
type Broken struct {
	How   string
	Lines sources.ByArm[int64]
}

// Labels is how good predictions were.
type Labels struct {
	Asked    bool
	Task     string
	Figures  []Figure
	Coverage sources.ByArm[analysis.Value] // the labelled part of the predictions that are followed
	Delay    sources.ByArm[analysis.Value] // median, from prediction to label
	DelayP95 sources.ByArm[analysis.Value]
	Due      time.Time // when the first are expected; zero: not known, or some came
	Note     string    // what could not be joined, and how many ids are followed
}

// Figure is one figure of quality in both arms.
type Figure struct {
	Name      string
	Legacy    analysis.Value
	Candidate analysis.Value
}

// Pairs is both arms' answers to the same requests.
type Pairs struct {
	Asked     bool
	At        time.Time     // requests are settled up to here
	Window    time.Duration // within which both answers are expected
	Pairs     int64
	Seen      sources.ByArm[int64]
	Waiting   sources.ByArm[int64]
	Agreement analysis.Value // share of pairs that agree
	Score     Difference     // candidate less legacy
	Latency   Difference
	Slower    analysis.Value // evidence that the candidate is slower, as times; true at every look
	Faster    analysis.Value
	Wilcoxon  analysis.Value // p of the signed-rank test, one look
	Unmatched []Unmatched
	Worst     []Pair
}

// Difference is the distribution of a paired difference, candidate less legacy.
type Difference struct {
	P05, P50, P95 analysis.Value
}

// Unmatched is how many lines are in no pair for one reason.
type Unmatched struct {
	Why   string
	Lines sources.ByArm[int64]
}

// Pair is one request that the arms answered differently.
type Pair struct {
	ID      sources.Text
	At      sources.ByArm[time.Time]
	Score   analysis.Value // candidate less legacy
	Latency analysis.Value
	Fields  []PairField
}

// PairField is one field of both answers, masked.
type PairField struct {
	Name      string
	Legacy    sources.Text
	Candidate sources.Text
	Differs   bool
}

// Teams is an interleaving: whose results users clicked when both were shown in one list.
type Teams struct {
	Asked       bool
	Impressions sources.ByArm[int64]
	Clicks      sources.ByArm[int64]
	Wins        sources.ByArm[int64] // queries with more clicks for this team
	Ties        int64
	Unclicked   int64
	Share       analysis.Value // the candidate's part of the decided queries, with its confidence sequence
	Evidence    analysis.Value // that one team is preferred, as times; true at every look
	SignTest    analysis.Value // p, exact, one look
	Note        string         // what could not be counted
}
