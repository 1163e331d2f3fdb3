package logbook

import (
	"context"
	"fmt"
	"strconv"

	"rampart/analysis/frame"
	"rampart/analysis/logring"
	"rampart/sources"
)

// defaultPage is how many lines a page holds when the question does not say; step is how many lines are looked at
// before others may have the ring, and mostCounted how far matches are counted.
const (
	defaultPage = 200
	scanStep    = 20_000
	mostCounted = 500_000
)

// Lines answers a question about held lines, newest first, masked. A bad filter is an error that says what is wrong.
func (l *Book) Lines(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	keep, err := filter(q)
	if err != nil {
		return frame.LogsPage{}, err
	}
	if q.Limit <= 0 {
		q.Limit = defaultPage
	}
	page := frame.LogsPage{}
	query := logring.Query{Keep: keep, Limit: q.Limit, Scan: scanStep}
	if !q.Before.IsZero() {
		query.From = logring.At(q.Before)
	}
	for scanned := 0; scanned < mostCounted; {
		if ctx.Err() != nil {
			return page, ctx.Err()
		}
		got := l.step(l.ring.Older, query, &page)
		scanned += got.Scanned
		page.Matched += int64(got.Matches)
		query.From, query.Limit = got.Next, max(0, q.Limit-len(page.Lines))
		if got.Done {
			break
		}
	}
	page.More = page.Matched > int64(len(page.Lines))
	return page, nil
}

// step takes one step through the ring, one way or the other, under the lock.
func (l *Book) step(way func(logring.Query) logring.Page, q logring.Query, page *frame.LogsPage) logring.Page {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room.looked = l.now
	page.Held, page.Gen = int64(l.ring.Len()), l.gen
	got := way(q)
	for _, h := range got.Lines {
		page.Lines = append(page.Lines, l.line(h.Pos, h.Line))
	}
	return got
}

// filter turns a question into a test of one line.
func filter(q frame.LogsQuery) (func(*logring.Line) bool, error) {
	texts := append([]string(nil), q.Terms...)
	if q.Match != "" {
		text := strconv.Quote(q.Match)
		if q.Regexp {
			text = "/" + q.Match + "/"
		}
		if q.Not {
			text = "!" + text
		}
		texts = append(texts, text)
	}
	terms := make([]logring.Term, 0, len(texts))
	for _, text := range texts {
		term, err := logring.ParseTerm(text)
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
	}
	match := logring.All(terms...)
	return func(l *logring.Line) bool {
		switch {
		case q.Arm != 0 && l.Arm != q.Arm, q.Level != 0 && l.Level < q.Level, q.Pattern != 0 && l.Template != q.Pattern:
			return false
		}
		return match == nil || match(l)
	}, nil
}

// line is a held line as a panel shows it: masked.
func (l *Book) line(p logring.Pos, h logring.Line) frame.LogLine {
	return frame.LogLine{
		ID: fmt.Sprintf("%d-%d", p.At, p.Seq), At: h.At, Arm: h.Arm, Level: h.Level, Late: h.Late, Pattern: h.Template,
		Message: l.redact.Mask(sources.NewText(string(h.Text)), nil),
	}
}

// Line opens one held line with all its fields, masked.
func (l *Book) Line(id string) (frame.LogLine, error) { return l.open(id, false) }
