package chart

import "time"

// settle is the grid that windows end on: the picture then moves once in ten seconds and not with every second, which
// more than halves what is sent over the line.
const settle = 10 * time.Second

// Window returns the window of the given span that holds now: its end is the next multiple of ten seconds since 1970.
func Window(now time.Time, span time.Duration) (from, to time.Time) {
	to = now.Truncate(settle)
	if to.Before(now) {
		to = to.Add(settle)
	}
	return to.Add(-span), to
}
