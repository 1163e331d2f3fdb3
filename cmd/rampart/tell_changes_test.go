package main

import (
	"errors"
	"strings"
	"testing"

	"rampart/sources"
)

func TestActionNotice_IsToldWhenItIsSetWhenTrafficShowsItAndWhenItDoesNot(t *testing.T) {
	back := func(rung sources.Rung) sources.Progress {
		p := sources.Progress{Action: sources.Action{Verb: sources.RollBack, Reason: "errors ×3"}, Actor: "alice", Via: sources.ByRule, Rung: rung}
		p.Change.From, p.Change.To = sources.SplitAt(250_000, p.Began), sources.SplitAt(0, p.Began)
		return p
	}
	missed := back(sources.Configured)
	missed.Alarm = "not effective after 10s"
	failed := back(sources.RungNone)
	failed.Alarm, failed.Err = "it was refused", errors.New("denied")
	broken := back(sources.Configured)
	broken.Aside = []string{"break-glass by alice (sev 1) leaves aside: a freeze until Mon"}
	for name, c := range map[string]struct {
		p     sources.Progress
		kind  sources.NoticeKind
		title string
	}{
		"glass broken":   {broken, sources.NoticeAction, "rules were left aside: rollback by a rule (alice): candidate from 25 % to 0 %"},
		"on its way":     {back(sources.Accepted), "", ""},
		"set":            {back(sources.Configured), sources.NoticeAction, "rollback by a rule (alice): candidate from 25 % to 0 %"},
		"seen":           {back(sources.Observed), sources.NoticeAction, "rollback by a rule (alice): candidate from 25 % to 0 %, observed in traffic"},
		"not as far":     {missed, sources.NoticeRung, "rollback by a rule (alice): not effective after 10s"},
		"it was refused": {failed, sources.NoticeRung, "rollback by a rule (alice): it was refused"},
	} {
		n, told := actionNotice(c.p)
		if told != (c.kind != "") || n.Kind != c.kind || n.Title != c.title {
			t.Errorf("%s: %v %+v", name, told, n)
		}
		if loud := len(c.p.Aside) > 0; loud && (n.Severity != sources.SeverityCritical || !strings.Contains(n.Text, "a freeze until Mon")) {
			t.Errorf("%s: told quietly: %+v", name, n)
		}
	}
}
