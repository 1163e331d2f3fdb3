package evidence

import (
	"maps"
	"slices"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/sources"
)

// split puts the strata of a block beside its sums, rare ones together. A measure without strata has none there.
func (ev *Case) split(b *dossier.Block, got map[string]sources.Block) {
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
func (ev *Case) splitMeasure(b *dossier.Block, to *dossier.Stratum, m analysis.Measure, from []sources.Stratum, keys []string) {
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
func (ev *Case) counts(to *dossier.Counts, m analysis.Measure, from *sources.Counts) bool {
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
