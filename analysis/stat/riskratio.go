package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// RiskRatio collects the Mantel-Haenszel ratio of the shares of b to a over strata, in constant memory, with the
// variance of its logarithm by Greenland and Robins 1985 (Biometrics 41, 55-68), which holds for few large strata and
// for many sparse ones. Its zero value has seen nothing; it is plain data and may be copied.
//
// Its interval is of fixed horizon: it keeps its level at one look that was settled before. Over a span that was
// chosen because it looked bad it only describes.
type RiskRatio struct{ up, down, spread float64 }

// Add takes one stratum in. One in which an arm is missing says nothing.
func (r *RiskRatio) Add(s Stratum) {
	n := s.A.N + s.B.N
	if s.A.N == 0 || s.B.N == 0 {
		return
	}
	r.up += s.B.Hits / n * s.A.N
	r.down += s.A.Hits / n * s.B.N
	r.spread += (s.A.Hits+s.B.Hits)*(s.A.N/n)*(s.B.N/n) - s.A.Hits/n*s.B.Hits
}

// Plus joins what was collected over other strata.
func (r RiskRatio) Plus(o RiskRatio) RiskRatio {
	return RiskRatio{r.up + o.up, r.down + o.down, r.spread + o.spread}
}

// Interval is the ratio with its interval at one look. It is not known while an arm has no hit.
func (r RiskRatio) Interval(confidence float64) (ratio, lo, hi float64, err error) {
	const op = "risk ratio"
	if err := level(op, "confidence", confidence); err != nil {
		return 0, 0, 0, err
	}
	if !(r.up > 0) || !(r.down > 0) {
		return 0, 0, 0, fmt.Errorf("%s: %w", op, ErrEmptyCell)
	}
	ratio = r.up / r.down
	half := -distuv.UnitNormal.Quantile((1-confidence)/2) * math.Sqrt(max(0, r.spread)/r.up/r.down)
	lo, hi = ratio*math.Exp(-half), ratio*math.Exp(half)
	if err := inRange(op, ratio, lo, hi); err != nil {
		return 0, 0, 0, err
	}
	return ratio, lo, hi, nil
}
