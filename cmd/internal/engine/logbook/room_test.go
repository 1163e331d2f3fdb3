package logbook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// spared is a book into which lines of a kilobyte come at so many a second for a while, and which is spared each quarter of a
// minute; oldest is how old the oldest held line was then, at least, in the second half of the time.
func spared(t *testing.T, c Config, perSecond float64, d time.Duration, keep bool) (b *Book, now time.Time, oldest time.Duration) {
	t.Helper()
	b, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	oldest, next := d, began
	for now = began; now.Before(began.Add(d)); now = now.Add(15 * time.Second) {
		b.Place(now)
		var p sources.Page
		for ; next.Before(now); next = next.Add(time.Duration(float64(time.Second) / perSecond)) {
			text := fmt.Sprintf("request %d %s", next.Unix(), strings.Repeat("x", 1000))
			p.Lines = append(p.Lines, sources.LogLine{ID: next.String(), At: next, Arm: sources.Legacy, Level: sources.LevelInfo, Message: sources.NewText(text)})
		}
		b.Take(p)
		b.Spare(now, keep)
		if now.After(began.Add(d / 2)) {
			oldest = min(oldest, now.Sub(b.ring.Counts().Oldest))
		}
	}
	return b, now, oldest
}

func TestBook_OfManyHoldsTheLinesOfTheLastMinutesWhileNobodyLooks(t *testing.T) {
	for _, c := range []struct {
		name        string
		perSecond   float64
		d           time.Duration
		least, most int // lines
	}{
		{"few lines", .2, 3 * time.Hour, 240, 260},      // as many as the least room takes
		{"more lines", 3, 50 * time.Minute, 1800, 1900}, // those of ten minutes
		{"more lines than there is room for", 40, 10 * time.Minute, 12_000, 13_000},
	} {
		b, _, oldest := spared(t, Config{Sparing: true}, c.perSecond, c.d, false)
		if n := b.ring.Len(); n < c.least || n > c.most {
			t.Errorf("%s: %d are held", c.name, n)
		}
		if c.perSecond < 10 && oldest < heldPast {
			t.Errorf("%s: the oldest is %v old", c.name, oldest)
		}
	}
}

func TestBook_HoldsAllItMayWhileSomebodyLooksOrTheCandidateIsWorse(t *testing.T) {
	const d, all = 50 * time.Minute, 3*50*60 - 45
	if b, _, _ := spared(t, Config{}, 3, d, false); b.ring.Len() < all {
		t.Error("a book that is not one of many lets lines go")
	}
	if b, _, _ := spared(t, Config{Sparing: true}, 3, d, true); b.ring.Len() < all {
		t.Error("a book of a worse candidate lets lines go")
	}
	b, now, _ := spared(t, Config{Sparing: true}, 3, d, true)
	for _, look := range []func(){
		func() { _, _ = b.Lines(t.Context(), frame.LogsQuery{}) },
		func() { _, _ = b.Newer(t.Context(), frame.LogsQuery{}) },
		func() { b.Looked() },
	} {
		b.room.looked = time.Time{}
		look()
		if b.Spare(now.Add(lookedFor-time.Minute), false); b.ring.Len() < all {
			t.Error("lines are let go that somebody looked at")
		}
	}
	if b.Spare(now.Add(lookedFor+time.Minute), false); b.ring.Len() > 300 {
		t.Errorf("%d lines are held long after the last look", b.ring.Len())
	}
}
