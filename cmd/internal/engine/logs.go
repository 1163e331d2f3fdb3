package engine

import (
	"context"
	"hash/fnv"
	"io"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/logring"
	"rampart/analysis/logtmpl"
	"rampart/analysis/redact"
	"rampart/sources"
)

// LogSettings say which lines are read and how many are held.
type LogSettings struct {
	All   bool // every line, instead of errors and a sample of the rest
	Bytes int  // memory for held lines; 16 MiB when 0
}

// How far the tail begins in the past, how often it asks, and how much one round may bring.
const (
	tailPast    = patternPast
	mostPages   = 20
	volumePast  = 30 * time.Minute
	volumeStep  = time.Minute
	logDeadline = 20 * time.Second
)

// logs is what the log source said: the lines held, their templates, and what could not be held.
type logs struct {
	set      LogSettings
	ring     *logring.Ring
	redact   *redact.Redactor
	hits     sources.ByArm[redact.Tally] // sensitive stretches seen, by kind
	gen      uint64
	miner    *logtmpl.Miner
	patterns *patterns
	cursor   sources.Cursor
	from     time.Time
	late     int64
	skipped  int64
	lag      sources.ByArm[time.Duration]
	sample   string
	counts   sources.LogCounts
	notes    []sources.Note
	at       time.Time
	err      error
}

func newLogs(set LogSettings) *logs {
	return &logs{
		set: set, ring: must(logring.New(logring.Config{Bytes: set.Bytes})), miner: must(logtmpl.New(logtmpl.Config{})),
		redact: must(redact.New(redact.Config{})), patterns: newPatterns(),
		hits: sources.ByArm[redact.Tally]{Legacy: redact.Tally{}, Candidate: redact.Tally{}},
	}
}

// must unwraps what cannot fail: the zero configs are valid by their packages' promise, and sizes are checked by config.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// logsLoop tails and counts once for each block, so that log lines and numbers change together.
func (e *Engine) logsLoop(ctx context.Context) error {
	step := e.cfg.Service.Step
	backoff := sources.Backoff{First: time.Second, Most: 30 * time.Second, Now: time.Now}
	for {
		next := sources.Align(e.cfg.Clock.Now(), step).Add(step + settle(step)/2)
		if err := e.readLogs(ctx); err != nil && ctx.Err() == nil {
			pause := backoff.Failed(err)
			next = e.cfg.Clock.Now().Add(time.Duration(float64(pause) * max(e.cfg.Clock.Speed, 1)))
			e.mu.Lock()
			e.lgs.failed(e.cfg.Clock.Now(), err, next)
			e.logs.err = err
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
	e.mu.Lock()
	if e.logs.from.IsZero() {
		e.logs.from = now.Add(-tailPast)
	}
	cursor, from := e.logs.cursor, e.logs.from
	e.mu.Unlock()
	q := sources.LogQuery{Window: sources.Window{From: from, To: now}, All: e.cfg.LogQuery.All}
	for range mostPages {
		page, err := e.tail(ctx, q, cursor)
		cursor = e.takePage(page, cursor)
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

// takePage holds a page's lines, masked, and mines their templates.
func (e *Engine) takePage(p sources.Page, old sources.Cursor) sources.Cursor {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.logs
	for _, line := range p.Lines {
		l.hold(line)
	}
	l.late += int64(p.Late)
	l.skipped += p.Skipped
	if p.Lag != (sources.ByArm[time.Duration]{}) {
		l.lag = p.Lag
	}
	if p.Sample != "" {
		l.sample = p.Sample
	}
	if len(p.Notes) > 0 {
		l.notes = p.Notes
	}
	if p.Next.State == nil {
		return old
	}
	l.cursor = p.Next
	return p.Next
}

// hold keeps a line as it came, and mines its template from the masked text: no secret becomes part of a template.
func (l *logs) hold(line sources.LogLine) {
	shown := l.redact.Mask(line.Message, l.hits.Of(line.Arm))
	id, _ := l.miner.Add([]byte(shown.Raw()))
	l.ring.Append(logring.Line{
		At: line.At, Arm: line.Arm, Level: line.Level, Template: uint64(id), ID: hashID(line), Late: line.Late,
		Text: []byte(line.Message.Raw()), Doc: line.Source,
	})
	l.patterns.add(id, line, shown)
	l.gen++
	if line.At.After(l.at) {
		l.at = line.At
	}
}

func hashID(l sources.LogLine) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, l.Index+"\x00"+l.ID)
	return h.Sum64()
}

// countLogs asks for lines per arm and level over the last half hour.
func (e *Engine) countLogs(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, logDeadline)
	defer cancel()
	began := time.Now()
	w := sources.Window{From: now.Add(-volumePast), To: now}.Aligned(volumeStep)
	counts, err := e.cfg.Logs.Counts(ctx, sources.LogQuery{Window: w}, volumeStep)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.logs.counts, e.logs.err = counts, nil
	e.logs.patterns.forget(now.Add(-patternPast))
	e.lgs.ok(now, e.logs.at, time.Since(began), append(counts.Notes, e.logs.notes...))
	return nil
}

// view is the logs as the frame shows them, without lines.
func (l *logs) view(now time.Time, requests sources.ByArm[int64]) frame.Logs {
	v := frame.Logs{
		Patterns: l.patterns.view(now, l.miner, requests), Late: l.late, Dropped: l.skipped, Held: int64(l.ring.Len()), Lag: l.lag,
		Sample: l.sample, At: l.at, Gen: l.gen, Notes: l.notes, Window: sources.Window{From: l.from, To: now},
	}
	if l.err != nil {
		v.Err = sources.Visible(l.err.Error())
	}
	volume := map[time.Time]sources.ByArm[int64]{}
	for _, b := range l.counts.Buckets {
		if b.Arm == 0 {
			continue
		}
		*v.Lines.Ptr(b.Arm) += b.Lines
		switch b.Level {
		case sources.LevelError:
			*v.Errors.Ptr(b.Arm) += b.Lines
		case sources.LevelWarn:
			*v.Warnings.Ptr(b.Arm) += b.Lines
		case sources.LevelUnknown, sources.LevelDebug, sources.LevelInfo:
		}
		sum := volume[b.At]
		*sum.Ptr(b.Arm) += b.Lines
		volume[b.At] = sum
	}
	if len(l.counts.Buckets) == 0 {
		return v
	}
	end := sources.Align(now, volumeStep)
	for at := end.Add(-volumePast); at.Before(end); at = at.Add(volumeStep) {
		for _, a := range sources.Arms() {
			n := volume[at].Of(a)
			*v.Volume.Ptr(a) = append(v.Volume.Of(a), analysis.Number(float64(n), analysis.Count, n))
		}
	}
	return v
}
