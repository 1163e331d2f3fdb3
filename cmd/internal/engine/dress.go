package engine

import (
	"context"

	"rampart/analysis/frame"
)

// Dressed answers a question about lines with the fields that it names, and without masks where it says so: whether the
// asker may see that is decided before. What the index cannot be asked is answered from the held lines, and the page says
// why.
func (e *Engine) Dressed(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	found, all, why := e.search(ctx, q)
	if all {
		return found, nil
	}
	read := e.logs.Lines
	if !q.After.IsZero() {
		read = e.logs.Newer
	}
	page, err := read(ctx, q)
	if err == nil {
		e.logs.Dress(&page, q)
	}
	page.Why = why
	return page, err
}

// BareLine opens one line with all its fields, without masks.
func (e *Engine) BareLine(_ context.Context, id string) (frame.LogLine, error) {
	if line, err := e.logs.FoundLine(id, true); err == nil {
		return line, nil
	}
	return e.logs.BareLine(id)
}

// Seek finds the nearest line that a question asks for, older or newer than the line with the id, masked: in the index
// where the question says how far back, among the held lines otherwise.
func (e *Engine) Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	if line, asked, err := e.seekFound(ctx, q, id, newer); asked {
		return line, err
	}
	return e.logs.Seek(ctx, q, id, newer)
}
