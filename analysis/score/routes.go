package score

import (
	"cmp"
	"maps"
	"slices"

	"rampart/analysis/seq"
)

// mostRoutes bounds how many strata are followed by themselves.
const mostRoutes = 64

// routes follow the strata of an errors measure one by one, to say where harm is. They decide nothing.
type routes struct {
	margin float64
	by     map[string]*routeState
}

type routeState struct {
	logE  *seq.RateRatio
	ratio seq.MantelHaenszel
	sum   seq.Block
}

func newRoutes(margin float64) *routes { return &routes{margin, map[string]*routeState{}} }

// add takes the strata of one line.
func (r *routes) add(s *strata) {
	for i, key := range s.keys {
		one := r.by[key]
		if one == nil {
			if len(r.by) >= mostRoutes {
				continue
			}
			one = &routeState{logE: seq.NewRateRatio(r.margin, seq.Grid())}
			r.by[key] = one
		}
		b := s.blocks[i]
		one.logE.Add(b, 1)
		one.ratio.Add(b)
		one.sum = one.sum.Plus(b)
	}
}

// Route is what one stratum says by itself.
type Route struct {
	Key     string
	LogHarm float64 // evidence for WORSE by the default grid, without restarts or repair
	Ratio   float64 // Mantel-Haenszel, when Known
	Known   bool
	Excess  float64 // requests the candidate failed beyond legacy's rate, negative when fewer; for a ratio above 0
	N       int64   // requests of the candidate
}

// Routes are the strata of an errors measure by themselves, the one with most evidence first; nil where requests are not
// split. It needs a judge that audits.
func (m *Measure) Routes() []Route {
	if m.routes == nil {
		return nil
	}
	var out []Route
	for _, key := range slices.Sorted(maps.Keys(m.routes.by)) {
		s := m.routes.by[key]
		r := Route{Key: key, LogHarm: s.logE.LogE(), N: int64(s.sum.CandidateN)}
		if r.Ratio, r.Known = s.ratio.Ratio(); r.Known {
			r.Excess, _ = seq.Excess(r.Ratio, s.sum.CandidateX)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Route) int { return cmp.Compare(b.LogHarm, a.LogHarm) })
	return out
}
