package past

import (
	"maps"
	"slices"
	"testing"
	"time"

	"rampart/sources"
)

func TestRecut_MergesCellsAndTellsAGapWhereItCannot(t *testing.T) {
	from := []float64{.1, .25, .5}
	c := &sources.Counts{Requests: 10, Cells: []int64{1, 2, 3, 4}}
	for _, x := range []struct {
		to   []float64
		want []int64
	}{
		{[]float64{.1, .25, .5}, []int64{1, 2, 3, 4}},
		{[]float64{.25}, []int64{3, 7}},
		{[]float64{.1, .5}, []int64{1, 5, 4}},
		{nil, []int64{10}},
		{[]float64{.2}, nil},
		{[]float64{.25, .3}, nil},
	} {
		got := RecutCounts(c, from, x.to)
		if (got == nil) != (x.want == nil) || got != nil && (!slices.Equal(got.Cells, x.want) || got.Requests != 10) {
			t.Errorf("to %v: %+v", x.to, got)
		}
	}
}

func TestLost_NamesTheBlocksThatWereCountedAndHaveNothingLeft(t *testing.T) {
	block := func(sec int64, legacy, candidate *sources.Counts) sources.Block {
		return sources.Block{End: time.Unix(sec, 0), Strata: []sources.Stratum{{Counts: sources.ByArm[*sources.Counts]{Legacy: legacy, Candidate: candidate}}}}
	}
	c := &sources.Counts{Requests: 10, Cells: []int64{9, 1}}
	read := []sources.Block{block(15, c, c), block(30, c, nil), block(45, nil, nil)}
	if got := Lost(read, Recut(read, []float64{.1}, []float64{.1})); got != nil {
		t.Errorf("nothing was cut: %v", got)
	}
	got := Lost(read, Recut(read, []float64{.1}, []float64{.2}))
	want := map[int64]sources.ByArm[bool]{15e9: {Legacy: true, Candidate: true}, 30e9: {Legacy: true}}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
