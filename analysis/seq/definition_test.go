package seq

import (
	"math"
	"slices"
	"testing"
	"time"
)

// The streaming forms are compared with their definitions, written out over all lines.

func TestPortfolio_IsTheMixtureOfProcessesThatBeginLater(t *testing.T) {
	blocks := someBlocks(260, 3)
	start, again := StartBets(), RestartBets()
	p := NewPortfolio(ErrorsSchedule(), start.weight, again.weight)
	cost, step := make([]float64, 7), make([]float64, 7)
	for j, b := range blocks {
		p.Release(time.Duration(j) * scrape)
		start.costs(cost, b.share(1))
		start.steps(step, cost, b.CandidateX, b.Events())
		p.Add(step, 1)
		want := .5 * mixtureFrom(blocks[:j+1], start)
		for s := 20; s <= 220; s += 20 { // before the line that begins after 5, 10, ... 55 minutes
			want += .5 / 11 * mixtureFrom(blocks[min(s, j+1):j+1], again)
		}
		if !close9(p.LogE(), math.Log(want)) {
			t.Fatalf("line %d: %v, want %v", j+1, p.LogE(), math.Log(want))
		}
	}
}

func mixtureFrom(blocks []Block, bets Bets) float64 {
	e := 0.0
	for i, delta := range bets.delta {
		l := 0.0
		for _, b := range blocks {
			pi := b.CandidateN / (b.LegacyN + b.CandidateN)
			l += delta*b.CandidateX - (b.LegacyX+b.CandidateX)*math.Log(1-pi+pi*math.Exp(delta))
		}
		e += bets.weight[i] * math.Exp(l)
	}
	return e
}

func TestDispersion_IsItsDefinitionOverAllLines(t *testing.T) {
	for _, rule := range []DispersionRule{errorsRule(), {Gate: .2, Delay: 8}, edgeRule(), {Gate: .2, Delay: 8, Bounded: true}} {
		blocks := someBlocks(120, 1)
		for i := 30; i < 50; i++ { // a private burst, so that there is something to learn
			blocks[i].CandidateX = blocks[i].CandidateN / 2
		}
		d := NewDispersion(rule)
		learned := false
		for j, b := range blocks {
			want := phiByDefinition(blocks[:j], b, rule)
			if got := d.Phi(b.LegacyN, b.CandidateN); !close9(got, want) {
				t.Fatalf("gate %v, line %d: phi %v, want %v", rule.Gate, j+1, got, want)
			}
			learned = learned || want > 1
			d.Add(b)
		}
		if !learned {
			t.Errorf("gate %v: phi never left 1", rule.Gate)
		}
	}
}

// phiByDefinition is phi of the line b from the lines before it.
func phiByDefinition(before []Block, b Block, rule DispersionRule) float64 {
	var s, q, v2, events, requests, num, den float64
	for i, l := range before {
		r := (num + 2) / (den + 2)
		n := l.LegacyN + l.CandidateN
		x := l.LegacyX + l.CandidateX
		pi := l.CandidateN * r / (l.LegacyN + l.CandidateN*r)
		u, v := l.CandidateX-x*pi, x*pi*(1-pi)
		if rule.Bounded {
			v *= 1 - x/n
		}
		if i+1 <= len(before)+1-9 {
			s, v2 = s+u*u-v, v2+v*v
			q += max(0, 2*v*v+v*(1-6*pi*(1-pi)))
		}
		num, den = num+l.CandidateX*l.LegacyN/n, den+l.LegacyX*l.CandidateN/n
		events, requests = events+x, requests+n
	}
	if q == 0 || s/math.Sqrt(q) <= rule.Gate {
		return 1
	}
	p := events / requests
	if rule.Bounded {
		p *= 1 - p
	}
	return 1 + 2*max(0, s)/(2*v2+4)*p*b.LegacyN*b.CandidateN/(b.LegacyN+b.CandidateN)
}

func TestBurst_IsItsDefinitionOverSumsOfEight(t *testing.T) {
	blocks := someBlocks(120, 1)
	for i := 40; i < 56; i++ {
		blocks[i].CandidateX = 6
	}
	var g Burst
	for j, b := range blocks {
		g.Add(b)
		if want := burstByDefinition(blocks[:j+1]); !close9(g.Z(), want) {
			t.Fatalf("line %d: z %v, want %v", j+1, g.Z(), want)
		}
	}
}

func burstByDefinition(lines []Block) float64 {
	var num, den, lastU, lastV, sum, top, q float64
	for k := 0; 8*k+8 <= len(lines); k++ {
		var s Block
		for _, l := range lines[8*k : 8*k+8] {
			s = s.Plus(l)
		}
		r := (num + 2) / (den + 2)
		pi := s.CandidateN * r / (s.LegacyN + s.CandidateN*r)
		x := s.LegacyX + s.CandidateX
		u, v := s.CandidateX-x*pi, x*pi*(1-pi)
		if k > 0 && v > 0 && lastV > 0 {
			w := v * lastV / (v + lastV)
			d := w * (u/v - lastU/lastV)
			sum, top, q = sum+d*d-w, max(top, d*d-w), q+2*w*w+w
		}
		lastU, lastV = u, v
		num += s.CandidateX * s.LegacyN / (s.LegacyN + s.CandidateN)
		den += s.LegacyX * s.CandidateN / (s.LegacyN + s.CandidateN)
	}
	if q == 0 {
		return 0
	}
	return (sum - max(0, top)) / math.Sqrt(1.25*q)
}

func TestConfirmation_IsRedWhileTheEvidenceHangsOnOneSpell(t *testing.T) {
	steady, sudden := NewConfirmation(1), NewConfirmation(1)
	for i := range 40 {
		steady.Add(float64(i) * .1)
		l := 0.0
		if i >= 30 {
			l = 4
		}
		sudden.Add(l)
	}
	if steady.Red() {
		t.Errorf("red although %v of the evidence remains without its best spell", steady.Rest())
	}
	if !sudden.Red() {
		t.Errorf("green although %v of the evidence remains without its best spell", sudden.Rest())
	}
	quiet := NewConfirmation(1)
	quiet.Add(1.4)
	if quiet.Red() {
		t.Error("red before anybody would act")
	}
}

func TestCells_SlowerUsesTheRisingRatio(t *testing.T) {
	c := NewCells(4, 0)
	c.Add([]float64{400, 300, 200, 100}, []float64{30, 50, 10, 10}, 1)
	c.estimate()
	theta, raw := slices.Clone(c.theta), slices.Clone(c.rho)
	c.isotonic()
	if !slices.IsSorted(c.rho) {
		t.Errorf("the ratio falls: %v", c.rho)
	}
	before, after := 0.0, 0.0
	for k := range theta {
		before += theta[k] * raw[k]
		after += theta[k] * c.rho[k]
	}
	if !close9(before, 1) || !close9(after, 1) {
		t.Errorf("the candidate's shares add up to %v, then %v", before, after)
	}
	if pool := (theta[1]*raw[1] + theta[2]*raw[2] + theta[3]*raw[3]) / (theta[1] + theta[2] + theta[3]); !close9(c.rho[3], pool) {
		t.Errorf("pool %v, want the weighted mean %v", c.rho[3], pool)
	}
}

func TestEBH_NamesTheLargestThatHoldTogether(t *testing.T) {
	logs := func(e ...float64) []float64 {
		for i := range e {
			e[i] = math.Log(e[i])
		}
		return e
	}
	for _, c := range []struct {
		e    []float64
		want []int
	}{
		{logs(1, 2, 3, 4), nil},
		{logs(1, 81, 3, 4), []int{1}},
		{logs(41, 20, 45, 1), []int{2, 0}},
		{logs(27, 28, 29, 1), []int{2, 1, 0}},
		{nil, nil},
	} {
		if got := EBH(c.e, .05); !slices.Equal(got, c.want) {
			t.Errorf("EBH(%v) = %v, want %v", c.e, got, c.want)
		}
	}
}

func TestCombine_IsTheWeightedMeanOfEvidence(t *testing.T) {
	got := Combine([]float64{.5, .25, .25, 0}, []float64{math.Log(40), math.Log(2), -math.MaxFloat64, 1e6})
	near(t, "ln E", got, math.Log(20.5), 1e-12)
	near(t, "nothing guarded", Combine([]float64{0}, []float64{5}), 0, 0)
}

func TestForecast_ReachesTheLevelWhenAPathWould(t *testing.T) {
	// The inverse Gaussian's distribution function by adding up its density.
	mean, shape := 7.0, 12.0
	for _, p := range []float64{.08, .5, .92} {
		q := inverseGaussian(p, mean, shape)
		sum, h := 0.0, q/20000
		for i := range 20000 {
			x := (float64(i) + .5) * h
			sum += h * math.Sqrt(shape/(2*math.Pi*x*x*x)) * math.Exp(-shape*(x-mean)*(x-mean)/(2*mean*mean*x))
		}
		near(t, "P(T <= quantile)", sum, p, 1e-6)
	}
}

func TestForecast_GrowthIsTheOneOfTheBestBet(t *testing.T) {
	g, _ := Growth(2, .005, 712.5, 37.5, 0)
	// 5 % share, ratio 2, 50 requests/s: ln(20)/g blocks are the 11.0 minutes of the rough line.
	near(t, "minutes", math.Log(20)/g/4, 11.0, .05)
	near(t, "minutes with seven bets", math.Log(20*7)/g/4, 18.2, .05)
	if _, _, known := (ForecastInput{Ratio: 1, Rate: .005, LegacyN: 700, CandidateN: 50, Need: 3}).Blocks(); known {
		t.Error("a forecast although the ratio points the other way")
	}
}

func TestCusum_ForgetsWhatWasLostAndKeepsWhatWasWon(t *testing.T) {
	c := NewCusum([]float64{.5, .5})
	c.Add([]float64{-5, 1}, 1)
	c.Add([]float64{2, 1}, 1)
	near(t, "ln M", c.LogM(), math.Log(.5*math.Exp(2)+.5*math.Exp(2)), 1e-12)
}

func TestExcess_IsWhatLegacyWouldNotHaveFailed(t *testing.T) {
	for _, c := range []struct{ ratio, x, want float64 }{{4, 20, 15}, {1, 20, 0}, {.5, 20, -20}, {math.Inf(1), 20, 20}} {
		if got, _ := Excess(c.ratio, c.x); got != c.want {
			t.Errorf("Excess(%v, %v) = %v, want %v", c.ratio, c.x, got, c.want)
		}
	}
	if _, known := Excess(0, 20); known {
		t.Error("an excess without a lower limit")
	}
}

func TestBets_RefuseWhatIsNoBet(t *testing.T) {
	for _, c := range []struct{ ratios, weights []float64 }{
		{nil, nil},
		{[]float64{1}, nil},
		{[]float64{-2}, nil},
		{[]float64{math.NaN()}, nil},
		{[]float64{2, 3}, []float64{1}},
		{[]float64{2, 3}, []float64{.5, .6}},
		{[]float64{2, 3}, []float64{1, 0}},
	} {
		if _, err := NewBets(c.ratios, c.weights); err == nil {
			t.Errorf("NewBets(%v, %v): no error", c.ratios, c.weights)
		}
	}
}
