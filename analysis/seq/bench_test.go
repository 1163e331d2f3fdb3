package seq

import (
	"math/rand/v2"
	"testing"
	"time"
)

// someBlocks are blocks of 750 requests on a ramp, with a candidate that is ratio times as bad.
func someBlocks(n int, ratio float64) []Block {
	rng := rand.New(rand.NewPCG(1, 2))
	blocks := make([]Block, n)
	for i := range blocks {
		b := Block{LegacyN: 700 + float64(rng.IntN(50)), CandidateN: 10 + float64(rng.IntN(30))}
		for range int(b.LegacyN) {
			if rng.Float64() < .005 {
				b.LegacyX++
			}
		}
		for range int(b.CandidateN) {
			if rng.Float64() < .005*ratio {
				b.CandidateX++
			}
		}
		blocks[i] = b
	}
	return blocks
}

func BenchmarkErrors_OneBlock(b *testing.B) {
	blocks := someBlocks(1024, 1)
	e := NewErrors(ErrorsConfig{SafeMargin: .5})
	i := 0
	for b.Loop() {
		e.Add(blocks[i&1023], time.Duration(i)*15*time.Second)
		if e.LogHarm() > 1e9 || e.LogSafe() > 1e9 {
			b.Fatal("impossible")
		}
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "blocks/s")
}

func BenchmarkErrors_OneBlockWithAuditAndPromotion(b *testing.B) {
	blocks := someBlocks(1024, 1)
	e := NewErrors(ErrorsConfig{SafeMargin: .5, Audit: true, Promotion: true})
	i := 0
	for b.Loop() {
		e.Add(blocks[i&1023], time.Duration(i)*15*time.Second)
		i++
	}
}

func BenchmarkInterval_Ratio(b *testing.B) {
	e := NewErrors(ErrorsConfig{SafeMargin: .5, Audit: true})
	for i, bl := range someBlocks(240, 2) {
		e.Add(bl, time.Duration(i)*15*time.Second)
	}
	alpha := .05
	for b.Loop() {
		alpha = .06 - alpha // what was found for one is not found for the other
		e.Interval(alpha)
	}
}

func BenchmarkErrors_Forecast(b *testing.B) {
	e := NewErrors(ErrorsConfig{SafeMargin: .5})
	for i, bl := range someBlocks(240, 2) {
		e.Add(bl, time.Duration(i)*15*time.Second)
	}
	for b.Loop() {
		e.Forecast(3)
	}
}

func BenchmarkLatency_OneBlockOfTwelveCells(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	l := NewLatency(LatencyConfig{Edges: 11, SafeMargin: .5})
	cells := make([][]float64, 1024)
	for i := range cells {
		cells[i] = make([]float64, 12)
		for range 300 {
			cells[i][min(11, int(rng.ExpFloat64()*3))]++
		}
	}
	i := 0
	for b.Loop() {
		l.Add(cells[i&1023], cells[(i+7)&1023], time.Duration(i)*15*time.Second)
		if l.LogHarm() > 1e9 || l.LogSafe() > 1e9 {
			b.Fatal("impossible")
		}
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "blocks/s")
}
