package sample

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// Shadow is the incident's frame of a service whose candidate answers legacy's requests unseen, so that answers are compared
// in pairs.
func Shadow() *frame.Frame {
	f := Incident()
	n := int64(14_921)
	ms := func(v float64) analysis.Value { return analysis.Number(v/1000, analysis.Seconds, n) }
	bare := func(v float64) analysis.Value { return analysis.Number(v, analysis.Bare, n) }
	f.Said = frame.Predictions{Asked: true, Lines: sources.ByArm[int64]{Legacy: 15_774, Candidate: 15_750}}
	f.Said.Pairs = frame.Pairs{
		Asked: true, At: at(14, 5, 0), Window: 30e9, Pairs: n, Waiting: sources.ByArm[int64]{Legacy: 853, Candidate: 829},
		Agreement: analysis.Number(.981, analysis.Fraction, n).Between(.979, .984),
		Score:     frame.Difference{P05: bare(-.105), P50: bare(.042).Between(.040, .044), P95: bare(.217)},
		Latency:   frame.Difference{P05: ms(-2.9), P50: ms(2.5).Between(.0024, .0026), P95: ms(8.5)},
		Slower:    bare(1e12), Faster: bare(0), Wilcoxon: bare(0),
		Unmatched: []frame.Unmatched{{Why: "no partner within the window", Lines: sources.ByArm[int64]{Legacy: 41, Candidate: 37}}},
	}
	for i, p := range [][3]string{
		{"4f5c63d45bef1ff8aff51a1945708fa1", "item-8957", "item-3457"},
		{"364084ef79a49ee5e7c4f4a5a6ca9f33", "item-1946", "item-9160"},
		{"1b163dc461f6a1099bc120297186ed91", "item-2260", "item-2686"},
	} {
		f.Said.Pairs.Worst = append(f.Said.Pairs.Worst, frame.Pair{
			ID: sources.NewText(p[0]), At: sources.ByArm[time.Time]{Legacy: at(14, 4, i), Candidate: at(14, 4, i)},
			Score: bare(.277 - float64(i)/100), Latency: ms(4.6 - float64(i)),
			Fields: []frame.PairField{
				{Name: "prediction.item", Legacy: sources.NewText(p[1]), Candidate: sources.NewText(p[2]), Differs: true},
				{Name: "prediction.score", Legacy: sources.NewText("0.2801"), Candidate: sources.NewText("0.5571")},
			},
		})
	}
	return f
}
