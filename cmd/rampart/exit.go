package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"rampart/analysis"
	"rampart/cmd/internal/config"
	"rampart/sources"
)

// The exit codes, as documented in the README. They are part of the interface: scripts decide by them.
const (
	exitOK          = 0
	exitInternal    = 1
	exitUsage       = 2
	exitWorse       = 3
	exitUndecided   = 4
	exitStale       = 5 // also: no data, source unreachable
	exitRefused     = 6 // also: the target changed
	exitUnknown     = 7 // an action was sent, and its outcome is not known or was undone
	exitNoCandidate = 8
	exitTimeout     = 124
	exitInterrupted = 130
	exitUnread      = 141 // whoever read our output went away; 128 and SIGPIPE, as shells know it
)

// exitError carries an exit code with an error; a nil Err was told already.
type exitError struct {
	code int
	err  error
}

// Error is the error's own text.
func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

// Unwrap gives the error inside.
func (e *exitError) Unwrap() error { return e.err }

// usage marks an error as the caller's mistake.
func usage(err error) error { return &exitError{exitUsage, err} }

// args makes a wrong number of arguments, or a subcommand that there is none of, the caller's mistake.
func args(want cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		if err := want(cmd, given); err != nil {
			return usage(misfit(cmd, given, err))
		}
		return nil
	}
}

// misfit names the arguments that are missing, or the first that is one too many, as the command's use calls them.
func misfit(cmd *cobra.Command, given []string, err error) error {
	if cmd.HasSubCommands() {
		return nearest(cmd, given, err)
	}
	path := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
	_, names, _ := strings.Cut(cmd.Use, " ")
	use := strings.TrimSpace(cmd.CommandPath() + " " + names)
	needed, most := wanted(names)
	switch {
	case len(given) < len(needed):
		return fmt.Errorf("%s: %s is missing: %s", path, strings.Join(needed[len(given):], " "), use)
	case len(given) > most:
		return fmt.Errorf("%s: %q is one too many: %s", path, sources.Visible(given[most]), use)
	}
	return err
}

// wanted reads a use's names: those that are needed, and how many there may be. What stands in brackets may be left out,
// and is one, whatever it can be.
func wanted(names string) (needed []string, most int) {
	for names = strings.TrimSpace(names); names != ""; names = strings.TrimSpace(names) {
		end := strings.IndexByte(names+" ", ' ')
		if names[0] == '[' {
			end = strings.IndexByte(names+"]", ']') + 1
		} else {
			needed = append(needed, names[:end])
		}
		names = names[min(end, len(names)):]
		most++
	}
	return needed, most
}

// nearest adds to a subcommand that there is none of the one that may have been meant.
func nearest(cmd *cobra.Command, given []string, err error) error {
	if !cmd.HasSubCommands() || len(given) == 0 {
		return err
	}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(given[0]); len(near) > 0 {
		return fmt.Errorf("%w (did you mean %s?)", err, strings.Join(near, " or "))
	}
	return err
}

// codeOf turns an error into the exit code that a script can decide by.
func codeOf(err error) int {
	var exit *exitError
	var mistakes *config.Error
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		return exit.code
	case unread(err):
		return exitUnread
	case errors.As(err, &mistakes), errors.Is(err, config.ErrNotFound):
		return exitUsage
	case errors.Is(err, sources.ErrAmbiguous), errors.Is(err, sources.ErrIgnored), errors.Is(err, sources.ErrReverted):
		return exitUnknown // also when it was time or a signal that ended the wait: something was sent
	case errors.Is(err, context.DeadlineExceeded):
		return exitTimeout
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, sources.ErrConflict), errors.Is(err, sources.ErrDenied), errors.Is(err, sources.ErrUnsupported):
		return exitRefused
	case errors.Is(err, sources.ErrInvalid):
		return exitUsage
	case errors.Is(err, sources.ErrUnreachable), errors.Is(err, sources.ErrNoData), errors.Is(err, sources.ErrPartial), errors.Is(err, sources.ErrThrottled):
		return exitStale
	}
	return exitInternal
}

// codeOfVerdict is what `check` and a watch with an end end with: the call's code, unless a limit that no evidence enters
// is breached. Such a guard never makes the call, but a job that goes on at 0 or 4 would overrule the person who wrote
// what follows: rollback is told as worse is, and hold and ask as undecided, whatever is accepted.
func codeOfVerdict(v analysis.Verdict, accept bool) int {
	code := codeOfCall(v.Call, accept)
	if v.Call != analysis.Safe && v.Call != analysis.Undecided {
		return code
	}
	switch v.Consequence {
	case analysis.DoRollBack:
		return exitWorse
	case analysis.DoHold, analysis.DoAsk:
		return exitUndecided
	case analysis.DoWarn:
	}
	return code
}

// codeOfCall is a call as an exit code.
func codeOfCall(c analysis.Call, accept bool) int {
	switch c {
	case analysis.Safe:
		return exitOK
	case analysis.Worse:
		return exitWorse
	case analysis.Undecided:
		if accept {
			return exitOK
		}
		return exitUndecided
	case analysis.NoCandidateTraffic:
		return exitNoCandidate
	case analysis.Stale, analysis.NoData:
		return exitStale
	case analysis.CallUnknown:
	}
	return exitInternal
}

// errUnread says that whoever read our output went away.
var errUnread = &fs.PathError{Op: "write", Path: os.Stdout.Name(), Err: syscall.EPIPE}

// unread tells whether our own output has no reader any more, as after `| head -1`. A broken pipe to a server is another
// matter and has another path.
func unread(err error) bool {
	at, ok := errors.AsType[*fs.PathError](err)
	return ok && at.Path == os.Stdout.Name() && errors.Is(at.Err, syscall.EPIPE)
}

// deserted tells before anything is written whether the reader of a pipe is gone, so that who prints a line an hour does
// not stay an hour for nobody.
func deserted(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	ask := []unix.PollFd{{Fd: int32(f.Fd())}} //nolint:gosec // a descriptor is small
	n, err := unix.Poll(ask, 0)
	return err == nil && n > 0 && ask[0].Revents&unix.POLLERR != 0
}
