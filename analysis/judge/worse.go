package judge

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rampart/analysis"
)

// worseSentence says in what the candidate is worse, by how much and since when, and whether anything else explains it.
func worseSentence(in Input, v analysis.Verdict) string {
	f := culprit(in, v)
	over := f != nil && eased(*f)
	text := strings.Join(worseParts(v, f), ", ")
	if over {
		text = wasWorse(in, v, *f)
	}
	if r := in.Router.text(); r != "" {
		text += "; " + r
	}
	switch {
	case v.BothWorse != nil:
		text += fmt.Sprintf("; BOTH WORSE since %s: probably not the candidate", clock(v.BothWorse.Since))
	case over:
	case in.Silent == 0 && in.Unreachable == "" && !in.stale():
		text += "; legacy unchanged → it IS the candidate"
	}
	if in.Unreachable != "" || in.stale() {
		text += "; the data are old since " + clock(in.Newest)
	}
	return text
}

// culprit is the measure that shows the harm: the weightiest of now, or the one of the call where only that still does.
func culprit(in Input, v analysis.Verdict) *analysis.Finding {
	f := weightiest(v.Measures)
	i := slices.IndexFunc(v.Measures, func(m analysis.Finding) bool { return m.Weight > 0 && m.Measure.Name == in.Evidence.Called.Measure })
	if i >= 0 && (f == nil || eased(*f)) {
		f = &v.Measures[i]
	}
	return f
}

// eased tells that a measure shows no harm any more: neither over the rollout nor since harm seemed to have begun.
func eased(f analysis.Finding) bool {
	return f.Difference.Known && f.Difference.V <= 1 && (!told(f.Onset) || f.Onset.Ratio.V <= 1)
}

// wasWorse says what made the call and what the numbers are now. The call stays: with a chance of alpha it is a false one,
// and who decides must see that nothing speaks for it now.
func wasWorse(in Input, v analysis.Verdict, f analysis.Finding) string {
	text := f.Measure.Said() + " was worse at " + clock(v.Since)
	if c := in.Evidence.Called; c.Measure == f.Measure.Name && c.Ratio.Known {
		text += " by " + ratioText(c.Ratio.V)
	}
	if c := in.Evidence.Called; c.LogHarm > 0 {
		text += fmt.Sprintf(" (evidence %s)", odds(math.Exp(c.LogHarm)))
	}
	if told(f.Onset) {
		text += ", is " + ratioText(f.Onset.Ratio.V) + " since then"
	}
	return text + ", is " + interval(f.Difference) + " over the whole rollout now; WORSE stays, look before you act"
}

// worseParts are the ratio, its limit and since when. Where the ratio of the whole rollout does not show the harm, the one
// since harm began stands before it: an operator must not read "×1.3 (0.8–1.9), limit ×1.1" under WORSE.
func worseParts(v analysis.Verdict, f *analysis.Finding) []string {
	since := "since " + clock(v.Since)
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
	return fmt.Sprintf("%s %s since %s, n %s", f.Measure.Said(), interval(f.Onset.Ratio), clock(f.Onset.At), whole(float64(f.Onset.Ratio.N)))
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
