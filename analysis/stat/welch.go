package stat

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	// meanSample is the n from which a mean of mildly skewed values is taken as normal.
	meanSample = 30
	// skewFactor: above a skewness of 1, n must be at least 355 skew^2 (Kohavi,
	// Deng, Longbotham, Xu: Seven Rules of Thumb for Web Site Experimenters, KDD
	// 2014, rule 7).
	skewFactor = 355
	// varianceRatio is where pooling of variances is called into question.
	varianceRatio = 4
)

// WelchResult is Welch's t test of equal means with variances of their own.
type WelchResult struct {
	// T is (mean x - mean y) / StdErr.
	T float64
	// DF is the Welch-Satterthwaite number of degrees of freedom.
	DF float64
	// P is two-sided.
	P float64
	// Difference is mean x - mean y, in the unit of the values.
	Difference float64
	// StdErr is the standard error of Difference.
	StdErr float64
	Basis
}

// Welch compares the means of two samples: t = d / sqrt(a + b) with a = s_x^2/m,
// b = s_y^2/n and (a+b)^2 / (a^2/(m-1) + b^2/(n-1)) degrees of freedom (Welch 1947).
// It needs two finite values in each sample and some spread in one of them.
func Welch(x, y []float64) (WelchResult, error) {
	const op = "welch"
	x, y, basis := finitePair(x, y)
	r := WelchResult{Basis: basis}
	if err := r.enough(op, 2); err != nil {
		return WelchResult{}, err
	}
	meanX, varX := moments(x, x[0])
	meanY, varY := moments(y, x[0])
	a, b := varX/float64(len(x)), varY/float64(len(y))
	if a+b == 0 {
		return WelchResult{}, fmt.Errorf("%s: %w", op, ErrNoSpread)
	}
	r.Difference, r.StdErr = meanX-meanY, math.Sqrt(a+b)
	r.T = r.Difference / r.StdErr
	share := a / (a + b)
	r.DF = 1 / (share*share/float64(len(x)-1) + (1-share)*(1-share)/float64(len(y)-1))
	if err := inRange(op, r.T, r.DF, r.Difference, r.StdErr); err != nil {
		return WelchResult{}, err
	}
	r.P = clamp(2 * studentT(r.DF).Survival(math.Abs(r.T)))
	r.warnSmall(meanSample)
	r.warnSkewed(x, y)
	return r, nil
}

// Interval is the confidence interval of the difference of the means.
func (r WelchResult) Interval(confidence float64) (lo, hi float64, err error) {
	const op = "welch interval"
	if err := level(op, "confidence", confidence); err != nil {
		return 0, 0, err
	}
	if r.StdErr == 0 {
		return 0, 0, fmt.Errorf("%s: %w", op, ErrNoSpread)
	}
	half := -studentT(r.DF).Quantile((1-confidence)/2) * r.StdErr
	lo, hi = r.Difference-half, r.Difference+half
	if err := inRange(op, lo, hi); err != nil {
		return 0, 0, err
	}
	return lo, hi, nil
}

func studentT(df float64) distuv.StudentsT {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
}

func finitePair(x, y []float64) ([]float64, []float64, Basis) {
	var b Basis
	x, dropX := finite(x)
	y, dropY := finite(y)
	b.addSample(len(x), dropX)
	b.addSample(len(y), dropY)
	return x, y, b
}

// moments is the mean, less an origin, and the sample variance. An origin among the
// values keeps the digits of values that are large and close together. A sample of
// equal values has variance 0 and not the rounding of its mean.
func moments(x []float64, origin float64) (mean, variance float64) {
	if slices.Min(x) == slices.Max(x) {
		return x[0] - origin, 0
	}
	near := make([]float64, len(x))
	for i, v := range x {
		near[i] = v - origin
	}
	return stat.MeanVariance(near, nil)
}

// warnSkewed raises Skewed for samples too small for their skewness.
func (b *Basis) warnSkewed(samples ...[]float64) {
	for i, x := range samples {
		if len(x) < 3 || slices.Min(x) == slices.Max(x) {
			continue
		}
		skew := stat.Skew(x, nil)
		if isFinite(skew) && math.Abs(skew) > 1 && float64(len(x)) < skewFactor*skew*skew {
			b.warn(Skewed, i+1, skew)
		}
	}
}

// warnVariances raises UnequalVariances when they differ more than fourfold.
func (b *Basis) warnVariances(variances ...float64) {
	lo, hi := slices.Min(variances), slices.Max(variances)
	if lo > 0 && hi > varianceRatio*lo && isFinite(hi/lo) {
		b.warn(UnequalVariances, 0, hi/lo)
	}
}
