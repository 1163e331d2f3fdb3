// Package command tells a program of your own: it is run once for each notice, without a shell, with the document of
// [notify.Document] on its standard input and the most needed of it in its environment.
//
// It promises: the program and all that it started are killed at the deadline and when the context ends; its exit status
// 0 takes the notice, 75 (EX_TEMPFAIL of sysexits.h) and a deadline ask to be tried again, anything else gives it up;
// what it prints is kept to a few lines and only as the reason of a failure. A [Receiver] owns no goroutine beyond a
// call.
//
// # Environment
//
//	RAMPART_CONTEXT, RAMPART_SERVICE, RAMPART_KIND, RAMPART_SEVERITY, RAMPART_RESOLVED (true or false), RAMPART_TITLE
package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"rampart/sources"
	"rampart/sources/notify"
)

// Config says what is run.
type Config struct {
	Command []string      // program and its arguments
	Environ []string      // of this process
	Timeout time.Duration // 10 s when 0
}

// Receiver is one program.
type Receiver struct{ conf Config }

var _ sources.Notifier = (*Receiver)(nil)

const (
	defaultTimeout = 10 * time.Second
	tempFail       = 75
	mostSaid       = 1 << 10
)

// New returns the receiver of a checked config; it runs nothing yet.
func New(c Config) (*Receiver, error) {
	if len(c.Command) == 0 || c.Command[0] == "" {
		return nil, &sources.Error{Op: "config", Target: "command", Kind: sources.ErrInvalid, Cause: errors.New("no program")}
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	return &Receiver{conf: c}, nil
}

// Name is the way's name in the config.
func (*Receiver) Name() string { return "command" }

// Notify runs the program once.
func (r *Receiver) Notify(ctx context.Context, n sources.Notice) error {
	d := notify.DocumentOf(n)
	body, err := d.JSON()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, r.conf.Timeout)
	defer cancel()
	said := &bounded{}
	cmd := exec.CommandContext(ctx, r.conf.Command[0], r.conf.Command[1:]...)
	cmd.Env = append(append([]string(nil), r.conf.Environ...),
		"RAMPART_CONTEXT="+d.Context, "RAMPART_SERVICE="+d.Service, "RAMPART_KIND="+string(d.Kind), "RAMPART_SEVERITY="+d.Severity.String(),
		"RAMPART_RESOLVED="+strconv.FormatBool(d.Resolved), "RAMPART_TITLE="+d.Title)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(append(body, '\n')), said, said
	// A group of its own, so that what the program started ends with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it left behind
	}
	return r.fault(ctx, err, sources.NewText(said.kept.String()))
}

func (r *Receiver) fault(ctx context.Context, err error, said sources.Text) error {
	if err == nil || (errors.Is(err, exec.ErrWaitDelay) && ctx.Err() == nil) || untaken(err) {
		return nil
	}
	out := &sources.Error{Op: "command", Target: r.conf.Command[0], Kind: sources.ErrInvalid, Cause: err}
	exit, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case ctx.Err() != nil:
		out.Kind, out.Cause, out.Sent = sources.ErrUnreachable, fmt.Errorf("no end within %s: %w", r.conf.Timeout, ctx.Err()), true
	case ended:
		if exit.ExitCode() == tempFail {
			out.Kind = sources.ErrUnreachable
		}
		if !said.IsZero() {
			out.Cause = fmt.Errorf("%w; it said: %v", err, said)
		}
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.EACCES):
		out.Kind = sources.ErrDenied
	}
	return out
}

// untaken tells a program that ended well without reading its input.
func untaken(err error) bool {
	_, ended := errors.AsType[*exec.ExitError](err)
	return !ended && errors.Is(err, syscall.EPIPE)
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
