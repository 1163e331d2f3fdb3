package prom

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/prom/preset"
)

func TestCheck_NamesTheNeighboursOfALimitOffTheEdges(t *testing.T) {
	var s store
	rows := make([][]float64, 10)
	for i := range rows {
		rows[i] = []float64{float64(i), float64(i), float64(i), float64(i)}
	}
	s.bucket("stable", "a", -30, les, rows...)
	s.bucket("canary", "b", -30, les, rows[:8]...)
	got := s.open(t).Check(t.Context(), slowQuery(.25, .3, 5), t0.Add(2*time.Minute))
	if got.Err != nil {
		t.Fatal(got.Err)
	}
	want := []Limit{
		{Edge: .25, Found: true, Below: .1, Above: 1, HasBelow: true, HasAbove: true},
		{Edge: .3, Below: .25, Above: 1, HasBelow: true, HasAbove: true},
		{Edge: 5, Below: 1, HasBelow: true},
	}
	if !slices.Equal(got.Limits, want) {
		t.Errorf("limits = %+v", got.Limits)
	}
	seconds := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) + "s" }
	for i, want := range []string{
		"0.25s is an edge that both arms have",
		"0.3s is not an edge that both arms have; its neighbours are 0.25s and 1s",
		"5s is not an edge that both arms have; the last edge is 1s",
	} {
		if said := got.Limits[i].In(seconds); said != want {
			t.Errorf("said %q, want %q", said, want)
		}
	}
	if got.Series != (sources.ByArm[int]{Legacy: 4, Candidate: 4}) || !got.Newest.Candidate.Equal(t0.Add(75*time.Second)) || got.Scraped.Legacy != 15*time.Second {
		t.Errorf("%+v", got)
	}
}

func TestCheck_SaysThatBlocksAreShorterThanScrapes(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(60, -121, 1, 2, 3, 4, 5)...)
	s.put("rq_total"+canary, every(60, -121, 1, 2, 3, 4, 5)...)
	got := s.open(t).Check(t.Context(), errorsQuery(), t0.Add(2*time.Minute))
	if !noted(got.Notes, "candidate is scraped every 1m0s, seldomer than blocks of 15s end") {
		t.Errorf("notes = %v", got.Notes)
	}
}

func TestPreset_EveryOneCanBeAsked(t *testing.T) {
	for _, p := range preset.All() {
		if got, ok := preset.Of(p.Name); !ok || len(got.Measures) == 0 {
			t.Errorf("%s cannot be found", p.Name)
		}
		for _, m := range p.Measures {
			q := sources.BlockQuery{Measure: m.Name, Target: byTrack(), Step: 15 * time.Second, Counter: m.Counter, Histogram: m.Histogram}
			if m.Bad != "" {
				parts := matcher.FindStringSubmatch(m.Bad)
				if parts == nil {
					t.Fatalf("%s: bad is no matcher: %s", p.Name, m.Bad)
				}
				q.Bad = []sources.Matcher{{Label: parts[1], Op: parts[2], Value: strings.Trim(parts[3], `"`)}}
			}
			if _, err := newReading(q); err != nil {
				t.Errorf("%s %s: %v", p.Name, m.Name, err)
			}
			if (m.Histogram != "") != (m.Above > 0) || (m.Counter != "") != (m.Bad != "") {
				t.Errorf("%s %s: half a measure", p.Name, m.Name)
			}
		}
	}
	if _, ok := preset.Of("apache"); ok {
		t.Error("a preset that nobody wrote")
	}
}
