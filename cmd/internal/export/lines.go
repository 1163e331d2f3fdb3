package export

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/document"
	"rampart/sources"
)

// most bounds an export in lines.
const most = 100_000

// Line is a line of an export. Names and values are texts: what could command a terminal is spelled out.
type Line struct {
	At      time.Time               `json:"at"`
	Arm     string                  `json:"arm"`
	Level   string                  `json:"level"`
	Late    bool                    `json:"late,omitempty"`
	Pattern uint64                  `json:"pattern,omitempty"`
	Message sources.Text            `json:"message"`
	Fields  map[string]sources.Text `json:"fields,omitempty"`
}

// Held hands out held lines.
type Held interface {
	Dressed(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error)
	Line(ctx context.Context, id string) (frame.LogLine, error)
}

// Lines writes the held lines of a window that a question asks for, oldest first and masked whatever the question says,
// and returns how many there are. It makes one small write a line.
func Lines(ctx context.Context, out io.Writer, src Held, q frame.LogsQuery, w sources.Window) (n int, err error) {
	q.Bare, q.Before, q.After, q.Limit = false, time.Time{}, w.From.UTC(), 1000
	r := &reel{out: document.Lines(out), src: src, q: q, to: w.To, seen: map[string]bool{}}
	for n < most {
		wrote, more, err := r.page(ctx, most-n)
		if n += wrote; err != nil || !more {
			return n, err
		}
		if wrote == 0 {
			r.q.Limit *= 2 // all of one instant: the next page has to reach beyond it
		}
		if r.q.Limit > 2*most {
			return n, fmt.Errorf("export: cannot go on behind %v: too many lines of one instant", r.q.After)
		}
	}
	return n, nil
}

// reel writes page after page; each begins at the instant where the one before ended.
type reel struct {
	out  *json.Encoder
	src  Held
	q    frame.LogsQuery
	to   time.Time
	seen map[string]bool // those of the instant at which the next page begins
}

// page writes the next lines, no more than there is room for, and tells whether there may be others behind them.
func (r *reel) page(ctx context.Context, room int) (wrote int, more bool, err error) {
	page, err := r.src.Dressed(ctx, r.q)
	if err != nil {
		return 0, false, err
	}
	for _, line := range slices.Backward(page.Lines) {
		if !line.At.Before(r.to) || wrote >= room {
			return wrote, false, nil
		}
		if r.seen[line.ID] {
			continue
		}
		if !line.At.Equal(r.q.After) {
			clear(r.seen)
			r.q.After = line.At
		}
		r.seen[line.ID] = true
		if err := r.out.Encode(whole(ctx, r.src, line)); err != nil {
			return wrote, false, err
		}
		wrote++
	}
	return wrote, page.More, nil
}

// whole is a line with all its fields; one that went meanwhile has its message only.
func whole(ctx context.Context, src Held, line frame.LogLine) Line {
	out := Line{At: line.At.UTC(), Arm: line.Arm.String(), Level: line.Level.String(), Late: line.Late, Pattern: line.Pattern, Message: line.Message}
	opened, err := src.Line(ctx, line.ID)
	if err != nil || len(opened.Fields) == 0 {
		return out
	}
	out.Fields = make(map[string]sources.Text, len(opened.Fields))
	for _, f := range opened.Fields {
		out.Fields[f.Name.String()] = f.Value
	}
	return out
}
