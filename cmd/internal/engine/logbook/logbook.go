// Package logbook holds what the log source said of a service: the newest lines in a bounded arena, their templates with
// counts of both arms, what came late, what was left out. It hands out pages and a summary, masked; the raw bytes stay
// inside. A Book locks itself: reading a page never holds up those who collect numbers.
//
// Why templates are mined from masked text: a secret must not become part of a template that is shown for hours.
package logbook

import (
	"hash/fnv"
	"io"
	"sync"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/logring"
	"rampart/analysis/logtmpl"
	"rampart/analysis/redact"
	"rampart/sources"
)

// Past is how far back a tail begins and patterns are counted.
const Past = patternPast

// VolumePast and VolumeStep are the window and the steps in which lines are counted by the source.
const (
	VolumePast = 30 * time.Minute
	VolumeStep = time.Minute
)

// Book is what the log source said. Make it with New.
type Book struct {
	mu       sync.Mutex
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

// New returns an empty book that holds lines in so many bytes; 16 MiB when 0, at most 1 GiB.
func New(bytes int) *Book {
	return &Book{
		ring: must(logring.New(logring.Config{Bytes: bytes})), miner: must(logtmpl.New(logtmpl.Config{})),
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

// Place returns where the tail stands, beginning now where it never stood.
func (l *Book) Place(now time.Time) (cursor sources.Cursor, from time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.from.IsZero() {
		l.from = now.Add(-Past)
	}
	return l.cursor, l.from
}

// Take holds a page's lines and returns where the tail stands now.
func (l *Book) Take(p sources.Page) sources.Cursor {
	l.mu.Lock()
	defer l.mu.Unlock()
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
	if p.Next.State != nil {
		l.cursor = p.Next
	}
	return l.cursor
}

// Failed remembers why nothing new comes.
func (l *Book) Failed(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

// Counted takes the source's own counts of lines and forgets what is older than the book's past. It returns when the
// newest line was written and the doubts of the last pages.
func (l *Book) Counted(c sources.LogCounts, now time.Time) (newest time.Time, notes []sources.Note) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts, l.err = c, nil
	l.patterns.forget(now.Add(-Past))
	return l.at, l.notes
}

// hold keeps a line as it came, and mines its template from the masked text: no secret becomes part of a template.
func (l *Book) hold(line sources.LogLine) {
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

// View is the logs as the frame shows them, without lines.
func (l *Book) View(now time.Time, requests sources.ByArm[int64]) frame.Logs {
	l.mu.Lock()
	defer l.mu.Unlock()
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
	end := sources.Align(now, VolumeStep)
	for at := end.Add(-VolumePast); at.Before(end); at = at.Add(VolumeStep) {
		for _, a := range sources.Arms() {
			n := volume[at].Of(a)
			*v.Volume.Ptr(a) = append(v.Volume.Of(a), analysis.Number(float64(n), analysis.Count, n))
		}
	}
	return v
}
