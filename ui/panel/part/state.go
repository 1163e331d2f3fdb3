package part

import (
	"time"

	"rampart/analysis/frame"
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
	Own    []frame.Event  // what happened in this session alone, oldest first

	Away     bool      // what reverts by itself does not: the runner that would is not there
	Unmasked time.Time // until when this session sees log lines without masks; zero: it does not
}

// DefaultSpan is the window of charts when nobody zoomed.
const DefaultSpan = 30 * time.Minute

// Location is where the operator reads the clock.
func (st State) Location() *time.Location {
	if st.Zone == nil {
		return time.UTC
	}
	return st.Zone
}

// Clock prints hours and minutes.
func (st State) Clock(t time.Time) string {
	if t.IsZero() {
		return cell.None
	}
	return t.In(st.Location()).Format("15:04")
}

// Exact prints the time to the second.
func (st State) Exact(t time.Time) string {
	if t.IsZero() {
		return cell.None
	}
	return t.In(st.Location()).Format("15:04:05")
}

// Wall is the clock in the stripe: with its zone, because two people on a call must mean the same minute.
func (st State) Wall(t time.Time) string {
	if st.Location() == time.UTC {
		return st.Exact(t) + "Z"
	}
	return t.In(st.Location()).Format("15:04:05 MST")
}

// Age prints how old something is.
func (st State) Age(t time.Time) string {
	if t.IsZero() {
		return cell.None
	}
	return cell.Age(max(0, st.Now.Sub(t)))
}

// ageStep is the step of ages that stand in many rows at once.
const ageStep = 5 * time.Second

// Recent prints how old one of many numbers is, in steps of five seconds: "<5 s", "10 s", "2 min". One clock that ticks is
// enough for a screen; a column of them draws the eye and the bytes every second and says no more.
func (st State) Recent(t time.Time) string {
	age := max(0, st.Now.Sub(t))
	switch {
	case t.IsZero():
		return cell.None
	case age < ageStep:
		return "<" + cell.Age(ageStep)
	}
	return cell.Age(age.Truncate(ageStep))
}

// Left prints how long until t, "now" when it has passed.
func (st State) Left(t time.Time) string {
	if d := t.Sub(st.Now); d > 0 {
		return "in " + cell.Age(d+time.Second-1)
	}
	return "now"
}
