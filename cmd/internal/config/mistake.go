package config

import (
	"fmt"
	"slices"
	"strings"

	"rampart/sources"
)

// Mistake is one thing wrong in a file: where, what, and what to write instead. It never holds a value.
type Mistake struct {
	Line int // 0: not known
	Path string
	Text string
	Fix  string
}

// String prints `line 12: services.ranker.guards[0].measure: unknown measure (did you mean errors?)`.
func (m Mistake) String() string {
	var b strings.Builder
	if m.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", m.Line)
	}
	if m.Path != "" {
		b.WriteString(sources.Visible(m.Path) + ": ")
	}
	b.WriteString(m.Text)
	if m.Fix != "" {
		b.WriteString(" (" + m.Fix + ")")
	}
	return b.String()
}

// Error is all that is wrong in one file.
type Error struct {
	File     string
	Mistakes []Mistake
}

// Error prints a line for each mistake, in the order of the file.
func (e *Error) Error() string {
	ms := slices.Clone(e.Mistakes)
	slices.SortStableFunc(ms, func(a, b Mistake) int { return a.Line - b.Line })
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = "config " + e.File + ": " + m.String()
	}
	return strings.Join(lines, "\n")
}
