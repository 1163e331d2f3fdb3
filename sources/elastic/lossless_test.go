package elastic_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
	"rampart/sources/elastic"
)

// weather is a cluster over whose days a test disposes: lines come out of order, indices roll over, answers fail.
type weather struct {
	*cluster
	clock   time.Time
	written map[string]sources.Level
	index   int
	fault   string
}

func newWeather(t testing.TB) *weather {
	w := &weather{cluster: newCluster(t), clock: time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC), written: map[string]sources.Level{}}
	w.now = func() time.Time { return w.clock }
	w.handle = w.fail
	return w
}

// fail answers in the way of the fault that rules.
func (w *weather) fail(rw http.ResponseWriter, r *http.Request) bool {
	rw.Header().Set("X-Elastic-Product", "Elasticsearch")
	switch w.fault {
	case "down":
		rw.WriteHeader(http.StatusServiceUnavailable)
	case "throttled":
		rw.WriteHeader(http.StatusTooManyRequests)
	case "cut":
		fmt.Fprint(rw, `{"took":1,"timed_out":false,"_shards":{"total":1},"hits":{"hits":[{"_ind`)
	default:
		return false
	}
	return true
}

func (w *weather) line(late time.Duration, level sources.Level, arm sources.Arm) {
	id := fmt.Sprint("d", len(w.written))
	w.written[id] = level
	w.write(fmt.Sprint("logs-", w.index), id, doc(w.clock.Add(-late), arm, level.String(), "line "+id))
}

// follow polls once and counts what came.
func (w *weather) follow(t *rapid.T, s *elastic.Source, q sources.LogQuery, at *sources.Cursor, got map[string]int) (skipped int64, more bool) {
	p, err := s.Tail(t.Context(), q, *at)
	if err != nil && w.fault == "" && len(w.silent) == 0 {
		t.Fatalf("tail: %v", err)
	}
	for _, l := range p.Lines {
		got[l.ID]++
	}
	*at = p.Next
	return p.Skipped, p.More
}

// live lets time pass with lines up to 20 s late, and polls in between.
func (w *weather) live(t *rapid.T, s *elastic.Source, q sources.LogQuery) (got map[string]int, skipped int64) {
	got = map[string]int{}
	var at sources.Cursor
	faults := rapid.SampledFrom([]string{"", "", "", "", "down", "throttled", "cut", "silent"})
	late := rapid.IntRange(0, 20_000)
	moving := rapid.Bool().Draw(t, "moving end")
	upto := func() sources.LogQuery {
		if moving {
			q.Window.To = w.clock
		}
		return q
	}
	for range rapid.IntRange(5, 25).Draw(t, "seconds") {
		w.clock = w.clock.Add(time.Duration(rapid.IntRange(200, 3000).Draw(t, "pause")) * time.Millisecond)
		for range rapid.IntRange(0, 12).Draw(t, "lines") {
			w.line(time.Duration(late.Draw(t, "late"))*time.Millisecond, rapid.SampledFrom([]sources.Level{2, 2, 2, 3, 4}).Draw(t, "level"), rapid.SampledFrom([]sources.Arm{1, 2}).Draw(t, "arm"))
		}
		if rapid.Bool().Draw(t, "refresh") {
			w.refresh()
		}
		if rapid.IntRange(0, 9).Draw(t, "rollover") == 0 {
			w.index++
		}
		w.fault = faults.Draw(t, "fault")
		if clear(w.silent); w.fault == "silent" {
			w.fault, w.silent[fmt.Sprint("logs-", w.index)] = "", true
		}
		for range rapid.IntRange(0, 2).Draw(t, "polls") {
			n, _ := w.follow(t, s, upto(), &at, got)
			skipped += n
		}
	}
	w.refresh()
	w.clock = w.clock.Add(time.Second)
	w.fault = ""
	clear(w.silent)
	for range 1000 {
		n, more := w.follow(t, s, upto(), &at, got)
		if skipped += n; !more {
			return got, skipped
		}
	}
	t.Fatal("there is always more")
	return nil, 0
}

func TestTail_LosesAndRepeatsNothingWhateverTheWeather(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWeather(t)
		defer w.Close()
		s := source(t, w.cluster, nil)
		q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-20 * time.Second)}, All: true, Limit: rapid.SampledFrom([]int{0, 3, 40}).Draw(rt, "limit")}
		got, skipped := w.live(rt, s, q)
		for id := range w.written {
			if got[id] != 1 {
				rt.Errorf("line %s came %d times", id, got[id])
			}
		}
		if skipped != 0 {
			rt.Errorf("%d lines were skipped", skipped)
		}
	})
}

func TestTail_ShowsEveryErrorAndCountsEveryLineItLeavesOut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWeather(t)
		defer w.Close()
		s := source(t, w.cluster, func(c *elastic.Config) { c.Show.Rest = 2 })
		q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-20 * time.Second)}, Limit: rapid.SampledFrom([]int{0, 5}).Draw(rt, "limit")}
		got, skipped := w.live(rt, s, q)
		shown := 0
		for id, level := range w.written {
			shown += got[id]
			if got[id] > 1 || level == sources.LevelError && got[id] != 1 {
				rt.Errorf("%v line %s came %d times", level, id, got[id])
			}
		}
		if int(skipped)+shown != len(w.written) {
			rt.Errorf("%d shown and %d skipped of %d lines", shown, skipped, len(w.written))
		}
	})
}
