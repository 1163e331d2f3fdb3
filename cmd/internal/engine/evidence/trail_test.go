package evidence

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/analysis"
	"rampart/sources"
)

// opened is a case of errors, slow answers, and a histogram that is judged at several edges.
func opened() *Case {
	cfg := ranker()
	cfg.Measures = append(cfg.Measures,
		analysis.Measure{Name: "slow", Kind: analysis.Share, Edge: .25, Judge: analysis.GuardIt},
		analysis.Measure{Name: "times", Kind: analysis.Latency, Judge: analysis.GuardIt})
	cfg.Guards = append(cfg.Guards, analysis.Guard{Name: "slow", Measure: "slow", MaxRatio: 1.5}, analysis.Guard{Name: "times", Measure: "times", MaxRatio: 1.5})
	ev := New(cfg, nil)
	for _, m := range []string{"slow", "times"} {
		ev.Edges(sources.BlockSeries{Measure: m, Edges: []float64{.1, .25}})
	}
	return ev
}

// drawBlock is a block of any numbers, with arms that were not scraped and with requests that are split by route.
func drawBlock(t *rapid.T, kind string) sources.Block {
	var b sources.Block
	routes := 1
	if kind == "errors" && rapid.IntRange(0, 9).Draw(t, "split") == 0 {
		routes = 3
	}
	for i := range routes {
		s := sources.Stratum{Key: fmt.Sprint("r", i)}
		for _, a := range sources.Arms() {
			if rapid.IntRange(0, 19).Draw(t, "unscraped") == 0 {
				continue
			}
			slow, fast := rapid.Int64Range(0, 9).Draw(t, "bad"), rapid.Int64Range(0, 900).Draw(t, "good")
			c := &sources.Counts{Requests: slow + fast, Errors: slow}
			if kind != "errors" {
				c.Cells = []int64{fast - fast/3, fast / 3, slow}
			}
			*s.Counts.Ptr(a) = c
		}
		b.Strata = append(b.Strata, s)
	}
	return b
}

func TestTrail_APastThatIsReadAtOnceIsExplainedAsOneThatWasReadBlockByBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		atOnce, each := opened(), opened()
		begin := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
		n := rapid.IntRange(1, 40).Draw(t, "blocks")
		end := begin.Add(time.Duration(n) * step)
		for i := range n {
			at := begin.Add(time.Duration(i+1) * step)
			got := map[string]sources.Block{}
			for _, kind := range []string{"errors", "slow", "times"} {
				b := drawBlock(t, kind)
				b.End = at
				got[kind] = b
			}
			atOnce.Asked(end)
			each.Asked(at)
			atOnce.Add("r", at, got, 50_000, true)
			each.Add("r", at, got, 50_000, true)
		}
		if atOnce.err != nil || each.err != nil {
			t.Fatal(atOnce.err, each.err)
		}
		want := each.Explanation()()
		of, measures := atOnce.steps, []string{"errors", "slow", "times"}
		var wg sync.WaitGroup
		for range 3 { // frames of several blocks may be looked at at once
			wg.Go(func() {
				if got := of.newest(measures); len(got) != len(want.Newest) || len(got) > 0 && !reflect.DeepEqual(got, want.Newest) {
					t.Errorf("of %d blocks:\n%+v, block by block\n%+v", n, got, want.Newest)
				}
			})
		}
		wg.Wait()
	})
}

func TestTrail_SolvesNothingThatNobodyLooksAt(t *testing.T) {
	ev := New(ranker(), nil)
	ev.Asked(time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC).Add(20 * step))
	told(ev, 20, 50_000, counts(712, 4), counts(38, 1))
	later := map[*trail]int{}
	for _, p := range ev.steps.parts {
		if p.ratio.later != nil {
			later[p.ratio.later]++
		}
	}
	if len(later) != 1 {
		t.Fatalf("%d trails", len(later))
	}
	for tr, n := range later {
		if n < 17 || len(tr.solved) != 0 {
			t.Errorf("%d of 20 blocks are solved when they are looked at, %d were", n, len(tr.solved))
		}
		ev.Explanation()()
		if len(tr.solved) != n {
			t.Errorf("%d of %d were solved", len(tr.solved), n)
		}
	}
}
