package stat

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// groupSample is the least n per group for the chi-squared limit of Kruskal-Wallis.
const groupSample = 5

// ANOVAResult is the one-way analysis of variance of equal means.
type ANOVAResult struct {
	// F is the ratio of the mean squares between and within the groups.
	F float64
	// Between and Within are the degrees of freedom.
	Between, Within float64
	// P is the upper tail.
	P float64
	// EtaSquared is the share of the total variation that lies between the groups.
	EtaSquared float64
	Basis
}

// ANOVA compares the means of two or more groups (Fisher 1925). It takes their
// variances as equal and warns when they differ more than fourfold.
func ANOVA(groups ...[]float64) (ANOVAResult, error) {
	const op = "anova"
	groups, basis := finiteGroups(groups)
	r := ANOVAResult{Basis: basis}
	if err := r.enoughGroups(op, 2); err != nil {
		return ANOVAResult{}, err
	}
	between, within := r.squares(groups)
	if within == 0 {
		return ANOVAResult{}, fmt.Errorf("%s: %w within any group", op, ErrNoSpread)
	}
	r.F = between / r.Between / (within / r.Within)
	r.EtaSquared = 1 / (1 + within/between)
	if between == 0 {
		r.EtaSquared = 0
	}
	if err := inRange(op, between, within, r.F, r.EtaSquared); err != nil {
		return ANOVAResult{}, err
	}
	// I_w(d2/2, d1/2) with w = d2/(d2 + d1 F) keeps the digits of a small tail.
	r.P = clamp(mathext.RegIncBeta(r.Within/2, r.Between/2, r.Within/(r.Within+r.Between*r.F)))
	r.warnSmall(meanSample)
	return r, nil
}

// squares sums the squares between and within and fills the degrees of freedom.
func (r *ANOVAResult) squares(groups [][]float64) (between, within float64) {
	means, variances := make([]float64, len(groups)), make([]float64, len(groups))
	total, grand := 0.0, 0.0
	for i, g := range groups {
		means[i], variances[i] = moments(g, groups[0][0])
		total += float64(len(g))
		grand += (means[i] - grand) * float64(len(g)) / total
		within += variances[i] * float64(len(g)-1)
	}
	if slices.Min(means) < slices.Max(means) {
		for i, g := range groups {
			between += float64(len(g)) * (means[i] - grand) * (means[i] - grand)
		}
	}
	r.Between, r.Within = float64(len(groups)-1), total-float64(len(groups))
	r.warnVariances(variances...)
	return between, within
}

// KruskalResult is the Kruskal-Wallis rank test of equal distributions.
type KruskalResult struct {
	// H is corrected for ties.
	H float64
	// DF is the number of groups less one.
	DF float64
	// P is the upper tail of the chi-squared limit.
	P float64
	Basis
}

// KruskalWallis compares two or more groups by rank (Kruskal, Wallis 1952). When
// all values are equal H is 0 and P is 1.
func KruskalWallis(groups ...[]float64) (KruskalResult, error) {
	const op = "kruskal-wallis"
	groups, basis := finiteGroups(groups)
	r := KruskalResult{Basis: basis}
	if err := r.enoughGroups(op, 1); err != nil {
		return KruskalResult{}, err
	}
	sums, tied, cubes := rankGroups(groups)
	total := 0.0
	for _, n := range r.N {
		total += n
	}
	for i, n := range r.N {
		off := sums[i]/n - (total+1)/2
		r.H += 12 * n * off * off / (total * (total + 1))
	}
	if spread := 1 - cubes/(total*(total*total-1)); spread > 0 {
		r.H /= spread
	} else {
		r.H = 0
	}
	r.DF = float64(len(groups) - 1)
	r.P = clamp(distuv.ChiSquared{K: r.DF}.Survival(r.H))
	r.warnSmall(groupSample)
	if tied > 0 {
		r.warn(Ties, 0, float64(tied))
	}
	return r, nil
}

// rankGroups gives the sum of mid-ranks of each group in joint order.
func rankGroups(groups [][]float64) (sums []float64, tied int, cubes float64) {
	type member struct {
		value float64
		group int
	}
	var all []member
	for i, g := range groups {
		for _, v := range g {
			all = append(all, member{v, i})
		}
	}
	slices.SortFunc(all, func(a, b member) int { return cmp.Compare(a.value, b.value) })
	sums = make([]float64, len(groups))
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].value == all[i].value {
			j++
		}
		for _, m := range all[i:j] {
			sums[m.group] += float64(i+j+1) / 2
		}
		t := float64(j - i)
		tied += j - i - 1
		cubes += t * (t*t - 1)
		i = j
	}
	return sums, tied, cubes
}

func finiteGroups(groups [][]float64) ([][]float64, Basis) {
	var b Basis
	kept := make([][]float64, len(groups))
	for i, g := range groups {
		k, dropped := finite(g)
		kept[i] = k
		b.addSample(len(k), dropped)
	}
	return kept, b
}

func (b Basis) enoughGroups(op string, need float64) error {
	if len(b.N) < 2 {
		return fmt.Errorf("%s: %w: have %d groups, need 2", op, ErrTooFew, len(b.N))
	}
	return b.enough(op, need)
}
