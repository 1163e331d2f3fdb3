package engine

import (
	"testing"
	"time"

	"rampart/sources"
)

func TestCollect_ChunksOfAllServicesEndAtTheSameInstants(t *testing.T) {
	end := time.Date(2026, 1, 5, 15, 21, 0, 0, time.UTC)
	for _, step := range []time.Duration{15 * time.Second, 7 * time.Second, 3 * time.Hour} {
		ends := map[time.Time]int{}
		for _, ago := range []time.Duration{9 * time.Hour, 9*time.Hour - 21*time.Minute, 8 * time.Hour} {
			w := sources.Window{From: end.Add(-ago), To: end}.Aligned(step)
			for w.From.Before(w.To) {
				part := nextChunk(w, step)
				if part.Length() <= 0 || part.Length() > max(chunk, w.Length()) || part.To != part.To.Truncate(step) && step == 15*time.Second {
					t.Fatalf("step %v: %v of %v", step, part, w)
				}
				ends[part.To]++
				w.From = part.To
			}
		}
		if len(ends) > 5 {
			t.Errorf("step %v: %d different ends: %v", step, len(ends), ends)
		}
	}
}
