package predictions

import (
	"fmt"
	"math"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/drift"
	"rampart/analysis/frame"
	"rampart/analysis/pair"
	"rampart/sources"
)

// pairs are the joined answers, their texts masked.
func (b *Book) pairs(r pair.Report) frame.Pairs {
	out := frame.Pairs{
		Asked: true, At: r.Watermark, Window: r.Window, Pairs: r.Pairs, Seen: r.Seen, Waiting: r.Waiting,
		Agreement: analysis.Missing("no pair yet"), Score: differenceOf(r.Score, analysis.Bare), Latency: differenceOf(r.Latency, analysis.Seconds),
		Slower: analysis.Missing("no pair with both latencies"), Faster: analysis.Missing("no pair with both latencies"),
	}
	if a := r.Agreement; a.N > 0 {
		out.Agreement = analysis.Number(a.Share, analysis.Fraction, a.N).Between(a.Lo, a.Hi)
	}
	if r.Latency.N > 0 {
		out.Slower, out.Faster = times(r.Slower, r.Latency.N), times(r.Faster, r.Latency.N)
	}
	out.Wilcoxon = analysis.Number(r.Wilcoxon.P, analysis.Bare, r.Latency.N)
	if r.Untested != nil {
		out.Wilcoxon = analysis.Missing(r.Untested.Error())
	}
	for _, why := range pair.Reasons() {
		if lines := (sources.ByArm[int64]{Legacy: r.Unmatched.Legacy.Of(why), Candidate: r.Unmatched.Candidate.Of(why)}); lines != (sources.ByArm[int64]{}) {
			out.Unmatched = append(out.Unmatched, frame.Unmatched{Why: why.String(), Lines: lines})
		}
	}
	for _, p := range r.Worst {
		out.Worst = append(out.Worst, b.worst(p))
	}
	return out
}

func (b *Book) worst(p pair.Pair) frame.Pair {
	out := frame.Pair{
		ID: b.redact.Mask(sources.NewText(p.ID), nil), At: sources.ByArm[time.Time]{Legacy: p.Sides.Legacy.At, Candidate: p.Sides.Candidate.At},
		Score: known(p.Score, analysis.Bare, "a side has no score"), Latency: known(p.Latency, analysis.Seconds, "a side has no latency"),
	}
	for i, f := range p.Sides.Legacy.Fields {
		out.Fields = append(out.Fields, frame.PairField{
			Name: f.Name, Legacy: b.redact.Mask(f.Value, nil), Candidate: b.redact.Mask(p.Sides.Candidate.Fields[i].Value, nil), Differs: slices.Contains(p.Differ, f.Name),
		})
	}
	return out
}

func known(v float64, u analysis.Unit, why string) analysis.Value {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return analysis.Missing(why)
	}
	return analysis.Number(v, u, 1)
}

func differenceOf(d pair.Difference, u analysis.Unit) frame.Difference {
	one := func(a drift.Amount) analysis.Value {
		if !a.Known {
			return analysis.Missing("no pair with both")
		}
		return analysis.Number(a.V, u, d.N)
	}
	out := frame.Difference{P05: one(d.P05), P50: one(d.P50), P95: one(d.P95)}
	if d.MedianLo.Known && d.MedianHi.Known {
		out.P50 = out.P50.Between(d.MedianLo.V, d.MedianHi.V)
	}
	return out
}

func teamsOf(r pair.Preference) frame.Teams {
	n := r.Decided()
	out := frame.Teams{
		Asked: true, Impressions: r.Impressions, Clicks: r.Clicks, Wins: r.Wins, Ties: r.Ties, Unclicked: r.Unclicked,
		Share: analysis.Missing("no query is decided"), Evidence: analysis.Missing("no query is decided"), SignTest: analysis.Missing("no query is decided"),
		Note: fmt.Sprintf("%d queries wait, %d lines late, %d without query, team or time, %d clicks unseen, %d settled early", r.Waiting, r.Late, r.Nameless, r.Unseen, r.Evicted),
	}
	if r.Untested == nil {
		out.Share = analysis.Number(r.Share, analysis.Fraction, n).Between(r.Lo, r.Hi)
		out.Evidence, out.SignTest = times(r.LogE, n), analysis.Number(r.P, analysis.Bare, n)
	}
	return out
}
