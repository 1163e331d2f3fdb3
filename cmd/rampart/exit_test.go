package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/spf13/cobra"

	"rampart/analysis"
	"rampart/cmd/internal/config"
	"rampart/sources"
)

func TestCodes_ABreachedGuardBesideTheEvidenceNeverPasses(t *testing.T) {
	for _, c := range []struct {
		call    analysis.Call
		follows analysis.Consequence
		accept  bool
		want    int
	}{
		{analysis.Safe, analysis.DoWarn, false, exitOK},
		{analysis.Safe, analysis.DoHold, false, exitUndecided},
		{analysis.Safe, analysis.DoAsk, true, exitUndecided},
		{analysis.Safe, analysis.DoRollBack, true, exitWorse},
		{analysis.Undecided, analysis.DoWarn, true, exitOK},
		{analysis.Undecided, analysis.DoHold, true, exitUndecided},
		{analysis.Undecided, analysis.DoRollBack, false, exitWorse},
		{analysis.Worse, analysis.DoWarn, true, exitWorse},
		{analysis.Stale, analysis.DoRollBack, true, exitStale},
		{analysis.NoData, analysis.DoHold, true, exitStale},
		{analysis.NoCandidateTraffic, analysis.DoRollBack, true, exitNoCandidate},
	} {
		if got := codeOfVerdict(analysis.Verdict{Call: c.call, Consequence: c.follows}, c.accept); got != c.want {
			t.Errorf("%s with %s, undecided accepted %t: %d, want %d", c.call, c.follows, c.accept, got, c.want)
		}
	}
}

func TestCodes_OurOwnReaderThatWentAwayIsNoFailureOfASource(t *testing.T) {
	ours := fmt.Errorf("watch: %w", &fs.PathError{Op: "write", Path: os.Stdout.Name(), Err: syscall.EPIPE})
	if got := codeOf(ours); got != exitUnread {
		t.Errorf("our own output: %d", got)
	}
	theirs := fmt.Errorf("query: %w", &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE})
	if got := codeOf(theirs); got == exitUnread {
		t.Error("a server that went away counts as our reader")
	}
}

func TestCodes_EachKindOfFailureHasTheDocumentedOne(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("a defect"), 1},
		{usage(errors.New("unknown flag")), 2},
		{config.ErrNotFound, 2},
		{&config.Error{}, 2},
		{sources.ErrInvalid, 2},
		{sources.ErrUnreachable, 5},
		{sources.ErrNoData, 5},
		{sources.ErrDenied, 6},
		{sources.ErrConflict, 6},
		{sources.ErrUnsupported, 6},
		{sources.ErrAmbiguous, 7},
		{sources.ErrIgnored, 7},
		{sources.ErrReverted, 7},
		{&sources.Error{Op: "rollback", Kind: sources.ErrAmbiguous, Cause: context.DeadlineExceeded, Sent: true}, 7},
		{context.DeadlineExceeded, 124},
		{context.Canceled, 130},
		{errUnread, 141},
	} {
		wrapped := c.err
		if wrapped != nil {
			wrapped = fmt.Errorf("rollback ranker: %w", c.err)
		}
		if got := codeOf(wrapped); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
	for call, want := range map[analysis.Call]int{
		analysis.Safe: 0, analysis.Worse: 3, analysis.Undecided: 4, analysis.Stale: 5, analysis.NoData: 5, analysis.NoCandidateTraffic: 8,
	} {
		if got := codeOfVerdict(analysis.Verdict{Call: call}, false); got != want {
			t.Errorf("%s: %d, want %d", call, got, want)
		}
	}
	for sig, want := range map[syscall.Signal]int{syscall.SIGHUP: 129, syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		ctx, end := context.WithCancelCause(t.Context())
		end(hangup{sig})
		if got := codeBySignal(ctx, exitInterrupted); got != want {
			t.Errorf("%v: %d, want %d", sig, got, want)
		}
		if got := codeBySignal(ctx, exitUnknown); got != exitUnknown {
			t.Errorf("%v over a rollback that nobody saw: %d, want %d", sig, got, exitUnknown)
		}
	}
}

func TestCodes_AStrayArgumentIsTheCallersMistakeWhateverTheCommand(t *testing.T) {
	stray := []string{"a", "b", "c", "d", "e", "f"}
	todo := []*cobra.Command{newRoot(streams{env: func(string) string { return "" }})}
	for len(todo) > 0 {
		c := todo[0]
		todo = append(todo[1:], c.Commands()...)
		if c.Args == nil {
			continue // takes as many as there are
		}
		if err := c.Args(c, stray); err != nil && codeOf(err) != exitUsage {
			t.Errorf("%s with stray arguments ends with %d: %v", c.CommandPath(), codeOf(err), err)
		}
		if err := c.Args(c, nil); err != nil && codeOf(err) != exitUsage {
			t.Errorf("%s without arguments ends with %d: %v", c.CommandPath(), codeOf(err), err)
		}
	}
}
