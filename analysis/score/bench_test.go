package score

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"rampart/analysis/dossier"
)

// stream writes a dossier of n blocks.
func stream(tb testing.TB, header string, n int) []byte {
	h, err := dossier.ParseHeader([]byte(header))
	if err != nil {
		tb.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	out := dossier.AppendHeader(nil, h)
	b := h.NewBlock()
	b.Share, b.ShareKnown, b.End = .05, true, start()
	for range n {
		b.End = b.End.Add(15 * time.Second)
		fill(rng, &b.Legacy, 700+rng.Int64N(50))
		fill(rng, &b.Candidate, 20+rng.Int64N(30))
		out = dossier.AppendBlock(out, h, b)
	}
	return out
}

func fill(rng *rand.Rand, a *dossier.Arm, n int64) {
	a.Scraped = true
	for i := range a.Counts {
		c := &a.Counts[i]
		c.Known, c.Requests, c.Errors = true, n, rng.Int64N(5)
		clear(c.Cells)
		for range n {
			if k := len(c.Cells); k > 0 {
				c.Cells[min(k-1, int(rng.ExpFloat64()*3))]++
			}
		}
	}
}

func benchmarkRun(b *testing.B, form Output, header string, n int) {
	text := stream(b, header, n)
	in := Input{Name: "b", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := Run(context.Background(), form, Options{}, []Input{in}, io.Discard, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*float64(n)/b.Elapsed().Seconds(), "blocks/s")
}

const twelveCells = `{"kind":"dossier","version":1,"id":"r","measures":[{"name":"errors","kind":"errors","weight":0.5},` +
	`{"name":"latency","kind":"latency","edges":[0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5,10],"weight":0.5}]}`

func BenchmarkRun_SummaryOfErrorBlocks(b *testing.B) { benchmarkRun(b, Summarized, plain, 20000) }
func BenchmarkRun_SummaryOfTwelveCells(b *testing.B) { benchmarkRun(b, Summarized, twelveCells, 5000) }
func BenchmarkRun_LinesOfErrorBlocks(b *testing.B)   { benchmarkRun(b, JSONLines, plain, 5000) }
func BenchmarkRun_LinesOfTwelveCells(b *testing.B)   { benchmarkRun(b, JSONLines, twelveCells, 1000) }
