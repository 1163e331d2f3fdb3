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
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"rampart/sources"
	"rampart/sources/notify"
	"rampart/sources/process"
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
	got, err := process.Run(ctx, process.Command{
		Argv: r.conf.Command, Environ: slices.Concat(r.conf.Environ, environ(d)), Stdin: append(body, '\n'), Timeout: r.conf.Timeout,
	})
	return r.fault(got, err)
}

// environ is the most needed of a notice.
func environ(d notify.Document) []string {
	return []string{
		"RAMPART_CONTEXT=" + d.Context, "RAMPART_SERVICE=" + d.Service, "RAMPART_KIND=" + string(d.Kind), "RAMPART_SEVERITY=" + d.Severity.String(),
		"RAMPART_RESOLVED=" + strconv.FormatBool(d.Resolved), "RAMPART_TITLE=" + d.Title,
	}
}

func (r *Receiver) fault(got process.Result, err error) error {
	if err == nil {
		return nil
	}
	out := &sources.Error{Op: "command", Target: r.conf.Command[0], Kind: sources.ErrInvalid, Cause: err}
	switch status, ended := process.Status(err); {
	case process.Missing(err):
		out.Kind = sources.ErrDenied
	case ended:
		out.Cause = process.With(err, got.Aside)
		if status == tempFail {
			out.Kind = sources.ErrUnreachable
		}
	default: // the deadline, or nobody waits for it any more
		out.Kind, out.Sent = sources.ErrUnreachable, got.Started
	}
	return out
}
