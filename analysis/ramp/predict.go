package ramp

import (
	"fmt"
	"time"

	"rampart/analysis"
)

// Prediction is when a ramp will be over if nothing stops it: no sooner than Lo, and no later than Hi unless it is Open.
type Prediction struct {
	Lo, Hi time.Time
	Open   bool   // it waits for somebody or something that takes as long as it takes
	Why    string // what makes it open, or a range
}

// Predict adds up what the steps still take: bake times, the forecast where a step waits for safe, its Max at most, and
// freezes in between. A ramp that is not under way has no prediction.
func Predict(p Plan, st State, in Input) (Prediction, bool) {
	if !st.Phase.Climbing() || len(p.Steps) == 0 {
		return Prediction{}, false
	}
	out := Prediction{Lo: st.At, Hi: st.At}
	for i := max(st.Step, 0); i < len(p.Steps); i++ {
		spent := time.Duration(0)
		if i == st.Step {
			spent = st.Baked
		} else {
			var why string
			if out.Lo, why = p.begin(i, out.Lo); why == "" {
				out.Hi, why = p.begin(i, out.Hi)
			}
			if why != "" {
				out.Open, out.Why = true, why
				return out, true
			}
		}
		out.add(p.Steps[i], spent, in, i == st.Step)
	}
	return out, true
}

// begin is when a step can begin at the earliest: out of a freeze, and so that it ends before the next; or why it never can.
func (p Plan) begin(step int, from time.Time) (at time.Time, never string) {
	at = from
	need := max(p.Steps[step].Bake, p.Steps[step].Max)
	for range 20 { // a calendar that leaves no room is not walked for ever
		until, frozen := p.FrozenUntil(at)
		edge := p.NextEdge(at)
		switch {
		case edge.Endless:
			return from, "the freeze has no end in sight"
		case frozen:
			at = until
		case edge.Begins && need > 0 && at.Add(need).After(edge.At):
			at = edge.At
		default:
			return at, ""
		}
	}
	return from, fmt.Sprintf("step %s takes up to %s and finds no room between freezes", p.Steps[step], Span(need))
}

// add lets one step pass.
func (o *Prediction) add(s Step, spent time.Duration, in Input, now bool) {
	left := max(s.Bake-spent, 0)
	lo, hi := left, left
	switch s.Until {
	case Bake:
	case Safe:
		if now && in.Verdict.Call == analysis.Safe {
			break
		}
		f := in.Verdict.Forecast
		if !now {
			f = analysis.Forecast{} // it is of the share in hand
		}
		lo, hi = max(left, min(f.Lo, most(s, spent))), max(left, f.Hi)
		o.Why = "until shown to be safe"
		o.Open = o.Open || s.Max == 0 && f.Hi == 0
		if s.Max > 0 {
			hi = most(s, spent)
		}
	case Approve, Command:
		o.Open, o.Why = true, "until somebody approves"
		if s.Until == Command {
			o.Why = "until a command says yes"
		}
		if s.Max > 0 {
			hi = max(lo, most(s, spent))
		}
	}
	o.Lo, o.Hi = o.Lo.Add(lo), o.Hi.Add(hi)
}

// most is how long a step can still take.
func most(s Step, spent time.Duration) time.Duration {
	if s.Max == 0 {
		return 1<<62 - 1
	}
	return max(s.Max-spent, 0)
}
