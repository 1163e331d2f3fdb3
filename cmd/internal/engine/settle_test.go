package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// untilBlock lets time pass until a frame holds the block that ends next, and returns how long after that end it did.
func untilBlock(t *testing.T, e *Engine) time.Duration {
	t.Helper()
	have := e.Newest().Verdict.Blocks
	for range int(2 * time.Minute / (100 * time.Millisecond)) {
		if f := after(e, 100*time.Millisecond); f.Verdict.Blocks > have {
			e.mu.Lock()
			defer e.mu.Unlock()
			return time.Since(e.book.last)
		}
	}
	t.Fatal("no block came in two minutes")
	return 0
}

func TestEngine_ABlockIsJudgedWithinASecondOfItsEndOrWhenTheConfigSaysItIsWhole(t *testing.T) {
	for settle, want := range map[time.Duration]time.Duration{0: time.Second, 40 * time.Second: 40 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			svc := ranker()
			svc.Settle = settle
			e, stop := run(t, Config{Service: svc, Metrics: newTown(sources.Align(time.Now(), step).Add(-10 * time.Minute))})
			defer stop()
			after(e, time.Minute)
			for range 3 {
				if got := untilBlock(t, e); got < want || got > want+100*time.Millisecond {
					t.Errorf("settle %v: judged %v after its end", settle, got)
				}
				if call := e.Newest().Verdict.Call; call == analysis.Stale {
					t.Errorf("settle %v: %s", settle, call)
				}
			}
		})
	}
}
