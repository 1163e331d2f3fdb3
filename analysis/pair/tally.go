package pair

import (
	"math"

	"rampart/analysis/drift"
	"rampart/analysis/seq"
	"rampart/sources"
)

// Pair is both arms' answers to one request.
type Pair struct {
	ID      string
	Sides   sources.ByArm[Response]
	Differ  []string // names of the compared fields that differ
	Agree   bool     // no compared field differs; without one, the scores are within the tolerance
	Judged  bool     // there was something to agree on
	Score   float64  // candidate less legacy; NaN when a side has none
	Latency float64  // candidate less legacy, seconds; NaN when a side has none
}

// compare makes a pair of two responses.
func (j *Join) compare(legacy, candidate *Response) Pair {
	p := Pair{
		ID: legacy.ID, Sides: sources.ByArm[Response]{Legacy: *legacy, Candidate: *candidate},
		Score: difference(candidate.Score, legacy.Score), Latency: difference(candidate.Latency, legacy.Latency),
	}
	known := 0
	for i := range min(len(legacy.Fields), len(candidate.Fields)) {
		a, b := legacy.Fields[i], candidate.Fields[i]
		if a.Known || b.Known {
			known++
		}
		if !a.same(b, j.cfg.Tolerance) {
			p.Differ = append(p.Differ, a.Name)
		}
	}
	p.Agree, p.Judged = len(p.Differ) == 0, known > 0
	if !p.Judged && !math.IsNaN(p.Score) {
		p.Agree, p.Judged = math.Abs(p.Score) <= j.cfg.Tolerance, true
	}
	return p
}

func difference(a, b float64) float64 {
	if d := a - b; !math.IsInf(d, 0) {
		return d
	}
	return math.NaN()
}

// newest is how many pairs' latencies are held for Wilcoxon's test.
const newest = 4096

// tally adds pairs up in constant memory.
type tally struct {
	pairs, judged, agreed int64
	score, latency        drift.Sketch
	slower, faster        *seq.SignFlip
	latencies             [][2]float64 // legacy and candidate of the newest pairs, a ring
	at                    int
	timed                 int64
}

func newTally() tally { return tally{slower: seq.NewSignFlip(), faster: seq.NewSignFlip()} }

func (t *tally) add(p Pair) {
	t.pairs++
	if p.Judged {
		t.judged++
		if p.Agree {
			t.agreed++
		}
	}
	if !math.IsNaN(p.Score) {
		t.score.Add(p.Score)
	}
	if math.IsNaN(p.Latency) {
		return
	}
	t.timed++
	t.latency.Add(p.Latency)
	t.slower.Add(p.Latency)
	t.faster.Add(-p.Latency)
	both := [2]float64{p.Sides.Legacy.Latency, p.Sides.Candidate.Latency}
	if len(t.latencies) < newest {
		t.latencies = append(t.latencies, both)
		return
	}
	t.latencies[t.at] = both
	t.at = (t.at + 1) % newest
}
