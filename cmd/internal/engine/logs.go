package engine

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/logcat"
	"rampart/analysis/redact"
	"rampart/cmd/internal/engine/logbook"
	"rampart/cmd/internal/engine/predictions"
	"rampart/sources"
)

// LogSettings say which lines are read, how many are held and into what kinds they are sorted.
type LogSettings struct {
	All     bool            // every line, instead of errors and a sample of the rest
	Bytes   int             // memory for held lines; 16 MiB when 0
	Catalog *logcat.Catalog // the default kinds when nil
	Mask    redact.Config   // what text is sensitive, beside what always is
	Sparing bool            // there are many services: lines of those that nobody looks at get little room
	// Predictions says what is read of predictions, labels and pairs; nil: nothing.
	Predictions *predictions.Config
}

// newLogbook makes the book of a service. Its sizes and alpha were checked with the config.
func newLogbook(c Config) *logbook.Book {
	b, err := logbook.New(logbook.Config{
		Bytes: c.LogQuery.Bytes, Catalog: c.LogQuery.Catalog, Mask: c.LogQuery.Mask, Step: min(c.Service.Step, time.Hour), Alpha: c.Service.Alpha,
		Sparing: c.LogQuery.Sparing,
	})
	if err != nil {
		panic(fmt.Errorf("engine: log book: %w", err))
	}
	return b
}

// How much one round of a tail may bring, and how long one question may take.
const (
	mostPages   = 200
	logDeadline = 20 * time.Second
)

// headStart is how long before a block's numbers its lines are asked for: so shortly that a process at rest wakes up once for both,
// and first, so that they are there when the numbers are, whose queries follow one another.
const headStart = 2 * time.Millisecond

// logsLoop tails and counts once for each block. Its lines are shown with the block's numbers: they change together, and a
// screen is drawn once for both.
func (e *Engine) logsLoop(ctx context.Context) error {
	step := e.cfg.Service.Step
	backoff := sources.Backoff{First: time.Second, Most: 30 * time.Second, Now: time.Now}
	for round := 0; ; round++ {
		wait := max(e.cfg.Service.settle()-headStart, 0)
		next := following(e.cfg.Clock.Now().Add(-wait), step).Add(wait)
		if err := e.readLogs(ctx); err != nil && ctx.Err() == nil {
			next = e.cfg.Clock.after(backoff.Failed(err))
			e.logs.Failed(err)
			e.mu.Lock()
			e.lgs.failed(e.cfg.Clock.Now(), err, next)
			e.mu.Unlock()
		} else {
			backoff.Healed()
		}
		if soon := e.cfg.Clock.Now().Add(firstPause); e.hurry(round) && soon.Before(next) {
			next = soon
		}
		e.turnLogs()
		if !e.soon() {
			e.publish()
		}
		if !e.cfg.Clock.Until(ctx, next, nil) {
			return ctx.Err()
		}
	}
}

// turnLogs has the next frame look into the log book anew.
func (e *Engine) turnLogs() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.logTurn++
}

// Lines are compared block by block, so whoever has just opened a console would wait a block for the first numbers: the
// first rounds follow each other quickly until some block was compared.
const (
	firstRounds = 15
	firstPause  = time.Second
)

// hurry tells whether a block could be compared now and none was yet.
func (e *Engine) hurry(round int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return round < firstRounds && e.logs.Compared(e.book.rolloutName()).IsZero()
}

// rolloutName tells rollouts apart in the log book, also those that have no identity.
func (b *book) rolloutName() string {
	return cmp.Or(b.rollout.ID, b.rollout.Candidate.String(), b.svc.Name)
}

// readLogs takes what became visible since the last round, and the counts of the last half hour.
func (e *Engine) readLogs(ctx context.Context) error {
	now := e.cfg.Clock.Now()
	cursor, from := e.logs.Place(now)
	q := sources.LogQuery{Window: sources.Window{From: from, To: now}, All: e.cfg.LogQuery.All}
	for range mostPages {
		page, err := e.tail(ctx, q, cursor)
		cursor = e.logs.Take(page)
		e.turnLogs() // the first round has many pages
		e.takePredictions(page)
		if err != nil {
			return err
		}
		if !page.More {
			break
		}
	}
	e.settlePredictions(now)
	e.spareLogs(now)
	if err := e.compareLogs(now); err != nil {
		return err
	}
	return e.countLogs(ctx, now)
}

// spareLogs lets go of lines that nobody is going to look at. Those of a candidate that is worse somebody is.
func (e *Engine) spareLogs(now time.Time) {
	e.mu.Lock()
	v := e.book.verdict
	e.mu.Unlock()
	e.logs.Spare(now, v != nil && v.Call == analysis.Worse)
}

// compareLogs tells the log book the requests of the blocks whose lines can hardly come any more.
func (e *Engine) compareLogs(now time.Time) error {
	e.mu.Lock()
	id := e.book.rolloutName()
	known := !e.book.rollout.Since.IsZero() || e.cfg.Service.Identity == nil
	blocks := e.book.requestsAfter(e.logs.Compared(id), now.Add(-e.logs.Behind()))
	e.mu.Unlock()
	if !known {
		return nil
	}
	if err := e.logs.Compare(id, blocks); err != nil {
		return err
	}
	counted := e.logs.TakeSensitive()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.book.rolloutName() == id {
		e.book.wrote(counted)
	}
	return nil
}

// requestsAfter are both arms' requests in the rollout's blocks that ended after one instant and not after another.
func (b *book) requestsAfter(after, until time.Time) []logbook.Requests {
	var out []logbook.Requests
	for _, m := range b.svc.Measures {
		h := b.hist[m.Name]
		if !m.Asked() || h.blocks.len() == 0 {
			continue
		}
		for i := range h.blocks.len() {
			end := h.blocks.end(i)
			if !end.After(after) || end.After(until) || !b.inRollout(end) {
				continue
			}
			r := logbook.Requests{End: end}
			for _, a := range sources.Arms() {
				if c := h.blocks.of(i, a); c.Counts != nil {
					*r.N.Ptr(a) = &c.Requests
				}
			}
			out = append(out, r)
		}
		return out
	}
	return out
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

// Line opens one line that is held or was found, with all its fields, masked.
func (e *Engine) Line(_ context.Context, id string) (frame.LogLine, error) {
	if line, err := e.logs.FoundLine(id, false); err == nil {
		return line, nil
	}
	return e.logs.Line(id)
}

// logQueries are what the log source was asked last, for `i` and for exports.
func (e *Engine) logQueries() []frame.Query {
	if e.cfg.Logs == nil {
		return nil
	}
	lines, counts := e.logs.Queries()
	return []frame.Query{
		{Panel: "logs", Measure: "lines", Text: lines, Note: "of what it answers, the newest lines are held"},
		{Panel: "logs", Measure: "counts", Text: counts, Note: "lines of each arm and level, for volume and for the scale of a sample"},
	}
}
