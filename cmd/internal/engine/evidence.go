package engine

import (
	"maps"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/score"
	"rampart/sources"
)

// evidence turns a rollout's blocks into what the judge of dossiers says of them, with the very code that re-judges
// them offline.
type evidence struct {
	svc    Service
	header dossier.Header
	slot   map[string]int // measure name to its place in the header
	edge   map[string][]float64
	judge  *score.Judge
	block  *dossier.Block
	first  time.Time // the end of the first block judged
	last   time.Time
	blocks int
	totals map[string]*sources.ByArm[*sources.Counts]
	worse  time.Time // the end of the first block called worse
	safe   time.Time // the end of the newest block called safe
	record func(dossier.Header, *dossier.Block)
	mix    *score.Mix
	resets resets
	share  sources.Share // the candidate's in the newest block, if known
	err    error         // why nothing is judged
	steps  steps
	until  time.Time // the newest block asked for so far
}

func newEvidence(svc Service, record func(dossier.Header, *dossier.Block)) *evidence {
	return &evidence{
		svc: svc, record: record, slot: map[string]int{}, edge: map[string][]float64{}, totals: map[string]*sources.ByArm[*sources.Counts]{}, mix: score.NewMix(),
		steps: steps{harm: map[string]float64{}, safe: map[string]float64{}},
	}
}

// edges notes a histogram's edges; the header is made of the first that are seen.
func (ev *evidence) edges(s sources.BlockSeries) {
	if _, known := ev.edge[s.Measure]; !known && len(s.Edges) > 0 {
		ev.edge[s.Measure] = slices.Clone(s.Edges)
	}
}

// guarded are the measures that make evidence.
func (ev *evidence) guarded() []Measure {
	var out []Measure
	for _, m := range ev.svc.Measures {
		if m.Judge == analysis.GuardIt {
			out = append(out, m)
		}
	}
	return out
}

// open makes the header and the judge, once every guarded histogram has shown its edges.
func (ev *evidence) open(id string) bool {
	if ev.judge != nil {
		return true
	}
	guarded := ev.guarded()
	h := dossier.Header{ID: id, Alpha: ev.svc.Alpha, SafeMargin: dossier.DefaultSafeMargin, Step: ev.svc.Step}
	for _, m := range guarded {
		dm := dossier.Measure{Name: m.Name, Kind: dossier.Errors, Weight: 1 / float64(len(guarded)), SafeMargin: dossier.DefaultSafeMargin}
		switch m.Kind {
		case analysis.Share:
			dm.Kind, dm.Edges = dossier.Latency, []float64{m.Edge}
		case analysis.Latency:
			if ev.edge[m.Name] == nil {
				return false
			}
			dm.Kind, dm.Edges = dossier.Latency, ev.edge[m.Name]
		case analysis.KindUnknown, analysis.Errors, analysis.RouterErrors, analysis.Distribution, analysis.Distributions, analysis.Gauges, analysis.Threshold, analysis.Labels:
		}
		for _, g := range ev.svc.Guards {
			if g.Measure == m.Name && g.Relative() {
				dm.HarmMargin, dm.SafeMargin = g.MaxRatio-1, g.SafeMargin
			}
		}
		ev.slot[m.Name] = len(h.Measures)
		h.Measures = append(h.Measures, dm)
	}
	if len(h.Measures) == 0 {
		return false
	}
	judge, err := score.New(h, score.Options{Audit: true})
	if err != nil {
		ev.err = err
		return false
	}
	ev.header, ev.judge, ev.block = h, judge, h.NewBlock()
	return true
}

// add judges one block. Blocks before the candidate's first request are passed over: there is nothing to compare.
func (ev *evidence) add(id string, end time.Time, got map[string]sources.Block, share sources.Share, known bool) {
	if ev.first.IsZero() && !candidateIn(got) || !ev.open(id) {
		return
	}
	b := ev.block
	b.End, b.Share, b.ShareKnown, b.Strata = end, share.Fraction(), known, b.Strata[:0]
	for _, a := range sources.Arms() {
		arm := &b.Legacy
		if a == sources.Candidate {
			arm = &b.Candidate
		}
		arm.Scraped = false
		for _, m := range ev.guarded() {
			c := &arm.Counts[ev.slot[m.Name]]
			c.Known = ev.counts(c, m, summed(got[m.Name].Strata, a))
			arm.Scraped = arm.Scraped || c.Known
		}
	}
	ev.split(b, got)
	if ev.err = ev.judge.Add(b); ev.err != nil {
		return
	}
	ev.share = 0
	if known {
		ev.share = share
	}
	ev.step(b)
	ev.sum(got)
	ev.routes(got)
	if ev.record != nil {
		ev.record(ev.header, b)
	}
	if ev.first.IsZero() {
		ev.first = end
	}
	ev.last, ev.blocks = end, ev.blocks+1
	if ev.worse.IsZero() && ev.judge.Worse() {
		ev.worse = end
	}
	if ev.judge.Call() == analysis.Safe {
		ev.safe = end
	}
}

// split puts the strata of a block beside its sums, rare ones together. A measure without strata has none there.
func (ev *evidence) split(b *dossier.Block, got map[string]sources.Block) {
	requests := map[string]int64{}
	for _, m := range ev.guarded() {
		if strata := got[m.Name].Strata; len(strata) > 1 {
			for _, s := range strata {
				for _, a := range sources.Arms() {
					if c := s.Counts.Of(a); c != nil {
						requests[s.Key] += c.Requests
					}
				}
			}
		}
	}
	if len(requests) < 2 {
		return
	}
	members := map[string][]string{} // the keys of each stratum
	for key, under := range dossier.Sparse(requests) {
		members[under] = append(members[under], key)
	}
	for _, under := range slices.Sorted(maps.Keys(members)) {
		s := ev.header.AddStratum(b, under)
		for _, m := range ev.guarded() {
			ev.splitMeasure(b, s, m, got[m.Name].Strata, members[under])
		}
	}
}

// splitMeasure fills one measure's counts of a stratum, where the whole block has them.
func (ev *evidence) splitMeasure(b *dossier.Block, to *dossier.Stratum, m Measure, from []sources.Stratum, keys []string) {
	if len(from) < 2 {
		return
	}
	at := ev.slot[m.Name]
	part := slices.DeleteFunc(slices.Clone(from), func(s sources.Stratum) bool { return !slices.Contains(keys, s.Key) })
	for _, side := range []struct {
		arm       sources.Arm
		whole, to *dossier.Arm
	}{{sources.Legacy, &b.Legacy, &to.Legacy}, {sources.Candidate, &b.Candidate, &to.Candidate}} {
		if c := &side.to.Counts[at]; side.whole.Counts[at].Known {
			c.Known = ev.counts(c, m, summed(part, side.arm))
			side.to.Scraped = side.to.Scraped || c.Known
		}
	}
}

// summed adds up an arm's strata, nil when it was scraped in none of them. A stratum's errors are bounded by its own
// requests, so that parts and whole agree.
func summed(strata []sources.Stratum, a sources.Arm) *sources.Counts {
	var sum *sources.Counts
	for _, s := range strata {
		c := s.Counts.Of(a)
		if c == nil {
			continue
		}
		if sum == nil {
			sum = &sources.Counts{}
		}
		one := *c
		one.Errors = min(one.Errors, one.Requests)
		sum.Add(one)
	}
	return sum
}

// counts fills one measure's counts of one arm; false where it was not scraped or has other edges than the header.
func (ev *evidence) counts(to *dossier.Counts, m Measure, from *sources.Counts) bool {
	if from == nil {
		return false
	}
	to.Requests, to.Errors = from.Requests, min(from.Errors, from.Requests)
	if to.Cells == nil {
		return true
	}
	if m.Kind == analysis.Share {
		above, ok := sources.Histogram{Edges: ev.edge[m.Name], Counts: from.Cells}.Above(m.Edge)
		to.Cells[0], to.Cells[1] = from.Requests-above, above
		return ok
	}
	if len(from.Cells) != len(to.Cells) {
		return false
	}
	copy(to.Cells, from.Cells)
	return true
}

// sum adds a block to the rollout's totals of every measure, guarded or not.
func (ev *evidence) sum(got map[string]sources.Block) {
	for name, blk := range got {
		t := ev.totals[name]
		if t == nil {
			t = &sources.ByArm[*sources.Counts]{}
			ev.totals[name] = t
		}
		for _, a := range sources.Arms() {
			c := blk.Sum(a)
			if c == nil {
				continue
			}
			if *t.Ptr(a) == nil {
				*t.Ptr(a) = &sources.Counts{}
			}
			t.Of(a).Add(*c)
		}
	}
}

// total is an arm's counts of a measure since the rollout began; nil when there are none.
func (ev *evidence) total(measure string, a sources.Arm) *sources.Counts {
	if t := ev.totals[measure]; t != nil {
		return t.Of(a)
	}
	return nil
}

// candidateIn tells whether the candidate had a request in any measure of a block.
func candidateIn(got map[string]sources.Block) bool {
	for _, b := range got {
		if c := b.Sum(sources.Candidate); c != nil && c.Requests > 0 {
			return true
		}
	}
	return false
}
