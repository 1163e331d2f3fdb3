package logview

import (
	"cmp"
	"slices"
	"time"

	"rampart/analysis/frame"
	"rampart/ui/panel/part"
)

// pageSize is the lines asked for at once.
const pageSize = 500

// around is how far beyond the time cursor lines are shown, and nearby the least of it that is asked for where so many
// lines were written that a page did not reach back to the cursor.
const (
	around = 30 * time.Second
	nearby = time.Millisecond
)

// question is what was asked and what was answered.
type question struct {
	asked   frame.LogsQuery // the newest question
	tag     uint64          // of the newest question
	seen    uint64          // the generation of the engine's lines it was asked for
	pending bool
	shown   frame.LogsQuery // the question that the lines answer
	cursor  time.Time       // the charts' time cursor
	leads   bool            // the cursor came from here: it asks for no other lines
	anchor  time.Time       // where the lines shall stand; zero: wherever they do
	reach   time.Duration   // how far beyond the anchor the page begins
	wanted  string          // the line to select there; empty: the nearest
}

// Ask returns the question that the panel needs answered, if any: the answer goes to SetPage, or its error to Fail, with
// the same tag. The model calls it after each frame, key and move; it wants each question once, and one at a time as long
// as what is wanted stays the same.
func (l *Logs) Ask(f *frame.Frame, st part.State) (q frame.LogsQuery, tag uint64, want bool) {
	if f == nil {
		return q, 0, false
	}
	l.follows(st)
	l.mask(st.Now)
	q = l.wants(st)
	if l.tag > 0 && same(q, l.asked) && (l.pending || !q.Before.IsZero() || !q.After.IsZero() || l.seen == f.Logs.Gen) {
		return q, 0, false
	}
	if l.tag > 0 && !l.pending && l.seen == f.Logs.Gen && same(q, l.shown) && l.err == nil {
		return q, 0, false // back where the answer is known
	}
	l.asked, l.seen, l.pending = q, f.Logs.Gen, true
	l.tag++
	return q, l.tag, true
}

// wants is the question whose answer the panel should have now.
func (l *Logs) wants(st part.State) frame.LogsQuery {
	q := l.filter.query()
	q.Past = reach(st)
	q.Limit, q.Fields, q.Bare = pageSize, l.pins, !l.bare.IsZero()
	other := l.shown.Limit > 0 && !continues(l.shown, q)
	if other && !l.follow && l.anchor.IsZero() && len(l.lines) > 0 {
		l.stand(l.lines[min(l.sel, len(l.lines)-1)].At, l.selected())
	}
	switch {
	case !l.anchor.IsZero():
		q.Before = l.anchor.Add(l.reach)
	case other:
	case l.atTop() && l.older:
		q.Before = l.lines[0].At.Add(1) // lines of the same instant are known again by their ids
	case l.atBottom() && l.newer:
		q.After = l.lines[len(l.lines)-1].At
	}
	return q
}

// reach is how far back a filter searches the index: as far as the charts' window, in whole windows, so that a clock which
// ticks asks for nothing else.
func reach(st part.State) time.Duration {
	span := cmp.Or(st.Span, part.DefaultSpan)
	if st.End.IsZero() || !st.End.Before(st.Now) {
		return span
	}
	return st.Now.Sub(st.End).Truncate(span) + 2*span
}

// stand asks for the lines around a time and selects one of them.
func (l *Logs) stand(at time.Time, id string) { l.anchor, l.reach, l.wanted = at, around, id }

// follows takes over the time cursor: where it is set the lines stand around it, without it they are live again.
func (l *Logs) follows(st part.State) {
	if st.Cursor.Equal(l.cursor) {
		return
	}
	was := l.leads
	l.cursor, l.leads = st.Cursor, false
	if l.cursor.IsZero() {
		l.setFollow(true)
		return
	}
	l.follow, l.fresh = false, 0
	if !was || len(l.lines) == 0 || l.cursor.Before(l.lines[0].At) || l.cursor.After(l.lines[len(l.lines)-1].At) {
		l.stand(l.cursor, "")
		return
	}
	l.sel = l.nearest(l.cursor)
}

func (l *Logs) atTop() bool    { return !l.follow && l.sel == 0 && len(l.lines) > 0 }
func (l *Logs) atBottom() bool { return !l.follow && len(l.lines) > 0 && l.sel == len(l.lines)-1 }

// SetPage takes an answer; one to an older question is dropped.
func (l *Logs) SetPage(tag uint64, page frame.LogsPage) {
	if tag != l.tag {
		return
	}
	l.pending, l.err = false, nil
	fresh := slices.Clone(page.Lines)
	slices.Reverse(fresh)
	switch {
	case !l.anchor.IsZero():
		l.arrive(page, fresh)
	case !continues(l.shown, l.asked) || l.follow && !l.joined(page, fresh):
		l.page, l.older, l.newer = page, page.More, false
		l.replace(fresh)
		l.sel, l.top = max(0, len(fresh)-1), 0
	default:
		l.join(page, fresh)
	}
	l.shown = l.asked
	l.shown.Before, l.shown.After = time.Time{}, time.Time{}
	if l.follow {
		l.sel = max(0, len(l.lines)-1)
	}
}

// arrive takes the page around the anchor. One that does not reach back to it is asked for nearer.
func (l *Logs) arrive(page frame.LogsPage, fresh []frame.LogLine) {
	l.page = page
	if len(fresh) > 0 && fresh[0].At.After(l.anchor) && page.More && l.reach > nearby {
		l.reach = max(l.reach/30, nearby)
		return
	}
	l.older, l.newer = page.More, true
	l.replace(fresh)
	if l.sel = l.index(l.wanted); l.sel < 0 {
		l.sel = l.nearest(l.anchor)
	}
	l.top, l.anchor, l.wanted = max(0, l.sel-l.height/2), time.Time{}, ""
	l.seen = never // matches are counted from the newest line, not from the anchor
}

// never is a generation that no frame has: whatever there is has to be asked for.
const never = ^uint64(0)

// joined tells whether a page of the newest lines joins on to those that are there.
func (l *Logs) joined(page frame.LogsPage, fresh []frame.LogLine) bool {
	l.page = page
	return l.joins(fresh)
}

// join puts more of the same list among the lines and keeps the selected line selected.
func (l *Logs) join(page frame.LogsPage, fresh []frame.LogLine) {
	id := l.selected()
	older, newer := !l.asked.Before.IsZero(), !l.asked.After.IsZero()
	if older || newer {
		page.Matched = l.page.Matched // such a page is counted from where it starts
	}
	l.page = page
	switch {
	case older:
		added, _ := l.add(fresh)
		l.older = page.More && added > 0
	case newer:
		added, _ := l.add(fresh)
		l.newer = page.More && added > 0
	case !l.joins(fresh):
		l.newer, l.fresh = true, l.beyond(fresh) // only counted: what lies between was not read
	default:
		_, n := l.add(fresh)
		if l.newer = false; !l.follow {
			l.fresh += n
		}
	}
	l.sel = max(0, l.index(id))
	l.trim(l.sel)
	l.sel = max(0, l.index(id))
}

// beyond is how many lines of a page are newer than all that are there.
func (l *Logs) beyond(fresh []frame.LogLine) (n int) {
	if len(l.lines) == 0 {
		return len(fresh)
	}
	last := l.lines[len(l.lines)-1].At
	for _, x := range fresh {
		if x.At.After(last) {
			n++
		}
	}
	return n
}

// Fail takes the error of a question.
func (l *Logs) Fail(tag uint64, err error) {
	if tag == l.tag {
		l.pending, l.err = false, err
		l.anchor, l.wanted = time.Time{}, ""
	}
}

// GoTo selects a line that may be far away from those that the panel has: the lines around it are asked for.
func (l *Logs) GoTo(line frame.LogLine) {
	l.pause()
	if i := l.index(line.ID); i >= 0 {
		l.sel = i
		return
	}
	l.stand(line.At, line.ID)
}

// continues tells whether two questions differ only in where they start, so that their lines are one list.
func continues(a, b frame.LogsQuery) bool {
	a.Before, a.After, b.Before, b.After = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return same(a, b) && a.Limit > 0
}

func same(a, b frame.LogsQuery) bool {
	return a.Arm == b.Arm && a.Level == b.Level && slices.Equal(a.Terms, b.Terms) && slices.Equal(a.Fields, b.Fields) && a.Bare == b.Bare &&
		a.Match == b.Match && a.Past == b.Past && a.Regexp == b.Regexp && a.Not == b.Not && a.Pattern == b.Pattern && a.Before.Equal(b.Before) &&
		a.After.Equal(b.After) && a.Limit == b.Limit
}

// selected is the id of the selected line.
func (l *Logs) selected() string {
	if l.sel < len(l.lines) {
		return l.lines[l.sel].ID
	}
	return ""
}
