package world

import (
	"sync"
	"time"
)

// Hook is told of each second of a live world, under its lock: Before the second is lived (what a scrape sees) and After it (what was logged). Either may be nil.
type Hook struct{ Before, After func(*World) }

// Live is a world that several goroutines share and that keeps up with a wall clock, times speed.
//
// It owns no goroutine: whoever asks lets it catch up first, so that an answer is never older than the question. The world's clock and the wall's are two: with speed
// 60 the world is an hour ahead after a minute. Everybody who compares ages with the world must take Now as the clock.
type Live struct {
	mu    sync.Mutex
	world *World
	hooks []Hook
	wall  func() time.Time
	speed float64
	from  time.Time // wall time at which ...
	at    time.Time // ... the world's clock showed this
}

// Open lets a world live through its history, telling the hooks, and starts its clock at its opening moment.
func Open(w *World, wall func() time.Time, speed float64, hooks ...Hook) *Live {
	// The clocks are tied before the past is lived: a slow machine must not leave the world behind the wall.
	l := &Live{world: w, hooks: hooks, wall: wall, speed: speed, at: w.spec.Opens, from: wall()}
	l.run(l.at)
	return l
}

// Now gives the world's time. It runs between the seconds that the world lives.
func (l *Live) Now() time.Time {
	return l.at.Add(time.Duration(float64(l.wall().Sub(l.from)) * l.speed))
}

// Do lets the world catch up and hands it over; f must not keep it.
func (l *Live) Do(f func(*World)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.run(l.Now())
	f(l.world)
}

// Touch lets the world catch up.
func (l *Live) Touch() { l.Do(func(*World) {}) }

// Beat is how often somebody should Touch a world that nobody asks: once a second of its time, but not more than ten times a second of the wall's.
func (l *Live) Beat() time.Duration {
	return max(time.Duration(float64(time.Second)/l.speed), 100*time.Millisecond)
}

// run lives all full seconds up to t.
func (l *Live) run(t time.Time) {
	for !l.world.now.Add(time.Second).After(t) {
		for _, h := range l.hooks {
			if h.Before != nil {
				h.Before(l.world)
			}
		}
		l.world.Step()
		for _, h := range l.hooks {
			if h.After != nil {
				h.After(l.world)
			}
		}
	}
}
