package peer

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"rampart/analysis/seq"
)

func repeat(groups ...float64) []float64 {
	var out []float64
	for i := 0; i+1 < len(groups); i += 2 {
		out = append(out, slices.Repeat([]float64{groups[i+1]}, int(groups[i]))...)
	}
	return out
}

// The misses are reported in Kayenta's issues 6278, 426, 780 and 5622.
func TestKayenta_MissesWhatItsUsersReport(t *testing.T) {
	for _, c := range []struct {
		name                string
		experiment, control []float64
		want                Class
	}{
		{"seven of ten points are 100 times the control", repeat(7, 100, 3, 1), repeat(10, 1), Pass},
		{"eight of ten are", repeat(8, 100, 2, 1), repeat(10, 1), High},
		{"errors where there were none", []float64{0, 1, 2, 1, 0, 0}, repeat(6, 0), Pass},
		{"equal samples", []float64{1, 2, 3}, []float64{3, 2, 1}, Pass},
		{"half the values", repeat(30, 1, 30, 2), repeat(30, 10, 30, 11), Low},
		{"nothing to compare", nil, repeat(3, 1), NoData},
	} {
		if got := Classify(c.experiment, c.control); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestKayenta_IntervalsAreThoseOfTheThreads(t *testing.T) {
	for _, c := range []struct {
		name                string
		experiment, control []float64
		lo, hi, estimate    float64
		near                float64 // as the thread prints it
		want                Class
	}{
		// The lower end lies below a quarter of the estimate, 24.75, which is all that makes it pass.
		{"issue 6278", repeat(3, 1, 7, 100), repeat(10, 1), 6.825022991538781e-5, 99, 98.99992904170193, rootTolerance, Pass},
		{
			"issue 780, case 1: the spread grows tenfold",
			[]float64{10, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 17, 17.1, 17.2, 17.3, 17.4, 17.5, 17.6, 17.7},
			[]float64{1, 100, 4, 101, 5, 102, 6, 103, 7, 104, 8, 105, 9, 106, 17},
			-88.4, 8.7, -6.4, 1e-3, Pass,
		},
	} {
		s := newShift(slices.Sorted(slices.Values(c.experiment)), slices.Sorted(slices.Values(c.control)), kayentaConfidence)
		if math.Abs(s.Lo-c.lo) > c.near || math.Abs(s.Hi-c.hi) > c.near || math.Abs(s.Estimate-c.estimate) > c.near {
			t.Errorf("%s: %+v, want %g to %g, estimate %g", c.name, s, c.lo, c.hi, c.estimate)
		}
		if got := Classify(c.experiment, c.control); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// The program's own tests compare two samples of 210 error rates with R's wilcox.test at 95 %. Its
// samples hold rates that differ in their last bits only and are equal here, which moves z in the fifth digit; the ends of
// the interval are a step at 0, known to 1e-4 by either.
func TestKayenta_TiesOutWithR(t *testing.T) {
	x, y := tieOut()
	r := roots{x: x, y: y, lo: x[0] - y[len(y)-1], hi: x[len(x)-1] - y[0]}
	z := distuv.UnitNormal.Quantile(.975)
	for _, c := range []struct {
		name      string
		got, want float64
		near      float64
	}{
		{"least shift", r.lo, -3.124999999999986, 1e-12},
		{"greatest shift", r.hi, 5.555555555555557, 1e-12},
		{"z at the least, lower", r.excess(r.lo, z), 17.090968923762254, 1e-4},
		{"z at the greatest, lower", r.excess(r.hi, z), -20.997687930433106, 1e-4},
		{"z at the least, upper", r.excess(r.lo, -z), 21.01089689284236, 1e-4},
		{"z at the greatest, upper", r.excess(r.hi, -z), -17.077759961353, 1e-4},
		{"lower end", r.find(z), 3.521755377702165e-5, rootTolerance},
		{"upper end", r.find(-z), 2.02456461662334e-5, rootTolerance},
		{"estimate", r.find(0), 2.6279243045155653e-5, rootTolerance},
	} {
		if math.Abs(c.got-c.want) > c.near {
			t.Errorf("%s: %.10g, R says %.10g", c.name, c.got, c.want)
		}
	}
}

func TestKayenta_OneVerdictHangsOnTheRootFinder(t *testing.T) {
	x := slices.Sorted(slices.Values([]float64{0, .048, 0, .18, .089, 0, .098, .035, 0, 0}))
	s := newShift(x, repeat(10, 0), kayentaConfidence)
	if math.Abs(s.Lo) > rootTolerance || math.Abs(s.Estimate) > rootTolerance {
		t.Errorf("issue 5622: %+v: lower end and estimate are both a step at 0", s)
	}
}

func TestKayenta_FindsShiftsAsOftenAsItsTestSays(t *testing.T) {
	for _, c := range []struct {
		auto, factor, want float64
	}{{0, 1, 0}, {0, 1.1, .24}, {0, 1.2, .90}, {.8, 1, .127}, {.8, 1.1, .43}, {.8, 1.2, .67}} {
		const runs = 300
		r, hits := rand.New(rand.NewPCG(1, 2)), 0
		for range runs {
			if Classify(series(r, c.auto, c.factor), series(r, c.auto, 1)) == High {
				hits++
			}
		}
		// Both rates are of 300 runs.
		slack := 3.5*math.Sqrt(2*max(c.want*(1-c.want), .003)/runs) + 1e-9
		if got := float64(hits) / runs; math.Abs(got-c.want) > slack {
			t.Errorf("correlation %g, times %g: HIGH in %.3f, want %.3f +- %.3f", c.auto, c.factor, got, c.want, slack)
		}
	}
}

// series is 50 lognormal values, sigma .2, of an autoregressive process.
func series(r *rand.Rand, auto, factor float64) []float64 {
	out, z := make([]float64, 50), r.NormFloat64()
	for i := range out {
		out[i] = factor * math.Exp(.2*z)
		z = auto*z + math.Sqrt(1-auto*auto)*r.NormFloat64()
	}
	return out
}

func TestPooledMixture_IsThePublishedBayesFactor(t *testing.T) {
	m := NewPooledMixture(.05)
	m.Add(seq.Block{LegacyN: 800, LegacyX: 148, CandidateN: 200, CandidateX: 62}, false)
	if got := math.Exp(-m.logE()); math.Abs(got-.04557963) > 1e-8 {
		t.Errorf("p %.8f, want .04557963", got)
	}
	if !m.fired {
		t.Error("at p .0456 it fires")
	}
}

func TestPooledZ_IsTheTwoProportionTest(t *testing.T) {
	z := NewPooledZ(.05)
	z.Add(seq.Block{LegacyN: 1e4, LegacyX: 50, CandidateN: 1e4, CandidateX: 80}, false)
	if math.Abs(z.z()-2.639767) > 1e-6 || !z.fired {
		t.Errorf("z %v, fired %v", z.z(), z.fired)
	}
}

func TestPooledTests_AreFooledByARampWithDrift(t *testing.T) {
	// Both arms always have the same rate; it triples while the candidate's share grows.
	for _, p := range []Peer{NewPooledZ(.05), NewPooledMixture(.05)} {
		fired := p.Add(seq.Block{LegacyN: 99000, LegacyX: 297, CandidateN: 1000, CandidateX: 3}, false)
		if fired {
			t.Errorf("%s fired before the ramp", p.Name())
		}
		if !p.Add(seq.Block{LegacyN: 50000, LegacyX: 450, CandidateN: 50000, CandidateX: 450}, false) {
			t.Errorf("%s sees through the ramp: it is not the pooled test", p.Name())
		}
	}
}

func TestThreshold_CountsFailedChecks(t *testing.T) {
	feed := func(p Peer, rate float64) (scrapes int) {
		for i := 1; i <= 400; i++ {
			if p.Add(seq.Block{LegacyN: 100, CandidateN: 100, CandidateX: 100 * rate}, false) {
				return i
			}
		}
		return 0
	}
	if got := feed(NewArgo(), .06); got != 4*5*perMinute {
		t.Errorf("Argo fired at scrape %d, want its fourth check", got)
	}
	if got := feed(NewFlagger(), .02); got != 5*perMinute {
		t.Errorf("Flagger fired at scrape %d, want its fifth check", got)
	}
	if feed(NewArgo(), .04) != 0 || feed(NewFlagger(), .005) != 0 {
		t.Error("a rate within the threshold fired")
	}
}

func TestPeers_TakeNothingFromAMissingArm(t *testing.T) {
	for _, p := range All(.05) {
		for range 400 {
			if p.Add(seq.Block{CandidateN: 100, CandidateX: 100}, true) {
				t.Fatalf("%s fired on scrapes in which legacy was missing", p.Name())
			}
		}
	}
}

// tieOut is what the program's test compares: per cents of failed requests in 210 scrapes each, sorted.
func tieOut() (x, y []float64) {
	percents := func(zeros int, ones []float64, more ...float64) []float64 {
		out := make([]float64, zeros)
		for _, n := range ones {
			out = append(out, 100/n)
		}
		for i := 0; i+1 < len(more); i += 2 {
			out = append(out, 100*more[i]/more[i+1])
		}
		return slices.Sorted(slices.Values(out))
	}
	x = percents(146, []float64{
		18, 27, 28, 29, 30, 30, 31, 32, 33, 37, 39, 41, 49, 49, 50, 51, 51, 52, 53, 53, 53, 54, 54, 54, 54, 54, 55, 55, 55, 55, 56, 57, 57, 58, 58, 59,
		60, 60, 60, 61, 61, 62, 63, 64, 64, 64, 66, 66, 68, 69, 70, 70, 70, 72, 73, 74, 75, 81,
	}, 2, 49, 2, 59, 2, 63, 2, 67, 2, 71, 3, 73)
	y = percents(193, []float64{32, 40, 54, 56, 57, 58, 59, 61, 63, 64, 65, 67, 67, 67, 68, 72}, 2, 67)
	return x, y
}
