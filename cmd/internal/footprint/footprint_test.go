package footprint

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

func none(string) string { return "" }

func TestRest_UsesOneProcessorAfterTheOpeningAndGivesThemBack(t *testing.T) {
	if runtime.GOMAXPROCS(0) == 1 {
		t.Skip("there is one processor")
	}
	synctest.Test(t, func(t *testing.T) {
		before := runtime.GOMAXPROCS(0)
		end := Rest(t.Context(), none)
		time.Sleep(opening - time.Second)
		synctest.Wait()
		if n := runtime.GOMAXPROCS(0); n != before {
			t.Errorf("it opens on %d processors: want all %d", n, before)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if n := runtime.GOMAXPROCS(0); n != 1 {
			t.Errorf("it rests on %d processors: want 1", n)
		}
		end()
		if n := runtime.GOMAXPROCS(0); n != before {
			t.Errorf("it left %d processors: want %d", n, before)
		}
	})
}

func TestRest_LeavesProcessorsThatTheOperatorChose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := runtime.GOMAXPROCS(0)
		ctx, cancel := context.WithCancel(t.Context())
		end := Rest(ctx, func(name string) string { return map[string]string{"GOMAXPROCS": "2"}[name] })
		time.Sleep(opening + time.Second)
		synctest.Wait()
		if n := runtime.GOMAXPROCS(0); n != before {
			t.Errorf("it rests on %d processors: want the operator's %d", n, before)
		}
		cancel()
		end()
	})
}

func TestLean_LeavesGarbageThatTheOperatorChose(t *testing.T) {
	was := debug.SetGCPercent(77)
	defer debug.SetGCPercent(was)
	Lean(func(string) string { return "77" })
	if got := debug.SetGCPercent(77); got != 77 {
		t.Errorf("GC percent %d: want the operator's 77", got)
	}
	Lean(none)
	if got := debug.SetGCPercent(77); got != Garbage {
		t.Errorf("GC percent %d: want %d", got, Garbage)
	}
}
