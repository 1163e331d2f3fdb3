package logring

import (
	"strings"
	"testing"
	"time"
)

func TestArena_HoldsNoMemoryForLinesThatNeverCame(t *testing.T) {
	r, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(r.arena.bytes); n != 0 {
		t.Errorf("%d bytes for no line", n)
	}
	at := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	line := Line{At: at, Text: []byte(strings.Repeat("x", 1000))}
	for i := range 20_000 {
		line.At = at.Add(time.Duration(i) * time.Second)
		r.Append(line)
		if n, held := len(r.arena.bytes), r.Counts().Held; n > max(firstBytes, 3*held*1020) {
			t.Fatalf("%d bytes for %d lines", n, held)
		}
	}
	if n := len(r.arena.bytes); n != r.arena.most {
		t.Errorf("%d bytes when full, want %d", n, r.arena.most)
	}
	if held, room := r.Counts().Held, r.arena.most/1020; held < room-1 {
		t.Errorf("%d lines held, there is room for %d", held, room)
	}
}
