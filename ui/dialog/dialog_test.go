package dialog_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/cell/celltest"
	"rampart/ui/dialog"
	"rampart/ui/uitest"
)

func golden(t *testing.T, name string, g cell.Grid) {
	t.Helper()
	celltest.Golden(t, "../../../testdata/screens/ui_"+name, g)
}

func rollback() *dialog.Confirm {
	return &dialog.Confirm{
		Title: "roll back ranker", Does: "roll back", Context: "prod-eu", Prod: true,
		Preview: uitest.Plan(sources.Action{Service: "ranker", Verb: sources.RollBack}),
	}
}

func TestConfirm_LooksAsAgreed(t *testing.T) {
	sizes := map[string][2]int{"60x13": {60, 13}, "80x22": {80, 22}, "120x38": {120, 38}}
	for size, s := range sizes {
		golden(t, "confirm_"+size, rollback().View(s[0], s[1], true))
	}
	word := rollback()
	word.Preview.Confirm = sources.Confirmation{Word: "down", Why: "no legacy server of 12 takes requests: rolling back sends all traffic to nobody"}
	golden(t, "confirm_word_80x22", word.View(80, 22, true))
	refused := rollback()
	refused.Preview.Confirm.Refuse = "legacy is 40 now, not 41 as on the screen"
	golden(t, "confirm_refused_80x22", refused.View(80, 22, true))
	failed := rollback()
	failed.Err = errors.New("plan haproxy: lb1: dial unix: no such file or directory")
	golden(t, "confirm_failed_80x22", failed.View(80, 22, true))
}

func TestConfirm_SaysItsKeysAndTheShareInAnyRoom(t *testing.T) {
	for h := 5; h < 30; h++ {
		s := rollback().View(60, h, true).String()
		if !strings.Contains(s, "enter roll back · esc leave") || !strings.Contains(s, "5 % → 0 %") {
			t.Errorf("in %d rows:\n%s", h, s)
		}
	}
}

func TestConfirm_ScrollsToTheLastCommand(t *testing.T) {
	c := rollback()
	if strings.Contains(c.View(60, 8, true).String(), "take it back") {
		t.Fatal("there is nothing to scroll")
	}
	for range 40 {
		c.Key(uitest.Key("down"))
		c.View(60, 8, true)
	}
	if s := c.View(60, 8, true).String(); !strings.Contains(s, "take it back") {
		t.Errorf("the end is never seen:\n%s", s)
	}
}

// split asks for a ramp-up whose preview has more lines than a small screen.
func split() *dialog.Confirm {
	c := &dialog.Confirm{Title: "set the split", Does: "set the split", Context: "test", Preview: uitest.Plan(sources.Action{Service: "ranker", Verb: sources.SetSplit, To: sources.Whole / 4})}
	c.Preview.ID = "p1"
	return c
}

func TestConfirm_ARampUpIsReadToItsEndBeforeEnterCounts(t *testing.T) {
	c := split()
	if c.Key(uitest.Key("enter")) != dialog.Stay {
		t.Error("confirmed before anything was drawn")
	}
	read := map[string]bool{}
	for range 40 {
		screen := c.View(60, 8, true).String()
		for line := range strings.Lines(screen) {
			read[strings.TrimSpace(line)] = true
		}
		if c.Key(uitest.Key("enter")) == dialog.Go {
			break
		}
		if !strings.Contains(screen, "enter read on first") {
			t.Fatalf("enter did not go on and does not say why:\n%s", screen)
		}
	}
	if c.Key(uitest.Key("enter")) != dialog.Go {
		t.Fatal("it cannot be confirmed however far it is read")
	}
	for line := range strings.Lines(split().View(60, 40, true).String()) {
		if s := strings.TrimSpace(line); strings.HasPrefix(s, "│") && !strings.Contains(s, "enter") && !read[s] {
			t.Errorf("never shown: %s", s)
		}
	}
}

func TestConfirm_WhatIsSkippedWasNotRead(t *testing.T) {
	c := split()
	c.View(60, 8, true)
	for range 40 {
		c.Key(uitest.Key("pgdown"))
	}
	c.View(60, 8, true)
	if c.Key(uitest.Key("enter")) != dialog.Stay {
		t.Error("confirmed what was jumped over")
	}
	whole := split()
	whole.View(60, 40, true)
	if whole.Key(uitest.Key("enter")) != dialog.Go {
		t.Error("all of it was on the screen")
	}
	whole.Preview.ID = "p2"
	if whole.Key(uitest.Key("enter")) != dialog.Stay {
		t.Error("another preview was confirmed unseen")
	}
}

func TestConfirm_ARoomThatCannotShowARampUpRefusesItAndARollbackGoesOn(t *testing.T) {
	c, back := split(), rollback()
	for range 40 {
		c.View(60, 4, true)
		back.View(60, 4, true)
		if c.Key(uitest.Key("enter")) == dialog.Go {
			t.Fatal("confirmed unseen")
		}
	}
	if back.Key(uitest.Key("enter")) != dialog.Go {
		t.Error("the rollback waits for more room")
	}
}

func TestConfirm_OnlyEnterGoesOn(t *testing.T) {
	for _, k := range []string{"y", "R", "space", "tab", "down", "pgdown", "ctrl+m", "left"} {
		if got := rollback().Key(uitest.Key(k)); got != dialog.Stay {
			t.Errorf("%s: %v", k, got)
		}
	}
	if rollback().Key(uitest.Key("enter")) != dialog.Go || rollback().Key(uitest.Key("esc")) != dialog.Leave {
		t.Error("enter goes on, esc leaves")
	}
}

func TestConfirm_IsConfirmedOnce(t *testing.T) {
	c := rollback()
	c.Sent = true
	if c.Key(uitest.Key("enter")) != dialog.Stay {
		t.Error("a second enter sent it again")
	}
}

func TestQuit_LooksAsAgreed(t *testing.T) {
	for name, rung := range map[string]sources.Rung{"none": sources.RungNone, "accepted": sources.Accepted, "observed": sources.Observed} {
		q := &dialog.Quit{Pending: sources.Progress{Actor: "alice", Action: sources.Action{Verb: sources.RollBack}, Rung: rung}}
		golden(t, "quit_"+name+"_80x22", q.View(80, 22, true))
	}
}

func TestGate_OpensByTwoAnswersOrByPatience(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var g dialog.Gate
	if g.Open(now, 0) {
		t.Fatal("a gate that was never reset is open")
	}
	g.Reset(now)
	link := 100 * time.Millisecond
	if g.Open(now.Add(499*time.Millisecond), link) || !g.Open(now.Add(500*time.Millisecond), link) {
		t.Error("patience is 300 ms and twice the round trip")
	}
	if !g.Answered() || g.Open(now, link) {
		t.Error("one answer opened it")
	}
	if g.Answered() || !g.Open(now, link) {
		t.Error("two answers did not open it")
	}
	g.Reset(now)
	if g.Open(now, link) {
		t.Error("a new picture is taken for the old one")
	}
}

func TestPrompt_TabWalksThroughWhatFits(t *testing.T) {
	p := &dialog.Prompt{Label: ":", Complete: func(text string) []dialog.Choice {
		var out []dialog.Choice
		for _, w := range []string{"split", "step", "service"} {
			if strings.HasPrefix(w, text) {
				out = append(out, dialog.Choice{Text: w, Help: "help of " + w})
			}
		}
		return out
	}}
	p.Key(uitest.Key("s"))
	g, x := p.View(60, 15)
	golden(t, "prompt_60x15", g)
	if x != 2 {
		t.Errorf("the cursor stands in column %d", x)
	}
	var got []string
	for _, k := range []string{"tab", "tab", "tab", "tab", "shift+tab"} {
		p.Key(uitest.Key(k))
		got = append(got, p.Text())
	}
	if s := strings.Join(got, " "); s != "split step service split service" {
		t.Errorf("walked %q", s)
	}
}

func TestField_AnyKeysLeaveALineOfPrintableText(t *testing.T) {
	names := []string{"left", "right", "home", "end", "backspace", "delete", "ctrl+u", "ctrl+k", "ctrl+w", "a", "é", "世", "R", "space", "ctrl+a", "alt+b", "enter"}
	rapid.Check(t, func(t *rapid.T) {
		var f dialog.Field
		for _, k := range rapid.SliceOf(rapid.SampledFrom(names)).Draw(t, "keys") {
			f.Key(uitest.Key(k))
		}
		f.Insert(rapid.String().Draw(t, "pasted"))
		line, at := f.View(rapid.IntRange(1, 40).Draw(t, "width"))
		if strings.ContainsFunc(line.String(), func(r rune) bool { return r < ' ' || r == 0x7f }) || at < 0 {
			t.Fatalf("%q, cursor %d", line.String(), at)
		}
	})
}

func TestConfirm_AnyBoxIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rollback()
		c.Preview.Replan = rapid.String().Draw(t, "replan")
		w, h := rapid.IntRange(-2, 200).Draw(t, "w"), rapid.IntRange(-2, 80).Draw(t, "h")
		if g := c.View(w, h, false); g.H > max(h, 1) || g.W > max(w, 0) {
			t.Fatalf("%dx%d in %dx%d", g.W, g.H, w, h)
		}
	})
}

func TestConfirm_WhatAPlaneOnlyInformsOfStandsBelowTheCommands(t *testing.T) {
	c := rollback()
	c.Preview.Warnings = []sources.Note{
		{Kind: sources.NoteInfo, Text: sources.NewText("the last writer wins")}, {Kind: sources.NoteWarning, Text: sources.NewText("canary-3 is left as it is")},
	}
	s := c.View(80, 22, true).String()
	warned, commands, informed := strings.Index(s, "! canary-3 is left"), strings.Index(s, "to take it back"), strings.Index(s, "note: the last writer wins")
	if warned < 0 || warned > commands || informed < commands {
		t.Errorf("at %d, %d, %d:\n%s", warned, commands, informed, s)
	}
}

func TestConfirm_ARefusalBeforeAnythingWasPlannedNamesNoShares(t *testing.T) {
	c := &dialog.Confirm{Title: "step ranker", Does: "step", Preview: sources.Preview{Action: sources.Action{Verb: sources.Step}}}
	c.Preview.Confirm.Refuse = "no ramp runs"
	if s := c.View(60, 12, true).String(); strings.Contains(s, "of new requests") || !strings.Contains(s, "refused: no ramp runs") {
		t.Errorf("it says:\n%s", s)
	}
}

func TestConfirm_WordsOfAProgramStandAsItsLinesAndCommandNoTerminal(t *testing.T) {
	failed := rollback()
	failed.Err = errors.New("nginx refused it; it said: nginx: [emerg] invalid parameter\x1b[2J\nnginx: test failed; the old content was put back")
	s := failed.View(100, 22, true).String()
	for _, row := range []string{`┃ nginx refused it; it said: nginx: [emerg] invalid parameter\x1b[2J `, "┃   nginx: test failed; the old content was put back "} {
		if !strings.Contains(s, row) {
			t.Errorf("no row %q in\n%s", row, s)
		}
	}
	warned := rollback()
	warned.Preview.Warnings = []sources.Note{{Kind: sources.NoteWarning, Text: sources.NewText("the plane cannot be read: it said: a\nb")}}
	if w := warned.View(100, 30, true).String(); !strings.Contains(w, "! the plane cannot be read: it said: a ") || !strings.Contains(w, "┃   b ") {
		t.Errorf("a warning is one line:\n%s", w)
	}
	if strings.Contains(s, `\n`) {
		t.Errorf("a line end is spelled out:\n%s", s)
	}
}

func TestConfirm_WhatMovesNothingHasNothingToTakeBack(t *testing.T) {
	for _, noop := range []bool{true, false} {
		c := rollback()
		c.Preview.Change.From, c.Preview.Change.NoOp = sources.SplitAt(0, time.Time{}), noop
		c.Preview.Change.Inverse = &sources.Intent{Verb: sources.RollBack}
		if s := c.View(80, 22, true).String(); strings.Contains(s, "split 0") || !strings.Contains(s, "nothing to take back") {
			t.Errorf("noop %v:\n%s", noop, s)
		}
	}
}

func TestConfirm_ARampUpSaysThatServersWhichOurRollbackDrainedWillBeReady(t *testing.T) {
	c := rollback()
	c.Preview = sources.Preview{
		Action: sources.Action{Service: "ranker", Verb: sources.SetSplit}, Servers: sources.ByArm[[2]int]{Legacy: [2]int{2, 2}, Candidate: [2]int{0, 2}},
		Change: sources.Change{From: sources.SplitAt(0, time.Time{}), To: sources.SplitAt(sources.Whole/20, time.Time{}), Readies: 2},
	}
	if got := c.View(80, 22, true).String(); !strings.Contains(got, "0/2 up (2 drained by our rollback will be made ready)") || !strings.Contains(got, "2/2 up ") {
		t.Errorf("it says\n%s", got)
	}
}
