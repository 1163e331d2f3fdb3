package engine

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

// mute is a log index to which nobody writes.
type mute struct{}

func (mute) Tail(context.Context, sources.LogQuery, sources.Cursor) (sources.Page, error) {
	return sources.Page{}, nil
}

func (mute) Counts(context.Context, sources.LogQuery, time.Duration) (sources.LogCounts, error) {
	return sources.LogCounts{}, nil
}

func (mute) Health(context.Context) sources.Health { return sources.Health{} }

// hanging is a metrics source that may stop answering.
type hanging struct {
	*town
	hangs atomic.Bool
}

func (h *hanging) Blocks(ctx context.Context, ask []sources.BlockQuery, w sources.Window) []sources.BlockSeries {
	if h.hangs.Load() {
		<-ctx.Done()
		return []sources.BlockSeries{{Err: ctx.Err()}}
	}
	return h.town.Blocks(ctx, ask, w)
}

// numbered returns how many frames a minute brings.
func numbered(e *Engine) uint64 {
	before := e.Newest().Seq
	return after(e, time.Minute).Seq - before
}

func TestLogs_AreShownWithTheNumbersOfTheirBlockAndWithoutThemWhenTheyDoNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(sources.Align(time.Now(), step).Add(-10 * time.Minute))
		m := &hanging{town: w}
		e, stop := run(t, Config{Service: ranker(), Metrics: m, Logs: mute{}})
		defer stop()
		after(e, time.Minute)
		if got, blocks := numbered(e), uint64(time.Minute/step); got != blocks {
			t.Errorf("%d frames for %d blocks", got, blocks)
		}
		m.hangs.Store(true)
		after(e, time.Minute)
		if got, blocks := numbered(e), uint64(time.Minute/step); got < blocks {
			t.Errorf("%d frames for %d rounds of the logs without numbers", got, blocks)
		}
	})
}
