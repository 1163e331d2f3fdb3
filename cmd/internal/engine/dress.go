package engine

import (
	"cmp"
	"context"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
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

// seekFound finds the nearest line of the index that a question asks for. What the index cannot look for is compared here:
// the lines among which is looked are those that it brought. False where it cannot be asked for any of it.
func (e *Engine) seekFound(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, bool, error) {
	finder, ok := e.cfg.Logs.(sources.Finder)
	if !ok || q.Past <= 0 {
		return frame.LogLine{}, false, nil
	}
	from, err := logbook.AtOf(id)
	if err != nil {
		return frame.LogLine{}, true, err
	}
	ctx, cancel := context.WithTimeout(ctx, findDeadline)
	defer cancel()
	if newer {
		q.After = from
	} else if !from.IsZero() {
		q.Before = from.Add(1) // others of its instant may stand before it
	}
	q.Limit = soughtAtOnce
	for enough := 2; ; enough *= 10 { // the line itself is among them, and others of its instant
		page, why, err := e.find(ctx, finder, logbook.AskedOf(q), q, effort{mostSought, enough, true})
		if err != nil || why != "" {
			return frame.LogLine{}, why == "", err
		}
		if line, ok := nearest(page.Lines, from, id, newer); ok {
			return line, true, nil
		}
		if !page.More || len(page.Lines) < enough {
			return frame.LogLine{}, true, &sources.Error{Op: "find", Target: "log lines", Kind: sources.ErrNoData}
		}
	}
}

// nearest is the line next to a place, in the order of panels: by time, and those of one instant by their ids.
func nearest(lines []frame.LogLine, at time.Time, id string, newer bool) (out frame.LogLine, found bool) {
	order := func(a, b frame.LogLine) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }
	here, way := frame.LogLine{At: at, ID: id}, -1
	if newer {
		way = 1
	}
	for _, l := range lines {
		if id != "" && order(l, here) != way {
			continue
		}
		if !found || order(l, out) == -way {
			out, found = l, true
		}
	}
	return out, found
}
