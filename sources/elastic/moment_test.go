package elastic_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/road"
)

func TestTail_ShowsALineOfTheFutureOnceAndAtOnce(t *testing.T) {
	w := newWeather(t)
	s := source(t, w.cluster, nil)
	w.write("logs-0", "ahead", doc(w.clock.Add(time.Minute), sources.Candidate, "info", "from tomorrow"))
	w.write("logs-0", "far", doc(w.clock.AddDate(70, 0, 0), sources.Legacy, "info", "from afar"))
	w.write("logs-0", "now", doc(w.clock, sources.Legacy, "info", "hello"))
	w.refresh()
	q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-time.Second)}, All: true}
	ids, p := follow(t, s, q, sources.Cursor{})
	if fmt.Sprint(ids) != "[now ahead far]" || len(p.Notes) != 1 || !strings.Contains(p.Notes[0].Text.String(), "lines of a time that has not come on the cluster's clock: 2") {
		t.Fatalf("%v came, with %v", ids, p.Notes)
	}
	for range 80 {
		w.clock = w.clock.Add(time.Second)
		ids, p = follow(t, s, q, p.Next)
		if len(ids) > 0 {
			t.Fatalf("%v came again at %v", ids, w.clock)
		}
	}
	w.write("logs-0", "next", doc(w.clock, sources.Legacy, "info", "hello"))
	w.refresh()
	if ids, p = follow(t, s, q, p.Next); fmt.Sprint(ids) != "[next]" || p.Late != 0 {
		t.Errorf("%v came, %d of them late, want the next one in time", ids, p.Late)
	}
}

func TestTail_CountsLinesThatStandNowhereInTime(t *testing.T) {
	w := newWeather(t)
	s := source(t, w.cluster, nil)
	line := func(id, at string) {
		w.write("logs-0", id, `{`+at+`"message":"m","labels":{"track":"canary"}}`)
		w.refresh()
	}
	line("a", "")
	line("b", fmt.Sprintf(`"@timestamp":%d,`, w.clock.Unix()))
	q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-time.Second)}, All: true}
	ids, p := follow(t, s, q, sources.Cursor{})
	if len(ids) != 0 || p.Skipped != 0 || len(p.Notes) != 2 {
		t.Fatalf("%v came, %d skipped, %v", ids, p.Skipped, p.Notes)
	}
	line("c", "")
	line("d", `"@timestamp":"yesterday",`)
	skipped := int64(0)
	for range 12 {
		w.clock = w.clock.Add(time.Minute)
		_, p = follow(t, s, q, p.Next)
		skipped += p.Skipped
	}
	if skipped != 2 {
		t.Errorf("%d lines were counted as skipped, want the two that came since", skipped)
	}
}

func TestTail_CountsLinesThatComeAfterTheirTimeWasClosed(t *testing.T) {
	w := newWeather(t)
	s := source(t, w.cluster, func(c *elastic.Config) { c.IngestLag = time.Second })
	q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-time.Second)}, All: true}
	var p sources.Page
	skipped, notes := int64(0), ""
	for i := range 180 {
		w.clock = w.clock.Add(5 * time.Second)
		w.line(0, sources.LevelInfo, sources.Legacy)
		if i == 140 {
			w.line(11*time.Minute, sources.LevelInfo, sources.Candidate)
			w.line(11*time.Minute, sources.LevelInfo, sources.Candidate)
		}
		w.refresh()
		if _, p = follow(t, s, q, p.Next); len(p.Notes) > 0 {
			notes += p.Notes[0].Text.String()
		}
		skipped += p.Skipped
	}
	if skipped != 2 || !strings.Contains(notes, "lines later than the overlap of 6s, not read") {
		t.Errorf("%d lines were counted as skipped: %s", skipped, notes)
	}
}

func TestTail_MeasuresHowLateLinesComeInEachArm(t *testing.T) {
	w := newWeather(t)
	s := source(t, w.cluster, nil)
	q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-10 * time.Second)}, All: true}
	var p sources.Page
	for range 10 {
		w.clock = w.clock.Add(time.Second)
		w.line(2*time.Second, sources.LevelInfo, sources.Legacy)
		w.line(6*time.Second, sources.LevelInfo, sources.Candidate)
		w.refresh()
		_, p = follow(t, s, q, p.Next)
	}
	if p.Lag.Legacy != 2*time.Second || p.Lag.Candidate != 6*time.Second {
		t.Errorf("lag %v, want 2 s and 6 s", p.Lag)
	}
}

func TestSource_KnowsTheClustersClock(t *testing.T) {
	c := newCluster(t)
	c.now = func() time.Time { return time.Now().Add(90 * time.Second) }
	s := source(t, c, func(cfg *elastic.Config) {
		cfg.Now = time.Now
		cfg.Basic = &road.Basic{Username: "ada", Password: &secret{}}
	})
	h := s.Health(t.Context())
	if h.Skew < 89*time.Second || h.Skew > 91*time.Second || h.Who.String() != "ada" || len(h.Notes) != 1 {
		t.Errorf("skew %v, who %v, %v", h.Skew, h.Who, h.Notes)
	}
	c.write("logs-a", "x", doc(c.now(), sources.Legacy, "info", "m"))
	c.refresh()
	if ids, p := follow(t, s, sources.LogQuery{All: true}, sources.Cursor{}); len(ids) != 1 || len(p.Notes) > 0 {
		t.Errorf("%v, %v: a line that is no more of the future there than here", ids, p.Notes)
	}
}

func TestTail_LeapsOverYearsWithoutALine(t *testing.T) {
	w := newWeather(t)
	s := source(t, w.cluster, nil)
	for i, ago := range []time.Duration{20 * 365 * 24 * time.Hour, 9000 * time.Hour, 30 * time.Hour, 7 * time.Hour, 50 * time.Minute, time.Second} {
		w.write("logs-0", fmt.Sprint(i), doc(w.clock.Add(-ago), sources.Legacy, "info", "m"))
	}
	w.refresh()
	q := sources.LogQuery{Window: sources.Window{From: time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)}, All: true}
	ids, p := follow(t, s, q, sources.Cursor{})
	if fmt.Sprint(ids) != "[0 1 2 3 4 5]" || p.Late > 0 || len(w.asked) > 60 {
		t.Errorf("%v came after %d questions", ids, len(w.asked))
	}
	w.line(5*time.Second, sources.LevelInfo, sources.Candidate)
	w.refresh()
	if ids, _ = follow(t, s, q, p.Next); len(ids) != 1 {
		t.Errorf("%v came, want the late line", ids)
	}
}

func TestTail_FollowsAClockThatRunsFasterThanOurs(t *testing.T) {
	c := newCluster(t)
	wall, world := noon, noon
	c.now = func() time.Time { return world }
	s := source(t, c, func(cfg *elastic.Config) { cfg.Now = func() time.Time { return wall } })
	q := sources.LogQuery{Window: sources.Window{From: noon.Add(-time.Second)}, All: true}
	var p sources.Page
	for i := range 20 {
		wall, world = wall.Add(time.Second), world.Add(20*time.Second)
		c.write("logs-a", fmt.Sprint(i), doc(world, sources.Legacy, "info", "m"))
		c.refresh()
		var ids []string
		if ids, p = follow(t, s, q, p.Next); len(ids) != 1 || p.Late > 0 {
			t.Fatalf("%v came, %d late", ids, p.Late)
		}
	}
}
