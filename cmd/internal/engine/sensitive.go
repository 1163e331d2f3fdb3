package engine

import (
	"math"
	"slices"
	"time"

	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// sensitiveQuery is what `i` says of a measure from log lines.
const sensitiveQuery = "lines read that held sensitive text (see logs), out of the requests of the same scrape"

// wrote takes blocks of lines that are to be judged. One in which an arm had no request compares nothing.
func (b *book) wrote(blocks []logbook.SensitiveBlock) {
	for _, l := range blocks {
		if l.Requests.Legacy > 0 && l.Requests.Candidate > 0 {
			b.lines = append(b.lines, l)
		}
	}
}

// addSensitive puts the oldest lines that were counted and not yet judged beside the other measures of the newest block.
// Lines of a block come later than its numbers, so they are judged with a later block, both arms over the same scrape.
//
// Several blocks are judged as one only while both arms had the same part of the requests: over a ramp, sums would call
// a rate that drifts in both arms a difference. Thus the lines that stood there when a console was opened take as many
// blocks as the ramp had steps in that time.
func (b *book) addSensitive(end time.Time, blocks byEnd) {
	i := slices.IndexFunc(b.svc.Measures, func(m Measure) bool { return m.Logs })
	if i < 0 || !b.inRollout(end) {
		b.lines = nil
		return
	}
	var series []sources.Block
	n := alike(b.lines)
	sum := sources.ByArm[*sources.Counts]{Legacy: &sources.Counts{}, Candidate: &sources.Counts{}}
	for _, l := range b.lines[:n] {
		one := countsOf(l)
		sum.Legacy.Add(*one.Legacy)
		sum.Candidate.Add(*one.Candidate)
		series = append(series, sources.Block{End: l.End, Strata: []sources.Stratum{{Counts: one}}})
	}
	b.lines = b.lines[n:]
	if n == 0 {
		return
	}
	newest := series[n-1].End
	for _, m := range b.svc.Measures[i:] {
		if !m.Logs {
			continue
		}
		answer := sources.BlockSeries{
			Measure: m.Name, Step: b.svc.Step, Query: sensitiveQuery, Blocks: series,
			Newest: sources.ByArm[time.Time]{Legacy: newest, Candidate: newest},
		}
		b.hist[m.Name].add(answer, answer.Blocks)
		blocks.put(m.Name, sources.Block{End: end, Strata: []sources.Stratum{{Counts: sum}}})
	}
}

// countsOf are a block's requests and those of them that wrote sensitive text; one that wrote several such lines counts
// once, as far as the counts tell.
func countsOf(l logbook.SensitiveBlock) sources.ByArm[*sources.Counts] {
	var out sources.ByArm[*sources.Counts]
	for _, a := range sources.Arms() {
		n := l.Requests.Of(a)
		*out.Ptr(a) = &sources.Counts{Requests: n, Errors: min(n, l.Lines.Of(a))}
	}
	return out
}

// alike is how many of the first blocks have the same part of requests in the candidate, as far as three standard
// deviations of a binomial share can tell.
func alike(blocks []logbook.SensitiveBlock) int {
	var n sources.ByArm[int64]
	for i, b := range blocks {
		if i > 0 && !sameShare(n, b.Requests) {
			return i
		}
		n.Legacy += b.Requests.Legacy
		n.Candidate += b.Requests.Candidate
	}
	return len(blocks)
}

func sameShare(before, b sources.ByArm[int64]) bool {
	all, more := float64(before.Legacy+before.Candidate), float64(b.Legacy+b.Candidate)
	if all == 0 || more == 0 {
		return true
	}
	p := (float64(before.Candidate) + float64(b.Candidate)) / (all + more)
	d := float64(before.Candidate)/all - float64(b.Candidate)/more
	return math.Abs(d) <= 3*math.Sqrt(p*(1-p)*(1/all+1/more))
}
