package logview

import (
	"strings"
	"time"

	"rampart/analysis/frame"
)

// Selected is the selected line in words; of an opened line all of it.
func (l *Logs) Selected(f *frame.Frame) string {
	switch {
	case l.opened != nil:
		text := words(l.opened.line)
		for _, f := range l.opened.line.Fields {
			text += "\n" + f.Name.String() + ": " + f.Value.String()
		}
		return text
	case l.diff.shown:
		return l.diff.selected(f)
	case l.pairs.shown:
		return l.pairs.selected(f)
	case l.sel < len(l.lines):
		return words(l.lines[l.sel])
	}
	return ""
}

// Marked are the marked lines in words, oldest first, a row each; empty when none is.
func (l *Logs) Marked() string {
	var out []string
	for _, line := range l.marks.lines {
		out = append(out, words(line))
	}
	return strings.Join(out, "\n")
}

func words(line frame.LogLine) string {
	return line.At.UTC().Format(time.RFC3339Nano) + " " + line.Arm.String() + " " + line.Level.String() + " " + line.Message.String()
}
