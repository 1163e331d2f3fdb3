package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// index is a log source with a line each millisecond, of which every seventh speaks of a timeout.
type index struct {
	sources.Logs
	lines  int
	refuse string
	err    error
	asked  []sources.Search
	notes  []sources.Note
	still  bool // all lines are of one millisecond
}

var foundNoon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

func (x *index) Find(_ context.Context, s sources.Search) (out sources.Found, err error) {
	x.asked = append(x.asked, s)
	if x.refuse != "" && len(s.Where) > 0 {
		out.Refused = []sources.Refusal{{Why: x.refuse}} // the first condition
		return out, x.err
	}
	out.Notes = x.notes
	for i := range x.lines {
		if s.Oldest {
			i = x.lines - 1 - i
		}
		at := foundNoon.Add(-time.Duration(i) * time.Millisecond)
		if x.still {
			at = foundNoon
		}
		if at.Before(s.Window.From) || !at.Before(s.Window.To) {
			continue
		}
		if out.More = len(out.Lines) >= s.Limit; out.More {
			break
		}
		text := fmt.Sprintf("ranked %d", i)
		if i%7 == 0 {
			text = fmt.Sprintf("timeout %d", i)
		}
		out.Lines = append(out.Lines, sources.LogLine{ID: fmt.Sprint(i), At: at, Arm: sources.Candidate, Message: sources.NewText(text)})
	}
	return out, x.err
}

func searching(t *testing.T, x sources.Logs) *Engine {
	t.Helper()
	b, err := logbook.New(logbook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &Engine{cfg: Config{Logs: x, Clock: Clock{Now: func() time.Time { return foundNoon.Add(time.Second) }}}, logs: b}
}

func TestFilter_SearchesTheIndexAndNotOnlyTheLinesHeld(t *testing.T) {
	x := &index{lines: 5000}
	e := searching(t, x)
	q := frame.LogsQuery{Terms: []string{"timeout", "arm:candidate"}, Limit: 100, Past: time.Hour}
	page, err := e.Dressed(t.Context(), q)
	if err != nil || !page.Index || page.Why != "" || len(page.Lines) < 50 || !page.More {
		t.Fatalf("%d lines, index %v, more %v, %q, %v", len(page.Lines), page.Index, page.More, page.Why, err)
	}
	seen := map[string]bool{}
	for rounds := 0; page.More && rounds < 40; rounds++ {
		for _, l := range page.Lines {
			seen[l.ID] = true
		}
		q.Before = page.Lines[len(page.Lines)-1].At.Add(1)
		if page, err = e.Dressed(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range page.Lines {
		seen[l.ID] = true
	}
	if want := 5000/7 + 1; len(seen) != want {
		t.Errorf("paging found %d of %d lines", len(seen), want)
	}
	if s := x.asked[0]; len(s.Arms) != 1 || len(s.Where) != 1 || s.Window.From.After(foundNoon.Add(-50*time.Minute)) {
		t.Errorf("asked %+v", s)
	}
	one := page.Lines[0]
	if line, err := e.Line(t.Context(), one.ID); err != nil || !line.At.Equal(one.At) {
		t.Errorf("opened %+v, %v", line, err)
	}
	q.Before, q.After = time.Time{}, foundNoon.Add(-2*time.Second)
	if page, err = e.Dressed(t.Context(), q); err != nil || len(page.Lines) == 0 || page.Lines[len(page.Lines)-1].At.After(q.After.Add(20*time.Millisecond)) {
		t.Errorf("from a time on: %d lines, %v", len(page.Lines), err)
	}
}

func TestFilter_SaysWhatTheIndexWasNotAsked(t *testing.T) {
	for name, c := range map[string]struct {
		index *index
		term  string
		why   string
	}{
		"a regex":         {&index{}, "/x/", "a regex is not pushed down"},
		"no such field":   {&index{refuse: "the index has no field a"}, "a:b", "no field a"},
		"a broken search": {&index{err: errors.New("429 \x1b[31m")}, "word", "could not be searched: 429"},
	} {
		page, err := searching(t, c.index).Dressed(t.Context(), frame.LogsQuery{Terms: []string{c.term}, Past: time.Hour})
		if err != nil || page.Index || !strings.Contains(page.Why, c.why) || strings.Contains(page.Why, "\x1b") {
			t.Errorf("%s: index %v, %q, %v", name, page.Index, page.Why, err)
		}
	}
	x := &index{lines: 10}
	for _, q := range []frame.LogsQuery{{Past: time.Hour}, {Terms: []string{"word"}}} {
		if page, err := searching(t, x).Dressed(t.Context(), q); err != nil || page.Index || page.Why != "" || len(x.asked) > 0 {
			t.Errorf("%+v was asked of the index: %+v, %v", q, page, err)
		}
	}
}

func TestSweep_BringsEveryLineOnceAndTellsWhatItDidNotLookFor(t *testing.T) {
	w := sources.Window{From: foundNoon.Add(-time.Hour), To: foundNoon.Add(time.Second)}
	x := &index{lines: 5000}
	a := logbook.AskedOf(frame.LogsQuery{Terms: []string{"timeout", "/7$/"}})
	seen := map[string]int{}
	here, asked, err := logbook.Sweep(t.Context(), x, a, w, func(lines []sources.LogLine) error {
		for _, l := range lines {
			seen[l.ID]++
		}
		return nil
	})
	if err != nil || !asked || len(here) != 1 || here[0] != "/7$/" || len(seen) != 5000 {
		t.Fatalf("%d lines, asked %v, compared here %q: %v", len(seen), asked, here, err)
	}
	for id, n := range seen {
		if n != 1 {
			t.Fatalf("%s came %d times", id, n)
		}
	}
	x = &index{lines: 10, refuse: "no field"}
	if here, asked, err = logbook.Sweep(t.Context(), x, a, w, nil); err != nil || asked || strings.Join(here, " ") != "/7$/ timeout" || len(x.asked) != 1 {
		t.Errorf("refused: asked %v, compared here %q: %v", asked, here, err)
	}
	x = &index{lines: 3000, notes: []sources.Note{{Text: sources.NewText("1 of 5 shards failed")}}}
	none := func([]sources.LogLine) error { return nil }
	if _, _, err = logbook.Sweep(t.Context(), x, a, w, none); !errors.Is(err, sources.ErrPartial) || !strings.Contains(err.Error(), "1 of 5") {
		t.Errorf("shards that failed: %v", err)
	}
	x = &index{lines: 3000, still: true}
	if _, _, err = logbook.Sweep(t.Context(), x, a, w, none); !errors.Is(err, logbook.ErrCrowded) {
		t.Errorf("all in one millisecond: %v", err)
	}
}

func TestFilter_SaysThatShardsFailed(t *testing.T) {
	x := &index{lines: 30, notes: []sources.Note{{Text: sources.NewText("1 of 5 shards failed")}}}
	page, err := searching(t, x).Dressed(t.Context(), frame.LogsQuery{Terms: []string{"timeout"}, Limit: 100, Past: time.Hour})
	if err != nil || !page.Index || len(page.Lines) == 0 || !strings.Contains(page.Why, "shards failed") {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestSeek_GoesOverTheLinesOfTheIndexInBothDirections(t *testing.T) {
	e := searching(t, &index{lines: 3000})
	q := frame.LogsQuery{Terms: []string{"timeout", `"7"`}, Past: time.Hour}
	var down []string
	for id := ""; len(down) < 2000; {
		line, err := e.Seek(t.Context(), q, id, false)
		if errors.Is(err, sources.ErrNoData) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		id = line.ID
		down = append(down, line.Message.String())
	}
	want := 0
	for i := 0; i < 3000; i += 7 {
		if strings.Contains(fmt.Sprint(i), "7") {
			want++
		}
	}
	if len(down) != want || down[0] != "timeout 7" {
		t.Fatalf("%d lines back from %q, want %d", len(down), down[0], want)
	}
	first, err := e.Seek(t.Context(), q, "", false)
	if err != nil {
		t.Fatal(err)
	}
	second, err := e.Seek(t.Context(), q, first.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := e.Seek(t.Context(), q, second.ID, true); err != nil || back.ID != first.ID {
		t.Errorf("newer than %q is %q, %v", second.Message, back.Message, err)
	}
	if _, err := e.Seek(t.Context(), q, first.ID, true); !errors.Is(err, sources.ErrNoData) {
		t.Errorf("newer than the newest: %v", err)
	}
	if line, err := e.Seek(t.Context(), frame.LogsQuery{Terms: []string{"timeout", "/^timeout 2.*9$/"}, Past: time.Hour}, "", false); err != nil || line.Message.String() != "timeout 259" {
		t.Errorf("a regexp among the lines of a filter: %q, %v", line.Message, err)
	}
	e = searching(t, &index{lines: 3000, refuse: "signs alone"})
	if line, err := e.Seek(t.Context(), frame.LogsQuery{Terms: []string{`"t 14"`}, Past: time.Hour}, "", false); err != nil || line.Message.String() != "timeout 14" {
		t.Errorf("what the index refuses is compared here: %q, %v", line.Message, err)
	}
}

func TestFilter_EndsWhereNothingMatchesAndSaysHowFarItLooked(t *testing.T) {
	x := &index{lines: 50_000}
	page, err := searching(t, x).Dressed(t.Context(), frame.LogsQuery{Terms: []string{"nowhere"}, Limit: 100, Past: time.Hour})
	if err != nil || len(page.Lines) != 0 || !page.More || !strings.Contains(page.Why, "searched as far as") || len(x.asked) != mostFinds {
		t.Errorf("%d lines after %d searches: %q, %v", len(page.Lines), len(x.asked), page.Why, err)
	}
}
