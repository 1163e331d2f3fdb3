// Package report is a frame as scripts read it: the JSON of `check` and of `watch -o jsonl`, and a table for a reader. A
// number that is not known is null with its reason beside it, never 0. It owns nothing and asks nobody.
package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/document"
	"rampart/sources"
)

// Version is the version of the JSON that `check -o json` and `watch -o jsonl` print; it rises when a key changes
// its meaning, not when one is added.
const Version = 1

// Document is a frame as scripts read it. A number that is not known is null, with the reason beside it.
type Document struct {
	Version  int           `json:"version"`
	At       time.Time     `json:"at"`
	Context  string        `json:"context"`
	Service  string        `json:"service"`
	Call     analysis.Call `json:"call"`
	Since    *time.Time    `json:"since,omitempty"`
	Sentence string        `json:"sentence"`
	Do       string        `json:"do,omitempty"`
	Change   string        `json:"would_change,omitempty"`
	Ask      string        `json:"ask,omitempty"`
	Both     *both         `json:"both_worse,omitempty"`
	Reasons  []reason      `json:"reasons"`
	Rollout  rollout       `json:"rollout"`
	Evidence evidence      `json:"evidence"`
	Split    shares        `json:"split"`
	Measures []measure     `json:"measures"`
	Rows     []row         `json:"rows"`
	Features []feature     `json:"features"`
	Guards   []guard       `json:"guards"`
	Gauges   []gauge       `json:"gauges"`
	Exposure figure        `json:"excess_failed_requests"`
	Sources  []source      `json:"sources"`
	Follows  string        `json:"consequence"` // the gravest of the breached guards
	Unread   []string      `json:"unread"`      // measures that were not told yet
	Blocks   int           `json:"blocks"`
	Newest   *time.Time    `json:"newest_block,omitempty"`
}

type rollout struct {
	ID        string       `json:"id"`
	Legacy    sources.Text `json:"legacy"`
	Candidate sources.Text `json:"candidate"`
	Since     *time.Time   `json:"since,omitempty"`
}

// both says that legacy is in trouble too: probably not the candidate.
type both struct {
	Since *time.Time `json:"since,omitempty"`
	Text  string     `json:"text"`
}

type reason struct {
	Measure string `json:"measure,omitempty"`
	Warning bool   `json:"warning"`
	Text    string `json:"text"`
}

type evidence struct {
	Alpha  float64  `json:"alpha"`
	Harm   *float64 `json:"log_e_harm" jsonschema:"nullable"`
	Safe   *float64 `json:"log_e_safe" jsonschema:"nullable"`
	Needed *float64 `json:"log_e_needed" jsonschema:"nullable"`
}

type shares struct {
	Asked     *float64          `json:"asked_percent" jsonschema:"nullable"`
	Set       *float64          `json:"set_percent" jsonschema:"nullable"`
	Effective *float64          `json:"effective_percent" jsonschema:"nullable"`
	Seen      *float64          `json:"seen_percent" jsonschema:"nullable"`
	Why       map[string]string `json:"why,omitempty"` // of each that is not known
}

// figure is a [document.Number] under this document's keys.
type figure struct {
	Value *float64 `json:"value" jsonschema:"nullable"`
	Lo    *float64 `json:"lo,omitempty"`
	Hi    *float64 `json:"hi,omitempty"`
	N     int64    `json:"n"`
	Why   string   `json:"why,omitempty"`
}

type measure struct {
	Name      string         `json:"name"`
	Kind      analysis.Kind  `json:"kind"`
	Judge     analysis.Judge `json:"judge"`
	Call      analysis.Call  `json:"call"`
	Legacy    figure         `json:"legacy"`
	Candidate figure         `json:"candidate"`
	Ratio     figure         `json:"ratio"`
	Harm      *float64       `json:"log_e_harm" jsonschema:"nullable"`
	Safe      *float64       `json:"log_e_safe" jsonschema:"nullable"`
	Weight    float64        `json:"weight"`
}

// row is a line of the table as people see it: measures, the cells of quantiles, drift and free expressions.
type row struct {
	Name      string     `json:"name"`
	Measure   string     `json:"measure"`
	Legacy    figure     `json:"legacy"`
	Candidate figure     `json:"candidate"`
	Ratio     figure     `json:"ratio"`
	Note      string     `json:"note,omitempty"`
	Limit     figure     `json:"limit"`
	Newest    *time.Time `json:"newest,omitempty"`
}

// feature is one distribution's drift, and what it would be if nothing had changed.
type feature struct {
	Name    string                `json:"name"`
	Measure string                `json:"measure"`
	PSI     figure                `json:"psi"`
	PSINull figure                `json:"psi_null"`
	JS      figure                `json:"js"`
	W1      figure                `json:"w1"`
	KS      figure                `json:"ks"`
	N       sources.ByArm[int64]  `json:"n"`
	Mean    sources.ByArm[figure] `json:"mean"`
}

type guard struct {
	Name     string               `json:"name"`
	Measure  string               `json:"measure"`
	Arm      string               `json:"arm,omitempty"`
	Breached bool                 `json:"breached"`
	OnWorse  analysis.Consequence `json:"on_worse"`
	Value    figure               `json:"value"`
	Limit    figure               `json:"limit"`
	Text     string               `json:"text"`
}

type gauge struct {
	Name string `json:"name"`
	Red  bool   `json:"red"`
	Acts bool   `json:"acts"`
	Text string `json:"text"`
}

type source struct {
	Name   string     `json:"name"`
	Target string     `json:"target,omitempty"`
	State  string     `json:"state"`
	Newest *time.Time `json:"newest,omitempty"`
	Error  string     `json:"error,omitempty"`
}

// Print writes a frame as one JSON document, or as a table for a reader.
func Print(w io.Writer, f *frame.Frame, format string) error {
	if format == "json" {
		return document.Print(w, Of(f))
	}
	fmt.Fprintf(w, "%s  %s\n", f.Verdict.Call.Label(), f.Verdict.Sentence)
	for _, r := range f.Verdict.Reasons {
		if r.Mark == analysis.MarkWarn && !strings.Contains(f.Verdict.Sentence, r.Text) { // what the call says is not said again
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
