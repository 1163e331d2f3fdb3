package logsheet

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/document"
	"rampart/sources"
)

// finding is one figure of predictions in both arms, or of the difference between them.
type finding struct {
	Kind      string         `json:"kind"` // check, label, pairs, teams
	Name      string         `json:"name"`
	Legacy    *number        `json:"legacy,omitempty"`
	Candidate *number        `json:"candidate,omitempty"`
	Value     *number        `json:"value,omitempty"` // of what compares the arms
	Breached  bool           `json:"breached,omitempty"`
	Counts    []reasonCounts `json:"counts,omitempty"`
	Note      string         `json:"note,omitempty"`
}

// reasonCounts is how many lines there are for one reason.
type reasonCounts struct {
	Why       string `json:"why"`
	Legacy    int64  `json:"legacy"`
	Candidate int64  `json:"candidate"`
}

// worstPair is a request that the arms answered differently.
type worstPair struct {
	Kind    string                           `json:"kind"` // pair
	ID      sources.Text                     `json:"id"`
	At      sources.ByArm[time.Time]         `json:"at"`
	Score   number                           `json:"score"`
	Latency number                           `json:"latency_seconds"`
	Differs []string                         `json:"differs"`
	Fields  map[string]sources.ByArm[string] `json:"fields,omitempty"`
}

// Pairs writes what log lines say of predictions, as text or as JSON lines.
func Pairs(w io.Writer, f *frame.Frame, format string) error {
	found, worst := findingsOf(f.Said), worstOf(f.Said.Pairs)
	if format == "text" {
		return pairsText(w, f, found, worst)
	}
	enc := document.Lines(w)
	for _, x := range found {
		if err := enc.Encode(x); err != nil {
			return err
		}
	}
	for _, p := range worst {
		if err := enc.Encode(p); err != nil {
			return err
		}
	}
	return nil
}

func findingsOf(s frame.Predictions) []finding {
	var out []finding
	arms := func(kind, name string, legacy, candidate analysis.Value) *finding {
		l, c := numberOf(legacy), numberOf(candidate)
		out = append(out, finding{Kind: kind, Name: name, Legacy: &l, Candidate: &c})
		return &out[len(out)-1]
	}
	for _, c := range s.Checks {
		x := arms("check", c.Name, c.Legacy, c.Candidate)
		r := numberOf(c.Ratio)
		x.Value, x.Breached = &r, c.Mark == analysis.MarkWorse || c.Mark == analysis.MarkWarn
		for _, b := range c.Broken {
			x.Counts = append(x.Counts, reasonCounts{b.How, b.Lines.Legacy, b.Lines.Candidate})
		}
	}
	if s.Labels.Asked {
		for _, g := range s.Labels.Figures {
			arms("label", g.Name, g.Legacy, g.Candidate)
		}
		arms("label", "labelled", s.Labels.Coverage.Legacy, s.Labels.Coverage.Candidate).Note = s.Labels.Note
		arms("label", "delay, seconds", s.Labels.Delay.Legacy, s.Labels.Delay.Candidate)
		arms("label", "delay p95, seconds", s.Labels.DelayP95.Legacy, s.Labels.DelayP95.Candidate)
	}
	return append(out, betweenArms(s)...)
}

// betweenArms are the findings that have one value for both arms.
func betweenArms(s frame.Predictions) []finding {
	var out []finding
	one := func(kind, name string, v analysis.Value) *finding {
		n := numberOf(v)
		out = append(out, finding{Kind: kind, Name: name, Value: &n})
		return &out[len(out)-1]
	}
	if p := s.Pairs; p.Asked {
		x := one("pairs", "agreement", p.Agreement)
		for _, u := range p.Unmatched {
			x.Counts = append(x.Counts, reasonCounts{u.Why, u.Lines.Legacy, u.Lines.Candidate})
		}
		x.Note = fmt.Sprintf("%d pairs within %v; waiting %d, legacy %d", p.Pairs, p.Window, p.Waiting.Candidate, p.Waiting.Legacy)
		for _, d := range []struct {
			name string
			of   frame.Difference
		}{{"score difference", p.Score}, {"latency difference, seconds", p.Latency}} {
			one("pairs", d.name+", p05", d.of.P05)
			one("pairs", d.name+", median", d.of.P50)
			one("pairs", d.name+", p95", d.of.P95)
		}
		one("pairs", "evidence that the candidate is slower", p.Slower)
		one("pairs", "evidence that the candidate is faster", p.Faster)
		one("pairs", "Wilcoxon signed rank p", p.Wilcoxon)
	}
	if t := s.Teams; t.Asked {
		x := one("teams", "candidate's share of decided queries", t.Share)
		x.Counts = []reasonCounts{{"wins", t.Wins.Legacy, t.Wins.Candidate}, {"clicks", t.Clicks.Legacy, t.Clicks.Candidate}, {"impressions", t.Impressions.Legacy, t.Impressions.Candidate}}
		x.Note = fmt.Sprintf("%d ties, %d without a click; %s", t.Ties, t.Unclicked, t.Note)
		one("teams", "evidence of a preference", t.Evidence)
		one("teams", "sign test p", t.SignTest)
	}
	return out
}

func worstOf(p frame.Pairs) []worstPair {
	var out []worstPair
	for _, w := range p.Worst {
		x := worstPair{Kind: "pair", ID: w.ID, At: w.At, Score: numberOf(w.Score), Latency: numberOf(w.Latency), Differs: []string{}, Fields: map[string]sources.ByArm[string]{}}
		for _, f := range w.Fields {
			x.Fields[f.Name] = sources.ByArm[string]{Legacy: f.Legacy.String(), Candidate: f.Candidate.String()}
			if f.Differs {
				x.Differs = append(x.Differs, f.Name)
			}
		}
		out = append(out, x)
	}
	return out
}

func pairsText(w io.Writer, f *frame.Frame, found []finding, worst []worstPair) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%d predictions of the candidate, %d of legacy", f.Said.Lines.Candidate, f.Said.Lines.Legacy)
	if f.Said.Sample != "" {
		fmt.Fprintf(w, "; %s", f.Said.Sample)
	}
	fmt.Fprintln(w)
	for _, x := range found {
		mark := "·"
		if x.Breached {
			mark = "▲"
		}
		fmt.Fprintf(t, "%s %s\t%s\t%s\t%s\t%s\n", mark, x.Name, armText("legacy ", x.Legacy), armText("candidate ", x.Candidate), armText("", x.Value), notes(x))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, p := range worst {
		fmt.Fprintf(w, "\n%s  score %s  latency %s\n", p.ID, armText("", &p.Score), armText("", &p.Latency))
		for _, field := range sortedFields(p) {
			sign := " "
			if slices.Contains(p.Differs, field) {
				sign = "≠"
			}
			fmt.Fprintf(w, "  %s %s: %s | %s\n", sign, field, p.Fields[field].Legacy, p.Fields[field].Candidate)
		}
	}
	return nil
}

func sortedFields(p worstPair) []string { return slices.Sorted(maps.Keys(p.Fields)) }

// armText prints a number with its interval; nothing for one that the line does not have.
func armText(label string, n *number) string {
	switch {
	case n == nil:
		return ""
	case n.Value == nil:
		return label + "— (" + n.Why + ")"
	case n.Lo != nil && n.Hi != nil:
		return fmt.Sprintf("%s%.4g (%.4g to %.4g)", label, *n.Value, *n.Lo, *n.Hi)
	case n.Lo != nil:
		return fmt.Sprintf("%s%.4g (at least %.4g)", label, *n.Value, *n.Lo)
	}
	return fmt.Sprintf("%s%.4g", label, *n.Value)
}

func notes(x finding) string {
	var out []string
	for _, c := range x.Counts {
		out = append(out, fmt.Sprintf("%s %d, legacy %d", c.Why, c.Candidate, c.Legacy))
	}
	if x.Note != "" {
		out = append(out, x.Note)
	}
	return strings.Join(out, "; ")
}
