package pair

import (
	"errors"
	"math"
	"time"

	"rampart/analysis/drift"
	"rampart/analysis/stat"
	"rampart/sources"
)

// Report is what a join knows.
type Report struct {
	Watermark time.Time // up to here requests are settled
	Window    time.Duration
	Seen      sources.ByArm[int64]
	Waiting   sources.ByArm[int64]
	Unmatched sources.ByArm[Unmatched]
	Pairs     int64
	Agreement Agreement
	Score     Difference // of the numeric prediction, candidate less legacy
	Latency   Difference // seconds, candidate less legacy
	// Slower and Faster are log E that the candidate's latency leans so, valid at every look.
	Slower, Faster float64
	// Wilcoxon is the signed-rank test of the newest pairs' latencies, for one look; Untested says why there is none.
	Wilcoxon stat.WilcoxonResult
	Untested error
	Worst    []Pair
}

// Agreement is the share of pairs that agree, with its 95 % score interval (Wilson 1927).
type Agreement struct {
	Share, Lo, Hi float64
	N             int64 // pairs that had something to agree on; 0: nothing is known
}

// Difference is the distribution of a paired difference over all pairs that have it. The quantiles are within 1 % of the
// value; the median's interval is at the ranks n/2 -+ .98 sqrt(n), 95 % whatever the distribution is.
type Difference struct {
	N                  int64
	P05, P50, P95      drift.Amount
	MedianLo, MedianHi drift.Amount
	Smallest, Most     drift.Amount
}

// Report reads what is known now.
func (j *Join) Report() Report {
	t := &j.tally
	r := Report{
		Watermark: j.watermark, Window: j.cfg.Window, Seen: j.seen, Waiting: j.waiting.lines, Unmatched: j.unmatched, Pairs: t.pairs,
		Agreement: agreement(t.agreed, t.judged), Score: differenceOf(t.score), Latency: differenceOf(t.latency),
		Slower: t.slower.LogE(), Faster: t.faster.LogE(), Worst: j.worst.ranked(),
	}
	x, y := make([]float64, 0, len(t.latencies)), make([]float64, 0, len(t.latencies))
	for _, l := range t.latencies {
		x, y = append(x, l[1]), append(y, l[0])
	}
	if len(x) == 0 {
		r.Untested = errors.New("no pair with both latencies")
		return r
	}
	r.Wilcoxon, r.Untested = stat.Wilcoxon(x, y, stat.Auto)
	return r
}

func agreement(agreed, judged int64) Agreement {
	if judged == 0 {
		return Agreement{}
	}
	p := stat.Proportion{Hits: float64(agreed), N: float64(judged)}
	lo, hi, err := stat.Wilson(p, .95)
	if err != nil {
		return Agreement{}
	}
	return Agreement{Share: p.Share(), Lo: lo, Hi: hi, N: judged}
}

func differenceOf(s drift.Sketch) Difference {
	n := s.N()
	d := Difference{
		N: int64(n), P05: s.Quantile(.05), P50: s.Quantile(.5), P95: s.Quantile(.95), Smallest: s.Quantile(0), Most: s.Quantile(1),
	}
	if n > 0 {
		half := .98 / math.Sqrt(n)
		d.MedianLo, d.MedianHi = s.Quantile(max(0, .5-half)), s.Quantile(min(1, .5+half))
	}
	return d
}
