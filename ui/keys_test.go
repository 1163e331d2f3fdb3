package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/ui"
	"rampart/ui/uitest"
)

func TestKeys_CapitalsAreNotLiveInATextField(t *testing.T) {
	for _, open := range [][]string{{":"}, {"S"}, {"5", "/"}, {"5", "&"}} {
		atDesk(t, func(t *testing.T, d desk) {
			d.Press(open...)
			for _, k := range []string{"R", "H", "S", "P", "T", "L", "q", "!"} {
				d.Press(k)
			}
			d.Must("RHSPTLq!")
			if d.Left || len(d.op.Asked()) != 0 {
				t.Errorf("after %v a typed letter acted", open)
			}
		})
	}
}

func TestKeys_WhatIsPastedIsNoKey(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Send(paste("R\nq"))
		if d.Left || len(d.op.Asked()) != 0 {
			t.Error("a pasted letter acted")
		}
		d.Press(":")
		d.Send(paste("note it is\nthe cache\x1b[2J"))
		d.Must(":note it is the cache[2J")
	})
}

func TestKeys_NoSmallNeighbourOfACapitalActs(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("r", "h", "s", "p", "a", "ctrl+r")
		d.Wait(time.Second)
		if len(d.op.Asked()) != 0 || d.Left {
			t.Error("a small letter acted")
		}
	})
}

func TestKeys_CtrlCQuitsAtOnceWhateverIsOpen(t *testing.T) {
	for _, open := range []string{"?", ":", "R", "S"} {
		atDesk(t, func(t *testing.T, d desk) {
			d.op.Slow = time.Hour
			d.Press(open, "ctrl+c")
			if !d.Left {
				t.Errorf("it stayed after %s", open)
			}
		})
	}
}

func TestKeys_EscNeverLeaves(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("4", "?", "esc", "esc", "esc", "esc", "esc")
		if d.Left {
			t.Error("esc left the console")
		}
	})
}

func TestKeys_MayBeChosenInTheConfig(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		op := &uitest.Operator{}
		feed := uitest.NewFeed()
		feed.Put(uitest.Incident(time.Now()))
		c := uitest.Open(t, ui.Env{Feed: feed, Operator: op, Keys: map[string][]string{"rollback": {"Z", "ctrl-x"}, "quit": {"<disabled>"}}})
		c.Press("q", "R")
		if c.Left || len(op.Asked()) != 0 {
			t.Fatal("the old keys still do something")
		}
		c.Must("Z roll back")
		c.Press("Z", "esc", "ctrl+x")
		if len(op.Asked()) != 2 {
			t.Error("the chosen keys do nothing")
		}
	})
}

func TestKeys_ConflictsAndUnknownVerbsAreReportedAtOnce(t *testing.T) {
	_, err := ui.New(ui.Env{Feed: uitest.NewFeed(), Keys: map[string][]string{"rollback": {"q"}, "fly": {"F"}}}, nil)
	if err == nil || !strings.Contains(err.Error(), `"q" is both`) || !strings.Contains(err.Error(), `no verb "fly"`) {
		t.Errorf("said %v", err)
	}
}

func TestKeys_TheConsolesOwnTableHasNoConflicts(t *testing.T) {
	if _, err := ui.New(ui.Env{Feed: uitest.NewFeed()}, nil); err != nil {
		t.Error(err)
	}
}

func TestKeys_CtrlCCannotBeTakenAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := uitest.Open(t, ui.Env{Feed: uitest.NewFeed(), Keys: map[string][]string{"quit_now": {"<disabled>"}}})
		c.Press("ctrl+c")
		if !c.Left {
			t.Error("there is no way out")
		}
	})
}

func TestKeys_TheTableForTheReadmeHasEveryVerb(t *testing.T) {
	table := ui.KeyTable()
	for _, want := range []string{"| actions | `R` | `rollback` |", "| everywhere | `ctrl-c` | `quit_now` |", "| charts | `←` | `cursor_back` |", "| logs | `&` | `filter` |"} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is missing in\n%s", want, table)
		}
	}
}

func TestExtras_AreInTheFooterTheHelpAndWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := 0
		feed := uitest.NewFeed()
		feed.Put(uitest.Incident(time.Now()))
		c := uitest.Open(t, ui.Env{Feed: feed, Extras: []ui.Extra{{Key: "!", Help: "break or heal", Do: func(context) (string, error) {
			broken++
			return "the candidate is broken", nil
		}}}})
		c.Must("! break or heal")
		c.Press("!")
		c.Must("the candidate is broken")
		c.Press(":")
		c.Press("!")
		if broken != 1 {
			t.Errorf("done %d times", broken)
		}
	})
}
