package logview

import (
	"cmp"
	"slices"
	"time"

	"rampart/analysis/frame"
	"rampart/ui/panel/part"
)

// pageSize is the lines asked for at once, mostLines those that a console holds.
const (
	pageSize  = 500
	mostLines = 4000
)

// around is how far beyond the time cursor lines are shown.
const around = 30 * time.Second

// question is what was asked and what was answered.
type question struct {
	asked   frame.LogsQuery // the newest question
	tag     uint64          // of the newest question
	gen     uint64          // the generation of lines it was asked for
	pending bool
	shown   frame.LogsQuery // the question that the lines answer
	cursor  time.Time       // the time cursor that the lines stand around
}

// Ask returns the question that the panel needs answered, if any: the answer goes to SetPage, or its error to Fail, with
// the same tag. The model calls it after each frame, key and move; it wants each question once, and one at a time as long
// as what is wanted stays the same.
func (l *Logs) Ask(f *frame.Frame, st part.State) (q frame.LogsQuery, tag uint64, want bool) {
	if f == nil {
		return q, 0, false
	}
	l.follows(st)
	q = l.filter.query
	q.Limit = pageSize
	switch {
	case !l.cursor.IsZero():
		q.Before = l.cursor.Add(around)
	case l.atTop() && l.page.More && len(l.lines) < mostLines:
		q.Before = l.lines[0].At
	}
	if l.tag > 0 && same(q, l.asked) && (l.pending || !q.Before.IsZero() || l.gen == f.Logs.Gen) {
		return q, 0, false
	}
	l.asked, l.gen, l.pending = q, f.Logs.Gen, true
	l.tag++
	return q, l.tag, true
}

// follows takes over the time cursor: where it is set the lines stand around it, without it they are live again.
func (l *Logs) follows(st part.State) {
	if st.Cursor.Equal(l.cursor) {
		return
	}
	l.cursor = st.Cursor
	l.setFollow(l.cursor.IsZero())
}

// atTop tells whether the reader has come to the oldest line that is held.
func (l *Logs) atTop() bool { return !l.follow && l.sel == 0 && len(l.lines) > 0 }

// SetPage takes an answer; one to an older question is dropped.
func (l *Logs) SetPage(tag uint64, page frame.LogsPage) {
	if tag != l.tag {
		return
	}
	l.pending, l.err, l.page = false, nil, page
	fresh := slices.Clone(page.Lines)
	slices.Reverse(fresh)
	if continues(l.shown, l.asked) {
		l.merge(fresh)
	} else {
		l.lines, l.fresh, l.sel, l.top = fresh, 0, max(0, len(fresh)-1), 0
		l.shown = l.asked
	}
	if !l.cursor.IsZero() {
		l.sel = nearest(l.lines, l.cursor)
	} else if l.follow {
		l.sel = max(0, len(l.lines)-1)
	}
}

// Fail takes the error of a question.
func (l *Logs) Fail(tag uint64, err error) {
	if tag == l.tag {
		l.pending, l.err = false, err
	}
}

// continues tells whether two questions differ only in where they start, so that their lines are one list.
func continues(a, b frame.LogsQuery) bool {
	if !a.Before.IsZero() && b.Before.IsZero() {
		return false
	}
	a.Before, b.Before = time.Time{}, time.Time{}
	return same(a, b) && a.Limit > 0
}

func same(a, b frame.LogsQuery) bool {
	return a.Arm == b.Arm && a.Level == b.Level && slices.Equal(a.Terms, b.Terms) && a.Match == b.Match && a.Regexp == b.Regexp &&
		a.Not == b.Not && a.Pattern == b.Pattern && a.Before.Equal(b.Before) && a.Limit == b.Limit
}

// merge puts new lines among those held, late ones where they belong, and keeps the selected line selected.
func (l *Logs) merge(fresh []frame.LogLine) {
	held := make(map[string]bool, len(l.lines))
	for _, x := range l.lines {
		held[x.ID] = true
	}
	known := slices.ContainsFunc(fresh, func(x frame.LogLine) bool { return held[x.ID] })
	if !known && len(l.lines) > 0 && len(fresh) > 0 && fresh[0].At.After(l.lines[len(l.lines)-1].At) && l.page.More && l.follow {
		l.lines = fresh // what lies between was not read: two ends with a hole would look like one log
		return
	}
	id := l.selected()
	newest := time.Time{}
	if n := len(l.lines); n > 0 {
		newest = l.lines[n-1].At
	}
	for _, x := range fresh {
		if held[x.ID] {
			continue
		}
		if l.lines = append(l.lines, x); !l.follow && x.At.After(newest) {
			l.fresh++
		}
	}
	slices.SortStableFunc(l.lines, func(a, b frame.LogLine) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	if over := len(l.lines) - mostLines; over > 0 && l.follow {
		l.lines = slices.Clone(l.lines[over:])
	}
	l.sel = max(0, slices.IndexFunc(l.lines, func(x frame.LogLine) bool { return x.ID == id }))
}

func (l *Logs) selected() string {
	if l.sel < len(l.lines) {
		return l.lines[l.sel].ID
	}
	return ""
}

// nearest is the line that is nearest to a time.
func nearest(lines []frame.LogLine, t time.Time) int {
	best := 0
	for i, x := range lines {
		if x.At.Sub(t).Abs() < lines[best].At.Sub(t).Abs() {
			best = i
		}
	}
	return best
}
