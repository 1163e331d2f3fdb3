package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// reportVersion is the version of the JSON that `check -o json` and `watch -o jsonl` print; it rises when a key changes
// its meaning, not when one is added.
const reportVersion = 1

// report is a frame as scripts read it. A number that is not known is null, with the reason beside it.
type report struct {
	Version  int             `json:"version"`
	At       time.Time       `json:"at"`
	Context  string          `json:"context"`
	Service  string          `json:"service"`
	Call     analysis.Call   `json:"call"`
	Since    *time.Time      `json:"since,omitempty"`
	Sentence string          `json:"sentence"`
	Do       string          `json:"do,omitempty"`
	Change   string          `json:"would_change,omitempty"`
	Ask      string          `json:"ask,omitempty"`
	Both     *reportBoth     `json:"both_worse,omitempty"`
	Reasons  []reportReason  `json:"reasons"`
	Rollout  reportRollout   `json:"rollout"`
	Evidence reportEvidence  `json:"evidence"`
	Split    reportSplit     `json:"split"`
	Measures []reportMeasure `json:"measures"`
	Rows     []reportRow     `json:"rows"`
	Features []reportFeature `json:"features"`
	Guards   []reportGuard   `json:"guards"`
	Gauges   []reportGauge   `json:"gauges"`
	Exposure reportNumber    `json:"excess_failed_requests"`
	Sources  []reportSource  `json:"sources"`
	Follows  string          `json:"consequence"` // the gravest of the breached guards
	Unread   []string        `json:"unread"`      // measures that were not told yet
	Blocks   int             `json:"blocks"`
	Newest   *time.Time      `json:"newest_block,omitempty"`
}

type reportRollout struct {
	ID        string       `json:"id"`
	Legacy    sources.Text `json:"legacy"`
	Candidate sources.Text `json:"candidate"`
	Since     *time.Time   `json:"since,omitempty"`
}

// reportBoth says that legacy is in trouble too: probably not the candidate.
type reportBoth struct {
	Since *time.Time `json:"since,omitempty"`
	Text  string     `json:"text"`
}

type reportReason struct {
	Measure string `json:"measure,omitempty"`
	Warning bool   `json:"warning"`
	Text    string `json:"text"`
}

type reportEvidence struct {
	Alpha  float64  `json:"alpha"`
	Harm   *float64 `json:"log_e_harm"`
	Safe   *float64 `json:"log_e_safe"`
	Needed *float64 `json:"log_e_needed"`
}

type reportSplit struct {
	Asked     *float64          `json:"asked_percent"`
	Set       *float64          `json:"set_percent"`
	Effective *float64          `json:"effective_percent"`
	Seen      *float64          `json:"seen_percent"`
	Why       map[string]string `json:"why,omitempty"` // of each that is not known
}

type reportNumber struct {
	Value *float64 `json:"value"`
	Lo    *float64 `json:"lo,omitempty"`
	Hi    *float64 `json:"hi,omitempty"`
	N     int64    `json:"n"`
	Why   string   `json:"why,omitempty"`
}

type reportMeasure struct {
	Name      string         `json:"name"`
	Kind      analysis.Kind  `json:"kind"`
	Judge     analysis.Judge `json:"judge"`
	Call      analysis.Call  `json:"call"`
	Legacy    reportNumber   `json:"legacy"`
	Candidate reportNumber   `json:"candidate"`
	Ratio     reportNumber   `json:"ratio"`
	Harm      *float64       `json:"log_e_harm"`
	Safe      *float64       `json:"log_e_safe"`
	Weight    float64        `json:"weight"`
}

// reportRow is a line of the table as people see it: measures, the cells of quantiles, drift and free expressions.
type reportRow struct {
	Name      string       `json:"name"`
	Measure   string       `json:"measure"`
	Legacy    reportNumber `json:"legacy"`
	Candidate reportNumber `json:"candidate"`
	Ratio     reportNumber `json:"ratio"`
	Note      string       `json:"note,omitempty"`
	Limit     reportNumber `json:"limit"`
	Newest    *time.Time   `json:"newest,omitempty"`
}

// reportFeature is one distribution's drift, and what it would be if nothing had changed.
type reportFeature struct {
	Name    string                      `json:"name"`
	Measure string                      `json:"measure"`
	PSI     reportNumber                `json:"psi"`
	PSINull reportNumber                `json:"psi_null"`
	JS      reportNumber                `json:"js"`
	W1      reportNumber                `json:"w1"`
	KS      reportNumber                `json:"ks"`
	N       sources.ByArm[int64]        `json:"n"`
	Mean    sources.ByArm[reportNumber] `json:"mean"`
}

type reportGuard struct {
	Name     string               `json:"name"`
	Measure  string               `json:"measure"`
	Arm      string               `json:"arm,omitempty"`
	Breached bool                 `json:"breached"`
	OnWorse  analysis.Consequence `json:"on_worse"`
	Value    reportNumber         `json:"value"`
	Limit    reportNumber         `json:"limit"`
	Text     string               `json:"text"`
}

type reportGauge struct {
	Name string `json:"name"`
	Red  bool   `json:"red"`
	Acts bool   `json:"acts"`
	Text string `json:"text"`
}

type reportSource struct {
	Name   string     `json:"name"`
	Target string     `json:"target,omitempty"`
	State  string     `json:"state"`
	Newest *time.Time `json:"newest,omitempty"`
	Error  string     `json:"error,omitempty"`
}

// printReport writes a frame as one JSON document, or as a table for a reader.
func printReport(w io.Writer, f *frame.Frame, format string) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(reportOf(f))
	}
	fmt.Fprintf(w, "%s  %s\n", f.Verdict.Call.Label(), f.Verdict.Sentence)
	for _, r := range f.Verdict.Reasons {
		if r.Mark == analysis.MarkWarn {
			fmt.Fprintf(w, "! %s\n", strings.TrimSpace(r.Measure+" "+r.Text))
		}
	}
	if f.Verdict.Do != "" {
		fmt.Fprintf(w, "do: %s\n", f.Verdict.Do)
	}
	if f.Verdict.WouldChange != "" {
		fmt.Fprintf(w, "what would change it: %s\n", f.Verdict.WouldChange)
	}
	fmt.Fprintf(w, "split: asked %s, set %s, effective %s, seen %s\n", f.Traffic.Asked, f.Traffic.Set, f.Traffic.Effective, f.Traffic.Seen)
	if err := printRows(w, f.Rows); err != nil {
		return err
	}
	for _, s := range f.Sources {
		if s.Err != "" {
			fmt.Fprintf(w, "%s: %s\n", s.Name, s.Err)
		}
	}
	return nil
}
