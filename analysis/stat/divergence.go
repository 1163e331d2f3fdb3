package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

// LogBase is the unit of a divergence that has a logarithm in it.
type LogBase uint8

// The bases. The zero value is for distances without a logarithm.
const (
	NoLog LogBase = iota
	// Nats is the natural logarithm.
	Nats
	// Bits is the logarithm to base 2.
	Bits
)

// String is the unit as printed beside the number.
func (b LogBase) String() string {
	switch b {
	case NoLog:
		return ""
	case Nats:
		return "nats"
	case Bits:
		return "bits"
	}
	return "unknown base"
}

// perNat converts a divergence in nats.
func (b LogBase) perNat() float64 {
	if b == Bits {
		return 1 / math.Ln2
	}
	return 1
}

// DivergenceResult is a distance between two distributions over the same cells.
type DivergenceResult struct {
	// Value is not negative.
	Value float64
	// Base is the unit.
	Base LogBase
	// Cells is how many cells are filled on at least one side.
	Cells int
	Basis
}

// PSI is the population stability index sum (p-q) ln(p/q), in nats, of two rows of
// counts or weights. A cell that is empty on one side only makes it infinite: such
// cells are given the mass empty, in the unit of the row (half a count, .0001 of a
// share), or with empty = 0 the answer is ErrEmptyCell.
func PSI(a, b []float64, empty float64) (DivergenceResult, error) {
	const op = "psi"
	s, err := newShares(op, a, b)
	if err != nil {
		return DivergenceResult{}, err
	}
	if err := s.fill(op, empty, true); err != nil {
		return DivergenceResult{}, err
	}
	total := 0.0
	for k, p := range s.p {
		total += (p - s.q[k]) * math.Log(p/s.q[k])
	}
	return s.result(op, total, Nats)
}

// KullbackLeibler is sum p ln(p/q) of a's distribution p from b's q. Cells filled in
// a and empty in b are given the mass empty as in PSI.
func KullbackLeibler(a, b []float64, base LogBase, empty float64) (DivergenceResult, error) {
	const op = "kullback-leibler"
	s, err := newShares(op, a, b)
	if err != nil {
		return DivergenceResult{}, err
	}
	if err := s.fill(op, empty, false); err != nil {
		return DivergenceResult{}, err
	}
	return s.result(op, stat.KullbackLeibler(s.p, s.q)*base.perNat(), base)
}

// JensenShannon is the distance sqrt((KL(p|m) + KL(q|m))/2), m = (p+q)/2: a metric,
// at most sqrt(ln 2) in nats and 1 in bits (Endres, Schindelin 2003).
func JensenShannon(a, b []float64, base LogBase) (DivergenceResult, error) {
	const op = "jensen-shannon"
	s, err := newShares(op, a, b)
	if err != nil {
		return DivergenceResult{}, err
	}
	square := math.Min(math.Ln2, math.Max(0, stat.JensenShannon(s.p, s.q)))
	return s.result(op, math.Sqrt(square*base.perNat()), base)
}

// Hellinger is sqrt(sum (sqrt p - sqrt q)^2 / 2), between 0 and 1. It is summed as
// squares: one minus the Bhattacharyya coefficient is rounding when the two agree.
func Hellinger(a, b []float64) (DivergenceResult, error) {
	const op = "hellinger"
	s, err := newShares(op, a, b)
	if err != nil {
		return DivergenceResult{}, err
	}
	total := 0.0
	for k, p := range s.p {
		d := math.Sqrt(p) - math.Sqrt(s.q[k])
		total += d * d
	}
	return s.result(op, math.Min(1, math.Sqrt(total/2)), NoLog)
}

// TotalVariation is sum |p - q| / 2, the share that would have to move.
func TotalVariation(a, b []float64) (DivergenceResult, error) {
	const op = "total variation"
	s, err := newShares(op, a, b)
	if err != nil {
		return DivergenceResult{}, err
	}
	total := 0.0
	for k, p := range s.p {
		total += math.Abs(p - s.q[k])
	}
	return s.result(op, math.Min(1, total/2), NoLog)
}

// shares are two distributions without the cells that are empty in both.
type shares struct {
	p, q  []float64
	basis Basis
}

func newShares(op string, a, b []float64) (shares, error) {
	if len(a) != len(b) {
		return shares{}, fmt.Errorf("%s: %w: %d and %d cells", op, ErrShape, len(a), len(b))
	}
	totalA, err := countTotal(op, a)
	if err != nil {
		return shares{}, err
	}
	totalB, err := countTotal(op, b)
	if err != nil {
		return shares{}, err
	}
	s := shares{basis: Basis{N: []float64{totalA, totalB}}}
	for k := range a {
		if a[k] > 0 || b[k] > 0 {
			s.p = append(s.p, a[k]/totalA)
			s.q = append(s.q, b[k]/totalB)
		}
	}
	return s, nil
}

// fill gives mass to empty cells of q, and of p when both is set, and scales back
// to 1.
func (s *shares) fill(op string, empty float64, both bool) error {
	if empty < 0 || !isFinite(empty) {
		return fmt.Errorf("%s: %w: mass of an empty cell is %g", op, ErrCounts, empty)
	}
	filled := fillRow(s.q, empty/s.basis.N[1])
	if both {
		filled += fillRow(s.p, empty/s.basis.N[0])
	}
	if filled == 0 {
		return nil
	}
	if empty == 0 {
		return fmt.Errorf("%s: %w", op, ErrEmptyCell)
	}
	s.basis.warn(FilledCells, 0, float64(filled))
	return nil
}

func fillRow(row []float64, mass float64) (filled int) {
	for k, v := range row {
		if v == 0 {
			row[k] = mass
			filled++
		}
	}
	if filled > 0 {
		total := sum(row)
		for k := range row {
			row[k] /= total
		}
	}
	return filled
}

func (s shares) result(op string, value float64, base LogBase) (DivergenceResult, error) {
	r := DivergenceResult{Value: math.Max(0, value), Base: base, Cells: len(s.p), Basis: s.basis}
	if err := inRange(op, value); err != nil {
		return DivergenceResult{}, err
	}
	few := 0
	for k, p := range s.p {
		pooled := (p*r.N[0] + s.q[k]*r.N[1]) / (r.N[0] + r.N[1])
		if pooled*math.Min(r.N[0], r.N[1]) < sparse {
			few++
		}
	}
	if few > 0 {
		r.warn(SparseCells, 0, float64(few))
	}
	return r, nil
}
