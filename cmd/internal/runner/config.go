package runner

import (
	"context"
	"errors"
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/runner/gate"
	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

// Frames is a reader of what the engine publishes.
type Frames interface {
	Next(ctx context.Context) (*frame.Frame, error)
}

// Right is the right to raise a share: the service's lease.
type Right interface {
	Held() error
	Holder() lease.Holder
}

// Config is what a driver is made of. All but Tell, Ask and Environ is needed.
type Config struct {
	Context, Service string
	Plan             ramp.Plan
	Frames           Frames
	Desk             *action.Desk
	Journal          sources.Journal
	Lease            Right
	Tally            *Tally // what was counted, for the plan's samples and rules
	Step             time.Duration
	Now              func() time.Time
	// Tell is told what people should hear of; nil: nobody is.
	Tell func(sources.Notice)
	// Ask asks a step's command; nil: [gate.Ask].
	Ask     func(ctx context.Context, q gate.Question) (gate.Answer, error)
	Environ []string // of the commands
	// Caps says what the plane can do, so that a plan that it cannot follow is not started; nil: any plan.
	Caps func(ctx context.Context) (sources.Caps, error)
	// Mark is the path of what is left beside the lease while the journal cannot be written; empty: nothing is.
	Mark string
	// Settling is how long after its start a runner waits before it believes what it reads: what a killed process had
	// under way has arrived by then. 2 s when zero.
	Settling time.Duration
}

// Validate tells what is missing.
func (c Config) Validate() error {
	switch {
	case c.Desk == nil || c.Journal == nil:
		return errors.New("a driver needs a desk and its journal")
	case c.Frames == nil || c.Now == nil || c.Tally == nil:
		return errors.New("a driver needs frames, counts and a clock")
	case c.Lease == nil:
		return errors.New("a driver needs a lease")
	}
	return nil
}

func (c Config) tell(n sources.Notice) {
	if c.Tell == nil {
		return
	}
	n.Context, n.Service, n.At = c.Context, c.Service, c.Now()
	n.Key = c.Context + "/" + c.Service + "/" + n.Key
	c.Tell(n)
}
