// Package gate asks a command whether a ramp may leave a step: a load test, a ticket system, somebody's own judgement.
//
// The command is told where the ramp stands by its environment and answers by how it ends: 0 is yes, 1 is no, anything
// else is no answer and is asked again later. What it prints is for people and never decides.
package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/sources"
	"rampart/sources/process"
)

// Question is what a gate is asked.
type Question struct {
	Command []string // program and its arguments; no shell
	Environ []string // of the runner
	Context string
	Service string
	Step    int // from 1
	Share   sources.Share
	Next    sources.Share
	Limit   time.Duration // the command and all it started are killed after it
}

// Answer is what a gate said.
type Answer struct {
	Yes  bool
	Said sources.Text // the end of what it printed
}

// Ask runs the command. An error means that there is no answer: it could not be run, was killed, or ended with a code
// above 1.
func Ask(ctx context.Context, q Question) (Answer, error) {
	if len(q.Command) == 0 {
		return Answer{}, q.fail(sources.ErrInvalid, errors.New("no command"))
	}
	got, err := process.Run(ctx, process.Command{Argv: q.Command, Environ: q.environ(), Timeout: q.Limit})
	a := Answer{Yes: err == nil, Said: got.Aside}
	status, ended := process.Status(err)
	switch {
	case err == nil, ended && status == 1:
		return a, nil
	case errors.Is(err, context.DeadlineExceeded):
		return a, q.fail(sources.ErrUnreachable, fmt.Errorf("no answer within %s", q.Limit))
	case errors.Is(err, context.Canceled):
		return a, q.fail(sources.ErrUnreachable, err)
	}
	return a, q.fail(sources.ErrInvalid, process.With(err, got.Aside))
}

// environ tells the command where the ramp stands.
func (q Question) environ() []string {
	return append(slices.Clone(q.Environ),
		"RAMPART_CONTEXT="+q.Context, "RAMPART_SERVICE="+q.Service, fmt.Sprintf("RAMPART_STEP=%d", q.Step),
		fmt.Sprintf("RAMPART_SHARE_PPM=%d", q.Share), fmt.Sprintf("RAMPART_NEXT_PPM=%d", q.Next))
}

func (q Question) fail(kind, err error) error {
	name := "gate"
	if len(q.Command) > 0 {
		name = q.Command[0]
	}
	return &sources.Error{Op: "ask", Target: name, Kind: kind, Cause: err}
}
