package logring

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestBound_TheLinesThatAreHeldAreTheNewestWhateverTheRoomWas appends and changes the room by turns.
func TestBound_TheLinesThatAreHeldAreTheNewestWhateverTheRoomWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := New(Config{Bytes: 2 << 20, MaxLine: 8 << 10})
		if err != nil {
			t.Fatal(err)
		}
		var came []Line
		var at []Pos
		begin := time.Unix(1_800_000_000, 0).UTC()
		for range rapid.IntRange(1, 12).Draw(t, "turns") {
			if rapid.Bool().Draw(t, "bound") {
				r.Bound(rapid.IntRange(0, 3<<20).Draw(t, "bytes"))
			}
			size := rapid.SampledFrom([]int{0, 10, 300, 4000, 8192}).Draw(t, "size")
			late := time.Duration(rapid.IntRange(0, 100).Draw(t, "late")) * time.Second
			for range rapid.IntRange(0, 400).Draw(t, "lines") {
				text := append(fmt.Appendf(nil, "%d ", len(came)), bytes.Repeat([]byte{'x'}, size)...)
				l := Line{At: begin.Add(time.Duration(len(came))*time.Second - late), Text: text[:min(len(text), 8192)]}
				came, at = append(came, l), append(at, r.Append(l))
			}
			if room := r.Bytes(); len(r.arena.bytes) > room-room/4 || len(r.index.blocks)*blockBytes > room/4 {
				t.Fatalf("%d bytes and %d blocks in %d", len(r.arena.bytes), len(r.index.blocks), room)
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

func TestBound_GivesMemoryBackAndTakesItAgainOnlyForLines(t *testing.T) {
	r := ring(t, Config{Bytes: 16 << 20})
	line := Line{At: noon, Text: bytes.Repeat([]byte("x"), 1000)}
	for range 20_000 {
		r.Append(line)
	}
	shown, _ := r.Line(Pos{At: nanos(noon), Seq: 20_000})
	r.Bound(1 << 20)
	if n := len(r.arena.bytes); n > 1<<20 || r.Len() < 700 {
		t.Errorf("%d bytes hold %d lines", n, r.Len())
	}
	r.Bound(16 << 20)
	if n := len(r.arena.bytes); n > 1<<20 {
		t.Errorf("%d bytes for room that nobody needs yet", n)
	}
	before := r.Len()
	for range 5000 {
		r.Append(line)
	}
	if r.Len() != before+5000 {
		t.Errorf("%d lines are held, want %d more than %d", r.Len(), 5000, before)
	}
	if !bytes.Equal(shown.Text, line.Text) {
		t.Error("a line that was handed out changed")
	}
}
