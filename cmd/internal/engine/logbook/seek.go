package logbook

import (
	"context"

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
