package logview

import (
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Logs is panel 5: the lines of both arms, oldest first, the newest at the bottom while it follows. Lines are asked for
// by page: Ask raises a question, SetPage takes the answer. Patterns stand above the lines where there is room.
type Logs struct {
	lines  []frame.LogLine // oldest first
	page   frame.LogsPage  // the newest answer, for its counts
	sel    int
	top    int
	x      int // columns scrolled sideways
	width  int // of the message when last drawn
	height int // rows of lines when last drawn
	follow bool
	wrap   bool
	ages   bool
	fresh  int // lines newer than those that were seen before following stopped
	err    error

	question
	filter filter
	search search
	opened *frame.LogLine
	fields part.Scroll
}

// NewLogs returns a log panel that follows the newest line.
func NewLogs() *Logs { return &Logs{follow: true} }

// Name is the panel's word.
func (*Logs) Name() string { return "logs" }

// Title is the panel's heading.
func (*Logs) Title() string { return "5 logs" }

// Move moves the selected line; sideways by a third of the screen. Moving up stops following, Bottom starts it.
func (l *Logs) Move(m part.Move) {
	if l.opened != nil {
		l.fields.Move(m)
		return
	}
	page := max(1, l.height-1)
	switch m {
	case part.Up:
		l.to(l.sel - 1)
	case part.Down:
		l.to(l.sel + 1)
	case part.HalfUp:
		l.to(l.sel - max(1, page/2))
	case part.HalfDown:
		l.to(l.sel + max(1, page/2))
	case part.PageUp:
		l.to(l.sel - page)
	case part.PageDown:
		l.to(l.sel + page)
	case part.Top:
		l.to(0)
	case part.Bottom:
		l.to(len(l.lines) - 1)
		l.setFollow(l.cursor.IsZero())
	case part.Left:
		l.x = max(0, l.x-max(1, l.width/3))
	case part.Right:
		l.x += max(1, l.width/3)
	}
}

// to selects a line; whoever looks at an older one is not pulled away from it.
func (l *Logs) to(i int) {
	i = max(0, min(i, len(l.lines)-1))
	if i < len(l.lines)-1 {
		l.setFollow(false)
	}
	l.sel = i
}

func (l *Logs) setFollow(on bool) {
	if on && !l.follow {
		l.sel = max(0, len(l.lines)-1)
	}
	l.follow, l.fresh = on, 0
}

// ToggleFollow starts or stops following the newest line.
func (l *Logs) ToggleFollow() { l.setFollow(!l.follow) }

// ToggleWrap wraps long lines or cuts them.
func (l *Logs) ToggleWrap() { l.wrap, l.x = !l.wrap, 0 }

// ToggleTime shows clock times or ages.
func (l *Logs) ToggleTime() { l.ages = !l.ages }

// Following tells whether the newest line is followed.
func (l *Logs) Following() bool { return l.follow }

// Open returns the id of the selected line, whose fields the model asks for and hands to SetLine.
func (l *Logs) Open() (id string, ok bool) {
	if l.sel >= len(l.lines) || l.opened != nil {
		return "", false
	}
	return l.lines[l.sel].ID, true
}

// SetLine shows an opened line with its fields; Back closes it.
func (l *Logs) SetLine(line frame.LogLine) { l.opened, l.fields = &line, part.Scroll{} }

// Enter opens nothing by itself: Open names the line whose fields have to be asked for.
func (*Logs) Enter(*frame.Frame) string { return "" }

// Back closes an opened line.
func (l *Logs) Back() bool {
	was := l.opened != nil
	l.opened = nil
	return was
}

// Selected is the selected line in words.
func (l *Logs) Selected(*frame.Frame) string {
	line := l.opened
	if line == nil {
		if l.sel >= len(l.lines) {
			return ""
		}
		line = &l.lines[l.sel]
	}
	text := line.At.UTC().Format(time.RFC3339Nano) + " " + line.Arm.String() + " " + line.Level.String() + " " + line.Message.String()
	for _, f := range line.Fields {
		text += "\n" + f.Name.String() + ": " + f.Value.String()
	}
	return text
}

// NextError goes to the next newer error line and tells whether there is one among the lines held.
func (l *Logs) NextError() bool { return l.find(1, isError) }

// PrevError goes to the next older error line.
func (l *Logs) PrevError() bool { return l.find(-1, isError) }

func isError(line frame.LogLine) bool { return line.Level >= sources.LevelError }

// find selects the nearest line in a direction that fits.
func (l *Logs) find(step int, fits func(frame.LogLine) bool) bool {
	for i := l.sel + step; i >= 0 && i < len(l.lines); i += step {
		if fits(l.lines[i]) {
			l.setFollow(false)
			l.sel = i
			return true
		}
	}
	return false
}

// Hints are the keys that matter most.
func (l *Logs) Hints() []part.Hint {
	if l.opened != nil {
		return []part.Hint{{Key: "esc", Does: "close"}, {Key: "j k", Does: "scroll"}, {Key: "y", Does: "copy"}, {Key: "?", Does: "help"}}
	}
	return []part.Hint{
		{Key: "R", Does: "roll back"},
		{Key: "/", Does: "search"},
		{Key: "n N", Does: "matches"},
		{Key: "&", Does: "filter"},
		{Key: "e E", Does: "errors"},
		{Key: "f", Does: "follow"},
		{Key: "w", Does: "wrap"},
		{Key: "t", Does: "time"},
		{Key: "enter", Does: "open"},
		{Key: "esc", Does: "overview"},
		{Key: "?", Does: "help"},
	}
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
