package dossier

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// rollout is a dossier of n times the same block, at later times.
func rollout(tb testing.TB, header, block string, n int) []byte {
	r := NewReader("s", strings.NewReader(header+"\n"+block+"\n"))
	var line Line
	if err := r.Next(&line); err != nil {
		tb.Fatal(err)
	}
	h := line.Header
	if err := r.Next(&line); err != nil {
		tb.Fatal(err)
	}
	b, text := line.Block, AppendHeader(nil, h)
	for range n {
		b.End = b.End.Add(15 * time.Second)
		text = AppendBlock(text, h, b)
	}
	return text
}

// spaced is the same as writers in other languages have it.
func spaced(text []byte) []byte {
	return []byte(strings.NewReplacer(",", ", ", `":`, `": `).Replace(string(text)))
}

func errorBlock() string {
	return block("2026-01-05T14:00:15Z", `{"requests":712,"errors":4}`, `{"requests":38,"errors":0}`)
}

func TestReader_ReadsBlocksWithoutAllocating(t *testing.T) {
	const runs = 2000
	for name, text := range map[string][]byte{
		"errors":  rollout(t, plain, errorBlock(), runs+10),
		"latency": rollout(t, twoMeasures, oneBlock, runs+10),
		"spaced":  spaced(rollout(t, twoMeasures, oneBlock, runs+10)),
	} {
		r := NewReader(name, bytes.NewReader(text))
		var line Line
		next := func() {
			if err := r.Next(&line); err != nil {
				t.Fatal(err)
			}
		}
		next()
		next()
		if n := testing.AllocsPerRun(runs, next); n != 0 {
			t.Errorf("%s: %v allocations per block", name, n)
		}
	}
}

func benchmarkReader(b *testing.B, text []byte) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	lines := 0
	var line Line
	for b.Loop() {
		r := NewReader("b", bytes.NewReader(text))
		for {
			if err := r.Next(&line); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			lines++
		}
	}
	b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "blocks/s")
}

func BenchmarkReader_Errors(b *testing.B) {
	benchmarkReader(b, rollout(b, plain, errorBlock(), 10000))
}

func BenchmarkReader_ErrorsSpaced(b *testing.B) {
	benchmarkReader(b, spaced(rollout(b, plain, errorBlock(), 10000)))
}

func BenchmarkReader_Latency(b *testing.B) {
	benchmarkReader(b, rollout(b, twoMeasures, oneBlock, 10000))
}
