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
		least, most int
	}{
		{"few lines", .2, 3 * time.Hour, leastRoom, leastRoom},
		{"more lines", 3, 90 * time.Minute, 2 << 20, 8 << 20},
		{"more lines than there is room for", 40, 10 * time.Minute, 16 << 20, 16 << 20},
	} {
		b, _, oldest := spared(t, Config{Sparing: true}, c.perSecond, c.d, false)
		if n := b.ring.Bytes(); n < c.least || n > c.most {
			t.Errorf("%s take %d bytes", c.name, n)
		}
		if c.perSecond < 10 && oldest < heldPast {
			t.Errorf("%s: the oldest is %v old", c.name, oldest)
		}
	}
}

func TestBook_HoldsAllItMayWhileSomebodyLooksOrTheCandidateIsWorse(t *testing.T) {
	if b, _, _ := spared(t, Config{}, 3, 50*time.Minute, false); b.ring.Bytes() != 16<<20 || b.ring.Counts().Evicted.Legacy > 0 {
		t.Error("a book that is not one of many lets lines go")
	}
	if b, _, _ := spared(t, Config{Sparing: true}, 3, 50*time.Minute, true); b.ring.Bytes() != 16<<20 || b.ring.Counts().Evicted.Legacy > 0 {
		t.Error("a book of a worse candidate lets lines go")
	}
	b, now, _ := spared(t, Config{Sparing: true}, 3, 50*time.Minute, false)
	small := b.ring.Bytes()
	if _, err := b.Lines(t.Context(), frame.LogsQuery{}); err != nil {
		t.Fatal(err)
	}
	b.Spare(now.Add(lookedFor-time.Minute), false)
	if n := b.ring.Bytes(); n != 16<<20 {
		t.Errorf("%d bytes for somebody who looks", n)
	}
	for i := range 10 {
		b.Spare(now.Add(lookedFor+time.Duration(i)*time.Minute), false)
	}
	if n := b.ring.Bytes(); n > small {
		t.Errorf("%d bytes long after the last look, %d before", n, small)
	}
}
