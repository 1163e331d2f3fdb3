package chart_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/ui/cell"
	"rampart/ui/cell/celltest"
	"rampart/ui/chart"
)

// start is the beginning of the windows of these tests.
var start = time.Date(2026, 3, 4, 13, 35, 40, 0, time.UTC)

// line makes points every step from start on; NaN is not known.
func line(step time.Duration, values ...float64) []chart.Point {
	var out []chart.Point
	for i, v := range values {
		out = append(out, chart.Point{T: start.Add(time.Duration(i) * step), V: v, OK: !math.IsNaN(v)})
	}
	return out
}

// errorsChart is the overview's first chart: a candidate that turns worse after the split went to 5 %.
func errorsChart() chart.Chart {
	var legacy, candidate []chart.Point
	for i := range 121 {
		t := start.Add(time.Duration(i) * 15 * time.Second)
		wave := math.Sin(float64(i) / 5)
		legacy = append(legacy, chart.Point{T: t, V: 0.0042 + 0.0004*wave, OK: true})
		v := 0.0045 + 0.001*wave
		if i > 88 {
			v += 0.013 * (1 - math.Exp(-float64(i-88)/8))
		}
		candidate = append(candidate, chart.Point{T: t, V: v, Lo: v / 2, Hi: v + 0.004, OK: i < 40 || i > 50})
	}
	return chart.Chart{
		From: start, To: start.Add(30 * time.Minute), Unit: chart.Share, Gap: 40 * time.Second,
		Series: []chart.Series{
			{Name: "leg", Points: legacy, Tone: cell.Legacy, Dotted: true},
			{Name: "cand", Points: candidate, Tone: cell.Candidate, Band: cell.CandidateBand},
		},
		Limits: []chart.Limit{{Name: "limit", Value: 0.01}},
		Ticks:  []chart.Tick{{At: start.Add(9 * time.Minute), Glyph: "S"}, {At: start.Add(24 * time.Minute), Glyph: "A"}},
	}
}

func TestDraw_ErrorsOfBothArms(t *testing.T) {
	c := errorsChart()
	celltest.Golden(t, "errors_58x7", c.Draw(58, 7))
	celltest.Golden(t, "errors_36x5", c.Draw(36, 5))
	celltest.Golden(t, "errors_118x20", c.Draw(118, 20))
	celltest.Text(t, "errors_ascii_58x7", c.Draw(58, 7).Text(cell.ASCII))
}

func TestDraw_TheCursorShowsTheValuesUnderIt(t *testing.T) {
	c := errorsChart()
	c.Cursor = start.Add(26 * time.Minute)
	celltest.Golden(t, "cursor_58x7", c.Draw(58, 7))
	if p, ok := c.At(c.Series[0]); !ok || !p.T.Equal(c.Cursor) {
		t.Errorf("the cursor stands on %v", p)
	}
	c.Cursor = start.Add(11 * time.Minute) // in the candidate's gap
	if p, ok := c.At(c.Series[1]); ok {
		t.Errorf("the cursor stands in a gap and shows %v", p)
	}
}

func TestLegend_NamesTheLinesAndUnderACursorTheirValues(t *testing.T) {
	c := errorsChart()
	if got := c.Legend().String(); got != "┈ leg ─ cand ┄ limit" {
		t.Errorf("got %q", got)
	}
	c.Cursor = start.Add(26 * time.Minute)
	if got := c.Legend().String(); got != "14:01:40 leg 0.46 cand 1.67 (0.83–2.07)" {
		t.Errorf("got %q", got)
	}
	c.Cursor = start.Add(11 * time.Minute)
	if got := c.Legend().String(); got != "13:46:40 leg 0.44 cand —" {
		t.Errorf("in a gap: %q", got)
	}
	if got := (chart.Chart{}).Legend(); len(got) != 0 {
		t.Errorf("of nothing: %q", got)
	}
}

func TestDraw_WhatIsNotKnownYetIsShaded(t *testing.T) {
	c := errorsChart()
	c.Stale = start.Add(25 * time.Minute)
	for i := range c.Series {
		c.Series[i].Points = c.Series[i].Points[:100]
	}
	celltest.Golden(t, "stale_58x7", c.Draw(58, 7))
}

func TestDraw_AGapIsNeverBridged(t *testing.T) {
	for name, points := range map[string][]chart.Point{
		"not known":      line(time.Minute, 1, 1, 1, math.NaN(), math.NaN(), math.NaN(), math.NaN(), 1, 1, 1),
		"infinite":       line(time.Minute, 1, 1, 1, math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(-1), 1, 1, 1),
		"a hole in time": append(line(time.Minute, 1, 1, 1), line(time.Minute, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1)[7:]...),
	} {
		t.Run(name, func(t *testing.T) {
			c := chart.Chart{From: start, To: start.Add(9 * time.Minute), Gap: 90 * time.Second, Series: []chart.Series{{Points: points, Tone: cell.Legacy}}}
			g := c.Draw(32, 4)
			from, to := blankRun(g, cell.Legacy)
			if from < 8 || to-from < 8 {
				t.Errorf("blank from %d to %d:\n%s", from, to, g)
			}
		})
	}
}

// blankRun finds the widest run of columns without a cell of the tone, between two columns that have one.
func blankRun(g cell.Grid, tone cell.Tone) (from, to int) {
	last := -1
	for x := range g.W {
		for y := range g.H {
			if g.At(x, y).Tone != tone {
				continue
			}
			if last >= 0 && x-last > to-from {
				from, to = last+1, x
			}
			last = x
		}
	}
	return from, to
}

func TestDraw_ASpikeOfOneScrapeIsSeen(t *testing.T) {
	values := make([]float64, 600)
	values[300] = 1
	c := chart.Chart{From: start, To: start.Add(600 * time.Second), Series: []chart.Series{{Points: line(time.Second, values...), Tone: cell.Candidate}}}
	g := c.Draw(40, 8)
	tops := 0
	for x := range g.W {
		if g.At(x, 0).Tone == cell.Candidate {
			tops++
		}
	}
	if tops != 1 {
		t.Errorf("%d columns reach the top:\n%s", tops, g)
	}
}

func TestDraw_WhatLeavesAFixedAxisIsMarked(t *testing.T) {
	c := chart.Chart{From: start, To: start.Add(9 * time.Minute), Min: 2, Max: 8, Series: []chart.Series{
		{Points: line(time.Minute, 5, 5, 20, 20, 5, 5, -3, -3, 5, 5), Tone: cell.Candidate},
	}}
	celltest.Golden(t, "clip_32x7", c.Draw(32, 7))
}

func TestDraw_LogarithmicAxis(t *testing.T) {
	c := chart.Chart{From: start, To: start.Add(9 * time.Minute), Log: true, Unit: chart.Seconds, Series: []chart.Series{
		{Points: line(time.Minute, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 0, 10), Tone: cell.Legacy},
	}}
	celltest.Golden(t, "log_40x8", c.Draw(40, 8))
}

func TestDraw_TimesAreRoundOnTheOperatorsClock(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Skipf("no time zones here: %v", err)
	}
	c := chart.Chart{From: start, To: start.Add(2 * time.Hour), Zone: zone, Series: []chart.Series{{Points: line(time.Minute, 1, 2), Tone: cell.Legacy}}}
	if got := c.Draw(60, 6).String(); !strings.Contains(got, "19:30") || !strings.Contains(got, "20:00") {
		t.Errorf("half-hour zone:\n%s", got)
	}
}

func TestDraw_ATooSmallBoxSaysTheValues(t *testing.T) {
	celltest.Golden(t, "tiny_24x2", errorsChart().Draw(24, 2))
}

func TestDraw_TwoEqualChartsAreEqual(t *testing.T) {
	if a, b := errorsChart().Draw(58, 9), errorsChart().Draw(58, 9); a.String() != b.String() {
		t.Error("the same chart was drawn twice and differs")
	}
}

func TestDraw_AnyInputInAnyBox(t *testing.T) {
	odd := rapid.SampledFrom([]float64{0, -1, 1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324, 1e300, 0.003})
	value := rapid.OneOf(odd, rapid.Float64())
	rapid.Check(t, func(r *rapid.T) {
		at := func(name string) time.Time {
			if rapid.IntRange(0, 9).Draw(r, name+" none") == 0 {
				return time.Time{}
			}
			return start.Add(time.Duration(rapid.Int64Range(-1e13, 1e13).Draw(r, name)))
		}
		c := chart.Chart{
			From: at("from"), To: at("to"), Stale: at("stale"), Cursor: at("cursor"), Gap: time.Duration(rapid.Int64Range(-1, 1e12).Draw(r, "gap")),
			Min: value.Draw(r, "min"), Max: value.Draw(r, "max"), Log: rapid.Bool().Draw(r, "log"), Free: rapid.Bool().Draw(r, "free"),
			Unit: chart.Unit(rapid.IntRange(0, 5).Draw(r, "unit")), Limits: []chart.Limit{{Name: "limit", Value: value.Draw(r, "limit")}},
			Ticks: []chart.Tick{{At: at("tick"), Glyph: "S"}},
		}
		for range rapid.IntRange(0, 3).Draw(r, "series") {
			s := chart.Series{Name: "leg", Tone: cell.Legacy, Band: cell.LegacyBand, Dotted: rapid.Bool().Draw(r, "dotted")}
			for range rapid.IntRange(0, 6).Draw(r, "points") {
				s.Points = append(s.Points, chart.Point{T: at("t"), V: value.Draw(r, "v"), Lo: value.Draw(r, "lo"), Hi: value.Draw(r, "hi"), OK: rapid.Bool().Draw(r, "ok")})
			}
			c.Series = append(c.Series, s)
		}
		g := c.Draw(rapid.IntRange(-1, 70).Draw(r, "w"), rapid.IntRange(-1, 14).Draw(r, "h"))
		celltest.Aligned(t, g)
		if s := g.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			r.Fatalf("a number that is none is on the chart:\n%s", s)
		}
		c.Step(40, 8)
	})
}

func TestWindow_EndsOnTheNextTenSeconds(t *testing.T) {
	for _, c := range []struct{ now, to int }{{0, 0}, {1, 10}, {9, 10}, {10, 10}, {11, 20}} {
		now := time.Unix(1_700_000_000+int64(c.now), 0)
		from, to := chart.Window(now, time.Minute)
		if want := time.Unix(1_700_000_000+int64(c.to), 0); !to.Equal(want) || to.Sub(from) != time.Minute {
			t.Errorf("at %d s: %v to %v", c.now, from, to)
		}
	}
}

func TestStep_MovesTheCursorByOneColumn(t *testing.T) {
	c := errorsChart()
	step := c.Step(58, 7)
	column := func(at time.Time) int {
		c.Cursor = at
		g := c.Draw(58, 7)
		for x := range g.W {
			if g.At(x, 0).Lit {
				return x
			}
		}
		return -1
	}
	at := start.Add(10 * time.Minute)
	if a, b := column(at), column(at.Add(step)); b != a+1 {
		t.Errorf("one step of %v went from column %d to %d", step, a, b)
	}
}

func BenchmarkDraw_TwoArmsOf600Points(b *testing.B) {
	var legacy, candidate []chart.Point
	for i := range 600 {
		t, v := start.Add(time.Duration(i)*3*time.Second), 1+math.Sin(float64(i)/30)
		legacy = append(legacy, chart.Point{T: t, V: v, OK: true})
		candidate = append(candidate, chart.Point{T: t, V: 2 * v, Lo: v, Hi: 3 * v, OK: true})
	}
	c := chart.Chart{From: start, To: start.Add(30 * time.Minute), Gap: 40 * time.Second, Series: []chart.Series{
		{Name: "leg", Points: legacy, Tone: cell.Legacy}, {Name: "cand", Points: candidate, Tone: cell.Candidate, Band: cell.CandidateBand},
	}, Limits: []chart.Limit{{Name: "limit", Value: 3}}}
	b.ReportAllocs()
	for b.Loop() {
		c.Draw(58, 9)
	}
}
