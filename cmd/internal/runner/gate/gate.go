// Package gate asks a command whether a ramp may leave a step: a load test, a ticket system, somebody's own judgement.
//
// The command is told where the ramp stands by its environment and answers by how it ends: 0 is yes, 1 is no, anything
// else is no answer and is asked again later. What it prints is for people and never decides.
package gate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"

	"rampart/sources"
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
	Said sources.Text // what it printed, at most 4 KiB
}

// mostSaid bounds what is kept of a command's words.
const mostSaid = 4096

// Ask runs the command. An error means that there is no answer: it could not be run, was killed, or ended with a code
// above 1.
func Ask(ctx context.Context, q Question) (Answer, error) {
	if len(q.Command) == 0 {
		return Answer{}, q.fail(sources.ErrInvalid, errors.New("no command"))
	}
	ctx, cancel := context.WithTimeout(ctx, q.Limit)
	defer cancel()
	said := &bounded{}
	cmd := exec.CommandContext(ctx, q.Command[0], q.Command[1:]...)
	cmd.Env = append(append([]string(nil), q.Environ...),
		"RAMPART_CONTEXT="+q.Context, "RAMPART_SERVICE="+q.Service, fmt.Sprintf("RAMPART_STEP=%d", q.Step),
		fmt.Sprintf("RAMPART_SHARE_PPM=%d", q.Share), fmt.Sprintf("RAMPART_NEXT_PPM=%d", q.Next))
	cmd.Stdout, cmd.Stderr = said, said
	// A group of its own, so that what the command started ends with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	a := Answer{Yes: err == nil, Said: sources.NewText(said.kept.String())}
	exit, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil, ended && exit.ExitCode() == 1:
		return a, nil
	case ctx.Err() != nil:
		return a, q.fail(sources.ErrUnreachable, fmt.Errorf("no answer within %s", q.Limit))
	case ended:
		return a, q.fail(sources.ErrInvalid, fmt.Errorf("%w: %s", err, a.Said))
	}
	return a, q.fail(sources.ErrInvalid, err)
}

func (q Question) fail(kind, err error) error {
	name := "gate"
	if len(q.Command) > 0 {
		name = q.Command[0]
	}
	return &sources.Error{Op: "ask", Target: name, Kind: kind, Cause: err}
}

// bounded keeps the first words and drops the rest.
type bounded struct{ kept bytes.Buffer }

// Write takes all and keeps what fits.
func (b *bounded) Write(p []byte) (int, error) {
	if room := mostSaid - b.kept.Len(); room > 0 {
		b.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
