package world_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"rampart/sources/demo/world"
)

func opens() time.Time { return time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC) }

// open makes a world of the default Spec, changed by the test, at the beginning of its history.
func open(t testing.TB, change func(*world.Spec)) *world.World {
	t.Helper()
	s := world.Default()
	s.Opens = opens()
	if change != nil {
		change(&s)
	}
	w, err := world.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// tally is what a track's pods have counted on the routes that users ask for.
type tally struct {
	requests, errors, slow, quick float64
	sum                           map[string]float64 // of any other series, by name
	below                         map[string]float64 // cumulative counts by histogram and edge
}

func count(w *world.World) map[string]*tally {
	out := map[string]*tally{}
	for _, p := range w.Pods() {
		t := out[p.Track.String()]
		if t == nil {
			t = &tally{sum: map[string]float64{}, below: map[string]float64{}}
			out[p.Track.String()] = t
		}
		for s := range p.Scrape() {
			t.add(s)
		}
	}
	return out
}

func (t *tally) add(s world.Sample) {
	l := map[string]string{}
	for _, x := range s.Desc.Labels {
		l[x.Name] = x.Value
	}
	switch {
	case s.Desc.Name == "http_request_duration_seconds_count":
		t.requests += s.Value
		t.slow += s.Value
		if strings.HasPrefix(l["code"], "5") {
			t.errors += s.Value
		}
	case s.Desc.Name == "http_request_duration_seconds_bucket" && l["le"] == "0.25":
		t.slow -= s.Value
	case s.Desc.Name == "http_request_duration_seconds_bucket" && l["le"] == "0.05":
		t.quick += s.Value
	case strings.HasSuffix(s.Desc.Name, "_bucket"):
		t.below[s.Desc.Name+" "+l["le"]] += s.Value
	default:
		t.sum[s.Desc.Name+l["outcome"]] += s.Value
	}
}

// between lives from one moment to another, both relative to the opening, and gives what was counted in between. Pods must not restart meanwhile.
func between(w *world.World, from, to time.Duration) (stable, canary tally) {
	w.RunTo(opens().Add(from))
	before := count(w)
	w.RunTo(opens().Add(to))
	after := count(w)
	diff := func(track string) tally {
		a, b := after[track], before[track]
		d := tally{requests: a.requests - b.requests, errors: a.errors - b.errors, slow: a.slow - b.slow, quick: a.quick - b.quick, sum: map[string]float64{}, below: map[string]float64{}}
		for k, v := range a.sum {
			d.sum[k] = v - b.sum[k]
		}
		for k, v := range a.below {
			d.below[k] = v - b.below[k]
		}
		return d
	}
	return diff("stable"), diff("canary")
}

func (t tally) errorRatio() float64 { return t.errors / t.requests }
func (t tally) slowShare() float64  { return t.slow / t.requests }

// psi is the population stability index of two histograms over the same edges, cells of fewer than half a count lifted to half.
func psi(a, b tally, name string, edges []float64) float64 {
	sum, na, nb := 0.0, a.below[name+"_bucket +Inf"], b.below[name+"_bucket +Inf"]
	var lastA, lastB float64
	for i := range len(edges) + 1 {
		le := "+Inf"
		if i < len(edges) {
			le = strconv.FormatFloat(edges[i], 'g', -1, 64)
		}
		ca, cb := a.below[name+"_bucket "+le], b.below[name+"_bucket "+le]
		pa, pb := max(ca-lastA, .5)/na, max(cb-lastB, .5)/nb
		lastA, lastB = ca, cb
		sum += (pa - pb) * ln(pa/pb)
	}
	return sum
}
