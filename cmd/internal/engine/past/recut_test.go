package past

import (
	"slices"
	"testing"

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
