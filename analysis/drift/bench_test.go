package drift

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkCompare is what one feature costs at each look.
func BenchmarkCompare(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	edges, tail := latencyCells()
	legacy, candidate := Cells{Edges: edges, Counts: draw(r, tail, 20000)}, Cells{Edges: edges, Counts: draw(r, tail, 1000)}
	b.ReportAllocs()
	for b.Loop() {
		Compare(legacy, candidate, Options{})
	}
}

// BenchmarkTrackerAdd is what one feature costs for each block.
func BenchmarkTrackerAdd(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	edges, tail := latencyCells()
	legacy, candidate := Cells{Edges: edges, Counts: draw(r, tail, 700)}, Cells{Edges: edges, Counts: draw(r, tail, 50)}
	tracker := NewTracker(Options{})
	b.ReportAllocs()
	for b.Loop() {
		if err := tracker.Add(legacy, candidate); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSketchAdd is what one value costs in a profile.
func BenchmarkSketchAdd(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	values := make([]float64, 4096)
	for i := range values {
		values[i] = r.NormFloat64()
	}
	var s Sketch
	i := 0
	for b.Loop() {
		s.Add(values[i%len(values)])
		i++
	}
}
