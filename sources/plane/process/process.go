// Package process runs another program once and gets it back, whatever it does.
//
// It promises: no shell; a process group of its own, killed as a whole at the deadline, when the context ends and when
// the program prints more than it may; of stdout the beginning is kept and of stderr the end, where the reason stands,
// as [sources.Text]; a child that outlives its parent and holds its output is not waited for. Nothing is left running.
//
// Why not os/exec alone: it kills the one process and not what that started, and it keeps all that is printed.
package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"rampart/sources"
)

// Command is a program with its arguments.
type Command struct {
	Argv    []string
	Dir     string // empty: this process's own
	Stdin   []byte
	Timeout time.Duration
	Most    int // bytes of stdout
}

// Result is what a program left.
type Result struct {
	Out     []byte
	Aside   sources.Text // the end of stderr
	Started bool         // false: nothing was done
}

// mostAside is how much of stderr is kept.
const mostAside = 2 << 10

// lateWait is how long the output of a program that is over may stay open in somebody else's hands.
const lateWait = time.Second

// Run starts the program and waits for its end. An exit status other than 0 is an error, and so is a deadline.
func Run(ctx context.Context, c Command) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("no end within %s: %w", c.Timeout, context.DeadlineExceeded))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	cmd.Dir, cmd.Stdin, cmd.WaitDelay = c.Dir, bytes.NewReader(c.Stdin), lateWait
	stdout := &head{most: c.Most, full: func() { stop(fmt.Errorf("printed more than %d bytes", c.Most)) }}
	stderr := &tail{most: mostAside}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return Result{}, err
	}
	err := cmd.Wait()
	killGroup(cmd) // what it left behind holds its output and outlives its deadline
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil
	}
	return Result{Out: stdout.b, Aside: sources.NewText(string(bytes.TrimSpace(stderr.b))), Started: true}, err
}

// With adds what a program said to its failure, harmless as it prints.
func With(err error, aside sources.Text) error {
	if aside.IsZero() {
		return err
	}
	return fmt.Errorf("%w; it said: %v", err, aside)
}
