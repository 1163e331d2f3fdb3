package logbook

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rampart/analysis/frame"
	"rampart/analysis/logring"
	"rampart/analysis/redact"
	"rampart/sources"
)

// Dress gives the lines of a page the fields that were asked for, in that order, and takes the masks off where the
// question says so. Whether the asker may see them bare is decided before this is called. A line that is no longer held
// stays as it is; a field that a line has not got is left empty.
func (l *Book) Dress(page *frame.LogsPage, q frame.LogsQuery) {
	if len(q.Fields) == 0 && !q.Bare {
		return
	}
	b := l.masked(q.Bare)
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range page.Lines {
		p, err := posOf(page.Lines[i].ID)
		if err != nil {
			continue
		}
		h, ok := l.ring.Line(p)
		if !ok {
			continue
		}
		page.Lines[i] = b.line(p, h)
		for _, name := range q.Fields {
			v, _ := logring.Field(h.Doc, name)
			page.Lines[i].Fields = append(page.Lines[i].Fields, frame.Field{
				Name: sources.NewText(name), Value: b.redact.Mask(sources.NewText(v), nil),
			})
		}
	}
}

// BareLine opens one held line with all its fields, without masks.
func (l *Book) BareLine(id string) (frame.LogLine, error) { return l.open(id, true) }

func (l *Book) open(id string, bare bool) (frame.LogLine, error) {
	p, err := posOf(id)
	if err != nil {
		return frame.LogLine{}, err
	}
	b := l.masked(bare)
	l.mu.Lock()
	defer l.mu.Unlock()
	h, ok := l.ring.Line(p)
	if !ok {
		return frame.LogLine{}, errors.New("log line: no longer held")
	}
	v := b.line(p, h)
	v.Fields = b.fields(h.Doc)
	return v, nil
}

// masked is a book for reading lines with the masks, or with none. It holds no line of its own: the caller has the lock.
func (l *Book) masked(bare bool) *Book {
	if !bare {
		return &Book{redact: l.redact}
	}
	r, err := redact.New(redact.Config{Off: redact.Kinds()})
	if err != nil {
		panic(err) // every built-in kind may be switched off
	}
	return &Book{redact: r}
}

// posOf reads a line's id.
func posOf(id string) (p logring.Pos, err error) {
	at, seq, _ := strings.Cut(id, "-")
	if strings.HasPrefix(id, "-") { // before 1970
		at, seq, _ = strings.Cut(id[1:], "-")
		at = "-" + at
	}
	var errs [2]error
	p.At, errs[0] = strconv.ParseInt(at, 10, 64)
	p.Seq, errs[1] = strconv.ParseUint(seq, 10, 64)
	if errors.Join(errs[:]...) != nil {
		return p, fmt.Errorf("log line %q: not a line's id", sources.Visible(id))
	}
	return p, nil
}
