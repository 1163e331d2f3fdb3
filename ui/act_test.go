package ui_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/sources"
	"rampart/ui"
	"rampart/ui/uitest"
)

func TestRollback_IsOneKeyAndOneConfirmation(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("R")
		d.Must("roll back ranker")
		d.Must("PROD")
		d.Must("5 % → 0 %")
		d.Must("set server be_ranker/canary-1 weight 0")
		d.Must("12/12 up")
		d.Must("enter roll back · esc leave")
		d.Press("enter")
		if got := d.op.Done(); !slices.Equal(got, []string{"p1"}) {
			t.Fatalf("done %v, want p1 once", got)
		}
		d.MustNot("roll back ranker")
	})
}

func TestRollback_SaysWhatTheOperatorWasLookingAt(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("R")
		a := d.op.Asked()[0]
		if a.Verb != sources.RollBack || a.Service != "ranker" || a.Seen.Rev != "rev7" || a.Seen.Split.Candidate != 50_000 ||
			a.Seen.Identity.Legacy.String() != "41" || a.Seen.Identity.Candidate.String() != "42" {
			t.Errorf("asked %+v", a)
		}
	})
}

func TestRollback_WorksOnStaleDataLockedFrozenTinyAndBeforeAnyFrame(t *testing.T) {
	cases := map[string]func(d desk){
		"stale": func(d desk) {
			f := uitest.Incident(time.Now())
			f.Verdict.Call = analysis.Stale
			d.feed.Put(f)
			d.Wait(10 * time.Minute)
		},
		"frozen":                           func(d desk) { d.Press("space") },
		"60x15":                            func(d desk) { d.Resize(60, 15) },
		"in the logs":                      func(d desk) { d.Press("5") },
		"in the help":                      func(d desk) { d.Press("?") },
		"with a remark in the status line": func(d desk) { d.Press("b") },
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(t *testing.T, d desk) {
				prepare(d)
				d.Press("R")
				d.Must("5 % → 0 %")
				d.Must("enter roll back")
				d.Press("enter")
				if len(d.op.Done()) != 1 {
					t.Error("it was not done")
				}
			})
		})
	}
}

func TestRollback_WorksBeforeAnythingIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		op := &uitest.Operator{}
		c := uitest.Open(t, ui.Env{Feed: uitest.NewFeed(), Operator: op})
		c.Press("R", "enter")
		if len(op.Done()) != 1 {
			t.Errorf("not done:\n%s", c.Screen())
		}
	})
}

func TestRollback_AsksForTheWordWhenLegacyIsDown(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.op.OnPreview = func(a sources.Action) (sources.Preview, error) {
			p := uitest.Plan(a)
			p.Confirm = sources.Confirmation{Word: "down", Why: "no legacy server of 12 takes requests"}
			return p, nil
		}
		d.Press("R")
		d.Must("no legacy server of 12 takes requests")
		d.Press("enter")
		d.Must("that is not the word")
		d.Type("dowm")
		d.Press("backspace")
		d.Type("n")
		d.Press("enter")
		if got := d.op.Done(); !slices.Equal(got, []string{"p1 down"}) {
			t.Errorf("done %q", got)
		}
	})
}

func TestActions_OnTheListOfServicesHitTheOneUnderTheCursorAndNoOther(t *testing.T) {
	for _, by := range []string{"R", "S", "H", ":rollback"} {
		atDesk(t, func(t *testing.T, d desk) {
			d.Press(":")
			d.Type("service")
			d.Press("enter")
			d.Press("j") // retriever, while ranker is on the screen
			act := func() {
				if by[0] == ':' {
					d.Press(":")
					d.Type(by[1:])
					by = "enter"
				}
				d.Press(by)
			}
			act()
			d.Must("retriever is on the screen now: the same again acts on it")
			if turned := d.ask.Services(); len(d.op.Asked()) > 0 || len(turned) != 1 || turned[0] != "retriever" {
				t.Fatalf("%s: asked %+v, turned to %q", by, d.op.Asked(), turned)
			}
			d.Press("R") // before anything of it came
			if a := d.op.Asked(); len(a) != 1 || a[0].Service != "retriever" {
				t.Errorf("%s: then asked %+v", by, a)
			}
		})
	}
}

func TestActions_AreOfTheScreenAgainWhereTurningToAnotherServiceFails(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.ask.Err = errors.New("service nosuch: not found")
		d.Press(":")
		d.Type("service nosuch")
		d.Press("enter")
		d.Must("not found")
		d.Press("R")
		if a := d.op.Asked(); len(a) != 1 || a[0].Service != "ranker" {
			t.Errorf("asked %+v", a)
		}
	})
}

func TestActions_WhatRampsUpWaitsForTheScreenOfItsService(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press(":")
		d.Type("service retriever")
		d.Press("enter")
		d.Press("S")
		d.Type("10")
		d.Press("enter")
		if a := d.op.Asked(); len(a) != 0 {
			t.Errorf("asked %+v on the screen of another service", a)
		}
		d.Must("retriever has not come yet")
	})
}

func TestActions_OnTheListOfServicesActAtOnceOnTheOneThatIsOnTheScreen(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press(":")
		d.Type("service")
		d.Press("enter")
		d.Press("R")
		if a := d.op.Asked(); len(a) != 1 || a[0].Service != "ranker" {
			t.Errorf("asked %+v", a)
		}
	})
}

func TestDialog_SwallowsKeysUntilItIsOnTheScreen(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.RoundTrip = time.Second
		d.Press("R")
		for range 10 {
			d.Press("enter")
			d.Wait(20 * time.Millisecond)
		}
		if len(d.op.Done()) != 0 {
			t.Fatal("a key counted before the dialog had arrived")
		}
		d.Must("roll back ranker")
	})
}

func TestDialog_IsProvenByTheSecondAnswer(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.RoundTrip = 50 * time.Millisecond
		d.Press("R")
		d.Wait(99 * time.Millisecond)
		d.Press("enter")
		if len(d.op.Done()) != 0 {
			t.Fatal("one answer proves nothing: the query goes out before the picture")
		}
		d.Wait(time.Millisecond)
		d.Press("enter")
		if len(d.op.Done()) != 1 {
			t.Errorf("the dialog is on the screen and does not take its key:\n%s", d.Screen())
		}
	})
}

func TestDialog_OpensByItselfWhereTheTerminalNeverAnswers(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.RoundTrip = uitest.Silent
		d.Press("R")
		d.Wait(299 * time.Millisecond)
		d.Press("enter")
		if len(d.op.Done()) != 0 {
			t.Fatal("it took a key after less than 300 ms")
		}
		d.Wait(2 * time.Millisecond)
		d.Press("enter")
		if len(d.op.Done()) != 1 {
			t.Error("it never takes keys")
		}
	})
}

func TestDialog_WaitsAnewWhenThePlanArrives(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.op.Slow = 2 * time.Second
		d.RoundTrip = 100 * time.Millisecond
		d.Press("R")
		d.Wait(1999 * time.Millisecond)
		d.Must("asking the traffic plane")
		d.Wait(2 * time.Millisecond)
		d.Must("5 % → 0 %")
		d.Press("enter")
		if len(d.op.Done()) != 0 {
			t.Fatal("enter was pressed before the plan could be read")
		}
		d.Wait(time.Second)
		d.Press("enter")
		if len(d.op.Done()) != 1 {
			t.Error("not done")
		}
	})
}

func TestDialog_ARefusalCanOnlyBeLeft(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.op.OnPreview = func(a sources.Action) (sources.Preview, error) {
			p := uitest.Plan(a)
			p.Confirm.Refuse = "legacy is another one than on the screen"
			return p, nil
		}
		d.Press("R")
		d.Must("refused: legacy is another one")
		d.Press("enter")
		d.Must("refused")
		d.Press("esc")
		d.MustNot("refused")
		if len(d.op.Done()) != 0 {
			t.Error("a refused action was done")
		}
	})
}

func TestDialog_AFailedPlanIsAskedForAgain(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.op.OnPreview = func(sources.Action) (sources.Preview, error) {
			return sources.Preview{}, errors.New("read haproxy: \x1b[2Jgone")
		}
		d.Press("R")
		d.Must(`read haproxy: \x1b[2Jgone`)
		d.op.OnPreview = nil
		d.Press("enter")
		d.Must("5 % → 0 %")
	})
}

func TestDialog_AnAnswerToAnAbandonedQuestionIsDropped(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.op.Slow = time.Second
		d.Press("R")
		d.Wait(400 * time.Millisecond)
		d.Press("esc", "H")
		d.Wait(700 * time.Millisecond)
		d.MustNot("5 % → 0 %")
		d.Wait(time.Second)
		d.Must("hold")
	})
}

func TestDialog_ARefusedDeedStaysInTheStatusLineUntilDismissed(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.op.OnDo = func(string, string) (sources.Progress, error) {
			return sources.Progress{}, &sources.Error{Op: "do", Target: "rollback", Kind: sources.ErrConflict, Fix: "look again"}
		}
		d.Press("R", "enter")
		d.Wait(2 * time.Minute)
		d.Must("look again")
		d.Press("esc")
		d.MustNot("look again")
	})
}

func TestSplit_IsTypedConfirmedAndSent(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("S")
		d.Type("200%")
		d.Press("enter")
		d.Must("want a percentage from 0 to 100")
		d.Press("ctrl+u")
		d.Type("2.5%")
		d.Press("enter")
		d.Must("5 % → 2.5 %")
		d.Press("enter")
		if len(d.op.Done()) != 1 || d.op.Asked()[0].To != 25_000 {
			t.Errorf("asked %+v, done %v", d.op.Asked(), d.op.Done())
		}
	})
}

func TestHold_BecomesResumeWhileHeld(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("H")
		f := uitest.Incident(time.Now())
		f.Traffic.Held = "alice: looking"
		d.feed.Put(f)
		d.Press("esc")
		d.Settle()
		d.Press("H")
		got := d.op.Asked()
		if len(got) != 2 || got[0].Verb != sources.Hold || got[1].Verb != sources.Resume {
			t.Errorf("asked %+v", got)
		}
	})
}

func TestStep_SaysWhyItCannotBeDone(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("P")
		d.Must("ramping up is locked: :unlock 10m REASON")
		if len(d.op.Asked()) != 0 {
			t.Error("it asked all the same")
		}
	})
}

func TestActions_AViewerIsToldWhy(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		f := uitest.Incident(time.Now())
		f.Session.Role = sources.Viewer
		d.feed.Put(f)
		d.Settle()
		for _, key := range []string{"R", "H", "S"} {
			d.Press(key)
			d.Must("it takes the role operator; alice is viewer")
		}
		if strings.Contains(d.Screen(), "esc leave") || len(d.op.Done()) != 0 {
			t.Error("a viewer got a dialog")
		}
		var tried []sources.Verb
		for _, a := range d.op.Asked() { // where it is refused and written down
			tried = append(tried, a.Verb)
		}
		if !slices.Equal(tried, []sources.Verb{sources.RollBack, sources.Hold, sources.SetSplit}) {
			t.Errorf("the place that writes heard of %v", tried)
		}
	})
}

func TestActions_NoPlaneIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		feed := uitest.NewFeed()
		feed.Put(uitest.Incident(time.Now()))
		c := uitest.Open(t, ui.Env{Feed: feed})
		c.Press("R")
		c.Must("no traffic plane is configured")
	})
}

func TestActions_ThatWerePlannedAgainOrAreNotWrittenSaySo(t *testing.T) {
	unnoted := func(p sources.Progress) sources.Progress { // the desk says it in front of any other alarm
		p.Alarm, p.Unnoted = "no space left on device", "no space left on device"
		return p
	}
	for _, c := range []struct {
		key  string
		p    sources.Progress
		says string
	}{
		{"R", sources.Progress{Replan: "candidate is 43 now, the screen showed 42"}, "roll back goes on; planned again: candidate is 43 now"},
		{"R", unnoted(sources.Progress{}), "roll back: no space left"},
		{"R", unnoted(sources.Progress{Rung: sources.Accepted}), "roll back: accepted, not written down: no space left"},
		{"H", unnoted(sources.Progress{Rung: sources.Effective, Done: true}), "hold: done, not written down: no space left"},
	} {
		atDesk(t, func(t *testing.T, d desk) {
			d.op.OnDo = func(string, string) (sources.Progress, error) { return c.p, nil }
			d.Press(c.key, "enter")
			d.Must(c.says)
		})
	}
}
