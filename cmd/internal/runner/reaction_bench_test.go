package runner

import (
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
)

// BenchmarkRamp_FromTheFrameThatCallsItWorseToTheWrite measures a reaction: the plan, both journal entries, synced, and
// the write. Frames come every 20 ms here.
func BenchmarkRamp_FromTheFrameThatCallsItWorseToTheWrite(b *testing.B) {
	var whole time.Duration
	n := 0
	for b.Loop() {
		b.StopTimer()
		g := start(b, b.TempDir(), plan(b, "5% for 1h", "100%"), func(string) {})
		g.begin(b, "ana")
		g.until(b, "its first step", func(s ramp.State) bool { return s.Step == 0 && !s.Writing })
		b.StartTimer()
		began := time.Now()
		g.world.set(func(w *world) { w.call = analysis.Worse })
		for g.router.state() != 0 {
			time.Sleep(time.Millisecond)
		}
		whole, n = whole+time.Since(began), n+1
		b.StopTimer()
		g.stop()
		b.StartTimer()
	}
	b.ReportMetric(float64(whole.Milliseconds())/float64(n), "ms/reaction")
}
