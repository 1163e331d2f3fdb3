package main

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"

	"rampart/analysis"
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
