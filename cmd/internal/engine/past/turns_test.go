package past

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

// lately is a window that ends now.
func lately(d time.Duration) sources.Window {
	now := time.Now()
	return sources.Window{From: now.Add(-d), To: now}
}

// readers lets n services read a past for so long and tells how many did so at the same time, and how often that changed
// from nobody to somebody: in how many rounds they read.
func readers(t *testing.T, turns *Turns, n int, takes func(i int) time.Duration) (most, rounds int) {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	reading := 0
	for i := range n {
		wg.Go(func() {
			done, err := turns.Take(t.Context(), lately(time.Hour))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			if reading++; reading == 1 {
				rounds++
			}
			most = max(most, reading)
			mu.Unlock()
			time.Sleep(takes(i))
			mu.Lock()
			reading--
			mu.Unlock()
			done()
		})
	}
	wg.Wait()
	return most, rounds
}

func TestTurns_SoManyReadTheirPastsTogetherAndTheNextBeginTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns()
		most, rounds := readers(t, turns, 4*AtOnce+1, func(i int) time.Duration { return time.Duration(1+i%7) * time.Second })
		if most != AtOnce || rounds != 5 {
			t.Errorf("%d at once in %d rounds", most, rounds)
		}
		if turns.reading != 0 || turns.closed || len(turns.waiting) != 0 {
			t.Errorf("left behind: %d reading, %d waiting", turns.reading, len(turns.waiting))
		}
	})
}

func TestTurns_WhoReadsAScrapeNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns()
		for range AtOnce {
			if _, err := turns.Take(t.Context(), lately(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := turns.Take(ctx, lately(15*time.Second)); err != nil {
			t.Error(err)
		}
		if _, err := (*Turns)(nil).Take(ctx, lately(time.Hour)); err != nil {
			t.Error("without turns nobody waits: ", err)
		}
	})
}

func TestTurns_WhoGivesUpWaitingTakesNobodysTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns()
		var ends []func()
		for range AtOnce {
			done, _ := turns.Take(t.Context(), lately(time.Hour))
			ends = append(ends, done)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := turns.Take(ctx, lately(time.Hour)); err == nil {
			t.Fatal("one more read")
		}
		for _, end := range ends {
			end()
		}
		if most, rounds := readers(t, turns, AtOnce, func(int) time.Duration { return time.Second }); most != AtOnce || rounds != 1 {
			t.Errorf("%d at once in %d rounds", most, rounds)
		}
	})
}
