// Package process runs another program once and gets it back, whatever it does.
//
// It promises: no shell; a process group of its own, killed as a whole at the deadline, when the context ends, when the
// program prints more than its answer may have, and when it is over; of an answer the beginning is kept and of words
// the end, where the reason stands, as [sources.Text]; a child that outlives its parent and holds its output is not
// waited for. Nothing is left running, and no goroutine.
//
// # Why
//
// Not os/exec alone: it kills the one process and not what that started, and it keeps all that is printed. Connections
// over a program that stays, as ssh, are no run: they are given back by whoever closes them.
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

// Command is a program with its arguments, and what it is given.
type Command struct {
	Argv    []string
	Dir     string   // empty: this process's own
	Environ []string // nil: this process's own
	Stdin   []byte
	Timeout time.Duration
	// Most bounds the answer on stdout, in bytes. 0: there is none, and what stands on stdout are words as on stderr.
	Most int
	// Attended programs may ask a person at the terminal. They stay in this process's group, because the terminal
	// listens to no other, and are killed without what they started.
	Attended bool
}

// Result is what a program left.
type Result struct {
	Out     []byte       // its answer
	Aside   sources.Text // the end of its words
	Started bool         // false: nothing was done
}

// mostAside is how much is kept of words.
const mostAside = 2 << 10

// lateWait is how long the output of a program that is over may stay open in somebody else's hands.
const lateWait = time.Second

// Run starts the program and waits for its end. A status other than 0 is an error ([Status]), and so is a deadline.
func Run(ctx context.Context, c Command) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, sources.Late("no end", c.Timeout))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	answer := &head{most: c.Most, full: func() { stop(fmt.Errorf("printed more than %d bytes", c.Most)) }}
	words := &tail{most: mostAside}
	cmd := c.prepare(ctx, answer, words)
	if err := cmd.Start(); err != nil {
		return Result{}, err
	}
	err := cmd.Wait()
	if !c.Attended {
		killGroup(cmd) // what it left behind holds its output and outlives its deadline
	}
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil
	}
	return Result{Out: answer.b, Aside: sources.NewText(string(bytes.TrimSpace(words.b))), Started: true}, err
}

// prepare gives the program its streams and its group.
func (c Command) prepare(ctx context.Context, answer *head, words *tail) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = c.Dir, c.Environ, lateWait
	if cmd.Stdout, cmd.Stderr = answer, words; c.Most == 0 {
		cmd.Stdout = words // os/exec writes to one that is both from one goroutine
	}
	if c.Stdin != nil {
		cmd.Stdin = bytes.NewReader(c.Stdin)
	}
	if !c.Attended {
		ownGroup(cmd)
	}
	return cmd
}
