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

// moved is a router whose split somebody may set.
type moved struct{ to atomic.Int64 }

func (*moved) Caps(context.Context) (sources.Caps, error) { return sources.Caps{}, nil }

func (m *moved) Read(context.Context) (sources.Reading, error) {
	set := sources.SplitAt(sources.Share(m.to.Load()), time.Now())
	return sources.Reading{At: time.Now(), Rev: set.String(), Configured: set, Effective: set}, nil
}

func TestPlane_CountersAreDrawnWithTheClockAndTheBlockAndAMovedSplitAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &moved{}
		m.to.Store(int64(sources.Whole / 20))
		e, stop := run(t, Config{Service: ranker(), Metrics: newTown(time.Now().Add(-time.Hour)), Plane: m, PlaneName: "haproxy"})
		defer stop()
		after(e, time.Minute-time.Duration(time.Now().Second())*time.Second) // a reading, whose counters are not drawn yet
		if f := e.Newest(); f.Traffic.ReadAt.Equal(time.Now()) || !after(e, 4*time.Second).Traffic.ReadAt.Equal(time.Now().Add(-4*time.Second)) {
			t.Errorf("read at %v, drawn with %v", f.Traffic.ReadAt, e.Newest().Traffic.ReadAt)
		}
		if got, blocks := numbered(e), uint64(time.Minute/step); got != blocks*uint64(step/lookEvery) {
			t.Errorf("%d frames for %d blocks of %d readings", got, blocks, step/lookEvery)
		}
		time.Sleep(step - 6*time.Second) // behind the last reading in the block
		m.to.Store(int64(sources.Whole / 4))
		time.Sleep(time.Until(sources.Align(time.Now(), step).Add(step))) // the block's end, before its numbers are asked for
		synctest.Wait()
		if f := e.Newest(); f.Traffic.Set.Candidate != sources.Whole/4 {
			t.Errorf("at the block's end it still shows %v", f.Traffic.Set)
		}
	})
}
