package logview

import (
	"cmp"
	"slices"

	"rampart/analysis/frame"
)

// mostMarks bounds the marks of a session.
const mostMarks = 1000

// marks are lines that a reader set aside, oldest first. They are kept whole: a marked line may be copied and gone back
// to when the engine holds it no longer.
type marks struct {
	lines []frame.LogLine
	last  string // the one that was set last
}

func (m *marks) has(id string) bool {
	return slices.ContainsFunc(m.lines, func(x frame.LogLine) bool { return x.ID == id })
}

// toggle sets or clears the mark of a line.
func (m *marks) toggle(line frame.LogLine) {
	if i := slices.IndexFunc(m.lines, func(x frame.LogLine) bool { return x.ID == line.ID }); i >= 0 {
		m.lines = slices.Delete(m.lines, i, i+1)
		return
	}
	m.set(line)
}

func (m *marks) set(line frame.LogLine) {
	if m.has(line.ID) || len(m.lines) >= mostMarks {
		return
	}
	m.lines, m.last = append(m.lines, line), line.ID
	slices.SortStableFunc(m.lines, func(a, b frame.LogLine) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
}

// Mark sets or clears the mark of the selected line and tells how many marks there are now.
func (l *Logs) Mark() int {
	if l.sel < len(l.lines) {
		l.marks.toggle(l.lines[l.sel])
		l.pause()
	}
	return len(l.marks.lines)
}

// MarkRange marks every line from the mark that was set last to the selected one; without such a mark, the selected one.
func (l *Logs) MarkRange() int {
	if l.sel >= len(l.lines) {
		return len(l.marks.lines)
	}
	l.pause()
	from := l.index(l.marks.last)
	if from < 0 || !l.marks.has(l.marks.last) {
		from = l.sel
	}
	for _, line := range l.lines[min(from, l.sel) : max(from, l.sel)+1] {
		l.marks.set(line)
	}
	return len(l.marks.lines)
}

// ClearMarks takes all marks away.
func (l *Logs) ClearMarks() { l.marks = marks{} }

// NextMark goes to the next older marked line, and from the oldest to the newest; false when none is marked.
func (l *Logs) NextMark() bool {
	n := len(l.marks.lines)
	if n == 0 {
		return false
	}
	to := l.marks.lines[n-1]
	if l.sel < len(l.lines) {
		here := l.lines[l.sel]
		for _, x := range slices.Backward(l.marks.lines) {
			if cmp.Or(x.At.Compare(here.At), cmp.Compare(x.ID, here.ID)) < 0 {
				to = x
				break
			}
		}
	}
	l.GoTo(to)
	return true
}
