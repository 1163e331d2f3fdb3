package logbook

import (
	"errors"
	"slices"
	"sync"
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/logring"
	"rampart/sources"
)

// mostFound bounds the lines of searches that can be opened, in bytes.
const mostFound = 8 << 20

// found are the lines that the last searches of the index brought: they can be opened although they are held by no ring.
type found struct {
	mu    sync.Mutex
	lines map[uint64]sources.LogLine
	order []uint64
	bytes int
}

// foundMark sets places of found lines apart from those of held ones, which count from 1.
const foundMark = 1 << 63

func (f *found) keep(seq uint64, l sources.LogLine) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.lines[seq]; known {
		return
	}
	if f.lines == nil {
		f.lines = map[uint64]sources.LogLine{}
	}
	f.lines[seq], f.order = l, append(f.order, seq)
	for f.bytes += size(l); f.bytes > mostFound && len(f.order) > 1; f.order = f.order[1:] {
		f.bytes -= size(f.lines[f.order[0]])
		delete(f.lines, f.order[0])
	}
}

func size(l sources.LogLine) int { return len(l.Source) + l.Message.Len() + 200 }

// Found are those lines of a search that a question asks for, in their order, masked unless it says otherwise, with the
// fields that it names. Whether the asker may see them bare is decided before. They can be opened for a while.
func (l *Book) Found(lines []sources.LogLine, q frame.LogsQuery) ([]frame.LogLine, error) {
	keep, err := believing(q)
	if err != nil {
		return nil, err
	}
	b := l.masked(q.Bare)
	var out []frame.LogLine
	for _, line := range lines {
		h := held(line)
		if line.At.IsZero() || !keep(&h) {
			continue
		}
		seq := h.ID | foundMark
		l.found.keep(seq, line)
		v := b.line(logring.Pos{At: line.At.UnixNano(), Seq: seq}, h)
		for _, name := range q.Fields {
			text, _ := logring.Field(h.Doc, name)
			v.Fields = append(v.Fields, frame.Field{Name: sources.NewText(name), Value: b.redact.Mask(sources.NewText(text), nil)})
		}
		out = append(out, v)
	}
	return out, nil
}

// believing compares lines of an index once more: it brings some that hold the words of a text, and not the text. What a
// line's document does not name is believed, because an index knows fields that are written nowhere, such as aliases.
func believing(q frame.LogsQuery) (func(*logring.Line) bool, error) {
	terms := make([]logring.Term, 0, len(q.Terms))
	for _, text := range q.Terms {
		t, err := logring.ParseTerm(text)
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
	}
	q.Terms = nil
	rest, err := filter(q)
	return func(l *logring.Line) bool {
		return rest(l) && !slices.ContainsFunc(terms, func(t logring.Term) bool { return !t.Keep(l) && !t.Lacks(l) })
	}, err
}

// FoundLine opens a line of a search with all its fields.
func (l *Book) FoundLine(id string, bare bool) (frame.LogLine, error) {
	p, err := posOf(id)
	if err != nil {
		return frame.LogLine{}, err
	}
	l.found.mu.Lock()
	line, ok := l.found.lines[p.Seq]
	l.found.mu.Unlock()
	if !ok {
		return frame.LogLine{}, errors.New("log line: no longer held")
	}
	b := l.masked(bare)
	v := b.line(p, held(line))
	v.Fields = b.fields(line.Source)
	return v, nil
}

// AtOf is the instant of the line with an id; zero for none.
func AtOf(id string) (time.Time, error) {
	if id == "" {
		return time.Time{}, nil
	}
	p, err := posOf(id)
	return time.Unix(0, p.At).UTC(), err
}

func held(l sources.LogLine) logring.Line {
	return logring.Line{At: l.At, Arm: l.Arm, Level: l.Level, ID: hashID(l), Late: l.Late, Text: []byte(l.Message.Raw()), Doc: l.Source}
}
