package elastic_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
)

// follow reads until there is no more at once.
func follow(t *testing.T, s *elastic.Source, q sources.LogQuery, at sources.Cursor) (ids []string, last sources.Page) {
	t.Helper()
	for range 1000 {
		p, err := s.Tail(t.Context(), q, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range p.Lines {
			ids = append(ids, l.ID)
		}
		if at = p.Next; !p.More {
			return ids, p
		}
	}
	t.Fatal("there is always more")
	return nil, last
}

func distinct(ids []string) int {
	slices.Sort(ids)
	return len(slices.Compact(ids))
}

// crowd writes more lines into one millisecond than an answer carries.
func crowd(t *testing.T, n int) *cluster {
	c := newCluster(t)
	for i := range n {
		c.write("logs-a", fmt.Sprint(i), doc(noon.Add(time.Second), sources.Arms()[i%2], "info", "at once"))
	}
	c.write("logs-a", "after", doc(noon.Add(2*time.Second), sources.Legacy, "info", "after"))
	c.refresh()
	return c
}

func TestTail_ReadsAMillisecondOfAnySize(t *testing.T) {
	c := crowd(t, 1700)
	ids, p := follow(t, source(t, c, nil), sources.LogQuery{Window: span, All: true, Limit: 1000}, sources.Cursor{})
	if len(ids) != 1701 || distinct(ids) != 1701 || len(p.Notes) > 0 {
		t.Errorf("%d lines came, %d different ones: %v", len(ids), distinct(ids), p.Notes)
	}
	if len(c.pits) > 0 {
		t.Errorf("%d points in time are left open", len(c.pits))
	}
}

func TestTail_ReadsWhatOneAnswerHoldsWhereNoPointInTimeIsAllowed(t *testing.T) {
	c := crowd(t, 1700)
	c.deny["/_pit"] = http.StatusForbidden
	ids, _ := follow(t, source(t, c, nil), sources.LogQuery{Window: span, All: true}, sources.Cursor{})
	if len(ids) != 1701 || distinct(ids) != 1701 {
		t.Errorf("%d lines came, %d different ones", len(ids), distinct(ids))
	}
}

func TestTail_ReadsOnWhereAPointInTimeExpired(t *testing.T) {
	c := crowd(t, 6000)
	searches, expired := 0, false
	c.handle = func(w http.ResponseWriter, r *http.Request) bool {
		if searches += len(c.pits); r.URL.Path != "/_search" || searches < 3 || expired {
			return false
		}
		expired = true
		answer(http.StatusNotFound, `{"error":{"root_cause":[{"type":"search_context_missing_exception","reason":"No search context found for id [9]"}],`+
			`"type":"search_phase_execution_exception","reason":"all shards failed","phase":"query","failed_shards":[{"shard":0,"index":"logs-a",`+
			`"reason":{"type":"search_context_missing_exception","reason":"No search context found for id [9]"}}]},"status":404}`)(w, r)
		return true
	}
	s := source(t, c, nil)
	q := sources.LogQuery{Window: span, All: true}
	came, failed := map[string]int{}, 0
	var at sources.Cursor
	for range 100 {
		p, err := s.Tail(t.Context(), q, at)
		if err != nil {
			failed++
		}
		for _, l := range p.Lines {
			came[l.ID]++
		}
		if at = p.Next; err == nil && !p.More {
			break
		}
	}
	for id, n := range came {
		if n != 1 {
			t.Fatalf("%s came %d times", id, n)
		}
	}
	if !expired || failed != 1 || len(came) != 6001 {
		t.Errorf("expired: %v, %d failures were told, %d of 6001 lines came", expired, failed, len(came))
	}
}

func TestTail_GoesOnWhereShardsWereSilent(t *testing.T) {
	w := newWeather(t)
	s := source(t, w.cluster, nil)
	q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-time.Second)}, All: true}
	w.line(0, sources.LevelInfo, sources.Legacy)
	w.index = 1
	w.line(0, sources.LevelInfo, sources.Candidate)
	w.refresh()
	w.silent["logs-1"] = true
	p, err := s.Tail(t.Context(), q, sources.Cursor{})
	if len(p.Lines) != 1 || !errors.Is(err, sources.ErrPartial) || len(p.Notes) != 1 || p.Notes[0].Kind != sources.NotePartial {
		t.Fatalf("%d lines, %v, %v", len(p.Lines), err, p.Notes)
	}
	for range 700 { // longer than any overlap
		w.clock = w.clock.Add(time.Second)
		if p, err = s.Tail(t.Context(), q, p.Next); !errors.Is(err, sources.ErrPartial) || len(p.Lines) > 0 {
			t.Fatalf("%d lines, %v", len(p.Lines), err)
		}
	}
	clear(w.silent)
	if p, err = s.Tail(t.Context(), q, p.Next); err != nil || len(p.Lines) != 1 || p.Lines[0].ID != "d1" {
		t.Errorf("%d lines, %v, want the one that had been hidden", len(p.Lines), err)
	}
}

func TestTail_NamesHowTheRestWasDrawn(t *testing.T) {
	c := newCluster(t)
	for i := range 1000 {
		c.write("logs-a", fmt.Sprint(i), doc(noon.Add(time.Duration(i)*time.Millisecond), sources.Legacy, []string{"info", "error"}[i%100/99], "m"))
	}
	c.refresh()
	tail := open(t, c, func(cfg *elastic.Config) { cfg.Show.Rest = 100 })
	p, err := tail(sources.LogQuery{Window: span})
	if err != nil || p.Sample != "1 of 16 shown, errors all" || int(p.Skipped)+len(p.Lines) != 1000 || p.Skipped < 800 {
		t.Errorf("%q: %d shown, %d skipped, %v", p.Sample, len(p.Lines), p.Skipped, err)
	}
	c.handle = func(w http.ResponseWriter, r *http.Request) bool { return false }
	again, err := tail(sources.LogQuery{Window: span})
	if err != nil || len(again.Lines) != len(p.Lines) {
		t.Errorf("drawn again %d lines came, %d before: %v", len(again.Lines), len(p.Lines), err)
	}
}

func TestTail_DrawsTheSampleItselfWhereTheServerCannot(t *testing.T) {
	c := newCluster(t)
	c.noDraw = true
	for i := range 1000 {
		c.write("logs-a", fmt.Sprint(i), doc(noon.Add(time.Duration(i)*time.Millisecond), sources.Legacy, []string{"info", "error"}[i%100/99], "m"))
	}
	c.refresh()
	p, err := open(t, c, func(cfg *elastic.Config) { cfg.Show.Rest = 100 })(sources.LogQuery{Window: span})
	errs := 0
	for _, l := range p.Lines {
		if l.Level == sources.LevelError {
			errs++
		}
	}
	if err != nil || errs != 10 || len(p.Lines) > 200 || int(p.Skipped)+len(p.Lines) != 1000 || len(p.Notes) != 1 {
		t.Errorf("%d shown, %d errors of 10, %d skipped, %v, %v", len(p.Lines), errs, p.Skipped, p.Notes, err)
	}
}

func TestTail_ReadsLinesThatTogetherAreLongerThanAnAnswerMayBe(t *testing.T) {
	c := newCluster(t)
	for i := range 40 {
		size := 10_000
		if i == 17 {
			size = 200_000 // longer than any answer
		}
		c.write("logs-a", fmt.Sprint(i), doc(noon.Add(time.Duration(i/5)*time.Millisecond), sources.Legacy, "error", strings.Repeat("x", size)))
	}
	c.refresh()
	s := source(t, c, func(cfg *elastic.Config) { cfg.Answer = 100_000 })
	ids, _ := follow(t, s, sources.LogQuery{Window: span, All: true}, sources.Cursor{})
	if len(ids) != 40 || distinct(ids) != 40 {
		t.Errorf("%d lines came, %d different ones, want 40", len(ids), distinct(ids))
	}
}

func TestCheck_SaysWhatToChange(t *testing.T) {
	c := newCluster(t)
	c.write("logs-a", "x", doc(time.Now().Add(-time.Hour), sources.Legacy, "info", "m"))
	c.refresh()
	delete(c.types, "log.level")
	r, err := source(t, c, func(cfg *elastic.Config) { cfg.Select = map[string]string{"app": "ranker"} }).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, n := range r.Advice {
		said = append(said, n.Text.String())
	}
	for _, want := range []string{"no line of candidate in a day", "no index has the field log.level: name another in logs.fields.level", "no index has the field app: see logs.select"} {
		if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("%q is not said in %q", want, said)
		}
	}
	if len(r.Indices) != 1 || len(r.Fields) != 8 {
		t.Errorf("indices %v, fields %v", r.Indices, r.Fields)
	}
}

func TestCheck_SaysThatLinesComeFromTheFuture(t *testing.T) {
	w := newWeather(t)
	w.line(0, sources.LevelInfo, sources.Legacy)
	w.line(-time.Hour, sources.LevelInfo, sources.Candidate)
	w.refresh()
	r, err := source(t, w.cluster, nil).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ahead []string
	for _, n := range r.Advice {
		if n.Kind == sources.NoteSkew {
			ahead = append(ahead, n.Text.String())
		}
	}
	if len(ahead) != 1 || ahead[0] != "the newest line of candidate lies 1h0m0s after the cluster's time: a clock of whoever writes it is ahead" {
		t.Errorf("says %q in %v, newest %v, now %v", ahead, r.Advice, r.Newest, r.Now)
	}
}

func TestCheck_SaysThatShardsWereSilentBesideWhatTheOthersHold(t *testing.T) {
	w := newWeather(t)
	w.line(0, sources.LevelInfo, sources.Legacy)
	w.index = 1
	w.line(0, sources.LevelInfo, sources.Candidate)
	w.refresh()
	w.silent["logs-1"] = true
	r, err := source(t, w.cluster, nil).Check(t.Context())
	if !errors.Is(err, sources.ErrPartial) || !strings.Contains(err.Error(), "see the cluster's health") || r.Health.Err != nil {
		t.Errorf("said %v, health %v", err, r.Health.Err)
	}
	if r.Newest.Legacy.IsZero() || !r.Newest.Candidate.IsZero() {
		t.Errorf("newest %v, want that of the shards that spoke", r.Newest)
	}
}

func TestTail_DoesNotReadKnownLinesAgain(t *testing.T) {
	w := newWeather(t)
	s := source(t, w.cluster, nil)
	q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-20 * time.Second)}, All: true}
	came := 0
	var p sources.Page
	for poll := range 30 { // every poll brings lines into all of the last 20 seconds
		for i := range 200 {
			w.line(time.Duration(i)*100*time.Millisecond, sources.LevelInfo, sources.Legacy)
		}
		w.refresh()
		var ids []string
		ids, p = follow(t, s, q, p.Next)
		if came += len(ids); poll == 20 {
			w.sent, came = 0, 0
		}
		w.clock = w.clock.Add(time.Second)
	}
	if came != 1800 || w.sent > 4*came {
		t.Errorf("%d lines came, for which %d were read, want 1800 for at most four times as many", came, w.sent)
	}
}

func TestTail_TakesTheSameIdOfTwoIndicesForTwoLines(t *testing.T) {
	c := newCluster(t)
	for i := range 3 {
		c.write(fmt.Sprint("logs-", i), "same", doc(noon, sources.Legacy, "info", "m"))
	}
	c.refresh()
	ids, _ := follow(t, source(t, c, nil), sources.LogQuery{Window: span, All: true}, sources.Cursor{})
	if len(ids) != 3 {
		t.Errorf("%d lines came, want 3", len(ids))
	}
}

func TestTail_GoesOnWhenAnIndexIsDeletedWhileItIsRead(t *testing.T) {
	c := newCluster(t)
	for i := range 6000 {
		c.write(fmt.Sprint("logs-", i%2), fmt.Sprint(i), doc(noon.Add(time.Duration(i)*time.Millisecond), sources.Legacy, "info", "m"))
	}
	c.refresh()
	s := source(t, c, nil)
	q := sources.LogQuery{Window: span, All: true}
	p, err := s.Tail(t.Context(), q, sources.Cursor{})
	if err != nil || !p.More {
		t.Fatalf("%d lines, more: %v, %v", len(p.Lines), p.More, err)
	}
	came := map[string]bool{}
	for _, l := range p.Lines {
		came[l.ID] = true
	}
	c.mu.Lock()
	c.visible = slices.DeleteFunc(c.visible, func(d *document) bool { return d.index == "logs-0" })
	c.mu.Unlock()
	rest, _ := follow(t, s, q, p.Next)
	left := 0
	for _, id := range rest {
		if came[id] {
			t.Fatalf("%s came twice", id)
		}
		came[id] = true
	}
	for i := 1; i < 6000; i += 2 {
		if !came[fmt.Sprint(i)] {
			left++
		}
	}
	if left > 0 {
		t.Errorf("%d of 3000 lines of the index that stayed never came", left)
	}
}

func TestTail_BoundsTheBytesOfAPage(t *testing.T) {
	c := newCluster(t)
	for i := range 40 {
		c.write("logs-a", fmt.Sprint(i), doc(noon.Add(time.Duration(i)*time.Millisecond), sources.Legacy, "info", strings.Repeat("x", 400_000)))
	}
	c.refresh()
	s := source(t, c, func(cfg *elastic.Config) { cfg.Line = 1 << 20 })
	p, err := s.Tail(t.Context(), sources.LogQuery{Window: span, All: true}, sources.Cursor{})
	if err != nil || !p.More || len(p.Lines) > 21 {
		t.Errorf("%d lines of 800 kB on one page, more: %v, %v", len(p.Lines), p.More, err)
	}
	if ids, _ := follow(t, s, sources.LogQuery{Window: span, All: true}, sources.Cursor{}); len(ids) != 40 || distinct(ids) != 40 {
		t.Errorf("%d lines came, want 40", distinct(ids))
	}
}

func TestTail_ShowsErrorsOnlyWhenTheRestIsNotWanted(t *testing.T) {
	c := newCluster(t)
	for i := range 10 {
		c.write("logs-a", fmt.Sprint(i), doc(noon, sources.Legacy, []string{"info", "error"}[i%2], "m"))
	}
	c.refresh()
	p, err := open(t, c, func(cfg *elastic.Config) { cfg.Show.Rest = -1 })(sources.LogQuery{Window: span})
	if err != nil || len(p.Lines) != 5 || p.Sample != "errors only" {
		t.Errorf("%d lines, %q, %v", len(p.Lines), p.Sample, err)
	}
}
