package logring

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestSpare_WhatIsHeldAreTheNewestLinesAndTheyStayAsTheyAre appends and spares by turns.
func TestSpare_WhatIsHeldAreTheNewestLinesAndTheyStayAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := New(Config{Bytes: 1 << 20, MaxLine: 8 << 10})
		if err != nil {
			t.Fatal(err)
		}
		var came []Line
		var at []Pos
		begin := time.Unix(1_800_000_000, 0).UTC()
		for range rapid.IntRange(1, 12).Draw(t, "turns") {
			size := rapid.SampledFrom([]int{0, 10, 300, 4000, 8192}).Draw(t, "size")
			late := time.Duration(rapid.IntRange(0, 100).Draw(t, "late")) * time.Second
			for range rapid.IntRange(0, 400).Draw(t, "lines") {
				text := append(fmt.Appendf(nil, "%d ", len(came)), bytes.Repeat([]byte{'x'}, size)...)
				l := Line{At: begin.Add(time.Duration(len(came))*time.Second - late), Text: text[:min(len(text), 8192)]}
				came, at = append(came, l), append(at, r.Append(l))
			}
			before := r.Len()
			n, least := rapid.IntRange(0, len(came)).Draw(t, "the first"), rapid.IntRange(0, 1<<20).Draw(t, "least")
			r.Spare(uint64(n), least)
			if used := r.arena.used(); r.Len() < before && len(came)-r.Len() > n || used > least && r.Len() > 0 && len(came)-r.Len() < n {
				t.Fatalf("%d of %d lines are held in %d bytes after sparing the first %d down to %d", r.Len(), len(came), used, n, least)
			}
			if have, used := len(r.arena.bytes), r.arena.used(); have > max(firstBytes, 2*used) {
				t.Fatalf("%d bytes for %d", have, used)
			}
			for i, p := range at {
				l, held := r.Line(p)
				switch {
				case held != (i >= len(at)-r.Len()):
					t.Fatalf("line %d of %d is held: %v, of %d that are", i, len(at), held, r.Len())
				case held && (!bytes.Equal(l.Text, came[i].Text) || !l.At.Equal(came[i].At)):
					t.Fatalf("line %d became %.40q of %v", i, l.Text, l.At)
				}
			}
		}
	})
}

func TestSpare_GivesMemoryBackAndTakesItAgainOnlyForLines(t *testing.T) {
	r := ring(t, Config{Bytes: 16 << 20})
	line := Line{At: noon, Text: bytes.Repeat([]byte("x"), 1000)}
	for range 20_000 {
		r.Append(line)
	}
	shown, _ := r.Line(Pos{At: nanos(noon), Seq: 20_000})
	r.Spare(19_000, 0)
	if n := len(r.arena.bytes); n > 1100*1000 || r.Len() != 1000 {
		t.Errorf("%d bytes hold %d lines", n, r.Len())
	}
	for i := range uint64(50_000) { // as many come as go
		r.Append(line)
		if i%100 == 0 {
			r.Spare(19_000+i, 0)
		}
		if n := len(r.arena.bytes); n > 3<<20 {
			t.Fatalf("%d bytes for %d lines", n, r.Len())
		}
	}
	if !bytes.Equal(shown.Text, line.Text) {
		t.Error("a line that was handed out changed")
	}
}
