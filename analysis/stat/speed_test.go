package stat

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

const (
	million = 1_000_000
	// scipyRuns is how many runs Python takes the best of.
	scipyRuns = "5"
	// scipyNear is the relative agreement asked for: SciPy adds a million terms in
	// another order.
	scipyNear = 1e-9
)

func lognormal(n int, mu float64, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Exp(mu + 0.6*r.NormFloat64())
	}
	return x
}

// scipySpeed is what testdata/stat/speed.py prints.
type scipySpeed struct {
	SciPy string `json:"scipy"`
	Tests map[string]struct {
		Seconds float64
		Values  map[string]float64
	}
}

// askSciPy times the same samples in Python, or skips where there is none.
func askSciPy(b *testing.B, x, y []float64) scipySpeed {
	b.Helper()
	python := cmp.Or(os.Getenv("PYTHON"), "python3")
	if err := exec.CommandContext(b.Context(), python, "-c", "import scipy").Run(); err != nil {
		b.Skipf("no SciPy to compare with: %s: %v", python, err)
	}
	dir := b.TempDir()
	args := []string{"../../testdata/stat/speed.py"}
	for name, sample := range [...][]float64{x, y} {
		path := filepath.Join(dir, strconv.Itoa(name))
		data, err := binary.Append(nil, binary.LittleEndian, sample)
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := exec.CommandContext(b.Context(), python, append(args, scipyRuns)...).Output()
	if err != nil {
		b.Fatal(err)
	}
	var answer scipySpeed
	if err := json.Unmarshal(out, &answer); err != nil {
		b.Fatal(err)
	}
	return answer
}

// BenchmarkAgainstSciPy compares on two samples of a million values, in one run on
// one machine: the digits must agree and the ratio, best run against best run, must
// hold what is promised. SciPy works on one core, this package on two.
func BenchmarkAgainstSciPy(b *testing.B) {
	x, y := lognormal(million, 0, 1), lognormal(million, 0.01, 2)
	scipy := askSciPy(b, x, y)
	for _, c := range []struct {
		test    string
		promise float64
		run     func() (map[string]float64, error)
	}{
		{"ks", 10, func() (map[string]float64, error) {
			r, err := KolmogorovSmirnov(x, y, Asymptotic)
			return map[string]float64{"d": r.D, "p": r.P}, err
		}},
		{"wasserstein", 10, func() (map[string]float64, error) {
			r, err := Wasserstein(x, y)
			return map[string]float64{"w1": r.Distance}, err
		}},
		{"mann-whitney", 8, func() (map[string]float64, error) {
			r, err := MannWhitney(x, y, Asymptotic)
			return map[string]float64{"u": r.U, "p": r.P}, err
		}},
	} {
		b.Run(c.test, func(b *testing.B) {
			best := math.Inf(1)
			for b.Loop() {
				start := b.Elapsed()
				got, err := c.run()
				best = min(best, (b.Elapsed() - start).Seconds())
				if err != nil {
					b.Fatal(err)
				}
				for key, want := range scipy.Tests[c.test].Values {
					if !near(got[key], want, scipyNear) {
						b.Fatalf("%s = %.17g, SciPy %s says %.17g", key, got[key], scipy.SciPy, want)
					}
				}
			}
			times := scipy.Tests[c.test].Seconds / best
			b.ReportMetric(times, "x-scipy")
			b.ReportMetric(best*1e3, "ms-best")
			if times < c.promise {
				b.Errorf("%.1f times SciPy, promised %g", times, c.promise)
			}
		})
	}
}
