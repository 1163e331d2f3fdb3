package logsheet

import (
	"fmt"
	"io"
	"strings"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/document"
	"rampart/sources"
)

// line is a log line as scripts read it.
type line struct {
	At      time.Time               `json:"at"`
	Arm     sources.Arm             `json:"arm"`
	Level   sources.Level           `json:"level"`
	Late    bool                    `json:"late,omitempty"`
	Pattern string                  `json:"pattern,omitempty"`
	Message sources.Text            `json:"message"`
	Fields  map[string]sources.Text `json:"fields,omitempty"`
}

// Lines writes log lines in their order, as text or jsonl.
func Lines(w io.Writer, lines []frame.LogLine, format string) error {
	var b strings.Builder
	enc := document.Lines(&b)
	for _, l := range lines {
		if format != "jsonl" {
			text(&b, l)
			continue
		}
		out := line{At: l.At.UTC(), Arm: l.Arm, Level: l.Level, Late: l.Late, Pattern: patternID(l.Pattern), Message: l.Message}
		for _, f := range l.Fields {
			if out.Fields == nil {
				out.Fields = map[string]sources.Text{}
			}
			out.Fields[f.Name.String()] = f.Value
		}
		if err := enc.Encode(out); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func text(b *strings.Builder, l frame.LogLine) {
	late := ""
	if l.Late {
		late = " (late)"
	}
	fmt.Fprintf(b, "%s %-9s %-7s %s%s", l.At.UTC().Format("2006-01-02T15:04:05.000Z"), l.Arm, l.Level, l.Message, late)
	for _, f := range l.Fields {
		fmt.Fprintf(b, " %s=%q", f.Name, f.Value)
	}
	b.WriteByte('\n')
}

func patternID(id uint64) string {
	if id == 0 {
		return ""
	}
	return fmt.Sprintf("%016x", id)
}
