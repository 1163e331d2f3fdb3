package judge

import (
	"time"

	"rampart/analysis"
)

// Decide makes the verdict.
func Decide(in Input) analysis.Verdict {
	v := analysis.Verdict{
		At: in.Newest, Measures: mark(in), Guards: in.Guards, Gauges: in.Gauges, Blocks: in.Blocks,
		Forecast: in.Evidence.Forecast, Exposure: in.Evidence.Exposure,
		Evidence: analysis.Evidence{
			LogHarm: in.Evidence.LogHarm, LogSafe: in.Evidence.LogSafe, LogNeeded: needed(in.Alpha), Alpha: in.Alpha, Since: in.Rollout.Since, Worse: in.Evidence.FirstWorse,
		},
	}
	v.Call = call(in)
	v.Since = since(in, v.Call)
	v.BothWorse = bothWorse(in)
	v.Consequence = consequence(in, v.Call)
	v.Ask = ask(in, v)
	v.Reasons = reasons(in, v)
	v.Sentence = sentence(in, v)
	v.WouldChange = wouldChange(in, v)
	v.Do = do(in, v)
	return v
}

// call is the first that holds.
func call(in Input) analysis.Call {
	switch {
	case in.noTraffic():
		return analysis.NoCandidateTraffic
	case in.Evidence.Call == analysis.Worse || !in.Evidence.FirstWorse.IsZero():
		return analysis.Worse
	case in.NoSeries != "":
		return analysis.NoData
	case in.Newest.IsZero() && in.Unreachable == "":
		return analysis.NoData
	case in.Unreachable != "" || in.stale() || in.Silent != 0:
		return analysis.Stale
	case in.Evidence.Call == analysis.Safe && in.Router.doubt() == "":
		return analysis.Safe
	}
	return analysis.Undecided
}

// since is when the call began: for worse the block that made it, else when it was first said.
func since(in Input, c analysis.Call) time.Time {
	if c == analysis.Worse && !in.Evidence.FirstWorse.IsZero() {
		return in.Evidence.FirstWorse
	}
	if in.Previous != nil && in.Previous.Call == c {
		return in.Previous.Since
	}
	if c == analysis.Stale && !in.Newest.IsZero() {
		return in.Newest
	}
	if c == analysis.Undecided && !in.Evidence.SafeUntil.IsZero() {
		return in.Evidence.SafeUntil
	}
	if c == analysis.Undecided && !in.Rollout.Since.IsZero() {
		return in.Rollout.Since
	}
	return in.Now
}

// bothWorse says that legacy is in trouble too, as long as it is.
func bothWorse(in Input) *analysis.BothWorse {
	if len(in.Trouble) == 0 {
		return nil
	}
	first := in.Trouble[0]
	for _, t := range in.Trouble {
		if t.Since.Before(first.Since) {
			first = t
		}
	}
	if in.Previous != nil && in.Previous.BothWorse != nil {
		first.Since = in.Previous.BothWorse.Since
	}
	return &analysis.BothWorse{Since: first.Since, Text: first.Text}
}

// consequence is the gravest that follows: of the evidence's guards when the call is worse, of static guards always. A
// router that withholds safe also holds what would go on without it: a ramp's next step, and a job that accepts undecided.
func consequence(in Input, c analysis.Call) analysis.Consequence {
	gravest := analysis.DoWarn
	if c == analysis.Undecided && in.Router.doubt() != "" {
		gravest = analysis.DoHold
	}
	for _, g := range in.Guards {
		byEvidence := g.Guard.Relative() && c == analysis.Worse && g.Breached
		if byEvidence || (!g.Guard.Relative() && g.Breached && !g.Guard.NotTheCandidate) {
			gravest = max(gravest, g.Guard.OnWorse)
		}
	}
	return gravest
}

// ask says why an automatic action would wait for an operator.
func ask(in Input, v analysis.Verdict) string {
	if v.BothWorse != nil {
		return "legacy is in trouble too"
	}
	for _, g := range in.Gauges {
		if g.Acts && g.Red {
			return g.Text
		}
	}
	return ""
}
