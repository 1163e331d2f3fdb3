package engine

import (
	"time"

	"rampart/analysis"
	"rampart/sources"
)

type serverKey struct{ member, name string }

func byServer(r sources.Reading) map[serverKey]sources.Server {
	out := make(map[serverKey]sources.Server, len(r.Servers))
	for _, s := range r.Servers {
		out[serverKey{s.Member, s.Name}] = s
	}
	return out
}

// routerBlock is what the router counted between two readings of one epoch. Requests that never reached an answer
// (connection errors) are errors too: a crashed candidate reports none itself.
func routerBlock(from, to sources.Reading, end time.Time) sources.Block {
	counts := sources.ByArm[*sources.Counts]{Legacy: &sources.Counts{}, Candidate: &sources.Counts{}}
	before := byServer(from)
	for _, s := range to.Servers {
		c := counts.Of(s.Arm)
		old, ok := before[serverKey{s.Member, s.Name}]
		if c == nil || !ok {
			continue
		}
		requests, errs := routerDelta(old.Counters, s.Counters)
		c.Requests += requests
		c.Errors += errs
	}
	return sources.Block{End: end, Strata: []sources.Stratum{{Counts: counts}}}
}

// routerDelta counts requests and failures between two readings of one server; a counter that fell counts from zero, and
// one that is not told adds nothing: [sources.Reading.Unjudged] says whether enough are.
func routerDelta(a, b sources.RouterCounters) (requests, errs int64) {
	requests = rise(a.Requests, b.Requests)
	failed := rise(a.ConnectionErrors, b.ConnectionErrors)
	errs = rise(a.Errors, b.Errors) + failed + rise(a.ResponseErrors, b.ResponseErrors)
	if requests < errs {
		requests = errs
	}
	return requests, errs
}

func rise(a, b int64) int64 {
	switch {
	case a < 0 || b < 0:
		return 0
	case b < a:
		return b
	}
	return b - a
}

// requestsBetween counts the requests of each arm between two readings of one epoch.
func requestsBetween(from, to sources.Reading) sources.ByArm[int64] {
	b := routerBlock(from, to, to.At)
	return sources.ByArm[int64]{Legacy: b.Strata[0].Counts.Legacy.Requests, Candidate: b.Strata[0].Counts.Candidate.Requests}
}

// serverRates are the requests per second of each server between two readings, in the order of the second.
func serverRates(from, to sources.Reading) []analysis.Value {
	out := make([]analysis.Value, len(to.Servers))
	before, span := byServer(from), to.At.Sub(from.At).Seconds()
	for i, s := range to.Servers {
		old, ok := before[serverKey{s.Member, s.Name}]
		switch {
		case from.At.IsZero() || span <= 0 || !ok:
			out[i] = analysis.Missing("no two readings yet")
		case from.Epoch != to.Epoch:
			out[i] = analysis.Missing("the router reloaded between two readings")
		case s.Counters.Requests < 0, old.Counters.Requests < 0:
			out[i] = analysis.Missing("the plane does not say")
		default:
			n := rise(old.Counters.Requests, s.Counters.Requests)
			out[i] = analysis.Number(float64(n)/span, analysis.PerSecond, n).AsOf(to.At)
		}
	}
	return out
}
