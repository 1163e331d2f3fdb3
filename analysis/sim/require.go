package sim

import (
	"fmt"
	"math"
)

// Requirement is a bound that the judge must hold in a world.
type Requirement struct {
	Text  string // "worse <= 5 %"
	got   func(*Tally) float64
	holds func(*Tally) bool
}

// errorsOf is two standard errors of a rate near p over n runs.
func errorsOf(p float64, n int) float64 { return 2 * math.Sqrt(p*(1-p)/float64(max(n, 1))) }

// atMost bounds a rate over all runs, with two standard errors of the simulation.
func atMost(what string, limit float64, rate func(*Tally) float64) Requirement {
	return Requirement{
		Text: fmt.Sprintf("%s <= %g %%", what, 100*limit), got: rate,
		holds: func(t *Tally) bool { return rate(t) <= limit+errorsOf(limit, t.Runs) },
	}
}

// atLeast bounds a rate over n trials from below.
func atLeast(what string, limit float64, rate func(*Tally) float64, n func(*Tally) int) Requirement {
	return Requirement{
		Text: fmt.Sprintf("%s >= %g %%", what, 100*limit), got: rate,
		holds: func(t *Tally) bool { return rate(t) >= limit-errorsOf(limit, n(t)) },
	}
}

// within bounds a median delay in minutes; its lower bound counts, two standard errors down.
func within(what string, minutes float64, event func(*Tally) *Event) Requirement {
	return Requirement{
		Text: fmt.Sprintf("%s within %.4g min", what, minutes), got: func(t *Tally) float64 { return event(t).Median },
		holds: func(t *Tally) bool { return event(t).early <= minutes },
	}
}

func worseAtMost(p float64) Requirement {
	return atMost("worse", p, func(t *Tally) float64 { return t.Worse.Rate })
}

func autoAtMost(p float64) Requirement {
	return atMost("automatic rollback", p, func(t *Tally) float64 { return t.Auto.Rate })
}

func safeAtMost(p float64) Requirement {
	return atMost("safe", p, func(t *Tally) float64 { return t.Safe.Rate })
}

func safeAtLeast(p float64) Requirement {
	return atLeast("safe", p, func(t *Tally) float64 { return t.Safe.Rate }, func(t *Tally) int { return t.Runs })
}

func redAtLeast(p float64) Requirement {
	return atLeast("red at the first worse", p, func(t *Tally) float64 { return t.RedAtWorse }, func(t *Tally) int { return t.Worse.n })
}

func forecastAtLeast(p float64) Requirement {
	return atLeast("forecast holds", p, func(t *Tally) float64 { return t.Forecast }, func(t *Tally) int { return t.Worse.n })
}

func worseWithin(minutes float64) Requirement {
	return within("worse", minutes, func(t *Tally) *Event { return &t.Worse })
}

func autoWithin(minutes float64) Requirement {
	return within("automatic rollback", minutes, func(t *Tally) *Event { return &t.Auto })
}

func safeWithin(minutes float64) Requirement {
	return within("safe", minutes, func(t *Tally) *Event { return &t.Safe })
}
