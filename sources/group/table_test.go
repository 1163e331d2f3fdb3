package group_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources/group"
)

// server answers each question with its own words, and remembers what was asked together.
type server struct {
	mu    sync.Mutex
	asked [][]string
	most  int           // questions at once; 0: any number
	takes time.Duration // until the first piece
	fails error
}

var errMuch = errors.New("too much")

func (s *server) ask(ctx context.Context, questions []string, give func(int, string)) (int, error) {
	s.mu.Lock()
	s.asked = append(s.asked, slices.Sorted(slices.Values(questions)))
	s.mu.Unlock()
	if s.most > 0 && len(questions) > s.most {
		return 0, errMuch
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(s.takes):
	}
	for i, q := range questions {
		give(i, q+"!")
		give(i, q+"?")
	}
	return len(questions), s.fails
}

func (s *server) table() *group.Table[string, string, int] {
	return group.New(group.Config[string, string, int]{
		Ask: s.ask, Weight: func(q string) float64 { return float64(len(q)) / 10 },
		TooMuch: func(err error) (smaller, again bool) { return errors.Is(err, errMuch), errors.Is(err, errMuch) },
		Lull:    20 * time.Millisecond, Patience: 100 * time.Millisecond,
	})
}

// said is what one caller got.
type said struct {
	pieces string
	with   int
	err    error
	took   time.Duration
}

// call asks and collects.
func call(ctx context.Context, t *group.Table[string, string, int], key string, all int, q string) (out said) {
	began := time.Now()
	out.with, out.err = t.Ask(ctx, key, all, q, func(s string) error { out.pieces += s; return nil })
	out.took = time.Since(began)
	return out
}

// all asks for several callers at once.
func all(t *group.Table[string, string, int], key string, of int, qs ...string) []said {
	out := make([]said, len(qs))
	var wg sync.WaitGroup
	for i, q := range qs {
		wg.Go(func() { out[i] = call(context.Background(), t, key, of, q) })
	}
	wg.Wait()
	return out
}

func TestTable_CallersOfOneKeyAreAskedForOnceAndEachGetsItsPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		for i, got := range all(s.table(), "k", 3, "a", "b", "c") {
			q := string("abc"[i])
			if got.pieces != q+"!"+q+"?" || got.with != 3 || got.err != nil || got.took != 0 {
				t.Errorf("%s: %+v", q, got)
			}
		}
		if len(s.asked) != 1 {
			t.Errorf("asked %v", s.asked)
		}
	})
}

func TestTable_WaitsOnlyALullForThoseWhoDoNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		for _, got := range all(s.table(), "k", 3, "a", "b") {
			if got.with != 2 || got.took != 20*time.Millisecond {
				t.Errorf("%+v", got)
			}
		}
	})
}

func TestTable_OneAfterTheOtherIsNotWaitedForLongerThanPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, first := &server{}, said{}
		table := s.table()
		var wg sync.WaitGroup
		wg.Go(func() { first = call(t.Context(), table, "k", 1000, "a") })
		for range 9 {
			time.Sleep(15 * time.Millisecond)
			wg.Go(func() { call(t.Context(), table, "k", 1000, "b") })
		}
		wg.Wait()
		if first.took != 100*time.Millisecond || first.with != 7 {
			t.Errorf("%+v", first)
		}
	})
}

func TestTable_AFullBatchIsSentAndTheNextOneBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		all(s.table(), "k", 7, "aaa", "bbb", "ccc", "ddd", "eee", "fff", "ggg")
		if len(s.asked) != 3 || len(s.asked[0]) != 3 || len(s.asked[2]) != 1 {
			t.Errorf("asked %v", s.asked)
		}
	})
}

func TestTable_OtherKeysAreOtherQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		table := s.table()
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() { call(t.Context(), table, fmt.Sprint(i%2), 2, "q") })
		}
		wg.Wait()
		if len(s.asked) != 2 {
			t.Errorf("asked %v", s.asked)
		}
	})
}

func TestTable_WhoLeavesHoldsUpNobodyAndGetsNothingAfterwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{takes: time.Second}
		table := s.table()
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		var hasty, patient said
		var wg sync.WaitGroup
		wg.Go(func() { hasty = call(ctx, table, "k", 2, "a") })
		wg.Go(func() { patient = call(t.Context(), table, "k", 2, "b") })
		wg.Wait()
		if !errors.Is(hasty.err, context.DeadlineExceeded) || hasty.pieces != "" || hasty.took != 500*time.Millisecond {
			t.Errorf("who left: %+v", hasty)
		}
		if patient.err != nil || patient.pieces != "b!b?" {
			t.Errorf("who stayed: %+v", patient)
		}
	})
}

func TestTable_TheQuestionIsGivenUpWhenTheLastHasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{takes: time.Hour}
		table := s.table()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for _, q := range []string{"a", "b"} {
			wg.Go(func() { call(ctx, table, "k", 2, q) })
		}
		began := time.Now()
		wg.Wait()
		synctest.Wait() // a goroutine that was left behind would hold the test up for an hour
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestTable_WhoLeavesBeforeItWasSentHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		table := s.table()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		call(ctx, table, "k", 3, "a")
		if got := call(t.Context(), table, "k", 1, "b"); got.err != nil || got.with != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestTable_AnErrorOfOnesOwnPartIsNobodyElses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		table, own := s.table(), errors.New("mine")
		var mine error
		var other said
		var wg sync.WaitGroup
		taken := 0
		wg.Go(func() { _, mine = table.Ask(t.Context(), "k", 2, "a", func(string) error { taken++; return own }) })
		wg.Go(func() { other = call(t.Context(), table, "k", 2, "b") })
		wg.Wait()
		if !errors.Is(mine, own) || taken != 1 || other.err != nil || other.pieces != "b!b?" {
			t.Errorf("mine %v after %d pieces, other %+v", mine, taken, other)
		}
	})
}

func TestTable_AnErrorOfTheQuestionIsEverybodys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{fails: errors.New("down")}
		for _, got := range all(s.table(), "k", 2, "a", "b") {
			if !errors.Is(got.err, s.fails) {
				t.Errorf("%+v", got)
			}
		}
		if len(s.asked) != 1 {
			t.Errorf("asked %v", s.asked)
		}
	})
}

func TestTable_WhatIsTooMuchIsAskedInHalvesAndFewerAreAskedFromThenOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{most: 2}
		table := s.table()
		for range 2 {
			for _, got := range all(table, "k", 8, "a", "b", "c", "d", "e", "f", "g", "h") {
				if got.err != nil || len(got.pieces) != 4 {
					t.Errorf("%+v", got)
				}
			}
		}
		var sizes []int
		for _, a := range s.asked {
			sizes = append(sizes, len(a))
		}
		if want := []int{8, 4, 2, 2, 4, 2, 2, 2, 2, 2, 2}; !slices.Equal(sizes, want) {
			t.Errorf("asked for %v, want %v", sizes, want)
		}
	})
}
