package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Design is what a fixed-horizon test is planned with.
type Design struct {
	// Alpha is the two-sided level.
	Alpha float64
	// Power is the chance to see the difference when it is there.
	Power float64
	// Ratio is n of the second sample over n of the first: 1 for equal arms, 1/19
	// for a candidate at 5 %.
	Ratio float64
}

func (d Design) check(op string) error {
	if err := level(op, "alpha", d.Alpha); err != nil {
		return err
	}
	if err := level(op, "power", d.Power); err != nil {
		return err
	}
	if !(d.Ratio > 0) || !isFinite(d.Ratio) {
		return fmt.Errorf("%s: ratio %g: %w, must be above 0", op, d.Ratio, ErrLevel)
	}
	return nil
}

// SampleSize is n of each sample, not rounded.
type SampleSize struct{ First, Second float64 }

// ProportionsSampleSize is the size at which a change from p1 in the first sample to
// p2 in the second is seen: with r = n2/n1 and pm = (p1 + r p2)/(1 + r), n1 =
// (z_(1-a/2) sqrt((1+1/r) pm qm) + z_power sqrt(p1 q1 + p2 q2/r))^2 / (p2-p1)^2
// (Fleiss, Levin, Paik 2003, section 4.2, without continuity correction).
func ProportionsSampleSize(p1, p2 float64, d Design) (SampleSize, error) {
	const op = "proportions sample size"
	if err := d.check(op); err != nil {
		return SampleSize{}, err
	}
	null, alternative, err := proportionSpread(op, p1, p2, d.Ratio)
	if err != nil {
		return SampleSize{}, err
	}
	root := (zUpper(d.Alpha/2)*null + zUpper(1-d.Power)*alternative) / (p2 - p1)
	return d.size(op, root*root)
}

// ProportionsPower is the chance that the test at level alpha sees p1 in n1 and p2
// in n2 as different, by the same formula turned around.
func ProportionsPower(p1, p2 float64, n SampleSize, alpha float64) (float64, error) {
	const op = "proportions power"
	if err := n.check(op, alpha); err != nil {
		return 0, err
	}
	null, alternative, err := proportionSpread(op, p1, p2, n.Second/n.First)
	if err != nil {
		return 0, err
	}
	z := (math.Abs(p2-p1)*math.Sqrt(n.First) - zUpper(alpha/2)*null) / alternative
	return powerAt(op, z)
}

// MeansSampleSize is the size at which a difference of effect standard deviations is
// seen: n1 = (1 + 1/r) (z_(1-a/2) + z_power)^2 / effect^2.
func MeansSampleSize(effect float64, d Design) (SampleSize, error) {
	const op = "means sample size"
	if err := d.check(op); err != nil {
		return SampleSize{}, err
	}
	if effect == 0 || !isFinite(effect) {
		return SampleSize{}, fmt.Errorf("%s: effect %g: %w, must be finite and not 0", op, effect, ErrLevel)
	}
	z := (zUpper(d.Alpha/2) + zUpper(1-d.Power)) / effect
	return d.size(op, (1+1/d.Ratio)*z*z)
}

// MeansPower is the chance that the test at level alpha sees a difference of effect
// standard deviations.
func MeansPower(effect float64, n SampleSize, alpha float64) (float64, error) {
	const op = "means power"
	if err := n.check(op, alpha); err != nil {
		return 0, err
	}
	z := math.Abs(effect)/math.Sqrt(1/n.First+1/n.Second) - zUpper(alpha/2)
	return powerAt(op, z)
}

func (d Design) size(op string, first float64) (SampleSize, error) {
	n := SampleSize{First: first, Second: first * d.Ratio}
	if err := inRange(op, n.First, n.Second); err != nil {
		return SampleSize{}, err
	}
	return n, nil
}

func (n SampleSize) check(op string, alpha float64) error {
	if !(n.First > 0) || !(n.Second > 0) || !isFinite(n.First) || !isFinite(n.Second) {
		return fmt.Errorf("%s: %w: %g and %g", op, ErrTooFew, n.First, n.Second)
	}
	return level(op, "alpha", alpha)
}

// proportionSpread gives the standard deviation of the difference, times sqrt n1,
// when the two are equal and when they are not.
func proportionSpread(op string, p1, p2, ratio float64) (null, alternative float64, err error) {
	if !(p1 >= 0 && p1 <= 1 && p2 >= 0 && p2 <= 1) || p1 == p2 {
		return 0, 0, fmt.Errorf("%s: proportions %g and %g: %w, must be different and inside [0, 1]", op, p1, p2, ErrLevel)
	}
	pooled := (p1 + ratio*p2) / (1 + ratio)
	null = math.Sqrt((1 + 1/ratio) * pooled * (1 - pooled))
	alternative = math.Sqrt(p1*(1-p1) + p2*(1-p2)/ratio)
	if alternative == 0 {
		return 0, 0, fmt.Errorf("%s: %w", op, ErrNoSpread)
	}
	return null, alternative, inRange(op, null, alternative)
}

// powerAt turns the distance from the critical value into a chance.
func powerAt(op string, z float64) (float64, error) {
	if err := inRange(op, z); err != nil {
		return 0, err
	}
	return distuv.UnitNormal.CDF(z), nil
}

// zUpper is the point a standard normal exceeds with probability p.
func zUpper(p float64) float64 { return -distuv.UnitNormal.Quantile(p) }
