package export

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"rampart/analysis/frame"
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
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	q.Bare, q.Before, q.After, q.Limit = false, time.Time{}, w.From.UTC(), 1000
	seen := map[string]bool{} // those of the instant at which the next page begins
	for n < most {
		page, err := src.Dressed(ctx, q)
		if err != nil {
			return n, err
		}
		wrote := 0
		for _, line := range slices.Backward(page.Lines) {
			if !line.At.Before(w.To) || n+wrote >= most {
				page.More = false
				break
			}
			if seen[line.ID] {
				continue
			}
			if !line.At.Equal(q.After) {
				clear(seen)
				q.After = line.At
			}
			seen[line.ID] = true
			if err := enc.Encode(whole(ctx, src, line)); err != nil {
				return n + wrote, err
			}
			wrote++
		}
		if n += wrote; !page.More {
			break
		}
		if wrote == 0 {
			q.Limit *= 2 // all of one instant: the next page has to reach beyond it
		}
		if q.Limit > 2*most {
			return n, fmt.Errorf("export: cannot go on behind %v: too many lines of one instant", q.After)
		}
	}
	return n, nil
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
