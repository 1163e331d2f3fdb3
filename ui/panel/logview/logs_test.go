package logview_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

var logBox = part.Box{W: 100, H: 12}

func state() part.State { return part.State{Now: sample.Now(), Link: 180_000_000} }

// answered is a log panel with n lines of the incident.
func answered(t *testing.T, n int) *logview.Logs {
	t.Helper()
	l := logview.NewLogs()
	_, tag, want := l.Ask(sample.Incident(), state())
	if !want {
		t.Fatal("a new log panel asks for lines")
	}
	l.SetPage(tag, sample.Page(n))
	l.View(sample.Incident(), state(), logBox)
	return l
}

func drawn(l *logview.Logs) string { return l.View(sample.Incident(), state(), logBox).String() }

func lastRow(g cell.Grid) string {
	rows := strings.Split(strings.TrimRight(g.String(), "\n"), "\n")
	return rows[len(rows)-1]
}

func TestLogs_AskOnceForEachQuestion(t *testing.T) {
	l := logview.NewLogs()
	f := sample.Incident()
	_, tag, want := l.Ask(f, state())
	if !want {
		t.Fatal("nothing was asked at the start")
	}
	if _, _, again := l.Ask(f, state()); again {
		t.Fatal("asked again while the answer is on its way")
	}
	l.SetPage(tag, sample.Page(5))
	if _, _, again := l.Ask(f, state()); again {
		t.Fatal("asked again with no line added since")
	}
	f.Logs.Gen++
	if _, _, more := l.Ask(f, state()); !more {
		t.Fatal("lines were added and none was asked for")
	}
}

func TestLogs_DropAnswersToOlderQuestions(t *testing.T) {
	l := logview.NewLogs()
	_, old, _ := l.Ask(sample.Incident(), state())
	if err := l.SetFilter("level:error"); err != nil {
		t.Fatal(err)
	}
	q, _, want := l.Ask(sample.Incident(), state())
	if !want || len(q.Terms) != 1 || q.Terms[0] != "level:error" {
		t.Fatalf("the filter was not asked for: %+v", q)
	}
	l.SetPage(old, sample.Page(5))
	if _, ok := l.Open(); ok {
		t.Fatal("an answer to the question before is shown")
	}
}

func TestLogs_FollowTheNewestLineUntilOneMovesUp(t *testing.T) {
	l := answered(t, 40)
	if !strings.Contains(lastRow(l.View(sample.Incident(), state(), logBox)), "14:05:26") {
		t.Fatalf("the newest line is not at the bottom:\n%s", drawn(l))
	}
	l.Move(part.Up)
	id, _ := l.Open()
	f := sample.Incident()
	f.Logs.Gen++
	_, tag, _ := l.Ask(f, state())
	l.SetPage(tag, newer(3))
	if now, _ := l.Open(); now != id {
		t.Fatalf("the selected line changed from %s to %s under the reader", id, now)
	}
	if !strings.Contains(drawn(l), "paused, 3 newer: f") {
		t.Fatalf("the newer lines are not counted:\n%s", drawn(l))
	}
	l.ToggleFollow()
	if now, _ := l.Open(); now != "new-0" {
		t.Fatalf("following again stands at %s", now)
	}
}

// newer is the sample's page with n lines after it.
func newer(n int) frame.LogsPage {
	page := sample.Page(40)
	for i := range n {
		at := page.Lines[i].At.Add(time.Duration(n) * time.Second)
		page.Lines = append([]frame.LogLine{{ID: "new-" + string(rune('0'+n-1-i)), At: at.Add(time.Duration(i) * time.Second), Arm: sources.Legacy, Message: sources.NewText("new")}}, page.Lines...)
	}
	return page
}

func TestLogs_StandAroundTheTimeCursor(t *testing.T) {
	l := answered(t, 40)
	st := state()
	st.Cursor = sample.Now().Add(-10 * time.Second)
	q, tag, want := l.Ask(sample.Incident(), st)
	if !want || !q.Before.Equal(st.Cursor.Add(30*time.Second)) {
		t.Fatalf("asked %v for a cursor at %v", q.Before, st.Cursor)
	}
	l.SetPage(tag, sample.Page(40))
	if id, _ := l.Open(); id != "line-11" {
		t.Fatalf("the line nearest to the cursor is not selected but %s", id)
	}
	if _, _, want := l.Ask(sample.Incident(), state()); !want || !l.Following() {
		t.Fatal("without a cursor the panel is not live again")
	}
}

func TestLogs_FindErrorsAndMatches(t *testing.T) {
	l := answered(t, 14)
	if !l.PrevError() {
		t.Fatal("there are errors above")
	}
	if got := l.Selected(nil); !strings.Contains(got, "KeyError") {
		t.Fatalf("stands on %q", got)
	}
	if l.NextError() {
		t.Fatal("there is no newer error")
	}
	if err := l.SetSearch("TIMEOUT"); err != nil || !l.Prev() || !strings.Contains(l.Selected(nil), "timeout") {
		t.Fatalf("the search stands on %q (%v)", l.Selected(nil), err)
	}
	if err := l.SetSearch("/(/"); err == nil {
		t.Fatal("a broken expression is no error")
	}
}

func TestLogs_RefuseAFilterThatCannotBeRead(t *testing.T) {
	l := logview.NewLogs()
	for _, bad := range []string{"/(/", "level:loud", "arm:left"} {
		if err := l.SetFilter(bad); err == nil {
			t.Errorf("filter %q was taken", bad)
		}
	}
	if err := l.SetFilter(`level:error !timeout /a b/ "two words"`); err != nil {
		t.Fatal(err)
	}
	if q, _, _ := l.Ask(sample.Incident(), state()); len(q.Terms) != 4 {
		t.Fatalf("terms %q", q.Terms)
	}
}

func TestLogs_SayWhyTheyAreEmpty(t *testing.T) {
	l := logview.NewLogs()
	_, tag, _ := l.Ask(sample.Incident(), state())
	l.Fail(tag, errors.New("search elasticsearch: timeout"))
	if !strings.Contains(drawn(l), "search elasticsearch: timeout") {
		t.Fatalf("the error is not shown:\n%s", drawn(l))
	}
}

func TestLogs_ShowAnOpenedLineWithItsFieldsUntilItIsClosed(t *testing.T) {
	l := answered(t, 20)
	list := drawn(l)
	l.SetLine(sample.Line())
	if opened := drawn(l); opened == list {
		t.Fatalf("the line was not opened:\n%s", opened)
	}
	if !l.Back() || l.Back() || drawn(l) != list {
		t.Fatal("the line is closed once, and the list is as before")
	}
}

func TestLogs_WrapWithoutLosingTheSelectedLine(t *testing.T) {
	l := answered(t, 30)
	l.ToggleWrap()
	for range 25 {
		l.Move(part.Up)
		if g := l.View(sample.Incident(), state(), part.Box{W: 50, H: 8}); !strings.Contains(g.String(), "›") {
			t.Fatalf("the selected line is off the screen:\n%s", g)
		}
	}
}
