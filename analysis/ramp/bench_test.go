package ramp_test

import (
	"testing"
	"time"

	"rampart/analysis/ramp"
)

func BenchmarkNext(b *testing.B) {
	w := begun(&testing.T{}, plan(b, "1% for 15m", "5% until safe or 30m", "25% for 15m then approve", "100%"))
	w.plan.Freeze = freezes(b, "Fri 16:00-24:00 Europe/Berlin", "Mon-Thu 22:00-06:00 UTC")
	w.plan.Rules = classic()
	b.ReportAllocs()
	for b.Loop() {
		w.in.At = w.in.At.Add(time.Millisecond)
		w.in.Split.At = w.in.At
		w.state, _ = ramp.Next(w.plan, w.state, w.in)
	}
}
