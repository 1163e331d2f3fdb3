package exec

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"rampart/sources"
	"rampart/sources/plane/protocol"
)

// maxAside is how much of stderr is kept: its end, where the reason stands.
const maxAside = 2 << 10

// lateWait is how long the output of a command that is over may stay open in somebody else's hands.
const lateWait = time.Second

// command runs the program once for each call.
type command struct {
	conf Config
	name string
}

// Ask runs the command with the request on stdin. See the package's promise.
func (c *command) Ask(ctx context.Context, r protocol.Request) (protocol.Answer, error) {
	in, err := json.Marshal(r)
	if err != nil {
		return protocol.Answer{}, c.failed(r.Call, sources.ErrInvalid, err, false)
	}
	out, aside, started, err := c.run(ctx, append(in, '\n'))
	if !started {
		return protocol.Answer{}, c.failed(r.Call, sources.ErrUnreachable, err, false)
	}
	a, bad := protocol.Decode(out)
	a.Aside = aside
	switch {
	case a.Error != nil && protocol.Told(&bad, r.Call, c.name):
		return a, bad
	case err != nil:
		return protocol.Answer{Aside: aside}, c.failed(r.Call, sources.ErrUnreachable, with(err, aside), true)
	case bad != nil:
		return protocol.Answer{Aside: aside}, c.failed(r.Call, sources.ErrInvalid, with(bad, aside), true)
	}
	return a, nil
}

func (c *command) failed(call string, kind, cause error, sent bool) error {
	e := &sources.Error{Op: call, Target: c.name, Kind: kind, Cause: cause, Sent: sent}
	if !sent {
		e.Fix = "see that the command of traffic.exec can be run"
	}
	return e
}

// with adds the end of stderr, harmless as it prints.
func with(err error, aside sources.Text) error {
	if aside.IsZero() {
		return err
	}
	return fmt.Errorf("%w; it said: %v", err, aside)
}

// run starts the command and waits for its end. started says whether it ran at all.
func (c *command) run(ctx context.Context, in []byte) (out []byte, aside sources.Text, started bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, aside, false, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.conf.Timeout, fmt.Errorf("no end within %s: %w", c.conf.Timeout, context.DeadlineExceeded))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd := exec.CommandContext(ctx, c.conf.Command[0], c.conf.Command[1:]...)
	cmd.Dir, cmd.Stdin, cmd.WaitDelay = c.conf.Dir, bytes.NewReader(in), lateWait
	stdout := &head{most: protocol.MaxAnswer, full: func() { stop(fmt.Errorf("printed more than %d bytes", protocol.MaxAnswer)) }}
	stderr := &tail{most: maxAside}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return nil, aside, false, err
	}
	err = cmd.Wait()
	killGroup(cmd) // what it left behind holds its output and outlives its deadline
	aside = sources.NewText(string(bytes.TrimSpace(stderr.b)))
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil
	}
	return stdout.b, aside, true, err
}
