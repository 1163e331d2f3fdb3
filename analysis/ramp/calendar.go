package ramp

import (
	"slices"
	"time"

	"rampart/sources"
)

// Edge is where a freeze begins or ends.
type Edge struct {
	At      time.Time
	Begins  bool
	Endless bool // the freeze in hand has no end in sight: there is no instant
}

// mostWeeks bounds how far the end of a freeze is looked for, in looks of nine days each: weekly freezes that leave no gap by
// then leave none.
const mostWeeks = 8

// FrozenUntil tells whether an instant lies in a freeze, and when all that are connected with it are over; the zero time where
// that has no end in sight.
func (p Plan) FrozenUntil(at time.Time) (until time.Time, frozen bool) {
	until = at
	for range mostWeeks {
		from := until
		for _, w := range p.spans(from) {
			if !w.From.After(until) && w.To.After(until) {
				until = w.To
			}
		}
		switch {
		case until.Equal(at):
			return time.Time{}, false
		case until.Equal(from):
			return until, true
		}
	}
	return time.Time{}, true
}

// NextEdge is where the freeze in hand ends, or where the next one begins; it looks a week ahead at weekly freezes that are to
// begin. The zero value: there is none.
func (p Plan) NextEdge(at time.Time) Edge {
	if until, frozen := p.FrozenUntil(at); frozen {
		return Edge{At: until, Endless: until.IsZero()}
	}
	for _, w := range p.spans(at) {
		if w.From.After(at) {
			return Edge{At: w.From, Begins: true}
		}
	}
	return Edge{}
}

// spans are the plan's freezes around an instant, in their order: from a day before it to eight after, and all that
// come once.
func (p Plan) spans(at time.Time) []sources.Window {
	var out []sources.Window
	for _, f := range p.Freeze {
		if f.Zone == nil {
			out = append(out, sources.Window{From: f.Begin, To: f.End})
			continue
		}
		here := at.In(f.Zone)
		for i := -1; i <= 8; i++ {
			if midnight := time.Date(here.Year(), here.Month(), here.Day()+i, 0, 0, 0, 0, f.Zone); f.Days[midnight.Weekday()] {
				out = append(out, f.on(here.Year(), here.Month(), here.Day()+i))
			}
		}
	}
	slices.SortFunc(out, func(a, b sources.Window) int { return a.From.Compare(b.From) })
	return out
}

// on is the freeze that begins on a day. Times are the wall clock's, so that a freeze from 16:00 on begins at 16:00 in
// summer and in winter.
func (f Freeze) on(year int, month time.Month, day int) sources.Window {
	wall := func(day int, t time.Duration) time.Time {
		return time.Date(year, month, day, int(t/time.Hour), int(t%time.Hour/time.Minute), 0, 0, f.Zone)
	}
	end := day
	if f.To <= f.From {
		end++
	}
	return sources.Window{From: wall(day, f.From), To: wall(end, f.To)}
}
