package main

import (
	"errors"
	"testing"

	"rampart/sources"
)

func TestRampStart_ThatWasTakenOverSaysByWhatAndWhy(t *testing.T) {
	back := sources.Takeover{Verb: sources.RollBack, By: "a rule (rampart)", Why: "errors ×3"}
	cut := errors.New("conflict: taken over by rollback of a rule (rampart)")
	for want, c := range map[string]struct {
		p    sources.Progress
		code int
	}{
		"start ranker: rolled back by a rule (rampart) after it was effective, because errors ×3; see where it stands with: rampart ramp status": {
			sources.Progress{Rung: sources.Effective, Done: true, Taken: back}, exitUnknown,
		},
		"start ranker: rolled back by a rule (rampart) after it was sent, because errors ×3; see where it stands with: rampart ramp status": {
			sources.Progress{Rung: sources.Sent, Done: true, Taken: back, Err: cut}, exitUnknown,
		},
		"start ranker: not sent: a rule (rampart) rolled back before it was, because errors ×3": {
			sources.Progress{Done: true, Taken: back, Err: cut}, exitRefused,
		},
		"start ranker: effective, then taken over by step of ana; see where it stands with: rampart ramp status": {
			sources.Progress{Rung: sources.Effective, Done: true, Taken: sources.Takeover{Verb: sources.Step, By: "ana"}}, exitUnknown,
		},
		"start ranker: effective, not observed in traffic; look again with: rampart ramp status": {
			sources.Progress{Rung: sources.Effective}, exitUnknown,
		},
	} {
		c.p.Action = sources.Action{Service: "ranker", Verb: sources.Step}
		err := unseen(sources.Start, c.p)
		if e, ok := errors.AsType[*exitError](err); err.Error() != want || !ok || e.code != c.code {
			t.Errorf("ended with %v (%+v), wanted %s", err, e, want)
		}
	}
}
