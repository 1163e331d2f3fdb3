package dossier

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// endless gives the same blocks for ever, at later times.
type endless struct {
	header *Header
	block  *Block
	buf    []byte
	begun  bool
}

func (e *endless) Read(p []byte) (int, error) {
	for len(e.buf) < len(p) {
		if !e.begun {
			e.buf, e.begun = AppendHeader(e.buf, e.header), true
		}
		e.block.End = e.block.End.Add(15 * time.Second)
		e.buf = AppendBlock(e.buf, e.header, e.block)
	}
	n := copy(p, e.buf)
	e.buf = append(e.buf[:0], e.buf[n:]...)
	return n, nil
}

func stream(tb testing.TB, header, block string) *endless {
	h, err := ParseHeader([]byte(header))
	if err != nil {
		tb.Fatal(err)
	}
	r := NewReader("s", strings.NewReader(header+"\n"+block+"\n"))
	var line Line
	_ = r.Next(&line)
	if err := r.Next(&line); err != nil {
		tb.Fatal(err)
	}
	return &endless{header: h, block: line.Block}
}

func TestReader_ReadsBlocksWithoutAllocating(t *testing.T) {
	for name, s := range map[string]*endless{
		"errors":  stream(t, plain, block("2026-01-05T14:00:15Z", `{"requests":712,"errors":4}`, `{"requests":38,"errors":0}`)),
		"latency": stream(t, twoMeasures, oneBlock),
	} {
		r := NewReader(name, s)
		var line Line
		for range 3 {
			if err := r.Next(&line); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(2000, func() {
			if err := r.Next(&line); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations per block", name, n)
		}
	}
}

func benchmarkReader(b *testing.B, header, block string) {
	s := stream(b, header, block)
	var text []byte
	text = AppendHeader(text, s.header)
	for range 10000 {
		s.block.End = s.block.End.Add(15 * time.Second)
		text = AppendBlock(text, s.header, s.block)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var line Line
	for b.Loop() {
		r := NewReader("b", bytes.NewReader(text))
		for {
			if err := r.Next(&line); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N)*10000/b.Elapsed().Seconds(), "blocks/s")
}

func BenchmarkReader_Errors(b *testing.B) {
	benchmarkReader(b, plain, block("2026-01-05T14:00:15Z", `{"requests":712,"errors":4}`, `{"requests":38,"errors":0}`))
}

func BenchmarkReader_Latency(b *testing.B) { benchmarkReader(b, twoMeasures, oneBlock) }
