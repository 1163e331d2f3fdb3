package sources

import (
	"fmt"
	"time"
)

// Window is a half-open span of time, From <= t < To, on the source's own clock.
type Window struct {
	From, To time.Time
}

// Align returns the newest multiple of step since 1970 that is not after t: where a block ends. Consoles opened at
// different times cut their blocks at the same instants because of it.
func Align(t time.Time, step time.Duration) time.Time {
	if step <= 0 {
		return t
	}
	n := t.UnixNano()
	rest := n % int64(step)
	if rest < 0 {
		rest += int64(step)
	}
	return time.Unix(0, n-rest).UTC()
}

// Aligned returns the window with both ends moved back to multiples of step.
func (w Window) Aligned(step time.Duration) Window {
	return Window{From: Align(w.From, step), To: Align(w.To, step)}
}

// Length is the span from From to To.
func (w Window) Length() time.Duration { return w.To.Sub(w.From) }

// Contains tells whether t lies in the window.
func (w Window) Contains(t time.Time) bool { return !t.Before(w.From) && t.Before(w.To) }

// Blocks tells how many whole blocks of step the window holds.
func (w Window) Blocks(step time.Duration) int {
	if step <= 0 || !w.From.Before(w.To) {
		return 0
	}
	return int(w.Length() / step)
}

// String prints both ends in UTC.
func (w Window) String() string {
	return fmt.Sprintf("%s to %s", w.From.UTC().Format(time.TimeOnly), w.To.UTC().Format(time.TimeOnly))
}
