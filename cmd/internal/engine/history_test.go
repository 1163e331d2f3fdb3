package engine

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// slowness is a measure of requests above a quarter of a second.
func slowness() analysis.Measure {
	return analysis.Measure{Name: "slow", Kind: analysis.Share, Edge: .25}
}

// holding is a history of blocks that were read with some edges, a step apart; nil counts: no scrape.
func holding(edges []float64, counts ...*sources.Counts) *history {
	h := &history{}
	h.add(answered(edges, 0, counts...))
	return h
}

// answered is an answer whose first block is the i-th since the beginning, as it was read and as it is.
func answered(edges []float64, i int, counts ...*sources.Counts) (sources.BlockSeries, []sources.Block) {
	s := sources.BlockSeries{Step: step, Edges: edges}
	for k, c := range counts {
		end := time.Unix(1_800_000_000, 0).UTC().Add(time.Duration(i+k) * step)
		s.Blocks = append(s.Blocks, sources.Block{End: end, Strata: []sources.Stratum{{Counts: sources.ByArm[*sources.Counts]{Legacy: c, Candidate: c}}}})
	}
	return s, s.Blocks
}

// said are the reasons of a chart's points; "" where there is a number.
func said(h *history) []string {
	var out []string
	for _, p := range h.points(slowness(), sources.Candidate) {
		out = append(out, p.V.Why)
	}
	return out
}

func ten(cells ...int64) *sources.Counts { return &sources.Counts{Requests: 10, Cells: cells} }

func TestHistory_ABlockWithOtherBucketsIsNotShownAsUnscraped(t *testing.T) {
	h := holding([]float64{.25}, ten(9, 1), nil, ten(8, 2))
	h.add(answered([]float64{.3}, 3, ten(7, 3))) // .25 is no edge any more
	if got, want := said(h)[:3], []string{otherBuckets, "not scraped", otherBuckets}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	end := h.blocks.last()
	if v := h.share(slowness(), h.within(sources.Candidate, end.Add(-step), 2*step), end); v.Why != otherBuckets {
		t.Errorf("a span of such blocks says %q", v.Why)
	}
	if v := h.share(slowness(), h.within(sources.Candidate, end.Add(-2*step), step), end); v.Why != "not scraped" {
		t.Errorf("a span without a scrape says %q", v.Why)
	}
	if v := h.quantile(h.within(sources.Candidate, end.Add(-step), step), .99, end); v.Why != otherBuckets {
		t.Errorf("their p99 says %q", v.Why)
	}
	all := h.within(sources.Candidate, end, time.Hour)
	if all.requests != 30 || all.scraped != 3 || all.lost != 2 || all.Requests != 10 {
		t.Errorf("%+v of %+v: the requests of all three are known", all, all.Counts)
	}
}

func TestHistory_AnAnswerThatWasCutInVainIsNotShownAsUnscraped(t *testing.T) {
	h := holding([]float64{.25}, ten(9, 1))
	s, _ := answered([]float64{.25}, 1, nil, ten(6, 4))
	_, read := answered([]float64{.3}, 1, ten(5, 5), ten(6, 4)) // as it was read, before it was cut to .25
	h.add(s, read)
	if got, want := said(h), []string{"", otherBuckets, ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestHistory_ASumLeavesOutABlockWhoseCellsItCannotHold(t *testing.T) {
	for _, c := range []struct {
		name   string
		blocks []*sources.Counts
		want   sum
	}{
		{"more cells", []*sources.Counts{ten(9, 1), ten(4, 3, 3)}, sum{ten(9, 1), 20, 2, 1}},
		{"fewer cells", []*sources.Counts{ten(4, 3, 3), ten(9, 1)}, sum{ten(4, 3, 3), 20, 2, 1}},
		{"no cells", []*sources.Counts{ten(9, 1), ten()}, sum{ten(9, 1), 20, 2, 1}},
		{"cells after none", []*sources.Counts{ten(), ten(9, 1)}, sum{ten(), 20, 2, 1}},
		{"no request", []*sources.Counts{{}, ten(9, 1), {}}, sum{ten(9, 1), 20 - 10, 3, 0}},
		{"the same cells", []*sources.Counts{ten(9, 1), ten(8, 2)}, sum{&sources.Counts{Requests: 20, Cells: []int64{17, 3}}, 20, 2, 0}},
	} {
		h := holding(nil, c.blocks...)
		if got := h.sumOf(sources.Legacy, 0, len(c.blocks)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v of %+v, want %+v of %+v", c.name, got, got.Counts, c.want, c.want.Counts)
		}
	}
}
