package main

import (
	"fmt"
	"testing"

	"rampart/sources"
)

func TestAudit_AJournalThatMayNotBeReadIsNoRefusedAction(t *testing.T) {
	denied := &sources.Error{Op: "read", Target: "audit.jsonl", Kind: sources.ErrDenied}
	for err, want := range map[error]int{
		unreadJournal(fmt.Errorf("audit: %w", denied)):                          exitStale,
		unreadJournal(&sources.Error{Op: "read", Kind: sources.ErrUnreachable}): exitStale,
		error(denied): exitRefused,
	} {
		if got := codeOf(err); got != want {
			t.Errorf("%v ends with %d, want %d", err, got, want)
		}
	}
}
