package prom

import (
	"os"
	"runtime"
	"testing"
	"time"

	"rampart/sources"
)

// BenchmarkBackfill reads two hours of 15 s blocks, 50 pods in each arm, an errors counter of two codes and a
// histogram of 12 edges, from the Prometheus that RAMPART_PROM names.
func BenchmarkBackfill(b *testing.B) {
	url := os.Getenv("RAMPART_PROM")
	if url == "" {
		b.Skip("RAMPART_PROM names no server")
	}
	s := openURL(b, url, func(c *Config) { c.Timeout = 30 * time.Second })
	w := sources.Window{From: t0, To: t0.Add(2 * time.Hour)}
	for b.Loop() {
		for _, bs := range s.Blocks(b.Context(), []sources.BlockQuery{errorsQuery(), slowQuery()}, w) {
			if bs.Err != nil {
				b.Fatal(bs.Err)
			}
			if len(bs.Blocks) != 480 || bs.Blocks[7].Sum(sources.Candidate).Requests == 0 {
				b.Fatalf("%d blocks, notes %v", len(bs.Blocks), bs.Notes)
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "MB-sys")
}

// BenchmarkRefresh reads the newest block of the same measures, as a console does at each scrape.
func BenchmarkRefresh(b *testing.B) {
	url := os.Getenv("RAMPART_PROM")
	if url == "" {
		b.Skip("RAMPART_PROM names no server")
	}
	s := openURL(b, url)
	w := sources.Window{From: t0.Add(time.Hour), To: t0.Add(time.Hour + 15*time.Second)}
	for b.Loop() {
		for _, bs := range s.Blocks(b.Context(), []sources.BlockQuery{errorsQuery(), slowQuery()}, w) {
			if bs.Err != nil {
				b.Fatal(bs.Err)
			}
		}
	}
}
