package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// hangup is why a context ended: the process was told to.
type hangup struct{ signal syscall.Signal }

// Error names the signal.
func (h hangup) Error() string { return "told to end: " + h.signal.String() }

// untilSignal returns a context that a signal ends. A lost terminal counts: its SIGHUP would otherwise kill the process
// where it stands, the screen not given back and an action half-way. The signals stay caught until the process ends, so
// that a second one does not cut short what the first one lets finish. A reader that goes away is an error of the write
// and no signal, for the same reason.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	signal.Ignore(syscall.SIGPIPE)
	told := make(chan os.Signal, 1)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		if s, ok := (<-told).(syscall.Signal); ok {
			cancel(hangup{s})
		}
	}()
	return ctx
}

// byHangup tells whether a signal ended the context, and which.
func byHangup(ctx context.Context) (syscall.Signal, bool) {
	h, ok := errors.AsType[hangup](context.Cause(ctx))
	return h.signal, ok
}

// codeBySignal is 128 and the signal's number, as shells have it, where a signal is all that ended the process.
func codeBySignal(ctx context.Context, code int) int {
	if s, ok := byHangup(ctx); ok && code == exitInterrupted {
		return 128 + int(s)
	}
	return code
}
