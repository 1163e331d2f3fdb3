package logview_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestLogs_StackFiltersAndDropThemOneByOne(t *testing.T) {
	l := answered(t, 10)
	for _, f := range []string{"level:error", "!timeout", "http.status:500"} {
		if err := l.AddFilter(f); err != nil {
			t.Fatal(err)
		}
	}
	if got := drawn(l); !strings.Contains(got, "level:error") || !strings.Contains(got, "!timeout") || !strings.Contains(got, "held lines") {
		t.Fatalf("the conditions are not shown:\n%s", got)
	}
	if err := l.AddFilter("!timeout"); err != nil || !slices.Equal(l.Filters(), []string{"level:error", "http.status:500"}) {
		t.Fatalf("one typed again is not taken away: %v, %v", l.Filters(), err)
	}
	l.SetPattern(7, "KeyError <*>")
	for _, want := range []string{"http.status:500", "level:error", "pattern KeyError <*>"} {
		if got, ok := l.DropFilter(); !ok || got != want {
			t.Fatalf("dropped %q, want %q", got, want)
		}
	}
	if _, ok := l.DropFilter(); ok {
		t.Fatal("there is one left")
	}
}

func TestLogs_GoBackToMarkedLinesFromAnywhere(t *testing.T) {
	l := answered(t, 40)
	l.Move(part.Up)
	newest, _ := l.Open()
	l.Mark()
	for range 5 {
		l.Move(part.Up)
	}
	if n := l.MarkRange(); n != 6 {
		t.Fatalf("%d are marked, want the five and the first", n)
	}
	if rows := strings.Split(l.Marked(), "\n"); len(rows) != 6 || !slices.IsSorted(rows) {
		t.Fatalf("marked are %q", rows)
	}
	l.Move(part.Top)
	if !l.NextMark() {
		t.Fatal("no mark was found")
	}
	if id, _ := l.Open(); id != newest {
		t.Fatalf("from the oldest line the way goes on at the newest mark, not at %s", id)
	}
	l.Mark()
	if strings.Count(l.Marked(), "\n") != 4 {
		t.Fatalf("the mark was not cleared: %q", l.Marked())
	}
}

func TestLogs_PinAFieldAsAColumnOfItsOwn(t *testing.T) {
	l := answered(t, 10)
	l.SetFields(sample.Line())
	l.Move(part.Down)
	if name, pinned, ok := l.PinSelected(); !ok || !pinned || name != "labels.track" {
		t.Fatalf("pinned %q, %v, %v", name, pinned, ok)
	}
	l.Back()
	q, tag, want := l.Ask(sample.Incident(), state())
	if !want || !slices.Equal(q.Fields, []string{"labels.track"}) {
		t.Fatalf("the field is not asked for: %v", q.Fields)
	}
	page := sample.Page(10)
	for i := range page.Lines {
		page.Lines[i].Fields = []frame.Field{{Name: sources.NewText("labels.track"), Value: sources.NewText(strings.Repeat("日本", i))}}
	}
	l.SetPage(tag, page)
	rows := strings.Split(drawn(l), "\n")
	head := strings.Index(rows[1], "MESSAGE")
	if head < 0 || !strings.Contains(rows[1], "labels.track") {
		t.Fatalf("the columns have no heads:\n%s", rows[1])
	}
	if q := l.Pin("labels.track"); q || len(l.Pins()) != 0 {
		t.Fatal("pinned twice it is still there")
	}
}

func TestLogs_UnfoldAStackTrace(t *testing.T) {
	line := sample.Line()
	trace := strings.Repeat("  File \"rank.py\", line 81\n", 40)
	line.Fields = append(line.Fields, frame.Field{Name: sources.NewText("stack"), Value: sources.NewText(trace)})
	l := answered(t, 3)
	l.SetLine(line)
	box := part.Box{W: 100, H: 60}
	see := func() string { return l.View(sample.Incident(), state(), box).String() }
	if got := see(); !strings.Contains(got, "37 more rows: enter") {
		t.Fatalf("the trace is not folded:\n%s", got)
	}
	l.Move(part.Bottom)
	l.Enter(sample.Incident())
	if got := see(); strings.Count(got, "rank.py") < 40 {
		t.Fatalf("the trace is not unfolded:\n%s", got)
	}
	l.Enter(sample.Incident())
	if got := see(); strings.Count(got, "rank.py") > 8 {
		t.Fatalf("the trace is not folded again:\n%s", got)
	}
}

func TestLogs_ShowJSONAsWhatItIs(t *testing.T) {
	l := answered(t, 3)
	l.SetLine(frame.LogLine{ID: "x", At: sample.Now(), Message: sources.NewText(`{"user":{"id":7},"items":[1,2]}`)})
	if got := drawn(l); !strings.Contains(got, `"user": {`) || !strings.Contains(got, `    "id": 7`) {
		t.Fatalf("not indented:\n%s", got)
	}
}

func TestLogs_LeadTheChartsWhileTheyAreRead(t *testing.T) {
	l := answered(t, 40)
	if at, moved := l.Lead(); moved || !at.IsZero() {
		t.Fatal("a log that is followed has no cursor")
	}
	l.Move(part.Up)
	at, moved := l.Lead()
	if want := sample.Page(2).Lines[1].At; !moved || !at.Equal(want) {
		t.Fatalf("the charts are led to %v, want %v", at, want)
	}
	st := state()
	st.Cursor = at
	if q, _, want := l.Ask(sample.Incident(), st); want {
		t.Fatalf("the panel's own cursor asks for other lines: %+v", q)
	}
	id, _ := l.Open()
	st.Cursor = sample.Page(12).Lines[11].At
	l.Ask(sample.Incident(), st)
	if now, _ := l.Open(); now == id || now != "line-11" {
		t.Fatalf("the charts' cursor moved and the log stands at %s", now)
	}
	l.ToggleFollow()
	if at, moved := l.Lead(); !moved || !at.IsZero() {
		t.Fatalf("following again leaves the cursor at %v", at)
	}
}

func TestLogs_ReadOnWithoutAHoleWhereManyLinesCame(t *testing.T) {
	l := answered(t, 40)
	l.Move(part.Up)
	l.Move(part.Down)
	f := sample.Incident()
	f.Logs.Gen++
	_, tag, _ := l.Ask(f, state())
	far := sample.Page(5)
	for i := range far.Lines {
		far.Lines[i].ID, far.Lines[i].At = fmt.Sprint("far-", i), far.Lines[i].At.Add(time.Hour)
	}
	l.SetPage(tag, far)
	if got := drawn(l); !strings.Contains(got, "paused, 5+ newer: f") || strings.Contains(got, "15:05:26") {
		t.Fatalf("lines behind a hole are shown as if they were next:\n%s", got)
	}
	q, tag, want := l.Ask(f, state())
	if !want || q.After.IsZero() {
		t.Fatalf("at the end of what there is, what comes next is not asked for: %+v", q)
	}
	next := sample.Page(1)
	next.Lines[0].ID, next.Lines[0].At, next.More = "next", next.Lines[0].At.Add(time.Second), true
	l.SetPage(tag, next)
	l.Move(part.Down)
	if id, _ := l.Open(); id != "next" {
		t.Fatalf("the next line is %s", id)
	}
}

func TestLogs_NeverHoldMoreThanTheyMay(t *testing.T) {
	l := answered(t, 40)
	l.Move(part.Up)
	id, _ := l.Open()
	for i := range 20 {
		f := sample.Incident()
		f.Logs.Gen += uint64(i + 1)
		_, tag, _ := l.Ask(f, state())
		page := sample.Page(500)
		for j := range page.Lines {
			page.Lines[j].ID, page.Lines[j].At = fmt.Sprint(i, "-", j), sample.Now().Add(time.Duration(500*i-j)*time.Second)
		}
		page.More = false
		l.SetPage(tag, page)
	}
	if now, _ := l.Open(); now != id {
		t.Errorf("the reader was taken from %s to %s", id, now)
	}
}

func TestLogs_UnmaskedLinesGoWhenTheTimeIsOver(t *testing.T) {
	l := answered(t, 10)
	st := state()
	l.SetBare(st.Now.Add(time.Minute))
	q, tag, want := l.Ask(sample.Incident(), st)
	if !want || !q.Bare {
		t.Fatalf("lines without masks are not asked for: %+v", q)
	}
	page := sample.Page(10)
	page.Lines[0].Message = sources.NewText("ann@example.com")
	l.SetPage(tag, page)
	if got := drawn(l); !strings.Contains(got, "UNMASKED 1:00") || !strings.Contains(got, "ann@") {
		t.Fatalf("not said:\n%s", got)
	}
	l.Mark()
	st.Now = st.Now.Add(time.Minute)
	if got := l.View(sample.Incident(), st, logBox).String() + l.Marked(); strings.Contains(got, "ann@") || strings.Contains(got, "UNMASKED") {
		t.Fatalf("the time is over and it is still there:\n%s", got)
	}
	l.SetPage(tag, page)
	if got := drawn(l); strings.Contains(got, "ann@") {
		t.Fatal("an answer that came late is shown")
	}
	if q, _, want := l.Ask(sample.Incident(), st); !want || q.Bare {
		t.Fatalf("masked lines are not asked for: %+v", q)
	}
}

// compared is an incident with two templates compared.
func compared() *frame.Frame {
	f := sample.Incident()
	per := func(v float64) analysis.Value { return analysis.Number(v, analysis.Count, 1000) }
	f.Logs.DiffBasis = frame.DiffBasis{Templates: 41, Blocks: 80, Alpha: analysis.Number(.05, analysis.Fraction, 0), Window: sources.Window{From: f.At.Add(-20 * time.Minute), To: f.At}}
	f.Logs.Diff = []frame.DiffRow{
		{
			Pattern: frame.Pattern{
				ID: 11, Text: sources.NewText("KeyError: embedding <*> missing"), Level: sources.LevelError, Mark: analysis.MarkWorse, Candidate: per(14.5), Legacy: per(0),
				New: true, Selected: true, First: f.At.Add(-7 * time.Minute), Last: f.At, Count: sources.ByArm[int64]{Candidate: 18},
				Evidence: per(120), Sample: sources.ByArm[sources.Text]{Candidate: sources.NewText("KeyError: embedding 'u:7' missing")},
			},
			Why: "new: legacy never wrote it", Requests: sources.ByArm[int64]{Legacy: 23560, Candidate: 1240},
			Histories: sources.ByArm[[]analysis.Value]{Candidate: []analysis.Value{per(0), per(0), per(4), per(14)}, Legacy: []analysis.Value{per(0), per(0), per(0), per(0)}},
		},
		{
			Pattern: frame.Pattern{
				ID: 12, Text: sources.NewText("feature store timeout <*> ms"), Level: sources.LevelError, Candidate: per(2.4), Legacy: per(.2),
				Ratio: analysis.Number(12, analysis.Ratio, 30).Between(2, 60), Evidence: per(9), Need: per(820), First: f.At.Add(-6 * time.Minute), Last: f.At,
				Count: sources.ByArm[int64]{Legacy: 5, Candidate: 3},
			},
			Why: "the evidence does not suffice yet", Requests: sources.ByArm[int64]{Legacy: 23560, Candidate: 1240},
		},
	}
	return f
}

func TestDiff_RanksWhatTheCandidateSaysAndLeadsToItsLines(t *testing.T) {
	l, f := answered(t, 10), compared()
	if l.ByPattern(f) {
		t.Fatal("nothing is compared on the screen")
	}
	l.ToggleDiff()
	got := l.View(f, state(), part.Box{W: 120, H: 34}).String()
	for _, want := range []string{"KeyError: embedding <*> missing", "14.5", "new", "120×", "9.0× of 820×", "×12 (2.0–60)", "13:58", "18 lines in 1 240 requests", "embedding 'u:7' missing", "41 templates"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	l.Move(part.Down)
	if !strings.Contains(l.Selected(f), "feature store") {
		t.Errorf("would copy %q", l.Selected(f))
	}
	if !l.ByPattern(f) {
		t.Fatal("enter leads nowhere")
	}
	if q, _, want := l.Ask(f, state()); !want || q.Pattern != 12 {
		t.Fatalf("its lines are not asked for: %+v", q)
	}
	if !strings.Contains(drawn(l), "pattern feature store") {
		t.Errorf("nothing says why lines are left out:\n%s", drawn(l))
	}
}

func TestDiff_SaysWhyThereIsNothing(t *testing.T) {
	l, f := answered(t, 10), sample.Incident()
	f.Logs.Diff, f.Logs.DiffBasis.Why = nil, "legacy wrote no line yet"
	l.ToggleDiff()
	if got := l.View(f, state(), logBox).String(); !strings.Contains(got, "legacy wrote no line yet") {
		t.Errorf("%s", got)
	}
	if l.Back(); strings.Contains(drawn(l), "LOG DIFF") {
		t.Error("esc does not go back to the lines")
	}
}

func TestLogs_ANewPanelForAnotherServiceHasNothingOfTheOldOne(t *testing.T) {
	l := answered(t, 10)
	l.Mark()
	l.Pin("a")
	l.SetPattern(3, "x")
	l.Forget()
	if got := drawn(l); strings.Contains(got, "KeyError: embedding 'u") || l.Marked() != "" {
		t.Errorf("%s", got)
	}
	if q, _, want := l.Ask(sample.Incident(), state()); !want || q.Pattern != 0 || len(q.Fields) != 1 {
		t.Errorf("asks %+v", q)
	}
}

func TestOpened_OnlyTheMessageIsLitAndNotTheGapBelowIt(t *testing.T) {
	l := answered(t, 10)
	l.SetLine(frame.LogLine{ID: "x", At: sample.Now(), Message: sources.NewText("one row of it"), Fields: []frame.Field{{Name: sources.NewText("a"), Value: sources.NewText("b")}}})
	g := l.View(sample.Incident(), part.State{Now: sample.Now()}, part.Box{W: 80, H: 18})
	if !g.At(5, 1).Lit || g.At(5, 2).Lit {
		t.Errorf("lit: message %v, gap %v\n%s", g.At(5, 1).Lit, g.At(5, 2).Lit, g)
	}
}
