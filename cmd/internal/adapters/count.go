package adapters

import (
	"context"
	"time"

	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/plane"
)

// seenPast is the newest window in which a split is seen by counters.
const seenPast = time.Minute

// Counter reads both arms' requests of the first measure that has any, for a plane that can only be watched.
func Counter(metrics sources.Metrics, svc engine.Service, now func() time.Time) plane.Count {
	return func(ctx context.Context, since time.Time) (plane.Counts, error) {
		to := sources.Align(now(), svc.Step)
		if since.IsZero() {
			since = to.Add(-seenPast)
		}
		w := sources.Window{From: since, To: to}.Aligned(svc.Step)
		out := plane.Counts{Window: w}
		if metrics == nil || len(svc.Measures) == 0 {
			return out, &sources.Error{Op: "count", Target: svc.Name, Kind: sources.ErrNoData, Fix: "a split by counters needs prometheus and a measure of requests"}
		}
		if w.Blocks(svc.Step) == 0 {
			return out, nil
		}
		got := metrics.Blocks(ctx, []sources.BlockQuery{svc.Measures[0].Query}, w)[0]
		for _, b := range got.Blocks {
			for _, a := range sources.Arms() {
				if c := b.Sum(a); c != nil {
					*out.Requests.Ptr(a) += c.Requests
				}
			}
		}
		return out, got.Err
	}
}
