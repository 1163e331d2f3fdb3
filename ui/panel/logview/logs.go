package logview

import (
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Logs is panel 5: the lines of both arms, oldest first, the newest at the bottom while it follows. Lines are asked for
// by page: Ask raises a question, SetPage takes the answer. Patterns stand above the lines where there is room; the
// comparison of the arms (ToggleDiff) and an opened line take the whole panel.
type Logs struct {
	held
	sel    int
	top    int
	x      int // columns scrolled sideways
	width  int // of the message when last drawn
	height int // rows of lines when last drawn
	follow bool
	wrap   bool
	ages   bool
	err    error
	folds  map[int][]cell.Line // lines as the drawing under way wraps them

	question
	filter filter
	search search
	marks  marks
	pins   []string
	bare   time.Time // until when lines are shown as they came, without masks
	opened *opened
	diff   diff
	pairs  pairs
}

// NewLogs returns a log panel that follows the newest line.
func NewLogs() *Logs { return &Logs{follow: true} }

// Name is the panel's word.
func (*Logs) Name() string { return "logs" }

// Title is the panel's heading.
func (*Logs) Title() string { return "5 logs" }

// Move moves the selected line; sideways by a third of the screen. Moving up stops following, Bottom starts it.
func (l *Logs) Move(m part.Move) {
	switch {
	case l.opened != nil:
		l.opened.move(m)
	case l.diff.shown:
		l.diff.list.Move(m)
	case l.pairs.shown:
		l.pairs.list.Move(m)
	case m == part.Left:
		l.x = max(0, l.x-max(1, l.width/3))
	case m == part.Right:
		l.x = min(l.x+max(1, l.width/3), mostSideways)
	case m == part.Bottom:
		l.to(len(l.lines) - 1)
		l.live()
	default:
		l.to(l.step(m))
	}
}

// mostSideways bounds how far a line is scrolled: further than any line that is held is long.
const mostSideways = 1 << 17

// step is the line to which a movement leads.
func (l *Logs) step(m part.Move) int {
	page := max(1, l.height-1)
	switch m {
	case part.Up:
		return l.sel - 1
	case part.Down:
		return l.sel + 1
	case part.HalfUp:
		return l.sel - max(1, page/2)
	case part.HalfDown:
		return l.sel + max(1, page/2)
	case part.PageUp:
		return l.sel - page
	case part.PageDown:
		return l.sel + page
	case part.Top:
		return 0
	case part.Left, part.Right, part.Bottom:
	}
	return l.sel
}

// to selects a line; whoever looks at an older one is not pulled away from it.
func (l *Logs) to(i int) {
	i = max(0, min(i, len(l.lines)-1))
	if i < len(l.lines)-1 {
		l.pause()
	}
	l.sel = i
}

// Forget drops all that came from a service which is no longer shown. How lines are shown, and by which terms, stays.
func (l *Logs) Forget() {
	l.question = question{tag: l.tag + 1}
	l.held, l.marks, l.opened, l.bare, l.err = held{}, marks{}, nil, time.Time{}, nil
	l.diff, l.pairs = diff{}, pairs{}
	l.filter.pattern, l.filter.text = 0, ""
	l.sel, l.top, l.x, l.follow = 0, 0, 0, true
}

// live follows the newest line again; the time cursor is given up.
func (l *Logs) live() {
	l.leads = true
	l.setFollow(true)
}

func (l *Logs) pause() {
	if l.follow {
		l.setFollow(false)
	}
}

func (l *Logs) setFollow(on bool) {
	if on {
		l.sel, l.anchor, l.wanted = max(0, len(l.lines)-1), time.Time{}, ""
		if l.newer {
			l.seen = never
		}
	}
	l.follow, l.fresh = on, 0
}

// ToggleFollow starts or stops following the newest line.
func (l *Logs) ToggleFollow() {
	if l.follow {
		l.pause()
		return
	}
	l.live()
}

// ToggleWrap wraps long lines or cuts them.
func (l *Logs) ToggleWrap() { l.wrap, l.x = !l.wrap, 0 }

// ToggleTime shows clock times or ages.
func (l *Logs) ToggleTime() { l.ages = !l.ages }

// Following tells whether the newest line is followed.
func (l *Logs) Following() bool { return l.follow }

// Lead returns the time of the selected line, at which the charts' time cursor belongs while lines are read; no time
// where the newest is followed and the cursor, if it was the panel's, is to go. From then on a State with this cursor is
// no question for other lines: the panel leads, the charts follow.
func (l *Logs) Lead() (at time.Time, moved bool) {
	switch {
	case l.opened != nil || l.diff.shown || l.pairs.shown || len(l.lines) == 0:
		return at, false
	case !l.follow:
		at = l.lines[min(l.sel, len(l.lines)-1)].At
	case !l.leads && !l.cursor.IsZero():
		return at, false
	}
	moved = !at.Equal(l.cursor)
	l.cursor, l.leads = at, !at.IsZero()
	return at, moved
}

// NextError goes to the next newer error line and tells whether there is one among the lines that the panel has.
func (l *Logs) NextError() bool { return l.find(1, isError) }

// PrevError goes to the next older error line.
func (l *Logs) PrevError() bool { return l.find(-1, isError) }

func isError(line frame.LogLine) bool { return line.Level >= sources.LevelError }

// find selects the nearest line in a direction that fits.
func (l *Logs) find(step int, fits func(frame.LogLine) bool) bool {
	for i := l.sel + step; i >= 0 && i < len(l.lines); i += step {
		if fits(l.lines[i]) {
			l.pause()
			l.sel = i
			return true
		}
	}
	return false
}

// levelMark heads a line with how grave it is.
func levelMark(l sources.Level) cell.Line {
	switch l {
	case sources.LevelError:
		return cell.Say(cell.Bad, "▲")
	case sources.LevelWarn:
		return cell.Say(cell.Warn, "!")
	case sources.LevelInfo:
		return cell.Say(cell.Dim, "·")
	case sources.LevelDebug, sources.LevelUnknown:
	}
	return cell.Say(cell.Dim, " ")
}
