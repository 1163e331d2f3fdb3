package wire

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// large is a frame as a busy service has it: eight charts of 240 points in both arms, forty rows, features, log patterns
// and servers.
func large() frame.Frame {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	some := func(i int) analysis.Value {
		return analysis.Number(math.Sqrt(float64(i))/100, analysis.Fraction, int64(i)*1000).Between(0.01, 0.03).AsOf(at)
	}
	many := func(n int) []analysis.Value {
		out := make([]analysis.Value, n)
		for i := range out {
			out[i] = some(i)
		}
		return out
	}
	f := frame.Frame{At: at, Context: "prod", Service: "ranker"}
	for range 8 {
		c := frame.Chart{Key: "errors", Title: "errors, app"}
		for _, arm := range sources.Arms() {
			for i := range 240 {
				p := c.Series.Ptr(arm)
				*p = append(*p, frame.Point{T: at.Add(time.Duration(i) * time.Second), V: some(i)})
			}
		}
		f.Charts = append(f.Charts, c)
	}
	for range 40 {
		f.Rows = append(f.Rows, frame.Row{Measure: "errors, app", Legacy: some(1), Candidate: some(2), History: sources.ByArm[[]analysis.Value]{Legacy: many(10), Candidate: many(10)}})
		f.Drift = append(f.Drift, frame.Feature{Name: "ctr_7d", PSI: some(3), Cells: sources.ByArm[[]analysis.Value]{Legacy: many(10), Candidate: many(10)}})
		f.Logs.Patterns = append(f.Logs.Patterns, frame.Pattern{Text: sources.NewText("timeout after <n> ms while calling <host>"), Candidate: some(5), History: many(10)})
		f.Traffic.Servers = append(f.Traffic.Servers, sources.Server{Member: "lb1", Name: "canary-1", Up: true})
	}
	return f
}

func BenchmarkFrame_Encode(b *testing.B) {
	f := large()
	for b.Loop() {
		line, err := frames.encode(&f)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(line)))
	}
}

func BenchmarkFrame_Decode(b *testing.B) {
	f := large()
	line, _ := frames.encode(&f)
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if _, err := frames.decode(line); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFrame_ToTwentyConsoles is from the publication of a large frame until each of twenty consoles has decoded it,
// all in this process.
func BenchmarkFrame_ToTwentyConsoles(b *testing.B) {
	r := newRunner()
	f := large()
	r.put(f)
	address := listening(b, r)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var consoles []*Client
	for range 20 {
		c, err := Dial(ctx, address, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Next(ctx); err != nil {
			b.Fatal(err)
		}
		consoles = append(consoles, c)
	}
	for b.Loop() {
		r.put(f)
		var wg sync.WaitGroup
		for _, c := range consoles {
			wg.Go(func() {
				if _, err := c.Next(ctx); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
	}
}
