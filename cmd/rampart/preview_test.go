package main

import (
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func TestPreview_WhatMovesNothingHasNothingToUndo(t *testing.T) {
	for _, c := range []struct {
		from sources.Share
		noop bool
		want string
	}{
		{0, true, "nothing to undo"}, {0, false, "nothing to undo"}, {sources.Whole / 20, false, "to undo: set the candidate to 5 %"},
	} {
		var said strings.Builder
		printPreview(&said, "prod", sources.Preview{Action: sources.Action{Service: "ranker", Verb: sources.RollBack}, Change: sources.Change{
			From: sources.SplitAt(c.from, time.Time{}), To: sources.SplitAt(0, time.Time{}), NoOp: c.noop, Inverse: &sources.Intent{Verb: sources.SetSplit, To: c.from},
		}})
		if got := said.String(); !strings.Contains(got, c.want) || strings.Contains(got, "candidate to 0 %") {
			t.Errorf("from %v, noop %v:\n%s", c.from, c.noop, got)
		}
	}
}

func TestPreview_OfARampUpSaysThatServersWhichOurRollbackDrainedWillBeReady(t *testing.T) {
	p := sources.Preview{
		Action: sources.Action{Service: "ranker", Verb: sources.SetSplit}, Servers: sources.ByArm[[2]int]{Legacy: [2]int{2, 2}, Candidate: [2]int{0, 2}},
		Change: sources.Change{From: sources.SplitAt(0, time.Time{}), To: sources.SplitAt(sources.Whole/20, time.Time{}), Readies: 2},
	}
	var said strings.Builder
	printPreview(&said, "prod", p)
	if got := said.String(); !strings.Contains(got, "candidate: 0 of 2 servers up (2 drained by our rollback will be made ready)\n") || !strings.Contains(got, "legacy: 2 of 2 servers up\n") {
		t.Errorf("it says\n%s", got)
	}
}
