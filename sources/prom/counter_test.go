package prom

import (
	"testing"

	"rampart/sources"
)

func TestCounter_BothArmsAreCutAtMultiplesOfTheStep(t *testing.T) {
	var s store
	s.put(`rq_total{app="ranker",track="stable",code="200",instance="a"}`, every(15, -8, 100, 110, 130, 160)...)
	s.put(`rq_total{app="ranker",track="stable",code="500",instance="a"}`, every(15, -8, 1, 1, 3, 3)...)
	s.put(`rq_total{app="ranker",track="canary",code="200",instance="b"}`, every(15, -3, 5, 6, 8, 8)...)
	s.put(`rq_total{app="ranker",track="other",code="200",instance="c"}`, every(15, -3, 5, 6, 8, 8)...)
	bs := read(t, s.open(t), errorsQuery(), window(3))
	expect(t, bs, "10/0 22/2 30/0", "1/0 2/0 0/0")
	if got := bs.Blocks[2].End; !got.Equal(window(3).To) {
		t.Errorf("the last block ends at %v", got)
	}
	if bs.Series != (sources.ByArm[int]{Legacy: 2, Candidate: 1}) {
		t.Errorf("series = %+v", bs.Series)
	}
	if got := bs.Newest.Candidate.Sub(t0).Seconds(); got != 42 {
		t.Errorf("newest candidate sample at %v s, want 42", got)
	}
	if n := s.queries.Load(); n != 2 {
		t.Errorf("%d queries, want one for the measure and one for the starts", n)
	}
}
