package drift

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"rampart/sources"
)

// checkReport fails on a distance that is not a number or is known without n.
func checkReport(t *testing.T, r Report) {
	t.Helper()
	for name, d := range map[string]Distance{"psi": r.PSI, "js": r.JS, "w1": r.W1, "ks": r.KS, "tv": r.TV} {
		for _, v := range []float64{d.Value, d.Expected.V, d.P.V, d.N.Legacy, d.N.Candidate, d.Times().V} {
			if !finite(v) || v < 0 {
				t.Fatalf("%s: %+v", name, d)
			}
		}
		if d.Known != (d.Why == "") || d.Known && (d.N.Legacy <= 0 || d.N.Candidate <= 0) {
			t.Fatalf("%s: %+v", name, d)
		}
	}
	for _, s := range []Side{r.Sides.Legacy, r.Sides.Candidate} {
		if slices.ContainsFunc(s.Shares, func(v float64) bool { return !finite(v) || v < 0 || v > 1+1e-9 }) || !finite(s.Mean.V) {
			t.Fatalf("side %+v", s)
		}
	}
	for _, s := range []Share{r.Missing, r.Zero} {
		if !finite(s.Legacy.V) || !finite(s.Candidate.V) || !finite(s.P.V) {
			t.Fatalf("share %+v", s)
		}
	}
}

func FuzzCompare_NeverGivesNaNNorPanics(f *testing.F) {
	for _, values := range [][]float64{
		{}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {math.NaN(), math.Inf(1), -1, 0, 5e-324, math.MaxFloat64, 1, 1, 1},
	} {
		data, err := binary.Append(nil, binary.LittleEndian, values)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, true)
		f.Add(data, false)
	}
	f.Fuzz(func(t *testing.T, data []byte, tame bool) {
		var v [3][]float64
		for i := 0; i+8 <= len(data) && i < 8*120; i += 8 {
			x := math.Float64frombits(binary.LittleEndian.Uint64(data[i:]))
			if tame && !finite(x) {
				x = 1
			}
			v[i/8%3] = append(v[i/8%3], x)
		}
		n := min(len(v[1]), len(v[2]))
		edges, a, b := v[0][:max(0, min(len(v[0]), n-1))], v[1][:n], v[2][:n]
		checkReport(t, CompareValues(a, b, Options{}))
		if tame {
			slices.Sort(edges)
			for k := range a {
				a[k], b[k] = math.Abs(a[k]), math.Abs(b[k])
			}
		}
		legacy, candidate := Cells{Edges: edges, Counts: a}, Cells{Edges: edges, Counts: b}
		if n > 0 {
			legacy.Missing, candidate.Missing, legacy.Zero = Of(a[0]), Of(b[0]), Of(a[n-1])
		}
		checkReport(t, Compare(legacy, candidate, Options{}))
		tracker := NewTracker(Options{})
		for range 3 {
			if err := tracker.Add(legacy, candidate); err != nil {
				break
			}
		}
		checkReport(t, tracker.Report())
		var names [2]Categories
		for k, x := range a {
			names[k%2].Add(sources.NewText(string(rune('a'+k))), x)
		}
		checkReport(t, CompareCategories(names[0], names[1], Options{}))
		var sketch Sketch
		for _, x := range b {
			sketch.Add(x)
		}
		checkReport(t, Compare(sketch.Cells(sketch.Deciles()), sketch.Cells(sketch.Deciles()), Options{}))
	})
}
