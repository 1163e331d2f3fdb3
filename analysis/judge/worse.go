package judge

import (
	"fmt"
	"slices"
	"strings"

	"rampart/analysis"
)

// worseSentence says in what the candidate is worse, by how much and since when, and whether anything else explains it.
func worseSentence(in Input, v analysis.Verdict) string {
	text := strings.Join(worseParts(v), ", ")
	if r := in.Router.text(); r != "" {
		text += "; " + r
	}
	switch {
	case v.BothWorse != nil:
		text += fmt.Sprintf("; BOTH WORSE since %s: probably not the candidate", clock(v.BothWorse.Since))
	case in.Silent == 0 && in.Unreachable == "" && !in.stale():
		text += "; legacy unchanged → it IS the candidate"
	}
	if in.Unreachable != "" || in.stale() {
		text += "; the data are old since " + clock(in.Newest)
	}
	return text
}

// worseParts are the ratio, its limit and since when. Where the ratio of the whole rollout does not show the harm, the one
// since harm began stands before it: an operator must not read "×1.3 (0.8–1.9), limit ×1.1" under WORSE.
func worseParts(v analysis.Verdict) []string {
	since := "since " + clock(v.Since)
	f := weightiest(v.Measures)
	if f == nil {
		return []string{since}
	}
	limit := ""
	if f.Limit.Known {
		limit = "limit " + ratioText(f.Limit.V)
	}
	parts := []string{difference(*f), limit, since}
	if hidden(*f) {
		parts = []string{sinceOnset(*f), limit, "whole rollout " + interval(f.Difference)}
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// hidden tells that the interval of the whole rollout's ratio covers the limit although the candidate is called worse: the
// evidence is of the time since harm began, the ratio also holds the good hours before.
func hidden(f analysis.Finding) bool {
	d := f.Difference
	covers := !d.Known || !d.Interval || d.Lo <= max(f.Limit.V, 1)
	return covers && told(f.Onset)
}

func told(o analysis.Onset) bool { return !o.At.IsZero() && o.Ratio.Known }

// sinceOnset is what was counted since harm seems to have begun: "errors ×4.1 (2.0–8.4) since 13:58, n 512". It describes
// a span that was chosen because it looks worst; the evidence made the call, not this interval.
func sinceOnset(f analysis.Finding) string {
	return fmt.Sprintf("%s %s since %s, n %d", f.Measure.Name, interval(f.Onset.Ratio), clock(f.Onset.At), f.Onset.Ratio.N)
}

// reasonOf is a finding in words, with when harm seems to have begun where that is told.
func reasonOf(f analysis.Finding) string {
	text := difference(f)
	if f.Mark == analysis.MarkWorse && told(f.Onset) {
		text += fmt.Sprintf(" over the rollout; %s since harm seems to have begun at %s, n %d: a description, the evidence made the call",
			interval(f.Onset.Ratio), clock(f.Onset.At), f.Onset.Ratio.N)
	}
	return text
}
