package engine

import (
	"context"
	"errors"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// How far blocks are asked for: charts want some past, a rollout all of its own, and one request at most so much.
const (
	chartPast   = 30 * time.Minute
	mostPast    = 24 * time.Hour
	chunk       = 2 * time.Hour
	askDeadline = 30 * time.Second
)

// metricsLoop asks for the blocks that have ended since the last time, after every block's end.
func (e *Engine) metricsLoop(ctx context.Context) error {
	if e.cfg.Metrics == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	step := e.cfg.Service.Step
	backoff := sources.Backoff{First: time.Second, Most: max(step, 5*time.Second), Now: time.Now}
	for {
		wait := e.cfg.Service.settle()
		next := following(e.cfg.Clock.Now().Add(-wait), step).Add(wait)
		e.readJournal(ctx)
		if err := e.collect(ctx); err != nil && ctx.Err() == nil {
			next = e.cfg.Clock.after(backoff.Failed(err))
			e.mu.Lock()
			e.met.failed(e.cfg.Clock.Now(), err, next)
			e.mu.Unlock()
		} else {
			backoff.Healed()
		}
		e.mu.Lock()
		e.due = next
		e.mu.Unlock()
		e.publish()
		if !e.cfg.Clock.Until(ctx, next, e.again) {
			return ctx.Err()
		}
	}
}

// soon tells whether the metrics are asked for, or will be within a moment, and a frame comes with them.
func (e *Engine) soon() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.met.state == frame.SourceLive && e.due.Sub(e.cfg.Clock.Now()).Abs() <= e.cfg.Service.settle()
}

// collect brings the book up to the newest block that has ended.
func (e *Engine) collect(ctx context.Context) error {
	step := e.cfg.Service.Step
	end := sources.Align(e.cfg.Clock.Now().Add(-e.cfg.Service.settle()), step)
	if err := e.findRollout(ctx, end); err != nil {
		return err
	}
	from := e.bookFrom(end)
	for from.Before(end) {
		w := nextChunk(sources.Window{From: from, To: end}, step)
		if err := e.readInTurn(ctx, w, end); err != nil {
			return err
		}
		from = w.To
	}
	if e.ahead(end) {
		e.publish() // whoever acts by the call does not wait for what it is not made of
	}
	e.readDrift(ctx, end)
	e.readThresholds(ctx, end)
	e.mu.Lock()
	e.whole = true
	e.mu.Unlock()
	return nil
}

// ahead tells whether the call is known while more is to be asked: drift, which may take a server long, or free queries. It
// is not before all was asked once: a first frame has everything.
func (e *Engine) ahead(end time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	drift := len(e.cfg.Service.Drift) > 0 && (e.book.driftOf != e.book.rollout.ID || !end.Before(e.book.driftNext))
	return e.whole && (drift || len(e.cfg.Service.Thresholds) > 0)
}

// nextChunk is the part of a window that is asked for first. Chunks of all services end at the same instants, wherever
// their rollouts began, so that long histories can be asked for together.
func nextChunk(w sources.Window, step time.Duration) sources.Window {
	to := sources.Align(sources.Align(w.From, chunk).Add(chunk), step)
	if to.After(w.From) && to.Before(w.To) {
		w.To = to
	}
	return w
}

// bookFrom is the end of the last block in the book, or where an empty book begins.
func (e *Engine) bookFrom(end time.Time) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.book.last.IsZero() {
		return e.book.last
	}
	from := end.Add(-chartPast)
	if since := e.book.rollout.Since; e.book.found && since.Before(from) {
		from = since
	}
	if e.cfg.Since.After(from) {
		from = e.cfg.Since
	}
	if least := end.Add(-mostPast); from.Before(least) {
		from = least
		e.book.rollout.Narrowed = true
	}
	return sources.Align(from, e.cfg.Service.Step)
}

// readInTurn reads the blocks of one window, a long one when it is this service's turn: its deadline begins then.
func (e *Engine) readInTurn(ctx context.Context, w sources.Window, end time.Time) error {
	done, err := e.cfg.Turns.Take(ctx, w)
	if err != nil {
		return err
	}
	defer done()
	return e.readBlocks(ctx, w, end)
}

// readBlocks asks for the blocks of one window and puts them into the book, all measures or none. The book is behind until
// it has come to the end.
func (e *Engine) readBlocks(ctx context.Context, w sources.Window, end time.Time) error {
	var ask []sources.BlockQuery
	for _, m := range e.cfg.Service.Measures {
		if m.Asked() {
			ask = append(ask, m.Query)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, askDeadline)
	defer cancel()
	began := time.Now()
	answers := e.cfg.Metrics.Blocks(ctx, ask, w)
	rtt := time.Since(began)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := blocking(answers); err != nil {
		for _, a := range answers {
			e.book.failed(a)
		}
		return err
	}
	e.book.goal = end
	e.book.add(answers, w, e.traf)
	e.behind = w.To.Before(end)
	e.met.ok(e.cfg.Clock.Now(), newest(answers), rtt, notes(answers))
	return nil
}

// blocking is the failure that keeps a window out of the book: one that may heal. A measure that matches nothing, or
// that can never be had, does not hold the others back.
func blocking(answers []sources.BlockSeries) error {
	for _, a := range answers {
		if a.Err != nil && !errors.Is(a.Err, sources.ErrNoData) && !errors.Is(a.Err, sources.ErrInvalid) {
			return a.Err
		}
	}
	return nil
}

func newest(answers []sources.BlockSeries) time.Time {
	var t time.Time
	for _, a := range answers {
		for _, arm := range sources.Arms() {
			if n := a.Newest.Of(arm); n.After(t) {
				t = n
			}
		}
	}
	return t
}

func notes(answers []sources.BlockSeries) []sources.Note {
	var out []sources.Note
	for _, a := range answers {
		out = append(out, a.Notes...)
	}
	return out
}

// readThresholds asks every free expression for its value at the newest block's end.
func (e *Engine) readThresholds(ctx context.Context, end time.Time) {
	ctx, cancel := context.WithTimeout(ctx, askDeadline)
	defer cancel()
	for _, t := range e.cfg.Service.Thresholds {
		s, err := e.cfg.Metrics.Threshold(ctx, t.Expr, end)
		e.mu.Lock()
		e.book.free[t.Name] = threshold{sample: s, err: err}
		e.mu.Unlock()
	}
}
