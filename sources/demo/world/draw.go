package world

import "math"

// levels is how finely a feature's distribution is cut: 1024 equally likely values, ten bits a draw, six draws from one random word.
const (
	levelBits = 10
	levels    = 1 << levelBits
)

// drawn is one of the equally likely values of a feature, with all that a request needs of it.
type drawn struct {
	value  float64
	pull   float64 // on the score
	bucket int
}

// table holds a feature's values; drawing from it costs a few nanoseconds where an exponential and a search through the edges cost fifty, and half an hour of
// history holds three million draws.
type table [levels]drawn

// newTable cuts the feature's distribution, shifted by that many standard deviations, at the middles of its quantiles.
func newTable(f *Feature, shift float64) *table {
	t := &table{}
	for i := range t {
		z := math.Sqrt2*math.Erfinv(2*(float64(i)+.5)/levels-1) + shift
		d := &t[i]
		d.value, d.pull = f.Value(z), f.Weight*z
		for d.bucket < len(f.Edges) && d.value > f.Edges[d.bucket] {
			d.bucket++
		}
	}
	return t
}

// drawer draws all features of a request, as they are or as a drifting pipeline makes them.
type drawer struct {
	usual   []*table
	drifted []*table
	drift   float64
}

func newDrawer(features []Feature) *drawer {
	d := &drawer{}
	for i := range features {
		d.usual = append(d.usual, newTable(&features[i], 0))
	}
	return d
}

// tables gives one table per feature; those of a drift are made when it first shows.
func (d *drawer) tables(drift float64, features []Feature) []*table {
	if drift == 0 {
		return d.usual
	}
	if d.drift != drift {
		d.drift, d.drifted = drift, nil
		for i := range features {
			t := d.usual[i]
			if by := drift * driftOf(i); by != 0 {
				t = newTable(&features[i], by)
			}
			d.drifted = append(d.drifted, t)
		}
	}
	return d.drifted
}
