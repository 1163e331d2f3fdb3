package ui_test

import (
	stdcontext "context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui"
	"rampart/ui/uitest"
)

type context = stdcontext.Context

func paste(s string) tea.Msg { return tea.PasteMsg{Content: s} }

func TestConsole_ShowsTheCallAsSoonAsThereIsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		feed := uitest.NewFeed()
		c := uitest.Open(t, ui.Env{Feed: feed})
		c.MustNot("WORSE")
		feed.Put(uitest.Incident(time.Now()))
		c.Settle()
		c.Must("WORSE")
		c.Must("PROD")
	})
}

func TestConsole_OnlyTheClockAndAgesChangeOnATick(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Wait(3 * time.Second)
		before := d.Screen()
		d.Wait(time.Second)
		after := d.Screen()
		if before == after {
			t.Fatal("the clock stands still")
		}
		changed := 0
		b, a := []rune(before), []rune(after)
		if len(a) != len(b) {
			t.Fatalf("the screen moved:\n%s\n%s", before, after)
		}
		for i := range a {
			if a[i] != b[i] {
				changed++
			}
		}
		if changed > 8 {
			t.Errorf("%d cells changed on a tick:\n%s\n%s", changed, before, after)
		}
	})
}

func TestConsole_IsDrawnOnceASecondAtRest(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Wait(5 * time.Second)
		n := d.Drawn
		d.Wait(10 * time.Second)
		if d.Drawn-n > 10 {
			t.Errorf("drawn %d times in ten seconds without an event", d.Drawn-n)
		}
	})
}

func TestConsole_AFeedErrorIsSaidAndMended(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.feed.Fail(errors.New("read runner.sock: connection reset"))
		d.Settle()
		d.Must("no frames: read runner.sock: connection reset")
		d.Must("WORSE")
		d.feed.Put(uitest.Incident(time.Now()))
		d.Wait(2 * time.Second)
		d.MustNot("no frames")
	})
}

func TestConsole_TooSmallSaysWhatItNeedsAndComesBack(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Resize(50, 10)
		d.Must("needs 60×15")
		d.Resize(60, 15)
		d.Must("WORSE")
		d.Must("R roll back")
	})
}

func TestConsole_AnySizeInAnyStateIsDrawn(t *testing.T) {
	for _, keys := range [][]string{{}, {"R"}, {":", "s"}, {"5"}, {"?"}, {"i"}, {"z"}, {"left"}, {"space"}, {"9"}} {
		atDesk(t, func(t *testing.T, d desk) {
			d.Press(keys...)
			for _, size := range [][2]int{{1, 1}, {0, 0}, {2, 40}, {500, 1}, {1, 200}, {60, 15}, {300, 100}, {59, 15}, {80, 24}, {3, 3}} {
				d.Resize(size[0], size[1])
				d.Model.View()
			}
		})
	}
}

func TestFreeze_SaysSoAndKeepsTheTableButNotTheCall(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("space")
		d.Must("FROZEN")
		f := uitest.Incident(time.Now())
		f.Verdict.Call = analysis.Safe
		f.Rows[0].Measure = "errors, other"
		d.feed.Put(f)
		d.Settle()
		d.Must("errors, app")
		d.Must("SAFE")
		d.Must("the call is now SAFE")
		d.Press("L")
		d.Must("errors, other")
		d.MustNot("FROZEN")
	})
}

func TestFreeze_AnActionIsFollowedAllTheSame(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("space")
		f := uitest.Incident(time.Now())
		f.Actions = []sources.Progress{underWay()}
		d.feed.Put(f)
		d.Settle()
		d.Must("accepted")
	})
}

func underWay() sources.Progress {
	now := time.Now()
	return sources.Progress{
		IntentID: "i1", Actor: "alice", Action: sources.Action{Verb: sources.RollBack}, Began: now, Rung: sources.Accepted,
		Rungs: []sources.RungTime{{Rung: sources.Sent, At: now}, {Rung: sources.Accepted, At: now}},
	}
}

func TestQuit_AsksOnceWhileAnActionIsUnderWay(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		f := uitest.Incident(time.Now())
		f.Actions = []sources.Progress{underWay()}
		d.feed.Put(f)
		d.Settle()
		d.Press("q")
		d.Must("alice's rollback is accepted and not yet observed")
		d.Press("esc")
		if d.Left {
			t.Fatal("esc left")
		}
		d.Press("q", "enter")
		if !d.Left {
			t.Error("enter stayed")
		}
	})
}

func TestQuit_LeavesAtOnceWhenNothingIsUnderWay(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("q")
		if !d.Left {
			t.Error("it stayed")
		}
	})
}

func TestCursor_MovesOverTheWindowAndLeavesAtItsEnd(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		plain := d.Screen()
		d.Press("left")
		if d.Screen() == plain {
			t.Error("no cursor is shown")
		}
		for range 70 {
			d.Press("left")
		}
		d.Press("L")
		if d.Screen() != plain {
			t.Error("L does not take the cursor away")
		}
	})
}

func TestCursor_MovesFromBlockToBlockInTheEvidence(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("7")
		d.Must("BLOCK 80, ")
		d.Press("left")
		d.Must("BLOCK 79, ")
		d.Press("left", "left", "right")
		d.Must("BLOCK 78, ")
		d.Must("under the cursor")
		for range 120 {
			d.Press("left")
		}
		d.Must("BLOCK 1, ")
		d.Press("L")
		d.Must("BLOCK 80, ")
		d.Must("the newest")
	})
}

func TestLogs_AreAskedForAndOpened(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.ask.Page = frame.LogsPage{Held: 1, Matched: 1, Gen: 1, Lines: []frame.LogLine{{
			ID: "l1", At: time.Now(), Arm: sources.Candidate, Level: sources.LevelError, Message: sources.NewText("KeyError: embedding missing"),
		}}}
		d.Press("5")
		d.Must("KeyError: embedding missing")
		d.Press("enter")
		d.Must("trace.id")
		d.Press("esc")
		d.MustNot("trace.id")
	})
}

func TestCopy_GoesThroughTheTerminal(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press("Y")
		if !strings.Contains(d.Clipboard, "errors, app") {
			t.Errorf("copied %q", d.Clipboard)
		}
	})
}

func TestTheme_FollowsALightTerminalUnlessOneWasChosen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for theme, follows := range map[string]bool{"": true, "dark": false} {
			feed := uitest.NewFeed()
			feed.Put(uitest.Incident(time.Now()))
			c := uitest.Open(t, ui.Env{Feed: feed, Theme: theme, Environ: []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8"}})
			before := c.Model.View().Content
			c.Send(lightBackground())
			if got := c.Model.View().Content != before; got != follows {
				t.Errorf("theme %q: changed %v", theme, got)
			}
		}
	})
}

func TestNoColor_WithAnyValueIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		feed := uitest.NewFeed()
		feed.Put(uitest.Incident(time.Now()))
		c := uitest.Open(t, ui.Env{Feed: feed, Environ: []string{"TERM=xterm-256color", "NO_COLOR=yes"}})
		if s := c.Model.View().Content; strings.Contains(s, "\x1b[38") || strings.Contains(s, "\x1b[48") || strings.Contains(s, "\x1b[31") {
			t.Error("there is colour")
		}
	})
}
