package bound

import "math"

// Bernstein is the empirical Bernstein confidence sequence for the mean of values in [0, 1] that share one conditional
// mean: the deviations from the running mean measure the variance (Howard et al. 2021, theorem 4).
type Bernstein struct {
	mix        GammaExponential
	alpha      float64
	n, sum, vs float64
}

// NewBernstein is tuned to intrinsic time tune (number of values times their variance) at confidence 1 - alpha.
func NewBernstein(tune, alpha float64) *Bernstein {
	return &Bernstein{mix: NewGammaExponential(tune, alpha/2, 1), alpha: alpha}
}

// Add takes one value; what lies outside [0, 1] counts as the nearer end.
func (b *Bernstein) Add(x float64) {
	x = unit(x)
	d := x - (.5+b.sum)/(b.n+1)
	b.vs += float64(d * d)
	b.sum += x
	b.n++
}

// Interval holds the mean at every number of values at once.
func (b *Bernstein) Interval() (lo, hi float64) {
	if b.n == 0 {
		return 0, 1
	}
	r := b.mix.Bound(b.vs, b.alpha/2) / b.n
	m := b.sum / b.n
	return max(0, m-r), min(1, m+r)
}

// Betting tests whether the mean of values in [0, 1] is m by betting on either side with half of the wealth
// (Waudby-Smith and Ramdas 2024).
type Betting struct {
	m, alpha       float64
	n, sum, square float64
	up, down       float64 // ln K+ and ln K-
}

// NewBetting bets against the mean m, sized for a decision at alpha.
func NewBetting(m, alpha float64) *Betting { return &Betting{m: unit(m), alpha: alpha, square: .25} }

// Add takes one value; what lies outside [0, 1] counts as the nearer end.
func (b *Betting) Add(x float64) {
	x = unit(x)
	t := b.n + 1
	bet := math.Sqrt(2 * math.Log(2/b.alpha) / (t * math.Log1p(t) * (b.square / t)))
	up, down := bet, bet
	if b.m > 0 {
		up = min(bet, .5/b.m)
	}
	if b.m < 1 {
		down = min(bet, .5/(1-b.m))
	}
	b.up += math.Log1p(up * (x - b.m))
	b.down += math.Log1p(-down * (x - b.m))
	b.n = t
	b.sum += x
	d := x - (.5+b.sum)/(t+1)
	b.square += float64(d * d)
}

// LogWealth is ln K of the bets that the mean is above, and below, m.
func (b *Betting) LogWealth() (above, below float64) { return b.up, b.down }

// LogE is the evidence that the mean is not m: the better half.
func (b *Betting) LogE() float64 { return max(b.up, b.down) - math.Ln2 }

func unit(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}
