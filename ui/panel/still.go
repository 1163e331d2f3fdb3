package panel

import "rampart/analysis/frame"

// still is a panel in which nothing can be opened: all of it is on the screen.
type still struct{}

// Enter opens nothing.
func (still) Enter(*frame.Frame) string { return "" }

// Back has nothing to close.
func (still) Back() bool { return false }
