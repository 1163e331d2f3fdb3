package seq

import (
	"math"
	"testing"
)

func TestSignFlip_GivesTheEvidenceOfItsDefinition(t *testing.T) {
	s := NewSignFlip()
	for _, d := range []float64{1, 2, -1, 3, .5, 40} {
		s.Add(d)
	}
	// Python: sum of .25 * product of exp(b x)/cosh(b x), x = d / geometric mean of |d| before, within 3.
	near(t, "log E", s.LogE(), 1.217470838362, 1e-11)
}

func TestSignFlip_HasMeanOneOverAllSigns(t *testing.T) {
	sizes := []float64{1, .2, 7, 1000, .01, 3, 3, 12}
	mean := 0.0
	for signs := range 1 << len(sizes) {
		s := NewSignFlip()
		for i, d := range sizes {
			if signs>>i&1 == 1 {
				d = -d
			}
			s.Add(d)
		}
		mean += math.Exp(s.LogE()) / float64(int(1)<<len(sizes))
	}
	near(t, "mean E", mean, 1, 1e-9)
}

func TestSignFlip_SeesALeanThroughOutliersAndTakesAnyNumber(t *testing.T) {
	s, none := NewSignFlip(), NewSignFlip()
	for i := range 200 {
		d := 1.0
		if i%4 == 0 {
			d = -1
		}
		if i%50 == 1 {
			d = -1e6
		}
		s.Add(d)
		none.Add(0)
	}
	if s.LogE() < math.Log(20) {
		t.Errorf("three of four pairs are slower and the evidence is %v", s.LogE())
	}
	if math.Abs(none.LogE()) > 1e-12 {
		t.Errorf("equal pairs are evidence %v", none.LogE())
	}
	before := s.LogE()
	for _, d := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		s.Add(d)
	}
	if s.LogE() != before {
		t.Error("what is no number is evidence")
	}
	s.Add(math.MaxFloat64)
	if math.IsNaN(s.LogE()) || math.IsInf(s.LogE(), 0) {
		t.Errorf("a huge difference gives %v", s.LogE())
	}
}
