package panel

import (
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
)

// Panel is one view of a frame.
type Panel interface {
	// Name is the word by which the palette and the config know the panel.
	Name() string
	// Title is its heading, with its key: "1 errors".
	Title() string
	// View draws the panel in a box.
	View(f *frame.Frame, st part.State, box part.Box) cell.Grid
	// Move moves the selection, or scrolls where there is none.
	Move(m part.Move)
	// Enter opens what is selected. It returns the name of the panel that shows it, or "" where it opened in place or
	// nothing can be opened.
	Enter(f *frame.Frame) string
	// Back closes what Enter opened in place and tells whether there was something to close.
	Back() bool
	// Selected is the selected row as plain, harmless text, for copying.
	Selected(f *frame.Frame) string
	// Hints are the keys that matter most here, for the footer.
	Hints() []part.Hint
}

// Set holds one session's panels.
type Set struct {
	Overview *Overview
	Errors   *Errors
	Latency  *Latency
	Drift    *Drift
	Traffic  *Traffic
	Logs     *logview.Logs
	Guards   *Guards
	Evidence *Evidence
	Ramp     *Ramp
	Audit    *Audit
	Help     *Help
	Query    *Query
	Services *Services
}

// NewSet returns the panels of a new session.
func NewSet() *Set {
	return &Set{
		Overview: &Overview{}, Errors: &Errors{}, Latency: &Latency{}, Drift: &Drift{}, Traffic: &Traffic{}, Logs: logview.NewLogs(),
		Guards: &Guards{}, Evidence: &Evidence{}, Ramp: &Ramp{}, Audit: &Audit{}, Help: &Help{}, Query: &Query{}, Services: &Services{},
	}
}

// Numbered returns the panels behind the keys 1 to 9, in their order.
func (s *Set) Numbered() []Panel {
	return []Panel{s.Errors, s.Latency, s.Drift, s.Traffic, s.Logs, s.Guards, s.Evidence, s.Ramp, s.Audit}
}

// All returns every panel, the overview first.
func (s *Set) All() []Panel {
	return append(append([]Panel{s.Overview}, s.Numbered()...), s.Help, s.Query, s.Services)
}

// Named finds a panel by its name.
func (s *Set) Named(name string) (Panel, bool) {
	for _, p := range s.All() {
		if p.Name() == name {
			return p, true
		}
	}
	return nil, false
}
