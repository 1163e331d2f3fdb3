package engine

import (
	"context"

	"rampart/analysis/frame"
)

// Dressed answers a question about held lines with the fields that it names, and without masks where it says so: whether
// the asker may see that is decided before.
func (e *Engine) Dressed(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	read := e.logs.Lines
	if !q.After.IsZero() {
		read = e.logs.Newer
	}
	page, err := read(ctx, q)
	if err == nil {
		e.logs.Dress(&page, q)
	}
	return page, err
}

// BareLine opens one held line with all its fields, without masks.
func (e *Engine) BareLine(_ context.Context, id string) (frame.LogLine, error) {
	return e.logs.BareLine(id)
}

// Seek finds the nearest held line that a question asks for, older or newer than the line with the id, masked.
func (e *Engine) Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	return e.logs.Seek(ctx, q, id, newer)
}
