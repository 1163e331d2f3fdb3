package engine

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

func TestGauges_TheArmsStartsComeFromTheirIdentities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := sources.Align(time.Now(), step).Add(-5 * time.Minute)
		w := newTown(began)
		w.versions[0].Started, w.versions[1].Started = began.Add(-48*time.Hour), began
		e, stop := run(t, Config{Service: ranker(), Metrics: w})
		defer stop()
		gs := after(e, 20*time.Second).Verdict.Gauges
		i := slices.IndexFunc(gs, func(g analysis.Gauge) bool { return g.Name == "start" })
		if i < 0 || !gs[i].Red || len(gs) != 9 {
			t.Errorf("%+v", gs)
		}
	})
}
