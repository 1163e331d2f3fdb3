package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

func TestLatencyCells_AreCountedOverTheRolloutAndTellWhereQuantilesLie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := Measure{Measure: analysis.Measure{Name: "slow", Kind: analysis.Share, Edge: .25}}
		end := sources.Align(time.Now(), step)
		b := newBook(Service{Step: step, Alpha: .05, Measures: append(ranker().Measures, m)}, nil)
		h := b.hist["slow"]
		h.edges = []float64{.1, .25}
		first := sources.Block{End: end, Strata: []sources.Stratum{{Counts: sources.ByArm[*sources.Counts]{
			Legacy: &sources.Counts{Requests: 100, Cells: []int64{60, 39, 1}}, Candidate: &sources.Counts{Requests: 10, Cells: []int64{4, 3, 3}},
		}}}}
		h.push(first, first)
		got := b.latencyCells()
		if len(got) != 1 || !got[0].Window.From.Equal(end.Add(-chartPast)) || got[0].N != (sources.ByArm[int64]{Legacy: 100, Candidate: 10}) {
			t.Fatalf("%+v", got)
		}
		f := got[0]
		if v := f.Cells.Candidate[2]; v.V != .3 || !v.Interval || v.Lo >= .3 || v.Hi <= .3 {
			t.Errorf("a share has its interval around it: %+v", v)
		}
		if l, c := f.Quantiles[2].Cell.Legacy, f.Quantiles[2].Cell.Candidate; !l.Cell || l.Lo != .1 || l.Hi != .25 || !c.OpenHi || c.Lo != .25 {
			t.Errorf("p99 %+v and %+v", l, c)
		}
		later := sources.Block{End: end.Add(time.Minute), Strata: []sources.Stratum{{Counts: sources.ByArm[*sources.Counts]{Legacy: counts(90, 1), Candidate: counts(9, 0)}}}}
		b.ev.Add("r", later.End, map[string]sources.Block{"errors": later}, 0, false)
		f = b.latencyCells()[0]
		if f.Cells.Candidate != nil || f.Quantiles[0].Cell.Candidate.Known || !strings.Contains(f.Quantiles[0].Cell.Candidate.Why, "no request") {
			t.Errorf("what lies before the rollout is not in its cells: %+v", f)
		}
	})
}
