package world_test

import (
	"testing"
	"time"

	"rampart/sources/demo/world"
)

func opens() time.Time { return time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC) }

func BenchmarkHistory(b *testing.B) {
	for b.Loop() {
		s := world.Default()
		s.Opens = opens()
		w, err := world.New(s)
		if err != nil {
			b.Fatal(err)
		}
		w.RunTo(opens())
	}
}
