package ramp

import (
	"time"

	"rampart/sources"
)

// Effect is what the runner must do, in the order in which effects are given: [Record] comes before the writes that it
// allows.
type Effect interface{ effect() }

// Record: the state has changed in a way that must survive this process. It is journalled before the other effects.
type Record struct{ Text string }

// SetShare asks the plane for a share of the plan.
type SetShare struct {
	To      sources.Share
	Step    int // index of the step that it begins
	Why     string
	By      string        // who started the ramp, or asked for this step
	Confirm time.Duration // it reverts by itself after this, unless confirmed; 0: it stays
}

// RollBack asks the plane for 0 %. It comes again until 0 % is read back: whoever does it leaves a second one aside while
// the first is under way.
type RollBack struct {
	Why string
	By  string // who asked for it; empty: the rules did
}

// RunGate asks the command of a step's gate. Its answer comes as an event.
type RunGate struct {
	Step    int
	Command []string
}

// Ask tells people that somebody must answer: resume goes on, rollback goes back.
type Ask struct{ What string }

// Notify tells people something that needs no answer.
type Notify struct {
	What string
	// Declines is why a wish to start, to step or to promote has no effect; empty: it is about no wish.
	Declines string
}

// Over says that the ramp lives no more: rolled back, promoted or ended.
type Over struct {
	Phase Phase
	Why   string
}

// Declined is why a wish to start, to step or to promote has no effect, and what can be done about it; empty: the effects
// decline nothing.
func Declined(effects []Effect) string {
	for _, e := range effects {
		if n, ok := e.(Notify); ok && n.Declines != "" {
			return n.Declines
		}
	}
	return ""
}

func (Record) effect()   {}
func (SetShare) effect() {}
func (RollBack) effect() {}
func (RunGate) effect()  {}
func (Ask) effect()      {}
func (Notify) effect()   {}
func (Over) effect()     {}
