package logbook

import (
	"context"
	"slices"

	"rampart/analysis/frame"
	"rampart/analysis/logring"
	"rampart/sources"
)

// Seek finds the nearest held line that a question asks for, older or newer than the line with the id, and returns it
// masked. An id of "" stands beyond the newest line. What is not there is of kind sources.ErrNoData.
func (l *Book) Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	keep, err := filter(q)
	if err != nil {
		return frame.LogLine{}, err
	}
	query := logring.Query{Keep: keep, Limit: 1, Scan: scanStep}
	if id != "" {
		if query.From, err = posOf(id); err != nil {
			return frame.LogLine{}, err
		}
	}
	for ctx.Err() == nil {
		line, got := l.seekStep(query, newer)
		switch {
		case line != nil:
			return *line, nil
		case got.Done:
			return frame.LogLine{}, &sources.Error{Op: "find", Target: "held log lines", Kind: sources.ErrNoData}
		}
		query.From = got.Next
	}
	return frame.LogLine{}, ctx.Err()
}

// seekStep takes one step, under the lock.
func (l *Book) seekStep(q logring.Query, newer bool) (*frame.LogLine, logring.Page) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room.looked = l.now
	step := l.ring.Older
	if newer {
		step = l.ring.Newer
	}
	got := step(q)
	if len(got.Lines) == 0 {
		return nil, got
	}
	line := l.line(got.Lines[0].Pos, got.Lines[0].Line)
	return &line, got
}

// Newer answers a question about the oldest held lines from a time on, newest first as every page, masked. Matches beyond
// the page are not counted; More tells whether there are any lines left to look at.
func (l *Book) Newer(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	keep, err := filter(q)
	if err != nil {
		return frame.LogsPage{}, err
	}
	if q.Limit <= 0 {
		q.Limit = defaultPage
	}
	page := frame.LogsPage{More: true}
	query := logring.Query{Keep: keep, From: logring.At(q.After), Scan: scanStep}
	for page.More && len(page.Lines) < q.Limit {
		if ctx.Err() != nil {
			return page, ctx.Err()
		}
		query.Limit = q.Limit - len(page.Lines)
		got := l.step(l.ring.Newer, query, &page)
		query.From, page.More = got.Next, !got.Done
	}
	page.Matched = int64(len(page.Lines))
	slices.Reverse(page.Lines)
	return page, nil
}
