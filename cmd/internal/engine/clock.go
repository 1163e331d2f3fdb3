package engine

import (
	"context"
	"time"
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
