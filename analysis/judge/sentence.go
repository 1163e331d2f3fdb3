package judge

import (
	"fmt"
	"math"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// sentence says the call and its reason in one line.
func sentence(in Input, v analysis.Verdict) string {
	switch v.Call {
	case analysis.Worse:
		return worseSentence(in, v)
	case analysis.Safe:
		return safeSentence(in, v)
	case analysis.Stale:
		return staleSentence(in)
	case analysis.NoData:
		switch {
		case in.NoSeries != "":
			return in.NoSeries
		case in.Silent != 0: // from its first scrape on
			return silentSentence(in)
		}
		return "asked, and nothing that can be counted has come yet"
	case analysis.NoCandidateTraffic:
		s := "the candidate gets no traffic: nothing to judge"
		if !in.Evidence.FirstWorse.IsZero() {
			s += fmt.Sprintf("; it was worse since %s", clock(in.Evidence.FirstWorse))
		}
		return s
	case analysis.Undecided:
		return undecidedSentence(in, v)
	case analysis.CallUnknown:
	}
	return "nothing is known yet"
}

func safeSentence(in Input, v analysis.Verdict) string {
	margin := 0.0
	for _, g := range in.Guards {
		if g.Guard.Relative() {
			margin = max(margin, g.Guard.SafeMargin)
		}
	}
	text := fmt.Sprintf("shown to be no more than %s legacy", ratioText(1+margin))
	if f := weightiest(v.Measures); f != nil && f.Difference.Known {
		text += ", " + difference(*f)
	}
	if v.BothWorse != nil {
		text += fmt.Sprintf("; BOTH WORSE since %s: %s", clock(v.BothWorse.Since), v.BothWorse.Text)
	}
	text += "; as of " + clock(in.Newest)
	if in.Evidence.Late != "" { // safe speaks of all that was seen, and hours of health outweigh minutes of harm: the warning comes first
		return "warning: " + in.Evidence.Late + "; by all that was seen " + text
	}
	return text
}

// past adds to a sentence what was shown before and what only warns.
func past(in Input, text string) string {
	if in.Evidence.Late != "" {
		text += "; warning: " + in.Evidence.Late
	}
	if !in.Evidence.SafeUntil.IsZero() {
		text += "; it was safe until " + clock(in.Evidence.SafeUntil)
	}
	return text
}

func undecidedSentence(in Input, v analysis.Verdict) string {
	if v.BothWorse != nil {
		return fmt.Sprintf("BOTH WORSE since %s: %s; probably not the candidate", clock(v.BothWorse.Since), v.BothWorse.Text)
	}
	if doubt := in.Router.doubt(); doubt != "" {
		return doubt
	}
	needed := math.Exp(v.Evidence.LogNeeded)
	harm, safe := math.Exp(v.Evidence.LogHarm), math.Exp(v.Evidence.LogSafe)
	var text string
	switch {
	case in.Blocks == 0:
		return "no scrape with requests of both arms yet"
	case safe >= needed: // the candidate had no traffic a moment ago
		text = fmt.Sprintf("the newest scrape has no requests of both arms; evidence for safe was %s of the %.0f× needed", oddsOf(safe, needed), needed)
	case harm >= safe && harm > 1:
		text = fmt.Sprintf("evidence for worse %s of the %.0f× needed", oddsOf(harm, needed), needed)
	case safe > 1:
		text = fmt.Sprintf("evidence for safe %s of the %.0f× needed", oddsOf(safe, needed), needed)
	default:
		text = "no evidence either way yet"
	}
	if f := weightiest(v.Measures); f != nil && f.Difference.Known {
		text += ", " + difference(*f)
	}
	if v.Forecast.Text != "" {
		text += "; " + v.Forecast.Text
	}
	return past(in, text)
}

func staleSentence(in Input) string {
	if in.Silent != 0 && in.Unreachable == "" {
		return silentSentence(in)
	}
	text := "nothing is known yet"
	if !in.Newest.IsZero() {
		text = "nothing is known since " + clock(in.Newest)
	}
	if in.Unreachable != "" {
		return past(in, text+": "+in.Unreachable)
	}
	return past(in, text+": no newer numbers have come")
}

// silentSentence says that an arm is not scraped while the other is, and what its router sees meanwhile: a crashed
// candidate reports nothing itself.
func silentSentence(in Input) string {
	text := fmt.Sprintf("the %s is not scraped while the other arm is: crashed, renamed or cut off", in.Silent)
	if in.Spoilt {
		text = fmt.Sprintf("the %s is scraped and its counters are no numbers (NaN, infinite or negative): its metrics are broken", in.Silent)
	}
	if doubt := in.Router.doubt(); doubt != "" && in.Silent == sources.Candidate {
		text += "; " + doubt
	}
	return text
}

// weightiest is the measure that says most, among those that make evidence.
func weightiest(fs []analysis.Finding) *analysis.Finding {
	best := -1
	for i, f := range fs {
		if f.Weight > 0 && (best < 0 || f.LogHarm > fs[best].LogHarm) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return &fs[best]
}

// difference is a measure's name with its ratio: "errors ×4.0 (1.7–8.2)".
func difference(f analysis.Finding) string {
	if !f.Difference.Known {
		return f.Measure.Said()
	}
	return f.Measure.Said() + " " + interval(f.Difference)
}

func clock(t time.Time) string { return t.UTC().Format("15:04") }

func needed(alpha float64) float64 {
	if alpha <= 0 || alpha >= 1 {
		alpha = 0.05
	}
	return -math.Log(alpha)
}

// reasons are the findings behind the call, weightiest first.
func reasons(in Input, v analysis.Verdict) []analysis.Reason {
	var out []analysis.Reason
	fs := slices.Clone(v.Measures)
	slices.SortStableFunc(fs, func(a, b analysis.Finding) int {
		return int(sign(b.LogHarm*b.Weight - a.LogHarm*a.Weight))
	})
	for _, f := range fs {
		if f.Mark == analysis.MarkWorse || f.Mark == analysis.MarkSafe {
			out = append(out, analysis.Reason{Mark: f.Mark, Measure: f.Measure.Name, Text: reasonOf(f)})
		}
		if f.Badge != "" {
			out = append(out, analysis.Reason{Mark: analysis.MarkReport, Measure: f.Measure.Name, Text: f.Measure.Said() + " " + f.Badge})
		}
	}
	switch doubt := in.Router.doubt(); {
	case doubt != "" && in.Silent == sources.Candidate: // its silence says it as well
	case doubt != "":
		out = append(out, analysis.Reason{Mark: analysis.MarkWarn, Text: doubt})
	case in.Router.text() != "":
		out = append(out, analysis.Reason{Mark: analysis.MarkReport, Text: in.Router.text()})
	}
	if in.Silent == sources.Candidate || in.Silent == sources.Legacy {
		out = append(out, analysis.Reason{Mark: analysis.MarkWarn, Text: silentSentence(in)})
	}
	if in.Evidence.Late != "" {
		out = append(out, analysis.Reason{Mark: analysis.MarkWarn, Text: in.Evidence.Late})
	}
	for _, g := range in.Guards {
		if g.Breached && !g.Guard.Relative() {
			out = append(out, analysis.Reason{Mark: analysis.MarkWarn, Measure: g.Guard.Measure, Text: g.Text})
		}
	}
	if v.BothWorse != nil {
		out = append(out, analysis.Reason{Mark: analysis.MarkWarn, Text: v.BothWorse.Text})
	}
	return out
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
