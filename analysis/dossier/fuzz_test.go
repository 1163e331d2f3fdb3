package dossier

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// full has every shape of measure: the first of each kind and a further one of each.
func full(t testing.TB) *Header {
	t.Helper()
	h, err := ParseHeader([]byte(`{"kind":"dossier","version":1,"id":"r","measures":[{"name":"errors","kind":"errors"},` +
		`{"name":"latency","kind":"latency","edges":[0.1,0.5]},{"name":"router_errors","kind":"errors"},{"name":"slow","kind":"latency","edges":[1]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func FuzzBlock_ReadingByHandIsReadingByTheLibrary(f *testing.F) {
	const arm = `{"requests":10,"errors":1,"latency":[7,2,1],"router_errors":{"requests":9,"errors":0},"slow":{"requests":3,"latency":[1,2]}}`
	for _, line := range []string{
		`{"kind":"block","t":"2026-01-05T14:00:15Z","share":0.05,"legacy":` + arm + `,"candidate":` + arm + `}`,
		`{"kind":"block","t":"2026-01-05T14:00:15.125Z","share":null,"legacy":null,"candidate":` + arm + `}`,
		`{"kind":"block","t":"2026-01-05T14:00:15Z","legacy":` + arm + `,"candidate":null,"strata":{"/a":{"legacy":` + arm + `,"candidate":null},"/b":{"legacy":null,"candidate":null}}}`,
		`{"kind":"block","t":"2026-01-05T14:00:15Z","legacy":null,"candidate":null,"strata":{"/b":{"legacy":null,"candidate":null},"/b":{"legacy":null,"candidate":null}}}`,
		`{"kind":"block","t":"2026-01-05T14:00:15Z","legacy":null,"candidate":null,"strata":{}}`,
		`{"kind":"block","t":"2026-02-30T14:00:15Z","legacy":null,"candidate":null}`,
		`{"kind":"block","t":"2026-01-05T14:00:15Z","share":00.5,"legacy":{"requests":1.0,"errors":01,"latency":[1,,0]},"candidate":null}`,
		`{"kind":"block","t":"2026-01-05T24:00:15Z","share":1.,"legacy":{"requests":1e1},"candidate":{"requests":-0}} `,
	} {
		f.Add([]byte(line))
	}
	h := full(f)
	l := newLayout(h)
	f.Fuzz(func(t *testing.T, line []byte) {
		byHand := h.NewBlock()
		if !l.fast(line, byHand) {
			return
		}
		if !json.Valid(line) {
			t.Fatalf("took what is no JSON: %q", line)
		}
		byLibrary := h.NewBlock()
		if err := l.slow(line, byLibrary); err != nil {
			t.Fatalf("took %q, the library says %v", line, err)
		}
		if !reflect.DeepEqual(byHand, byLibrary) {
			t.Fatalf("%q\nby hand    %+v\nby library %+v", line, byHand, byLibrary)
		}
	})
}

func FuzzReader_NoBytesBreakIt(f *testing.F) {
	f.Add([]byte(twoMeasures + "\n" + oneBlock + "\n"))
	f.Add([]byte("{\"kind\":\"dossier\"\n\n{}\n\xff"))
	f.Add([]byte(`{"kind":"dossier","version":1,"id":"r","measures":[{"name":"latency","kind":"latency","edges":[1e400,null]}]}`))
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := NewReader("f", bytes.NewReader(stream))
		var line Line
		for range bytes.Count(stream, []byte("\n")) + 3 {
			err := r.Next(&line)
			if err == nil && line.Block != nil {
				if err := r.layout.header.CheckBlock(line.Block, time.Time{}); err != nil {
					t.Fatalf("gave a bad block: %v", err)
				}
			}
		}
		if r.Next(&line) == nil {
			t.Fatal("more lines than there are")
		}
	})
}

// anyBlock draws a block that the header allows.
func anyBlock(t *rapid.T, h *Header, end time.Time) *Block {
	b := h.NewBlock()
	b.End = end
	if b.ShareKnown = rapid.Bool().Draw(t, "share known"); b.ShareKnown {
		b.Share = rapid.Float64Range(0, 1).Draw(t, "share")
	}
	for _, a := range []*Arm{&b.Legacy, &b.Candidate} {
		if a.Scraped = rapid.Bool().Draw(t, "scraped"); !a.Scraped {
			continue
		}
		// The measures that stand in the arm itself share its requests, or count others.
		n := rapid.Int64Range(0, 1<<40).Draw(t, "requests")
		for i, m := range h.Measures {
			c := &a.Counts[i]
			c.Known, c.Requests = true, n
			if !h.slot(i) || rapid.IntRange(0, 3).Draw(t, "apart") == 0 {
				c.Requests = rapid.Int64Range(0, 1<<40).Draw(t, "further requests")
			}
			if m.Kind == Errors {
				c.Errors = rapid.Int64Range(0, c.Requests).Draw(t, "errors")
				continue
			}
			left := c.Requests
			for k := range c.Cells[1:] {
				c.Cells[k] = rapid.Int64Range(0, left).Draw(t, "cell")
				left -= c.Cells[k]
			}
			c.Cells[len(c.Cells)-1] = left
		}
	}
	split(t, h, b)
	return b
}

// split puts the requests of a block into strata, or leaves them whole.
func split(t *rapid.T, h *Header, b *Block) {
	keys := []string{"", "/a", "/ö \"quoted\"", "z"}[:rapid.IntRange(0, 4).Draw(t, "strata")]
	for _, k := range keys {
		h.AddStratum(b, k)
	}
	for n := range keys {
		s := &b.Strata[n]
		for _, side := range []struct{ whole, part *Arm }{{&b.Legacy, &s.Legacy}, {&b.Candidate, &s.Candidate}} {
			if side.part.Scraped = side.whole.Scraped; !side.whole.Scraped {
				continue
			}
			for i := range h.Measures {
				// All of it in the first, since halves of errors and cells would not stay within halves of requests.
				side.part.Counts[i].Known = true
				if n == 0 {
					w := side.whole.Counts[i]
					side.part.Counts[i].Requests, side.part.Counts[i].Errors = w.Requests, w.Errors
					copy(side.part.Counts[i].Cells, w.Cells)
				}
			}
		}
	}
}

func TestWriter_WhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := full(t)
		end := time.Unix(rapid.Int64Range(0, 4e9).Draw(rt, "t"), rapid.SampledFrom([]int64{0, 5e8, 1}).Draw(rt, "nanoseconds")).UTC()
		b := anyBlock(rt, h, end)
		var out bytes.Buffer
		w := NewWriter(&out)
		if err := w.Begin(h); err != nil {
			rt.Fatal(err)
		}
		if err := w.Block(b); err != nil {
			rt.Fatal(err)
		}
		if err := w.Other("note", []byte(`{"text":"x"}`)); err != nil {
			rt.Fatal(err)
		}
		r := NewReader("w", &out)
		var line Line
		if err := r.Next(&line); err != nil || !reflect.DeepEqual(line.Header, h) {
			rt.Fatalf("header %+v, %v; want %+v", line.Header, err, h)
		}
		if err := r.Next(&line); err != nil || !reflect.DeepEqual(line.Block, b) {
			rt.Fatalf("%s\nblock %+v, %v; want %+v", line.Raw, line.Block, err, b)
		}
		if err := r.Next(&line); err != nil || line.Kind != "note" || string(line.Raw) != `{"kind":"note","text":"x"}` {
			rt.Fatalf("note %q, %v", line.Raw, err)
		}
	})
}

func TestWriter_RefusesWhatAReaderWouldRefuse(t *testing.T) {
	w := NewWriter(&bytes.Buffer{})
	h := full(t)
	b := h.NewBlock()
	b.End = time.Unix(100, 0)
	if err := w.Block(b); err == nil {
		t.Error("a block without a header")
	}
	if err := w.Begin(&Header{}); err == nil {
		t.Error("an empty header")
	}
	if err := w.Begin(h); err != nil {
		t.Fatal(err)
	}
	if err := w.Block(b); err != nil {
		t.Error(err)
	}
	if err := w.Block(b); err == nil {
		t.Error("the same block twice")
	}
	if err := w.Other("block", []byte(`{}`)); err == nil {
		t.Error("a block as another line")
	}
	if err := w.Other("note", []byte(`[]`)); err == nil {
		t.Error("a note that is no object")
	}
}
