package panel

import (
	"time"

	"rampart/ui/cell"
)

// State is what all panels of a session share beside the frame.
type State struct {
	Now    time.Time      // the engine's clock, for ages
	Zone   *time.Location // of clocks and axes; nil is UTC
	ASCII  bool           // the terminal shows no more than ASCII
	Cursor time.Time      // the one time cursor; zero: none
	Span   time.Duration  // of the charts' window; zero: DefaultSpan
	End    time.Time      // where the charts' window ends; zero: now
	Frozen time.Time      // since when the screen stands still; zero: it lives
	Link   time.Duration  // the measured round trip to the operator's terminal; zero: not known
	Wide   bool           // one chart has all the room
}

// DefaultSpan is the window of charts when nobody zoomed.
const DefaultSpan = 30 * time.Minute

// zone is where the operator reads the clock.
func (st State) zone() *time.Location {
	if st.Zone == nil {
		return time.UTC
	}
	return st.Zone
}

// clock prints hours and minutes.
func (st State) clock(t time.Time) string {
	if t.IsZero() {
		return cell.None
	}
	return t.In(st.zone()).Format("15:04")
}

// exact prints the time to the second.
func (st State) exact(t time.Time) string {
	if t.IsZero() {
		return cell.None
	}
	return t.In(st.zone()).Format("15:04:05")
}

// wall is the clock in the stripe: with its zone, because two people on a call must mean the same minute.
func (st State) wall(t time.Time) string {
	if st.zone() == time.UTC {
		return st.exact(t) + "Z"
	}
	return t.In(st.zone()).Format("15:04:05 MST")
}

// age prints how old something is.
func (st State) age(t time.Time) string {
	if t.IsZero() {
		return cell.None
	}
	return cell.Age(max(0, st.Now.Sub(t)))
}

// left prints how long until t, "now" when it has passed.
func (st State) left(t time.Time) string {
	if d := t.Sub(st.Now); d > 0 {
		return "in " + cell.Age(d+time.Second-1)
	}
	return "now"
}
