package drift

import (
	"errors"
	"fmt"

	"rampart/analysis/stat"
	"rampart/sources"
)

// Distance is how far two distributions are apart, in one sense.
type Distance struct {
	// Value is not negative; see Known.
	Value float64
	// Expected is the value that chance alone gives at this n. Not known for raw values, where it needs the unknown
	// distribution itself.
	Expected Amount
	// Base is the log base of distances that have one.
	Base stat.LogBase
	// P is the p-value of one look, for Kolmogorov-Smirnov only. Never decide by it while looking on.
	P Amount
	// N is n of both sides.
	N sources.ByArm[float64]
	// Known is false when there is no Value; Why says the reason.
	Known bool
	Why   string
	// Warnings are the assumptions that the data break.
	Warnings []stat.Warning
}

// Times says how many times its expectation a distance is, when both are known.
func (d Distance) Times() Amount {
	if !d.Known || !d.Expected.Known || d.Expected.V <= 0 {
		return Amount{}
	}
	return Of(d.Value / d.Expected.V)
}

func unknown(why string) Distance { return Distance{Why: why} }

// failed turns an error of package stat into the reason that is shown.
func failed(err error) Distance {
	switch {
	case errors.Is(err, stat.ErrTooFew), errors.Is(err, stat.ErrCounts):
		return unknown("too few values")
	default:
		return unknown(err.Error())
	}
}

func known(value float64, expected Amount, basis stat.Basis) Distance {
	d := Distance{Value: value, Expected: expected, Known: true, Warnings: basis.Warnings}
	if len(basis.N) == 2 {
		d.N = sources.ByArm[float64]{Legacy: basis.N[0], Candidate: basis.N[1]}
	}
	return d
}

// halfCount is what an empty cell is taken to hold where a logarithm needs something.
const halfCount = 0.5

// shape is the rows that PSI and Jensen-Shannon are taken of: sparse cells merged.
type shape struct {
	rows   [][]float64
	merged int
	err    error
}

func pooledShape(a, b []float64, pooling stat.Pooling) shape {
	rows, basis, err := stat.Pool([][]float64{a, b}, pooling)
	s := shape{rows: rows, err: err}
	for _, w := range basis.Warnings {
		if w.Kind == stat.PooledCells {
			s.merged = int(w.Amount)
		}
	}
	if err == nil && s.cells() < 2 {
		s.err = fmt.Errorf("%w: all requests are in one cell or n is small", stat.ErrTooFew)
	}
	return s
}

func (s shape) cells() int {
	if len(s.rows) == 0 {
		return 0
	}
	return len(s.rows[0])
}

func (s shape) psi() Distance {
	if s.err != nil {
		return failed(s.err)
	}
	r, err := stat.PSI(s.rows[0], s.rows[1], halfCount)
	if err != nil {
		return failed(err)
	}
	d := known(r.Value, Of(nullPSI(r.Cells, inverseN(r.N[0], r.N[1]))), r.Basis)
	d.Base = stat.Nats
	return d
}

func (s shape) js(base stat.LogBase) Distance {
	if s.err != nil {
		return failed(s.err)
	}
	r, err := stat.JensenShannon(s.rows[0], s.rows[1], base)
	if err != nil {
		return failed(err)
	}
	d := known(r.Value, Of(nullJS(r.Cells, inverseN(r.N[0], r.N[1]), base)), r.Basis)
	d.Base = base
	return d
}

// pooledShares is the distribution of both sides together, the best guess at what they share when nothing changed.
func pooledShares(a, b []float64) []float64 {
	shares, total := make([]float64, len(a)), 0.0
	for k := range a {
		shares[k] = a[k] + b[k]
		total += shares[k]
	}
	for k := range shares {
		shares[k] /= total
	}
	return shares
}
