// Package logbook holds what the log source said of a service: the newest lines in a bounded arena, their templates with
// counts of both arms, what came late, what was left out, and the evidence that the candidate writes something more often
// than legacy. It hands out pages and a summary, masked; the raw bytes stay inside. A Book locks itself: reading a page
// never holds up those who collect numbers.
//
// Lines are counted by the minute they were written in; they are compared block by block, once the block's requests are
// known and its lines can hardly come any more ([Book.Behind]), so both arms are always seen over the same window.
//
// Why templates are mined from masked text: a secret must not become part of a template that is shown for hours. Why the
// evidence rests on the lines that were read and not on counts of the source: the source cannot count templates, and a
// sample is drawn alike for both arms, so it weakens the evidence and does not bend it.
package logbook

import (
	"sync"
	"time"

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
	mu        sync.Mutex
	cfg       Config
	ring      *logring.Ring
	redact    *redact.Redactor
	sensitive *sensitive
	gen       uint64
	miner     *logtmpl.Miner
	patterns  *patterns
	peers     *comparison
	cursor    sources.Cursor
	from      time.Time
	now       time.Time
	late      int64
	skipped   int64
	lag       sources.ByArm[time.Duration]
	sample    string
	query     string
	counts    sources.LogCounts
	notes     []sources.Note
	at        time.Time
	err       error
	room      room
	found     found // of searches in the index; it locks itself
}

// Place returns where the tail stands, beginning now where it never stood.
func (l *Book) Place(now time.Time) (cursor sources.Cursor, from time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = now
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
	if p.Query != "" {
		l.query = p.Query
	}
	if len(p.Notes) > 0 {
		l.notes = p.Notes
	}
	if p.Next.State != nil {
		l.cursor = p.Next
	}
	return l.cursor
}

// Queries are what the source was asked last, expanded: for lines, and for their counts.
func (l *Book) Queries() (lines, counts string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.query, l.counts.Query
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
	l.patterns.forget(now.Add(-Past), l.peers.templates.Has)
	return l.at, l.notes
}

// hold keeps a line as it came, and mines its template from the masked text: no secret becomes part of a template. A line
// without a time gets that of its arrival.
func (l *Book) hold(line sources.LogLine) {
	if line.At.IsZero() {
		line.At = l.now
	}
	text, masked, shown := l.sensitive.mask(l.redact, line)
	id, _ := l.miner.Add(masked)
	l.ring.Append(logring.Line{
		At: line.At, Arm: line.Arm, Level: line.Level, Template: uint64(id), ID: hashID(line), Late: line.Late,
		Text: text, Doc: line.Source,
	})
	l.gen++
	if line.At.After(l.at) {
		l.at = line.At
	}
	if line.Arm == 0 {
		return
	}
	p := l.patterns.add(id, line, shown, l.cfg.Catalog)
	l.peers.count(id, line.Arm, line.At, p.kinds&l.cfg.Catalog.At(line.Level), l.sensitive.kinds)
}

// hashID is FNV-1a over index and id, by hand: package hash takes memory for each line.
func hashID(l sources.LogLine) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for i := range len(l.Index) {
		h = (h ^ uint64(l.Index[i])) * prime
	}
	h *= prime // a byte of zero between them
	for i := range len(l.ID) {
		h = (h ^ uint64(l.ID[i])) * prime
	}
	return h
}
