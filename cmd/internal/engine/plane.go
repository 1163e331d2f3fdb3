package engine

import (
	"context"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// planeDeadline bounds one reading of the plane.
const planeDeadline = 5 * time.Second

// lookEvery is how often the plane is read between block ends: often enough to see somebody else's hand.
const lookEvery = 5 * time.Second

// planeLoop reads the plane at every block's end, so that the router's counters make blocks, and in between. What changed is
// shown at once.
func (e *Engine) planeLoop(ctx context.Context) error {
	step := e.cfg.Service.Step
	every := min(lookEvery, step)
	for {
		now := e.cfg.Clock.Now()
		end := sources.Align(now, step)
		if now.Sub(end) > every/2 {
			end = time.Time{}
		}
		if e.readPlane(ctx, end) {
			e.publish()
		} else if e.publishLater(ctx, now, every) {
			continue
		}
		if !e.cfg.Clock.Until(ctx, following(e.cfg.Clock.Now(), every), e.look) {
			return ctx.Err()
		}
	}
}

// publishLater shows a reading in which only counters changed: with the next second's clock, or with the block's numbers
// where those are due. A screen at rest is drawn once for both. It is false unless somebody asked for a look before that.
func (e *Engine) publishLater(ctx context.Context, read time.Time, every time.Duration) (asked bool) {
	tick := following(read, time.Second)
	if e.soon() || !tick.Before(following(read, every)) || !e.cfg.Clock.Until(ctx, tick, e.look) {
		return false
	}
	if e.cfg.Clock.Now().Before(tick) {
		return true
	}
	e.publish()
	return false
}

// readPlane reads once, and tells whether anything that matters changed.
func (e *Engine) readPlane(ctx context.Context, end time.Time) (news bool) {
	ctx, cancel := context.WithTimeout(ctx, planeDeadline)
	defer cancel()
	began := time.Now()
	if !e.capsKnown() {
		if caps, err := e.cfg.Plane.Caps(ctx); err == nil {
			e.mu.Lock()
			e.traf.caps, e.traf.known = caps, true
			e.mu.Unlock()
		}
	}
	r, err := e.cfg.Plane.Read(ctx)
	drained := e.drained(ctx, r)
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.cfg.Clock.Now()
	same := err == nil && e.pla.state == frame.SourceLive && r.Rev != "" && r.Rev == e.traf.reading.Rev && drained == e.traf.drained
	if err != nil {
		e.pla.failed(now, err, now.Add(lookEvery))
	} else {
		e.pla.ok(now, r.At, time.Since(began), r.Notes)
	}
	if err == nil || len(r.Servers) > 0 || r.Configured.Known || r.Effective.Known {
		e.traf.add(r, end)
		e.traf.drained = drained
	}
	return !same
}

// drained asks the desk about servers that take nothing new. It reads the journal, so nothing is locked meanwhile.
func (e *Engine) drained(ctx context.Context, r sources.Reading) string {
	if e.cfg.Desk == nil {
		return ""
	}
	return e.cfg.Desk.Drained(ctx, r)
}

func (e *Engine) capsKnown() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.traf.known
}
