package main

import (
	"encoding/json"
	"fmt"
	"io"
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
	Rollout  reportRollout   `json:"rollout"`
	Evidence reportEvidence  `json:"evidence"`
	Split    reportSplit     `json:"split"`
	Measures []reportMeasure `json:"measures"`
	Guards   []reportGuard   `json:"guards"`
	Gauges   []reportGauge   `json:"gauges"`
	Exposure reportNumber    `json:"excess_failed_requests"`
	Sources  []reportSource  `json:"sources"`
	Blocks   int             `json:"blocks"`
	Newest   *time.Time      `json:"newest_block,omitempty"`
}

type reportRollout struct {
	ID        string       `json:"id"`
	Legacy    sources.Text `json:"legacy"`
	Candidate sources.Text `json:"candidate"`
	Since     *time.Time   `json:"since,omitempty"`
}

type reportEvidence struct {
	Alpha  float64 `json:"alpha"`
	Harm   float64 `json:"log_e_harm"`
	Safe   float64 `json:"log_e_safe"`
	Needed float64 `json:"log_e_needed"`
}

type reportSplit struct {
	Asked     *float64 `json:"asked_percent"`
	Set       *float64 `json:"set_percent"`
	Effective *float64 `json:"effective_percent"`
	Seen      *float64 `json:"seen_percent"`
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
	Harm      float64        `json:"log_e_harm"`
	Safe      float64        `json:"log_e_safe"`
	Weight    float64        `json:"weight"`
}

type reportGuard struct {
	Name     string               `json:"name"`
	Measure  string               `json:"measure"`
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
	Name  string `json:"name"`
	State string `json:"state"`
	Error string `json:"error,omitempty"`
}

func number(v analysis.Value) reportNumber {
	out := reportNumber{N: v.N, Why: v.Why}
	if v.Known {
		out.Value = &v.V
	}
	if v.Known && v.Interval {
		out.Lo = &v.Lo
		if !v.OpenHi {
			out.Hi = &v.Hi
		}
	}
	return out
}

func percent(s sources.Split) *float64 {
	if !s.Known {
		return nil
	}
	p := s.Candidate.Percent()
	return &p
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// reportOf turns a frame into what scripts read.
func reportOf(f *frame.Frame) report {
	v := f.Verdict
	out := report{
		Version: reportVersion, At: f.At.UTC(), Context: f.Context, Service: f.Service, Call: v.Call, Since: moment(v.Since),
		Sentence: v.Sentence, Do: v.Do, Change: v.WouldChange, Ask: v.Ask,
		Rollout:  reportRollout{ID: f.Rollout.ID, Legacy: f.Rollout.Legacy, Candidate: f.Rollout.Candidate, Since: moment(f.Rollout.Since)},
		Evidence: reportEvidence{Alpha: v.Evidence.Alpha, Harm: v.Evidence.LogHarm, Safe: v.Evidence.LogSafe, Needed: v.Evidence.LogNeeded},
		Split:    reportSplit{Asked: percent(f.Traffic.Asked), Set: percent(f.Traffic.Set), Effective: percent(f.Traffic.Effective), Seen: percent(f.Traffic.Seen)},
		Exposure: number(v.Exposure.Excess), Blocks: v.Blocks, Newest: moment(v.At),
		Measures: []reportMeasure{}, Guards: []reportGuard{}, Gauges: []reportGauge{}, Sources: []reportSource{},
	}
	for _, m := range v.Measures {
		out.Measures = append(out.Measures, reportMeasure{
			Name: m.Measure.Name, Kind: m.Measure.Kind, Judge: m.Measure.Judge, Call: m.Call, Legacy: number(m.Legacy), Candidate: number(m.Candidate),
			Ratio: number(m.Difference), Harm: m.LogHarm, Safe: m.LogSafe, Weight: m.Weight,
		})
	}
	for _, g := range v.Guards {
		out.Guards = append(out.Guards, reportGuard{
			Name: g.Guard.Name, Measure: g.Guard.Measure, Breached: g.Breached, OnWorse: g.Guard.OnWorse, Value: number(g.Value), Limit: number(g.Limit), Text: g.Text,
		})
	}
	for _, g := range v.Gauges {
		out.Gauges = append(out.Gauges, reportGauge{g.Name, g.Red, g.Acts, g.Text})
	}
	for _, s := range f.Sources {
		out.Sources = append(out.Sources, reportSource{s.Name, s.State.String(), s.Err})
	}
	return out
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
