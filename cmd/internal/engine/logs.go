package engine

import (
	"context"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// LogSettings say which lines are read and how many are held.
type LogSettings struct {
	All   bool // every line, instead of errors and a sample of the rest
	Bytes int  // memory for held lines; 16 MiB when 0
}

// How much one round of a tail may bring, and how long one question may take.
const (
	mostPages   = 200
	logDeadline = 20 * time.Second
)

// logsLoop tails and counts once for each block, so that log lines and numbers change together.
func (e *Engine) logsLoop(ctx context.Context) error {
	step := e.cfg.Service.Step
	backoff := sources.Backoff{First: time.Second, Most: 30 * time.Second, Now: time.Now}
	for {
		next := sources.Align(e.cfg.Clock.Now(), step).Add(step + settle(step)/2)
		if err := e.readLogs(ctx); err != nil && ctx.Err() == nil {
			pause := backoff.Failed(err)
			next = e.cfg.Clock.Now().Add(time.Duration(float64(pause) * max(e.cfg.Clock.Speed, 1)))
			e.logs.Failed(err)
			e.mu.Lock()
			e.lgs.failed(e.cfg.Clock.Now(), err, next)
			e.mu.Unlock()
		} else {
			backoff.Healed()
		}
		e.publish()
		if !e.cfg.Clock.Until(ctx, next, nil) {
			return ctx.Err()
		}
	}
}

// readLogs takes what became visible since the last round, and the counts of the last half hour.
func (e *Engine) readLogs(ctx context.Context) error {
	now := e.cfg.Clock.Now()
	cursor, from := e.logs.Place(now)
	q := sources.LogQuery{Window: sources.Window{From: from, To: now}, All: e.cfg.LogQuery.All}
	for range mostPages {
		page, err := e.tail(ctx, q, cursor)
		cursor = e.logs.Take(page)
		if err != nil {
			return err
		}
		if !page.More {
			break
		}
	}
	return e.countLogs(ctx, now)
}

func (e *Engine) tail(ctx context.Context, q sources.LogQuery, c sources.Cursor) (sources.Page, error) {
	ctx, cancel := context.WithTimeout(ctx, logDeadline)
	defer cancel()
	return e.cfg.Logs.Tail(ctx, q, c)
}

// countLogs asks for lines per arm and level over the last half hour.
func (e *Engine) countLogs(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, logDeadline)
	defer cancel()
	began := time.Now()
	w := sources.Window{From: now.Add(-logbook.VolumePast), To: now}.Aligned(logbook.VolumeStep)
	counts, err := e.cfg.Logs.Counts(ctx, sources.LogQuery{Window: w}, logbook.VolumeStep)
	if err != nil {
		return err
	}
	newest, notes := e.logs.Counted(counts, now)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lgs.ok(now, newest, time.Since(began), append(counts.Notes, notes...))
	return nil
}

// Lines answers a question about held lines, newest first, masked. A bad filter is an error that says what is wrong.
func (e *Engine) Lines(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	return e.logs.Lines(ctx, q)
}

// Line opens one held line with all its fields, masked.
func (e *Engine) Line(_ context.Context, id string) (frame.LogLine, error) { return e.logs.Line(id) }
