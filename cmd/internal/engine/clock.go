package engine

import (
	"context"
	"time"

	"rampart/sources"
)

// Clock tells the sources' time and waits in it. A demo world may run faster than the wall.
type Clock struct {
	Now   func() time.Time
	Speed float64 // seconds of this clock in one real second; 1 when 0
}

// Real returns what a span of this clock lasts on the wall.
func (c Clock) Real(d time.Duration) time.Duration {
	if c.Speed > 0 {
		return time.Duration(float64(d) / c.Speed)
	}
	return d
}

// after is what the clock shows once so much of the wall's time has passed. A slow clock is taken for the wall's.
func (c Clock) after(pause time.Duration) time.Time {
	return c.Now().Add(time.Duration(float64(pause) * max(c.Speed, 1)))
}

// following is the next instant that a step begins at.
func following(t time.Time, step time.Duration) time.Time { return sources.Align(t, step).Add(step) }

// Until waits until the clock shows t, the context ends or somebody knocks; it reports whether the context still lives.
func (c Clock) Until(ctx context.Context, t time.Time, knock <-chan struct{}) bool {
	timer := time.NewTimer(max(c.Real(t.Sub(c.Now())), 0))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-knock:
	}
	return ctx.Err() == nil
}
