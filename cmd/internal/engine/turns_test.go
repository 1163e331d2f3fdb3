package engine

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// past is a window that ends now.
func past(d time.Duration) sources.Window {
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
			done, err := turns.take(t.Context(), past(time.Hour))
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
		most, rounds := readers(t, turns, 4*turnsAtOnce+1, func(i int) time.Duration { return time.Duration(1+i%7) * time.Second })
		if most != turnsAtOnce || rounds != 5 {
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
		for range turnsAtOnce {
			if _, err := turns.take(t.Context(), past(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := turns.take(ctx, past(step)); err != nil {
			t.Error(err)
		}
		if _, err := (*Turns)(nil).take(ctx, past(time.Hour)); err != nil {
			t.Error("without turns nobody waits: ", err)
		}
	})
}

func TestTurns_WhoGivesUpWaitingTakesNobodysTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns()
		var ends []func()
		for range turnsAtOnce {
			done, _ := turns.take(t.Context(), past(time.Hour))
			ends = append(ends, done)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := turns.take(ctx, past(time.Hour)); err == nil {
			t.Fatal("one more read")
		}
		for _, end := range ends {
			end()
		}
		if most, rounds := readers(t, turns, turnsAtOnce, func(int) time.Duration { return time.Second }); most != turnsAtOnce || rounds != 1 {
			t.Errorf("%d at once in %d rounds", most, rounds)
		}
	})
}

func TestEngine_ALongPastIsReadWhenItIsItsTurnAndItsDeadlineBeginsThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns()
		var ends []func()
		for range turnsAtOnce {
			done, _ := turns.take(t.Context(), past(time.Hour))
			ends = append(ends, done)
		}
		w := newTown(sources.Align(time.Now(), step).Add(-time.Hour))
		e, stop := run(t, Config{Service: ranker(), Metrics: w, Turns: turns})
		defer stop()
		if f := after(e, 2*askDeadline); f.Verdict.Blocks != 0 || f.Sources[0].State != frame.SourceWaiting {
			t.Errorf("before its turn: %d blocks, %s", f.Verdict.Blocks, f.Sources[0].State)
		}
		for _, end := range ends {
			end()
		}
		if f := after(e, step); f.Verdict.Blocks < 200 {
			t.Errorf("after its turn: %d blocks", f.Verdict.Blocks)
		}
	})
}
