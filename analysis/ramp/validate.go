package ramp

import (
	"fmt"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// Mistake is what is wrong with one step of a plan, or with the plan as a whole.
type Mistake struct {
	Step int    // from 1; 0: the plan as a whole
	Key  string // which setting of the plan, as in the config; empty: the steps
	Said string // the step as it is written
	Text string
	Fix  string
}

// Error names the step by its number and text.
func (m Mistake) Error() string {
	s := "plan: "
	switch {
	case m.Step > 0:
		s = fmt.Sprintf("step %d %q: ", m.Step, m.Said)
	case m.Key != "":
		s = "plan " + m.Key + ": "
	}
	s += m.Text
	if m.Fix != "" {
		s += " (" + m.Fix + ")"
	}
	return s
}

// Validate tells everything that is wrong with a plan, for a plane that can do what caps say; a zero Caps is any plane.
func (p Plan) Validate(caps sources.Caps) []Mistake {
	var out []Mistake
	say := func(i int, text, fix string) {
		out = append(out, Mistake{Step: i + 1, Said: p.Steps[i].String(), Text: text, Fix: fix})
	}
	if len(p.Steps) == 0 {
		out = append(out, Mistake{Key: "steps", Text: "there are none", Fix: "such as [1% for 15m, 5% until safe or 30m, 25% for 15m, 100%]"})
	}
	for i, s := range p.Steps {
		p.rises(i, say)
		s.lasts(func(text, fix string) { say(i, text, fix) }, i == len(p.Steps)-1)
		if why, fix := fits(caps, s.To); why != "" {
			say(i, why, fix)
		}
	}
	return append(out, p.options()...)
}

// rises checks a step's share against the one before.
func (p Plan) rises(i int, say func(int, string, string)) {
	to, before := p.Steps[i].To, sources.Share(0)
	if i > 0 {
		before = p.Steps[i-1].To
	}
	switch {
	case to > sources.Whole:
		say(i, "more than all of the traffic", "100% is the most")
	case to == 0:
		say(i, "it gives the candidate nothing", "a ramp begins above 0 %")
	case to <= before:
		say(i, fmt.Sprintf("not above step %d (%s)", i, percent(before)), "steps rise")
	case p.MaxJump > 0 && to-before > p.MaxJump:
		say(i, fmt.Sprintf("from %s it adds more than max_jump %s", percent(before), percent(p.MaxJump)), "put a step between")
	}
}

// lasts checks how long a step stays and what it waits for.
func (s Step) lasts(say func(text, fix string), last bool) {
	if s.To == sources.Whole {
		if s.Bake != 0 || s.Until != Bake || s.Max != 0 {
			say("at 100 % no legacy is left to compare with", "write 100% alone, and wait in the step before")
		}
		return
	}
	switch {
	case s.Until > Command:
		say("unknown gate", "safe, approve or command")
	case s.Bake < 0 || s.Max < 0:
		say("a time below zero", "such as 15m")
	case s.Bake == 0 && s.Until == Bake && !last:
		say("it stays for no time", "say how long: "+percent(s.To)+" for 15m")
	case s.Bake == 0 && s.Until == Bake:
		say("the last step stays for no time", "end with 100%, or say how long: "+percent(s.To)+" for 15m")
	case s.Max > 0 && s.Max <= s.Bake:
		say(fmt.Sprintf("it is given up after %s, before its %s are over", Span(s.Max), Span(s.Bake)), "write the whole step's time behind or")
	case s.Until == Bake && s.Max > 0:
		say("only a gate can take too long", "write until safe or "+Span(s.Max))
	case (s.Until == Command) != (len(s.Command) > 0):
		say("the gate command needs a program, and no other gate has one", "until command: ./gate ranker")
	}
}

// fits says why a plane cannot do a share, and which are nearest.
func fits(caps sources.Caps, to sources.Share) (text, fix string) {
	if caps.Shares == nil {
		below := sources.Share(0)
		if caps.Even && caps.Finest > 0 {
			below = to / caps.Finest * caps.Finest
		}
		switch {
		case to == sources.Whole, to >= caps.Finest && (!caps.Even || below == to):
			return "", ""
		case below > 0:
			return "the plane divides in steps of " + percent(caps.Finest), "the nearest shares are " + percent(below) + " and " + percent(min(below+caps.Finest, sources.Whole))
		}
		return fmt.Sprintf("the plane divides no finer than %s", percent(caps.Finest)), "the nearest share is " + percent(caps.Finest)
	}
	shares := slices.Sorted(slices.Values(caps.Shares))
	i, found := slices.BinarySearch(shares, to)
	switch {
	case found:
		return "", ""
	case len(shares) == 0:
		return "the plane cannot be set to any share", ""
	case i == 0:
		fix = percent(shares[0])
	case i == len(shares):
		fix = percent(shares[i-1])
	default:
		fix = percent(shares[i-1]) + " or " + percent(shares[i])
	}
	return "the plane cannot do this share", "the nearest that it can: " + fix
}

// options checks what is beside the steps.
func (p Plan) options() []Mistake {
	var out []Mistake
	say := func(key, text, fix string) { out = append(out, Mistake{Key: key, Text: text, Fix: fix}) }
	for i, c := range []analysis.Consequence{p.OnWorse, p.OnNoData, p.OnTimeout} {
		if c > analysis.DoRollBack {
			say([]string{"on_worse", "on_no_data", "on_timeout"}[i], "unknown consequence", "rollback, hold or ask")
		}
	}
	if p.MaxJump > sources.Whole {
		say("max_jump", "more than all of the traffic", "such as 25%")
	}
	if p.MaxAlerting > sources.Whole {
		say("max_alerting", "more than all of the traffic", "such as 5%")
	}
	if p.MinSamples < 0 {
		say("min_samples", "fewer than none", "such as 1000")
	}
	if p.Confirm != 0 && p.Confirm < time.Minute {
		say("confirm", "too short for somebody to look and confirm", "at least 1m")
	}
	if p.Watchdog != 0 && p.Watchdog < 10*time.Second {
		say("watchdog", "a runner that starts again is silent for a moment", "at least 10s")
	}
	if (p.Extend.By > 0) != (p.Extend.Most > 0) || p.Extend.By < 0 || p.Extend.Most < 0 {
		say("extend", "it needs both by and most", "such as {by: 15m, most: 2}")
	}
	for i, r := range p.Rules {
		if err := r.Validate(); err != nil {
			say(fmt.Sprintf("rules[%d]", i), err.Error(), "such as {measure: errors, of: success, over: 100, min_ratio: 0.95, then: rollback}")
		}
	}
	return out
}
