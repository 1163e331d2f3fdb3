package prom

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// bucket adds the bucket series of one process; values[i] are the cumulated counts at les[i], scrape by scrape.
func (s *store) bucket(track, instance string, from float64, les []string, values ...[]float64) {
	for i, le := range les {
		var column []float64
		for _, row := range values {
			column = append(column, row[i])
		}
		s.put(fmt.Sprintf(`lat_bucket{app="ranker",track=%q,instance=%q,job="j",le=%q}`, track, instance, le), every(15, from, column...)...)
	}
}

var les = []string{"0.1", "0.25", "1", "+Inf"}

func TestHistogram_CellsAreDifferencesOfEdges(t *testing.T) {
	var s store
	s.bucket("stable", "a", -1, les, []float64{10, 20, 30, 31}, []float64{15, 27, 38, 40}, []float64{15, 27, 38, 40})
	s.bucket("canary", "b", -2, les, []float64{0, 0, 0, 0}, []float64{1, 1, 2, 4}, []float64{2, 3, 4, 6})
	bs := read(t, s.open(t), slowQuery(), window(2))
	expect(t, bs, "[5 2 1 1] [0 0 0 0]", "[1 0 1 2] [1 1 0 0]")
	if !slices.Equal(bs.Edges, []float64{.1, .25, 1}) {
		t.Errorf("edges = %v", bs.Edges)
	}
	if got := bs.Blocks[0].Sum(sources.Legacy).Requests; got != 9 {
		t.Errorf("requests = %d, want the cells' sum 9", got)
	}
}

func TestHistogram_ARecordedAnswerIsRead(t *testing.T) {
	server := httptest.NewServer(answers(200, recorded(t, "classic.json")))
	defer server.Close()
	at := time.Unix(1767621600, 0).UTC() // the answer has four scrapes, the first 13.935 s later
	bs := read(t, openURL(t, server.URL), slowQuery(), sources.Window{From: at, To: at.Add(time.Minute)})
	if got := bs.Blocks[1].Sum(sources.Legacy); got.Requests != 456-438 || got.Cells[0] != 0 || len(bs.Edges) != 12 {
		t.Errorf("%+v, edges %v", got, bs.Edges)
	}
}

func TestHistogram_ARestartHoldsForAllCells(t *testing.T) {
	var s store
	// The first edge hides the restart: 10 → 12 are twelve new ones, not two.
	s.bucket("stable", "a", -1, les, []float64{10, 200, 300, 310}, []float64{12, 15, 16, 16})
	expect(t, read(t, s.open(t), slowQuery(), window(1)), "[12 3 1 0]", "-")
}

func TestHistogram_DifferentEdgesAreMergedToCommonOnes(t *testing.T) {
	var s store
	s.bucket("stable", "a", -1, les, []float64{10, 20, 30, 31}, []float64{15, 27, 38, 40})
	s.bucket("canary", "b", -1, []string{"0.1", "0.5", "1.0", "+Inf"}, []float64{0, 0, 0, 0}, []float64{1, 1, 2, 4})
	bs := read(t, s.open(t), slowQuery(), window(1))
	expect(t, bs, "[5 3 1]", "[1 1 2]")
	if !slices.Equal(bs.Edges, []float64{.1, 1}) || !noted(bs.Notes, "were merged: 0.25, 0.5") {
		t.Errorf("edges %v, notes %v", bs.Edges, bs.Notes)
	}
}

func TestHistogram_AnEdgeThatOnlyOneOtherPodLacksIsKeptWhenItIsJudged(t *testing.T) {
	var s store
	s.bucket("stable", "a", -1, les, []float64{10, 20, 30, 31}, []float64{15, 27, 38, 40})
	s.bucket("canary", "b", -1, les, []float64{0, 0, 0, 0}, []float64{1, 1, 2, 4})
	s.bucket("canary", "c", -1, []string{"0.1", "1", "+Inf"}, []float64{0, 0, 0}, []float64{1, 2, 3})
	merged := read(t, s.open(t), slowQuery(), window(1))
	expect(t, merged, "[5 3 1]", "[2 2 3]")
	judged := read(t, s.open(t), slowQuery(.25), window(1))
	expect(t, judged, "[5 2 1 1]", "[1 0 1 2]")
	if !noted(judged.Notes, "1 histograms left out: they lack the edge that is judged") {
		t.Errorf("notes = %v", judged.Notes)
	}
}

func TestHistogram_AScrapeWithoutAnEdgeIsLeftOut(t *testing.T) {
	var s store
	s.bucket("stable", "a", -1, les, []float64{10, 20, 30, 31}, []float64{15, 27, 38, 40}, []float64{16, 28, 39, 41}, []float64{17, 29, 40, 42})
	torn := &s.series[1] // le="0.25"
	torn.samples = slices.Delete(torn.samples, 1, 2)
	bs := read(t, s.open(t), slowQuery(.25), window(3))
	expect(t, bs, "[5 3 1] [1 0 0] [1 0 0]", "- - -") // the edge is not in every scrape: merged away
	s.bucket("stable", "c", -1, les, []float64{0, 0, 0, 0}, []float64{1, 1, 1, 1}, []float64{2, 2, 2, 2}, []float64{3, 3, 3, 3})
	bs = read(t, s.open(t), slowQuery(.25), window(3))
	expect(t, bs, "[1 0 0 0] [1 0 0 0] [2 0 0 0]", "- - -")
	if !noted(bs.Notes, "1 scrapes left out: they lack some of the histogram's edges") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestHistogram_NoCommonEdgeIsAnError(t *testing.T) {
	var s store
	s.bucket("stable", "a", -1, []string{"100", "+Inf"}, []float64{1, 1}, []float64{2, 2})
	s.bucket("canary", "b", -1, []string{"0.1", "+Inf"}, []float64{1, 1}, []float64{2, 2})
	err := s.open(t).Blocks(t.Context(), []sources.BlockQuery{slowQuery()}, window(1))[0].Err
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "no edge in common: 0.1, 100") {
		t.Error(err)
	}
}

func TestHistogram_CellsAreNeverNegative(t *testing.T) {
	var s store
	s.bucket("stable", "a", -1, les, []float64{10, 20, 30, 31}, []float64{15, 21, 32, 34}) // .1 read later than .25
	bs := read(t, s.open(t), slowQuery(), window(1))
	expect(t, bs, "[5 0 0 0]", "-")
	if !noted(bs.Notes, "cells were below zero") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestHistogram_WithoutInfIsLeftOut(t *testing.T) {
	var s store
	s.bucket("stable", "a", -1, []string{"0.1", "1"}, []float64{1, 1}, []float64{2, 2})
	s.bucket("canary", "b", -1, les, []float64{1, 1, 1, 1}, []float64{2, 2, 2, 2})
	s.put(`lat_bucket{app="ranker",track="canary",instance="x",le="many"}`, every(15, -1, 1, 2)...)
	bs := read(t, s.open(t), slowQuery(), window(1))
	expect(t, bs, "-", "[1 0 0 0]")
	if !noted(bs.Notes, "2 histogram series left out") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestHistogram_OfAnArmWithoutInfIsNotKnownAndNotNoRequest(t *testing.T) {
	var s store
	s.bucket("stable", "a", -1, []string{"0.1", "1"}, []float64{1, 1}, []float64{2, 2})
	s.bucket("canary", "b", -1, les, []float64{1, 1, 1, 1}, []float64{2, 2, 2, 2})
	s.started("a", "stable", 15, -1, -60, -60)
	s.started("b", "canary", 15, -1, -60, -60)
	bs := read(t, s.open(t), slowQuery(), window(1))
	expect(t, bs, "-", "[1 0 0 0]")
	if noted(bs.Notes, "counted as no request") || !noted(bs.Notes, `no le="+Inf"`) {
		t.Errorf("notes = %v", bs.Notes)
	}
}

// native is a native histogram's answer of one arm: schema 0, so that bounds are powers of two.
func native(track string, rows ...string) string {
	var samples []string
	for i, row := range rows {
		samples = append(samples, fmt.Sprintf(`[%d,%s]`, t0.Unix()-1+int64(i)*15, row))
	}
	return fmt.Sprintf(`{"metric":{"__name__":"lat","app":"ranker","track":%q,"instance":%q},"histograms":[%s]}`, track, track, strings.Join(samples, ","))
}

func TestHistogram_NativeOnesAreCutAtTheAskedEdges(t *testing.T) {
	s := store{native: strings.Join([]string{
		native("stable", `{"count":"10","sum":"1","buckets":[[0,"0.125","0.25","6"],[0,"0.25","0.5","4"]]}`, `{"count":"20","sum":"2","buckets":[[0,"0.125","0.25","10"],[0,"0.25","0.5","10"]]}`),
		native("canary", `{"count":"0","sum":"0"}`, `{"count":"4","sum":"2","buckets":[[3,"-0.001","0.001","1"],[0,"1","2","3"]]}`),
	}, ",")}
	bs := read(t, s.open(t), slowQuery(.25), window(1))
	expect(t, bs, "[4 6]", "[1 3]")
	if noted(bs.Notes, "divided in proportion") {
		t.Error("0.25 is a bound of the buckets: nothing was divided")
	}
	between := read(t, s.open(t), slowQuery(.36), window(1))
	expect(t, between, "[7 3]", "[1 3]") // ln(.36/.25)/ln 2 = .526 of the cell's 6
	if !noted(between.Notes, "divided in proportion") {
		t.Errorf("notes = %v", between.Notes)
	}
	if free := read(t, s.open(t), slowQuery(), window(1)); len(free.Edges) != 25 || free.Blocks[0].Sum(sources.Legacy).Requests != 10 {
		t.Errorf("without edges: %v", free)
	}
}

func TestHistogram_OneArmMayBeNativeAndTheOtherClassic(t *testing.T) {
	s := store{native: native("canary", `{"count":"0","sum":"0"}`, `{"count":"4","sum":"2","buckets":[[0,"0.125","0.25","1"],[0,"1","2","3"]]}`)}
	s.bucket("stable", "a", -1, les, []float64{10, 20, 30, 31}, []float64{15, 27, 38, 40})
	bs := read(t, s.open(t), slowQuery(), window(1))
	expect(t, bs, "[5 2 1 1]", "[0 1 0 3]")
}

func TestHistogram_AChangeOfResolutionIsNoRestart(t *testing.T) {
	s := store{native: native("stable",
		`{"count":"10","sum":"1","buckets":[[0,"0.25","0.35355","10"]]}`, // all below .36
		`{"count":"12","sum":"1","buckets":[[0,"0.25","0.5","12"]]}`,     // by proportion only 6 are
		`{"count":"13","sum":"1","buckets":[[0,"0.25","0.5","13"]]}`,
	)}
	expect(t, read(t, s.open(t), slowQuery(.36), window(2)), "[0 2] [0 1]", "- -")
}
