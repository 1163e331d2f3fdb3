package ui

import "rampart/ui/panel"

// where is the part of the screen in which a key means something.
type where uint8

const (
	everywhere where = iota
	moving
	charts
	inLogs
	acting
	extras
)

var whereWords = [...]string{"everywhere", "move", "charts", "logs", "actions", "here"}

// String returns the word as it stands in the help.
func (w where) String() string { return whereWords[w] }

// special tells a part whose keys go before those that hold everywhere: the arrows move the time cursor where there are
// charts.
func (w where) special() bool { return w == charts || w == inLogs }

// in tells whether the part's keys mean something in a panel.
func (w where) in(p panel.Panel) bool {
	switch w {
	case charts:
		return hasCharts(p)
	case inLogs:
		return p.Name() == "logs"
	case everywhere, moving, acting, extras:
	}
	return true
}

// meets tells whether one key could mean both. Charts may take the keys of movement, and only those; logs have no
// charts.
func (w where) meets(o where) bool {
	if w == o {
		return true
	}
	lo, hi := min(w, o), max(w, o)
	apart := lo == moving && hi == charts || lo == charts && hi == inLogs
	return !apart
}

// hasCharts tells the panels with a time axis.
func hasCharts(p panel.Panel) bool {
	switch p.Name() {
	case "overview", "errors", "latency", "drift", "traffic", "evidence":
		return true
	}
	return false
}
