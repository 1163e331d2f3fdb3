package logring

import (
	"fmt"
	"testing"
	"time"

	"rampart/sources"
)

const benchLines = 500_000

// full holds half a million lines of both arms, one in 4096 of them special and none with a needle.
func full(b *testing.B) *Ring {
	r := ring(b, Config{Bytes: 256 << 20})
	for i := range benchLines {
		text := fmt.Appendf(nil, "2026-03-01T12:00:00Z INFO request %d of user anna served by shard %d in %d.%d ms without any trouble at all", i, i%97, i%50, i%10)
		if i%4096 == 0 {
			text = append(text, " but upstream said Timeout"...)
		}
		doc := fmt.Appendf(nil, `{"@timestamp":"2026-03-01T12:00:00Z","service":{"name":"rank","version":"v%d"},"http":{"status":%d},"took_ms":%d}`, i%2+1, 200+i%3, i%50)
		r.Append(Line{At: noon.Add(time.Duration(i) * time.Millisecond), Arm: sources.Arms()[i%2], Level: sources.LevelInfo, Template: uint64(i % 300), ID: uint64(i), Text: text, Doc: doc})
	}
	if r.Len() != benchLines {
		b.Fatalf("%d lines are held, want %d", r.Len(), benchLines)
	}
	return r
}

// BenchmarkRing_FilterHalfAMillion reads the whole ring for a first screen that never fills.
func BenchmarkRing_FilterHalfAMillion(b *testing.B) {
	r := full(b)
	for _, s := range []string{"unheard", "Timeout", "timeout", "/upstream .* Timeout/", "level:error", "http.status:999", "user.name:nobody", "http.status:rank", "service.version:v2"} {
		b.Run(s, func(b *testing.B) {
			keep := term(b, s).Keep
			for b.Loop() {
				r.Older(Query{Keep: keep, Limit: 200})
			}
		})
	}
	b.Run("count", func(b *testing.B) {
		keep := term(b, "timeout").Keep
		for b.Loop() {
			r.Older(Query{Keep: keep})
		}
	})
}

func BenchmarkRing_NextMatch(b *testing.B) {
	r := full(b)
	keep := term(b, "timeout").Keep
	for b.Loop() {
		r.Newer(Query{Keep: keep, From: At(noon.Add(time.Second)), Limit: 1})
	}
}

func BenchmarkRing_Append(b *testing.B) {
	for name, late := range map[string]int{"in order": 0, "one in ten 20 s late": 10} {
		b.Run(name, func(b *testing.B) {
			r := ring(b, Config{Bytes: 256 << 20})
			l := line(0, "2026-03-01T12:00:00Z INFO request 123456 of user anna served by shard 17 in 12.3 ms")
			l.Doc = []byte(`{"@timestamp":"2026-03-01T12:00:00Z","service":{"name":"rank","version":"v1"},"http":{"status":200}}`)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++
				l.At = noon.Add(time.Duration(n) * 50 * time.Microsecond)
				if late > 0 && n%late == 0 {
					l.At = l.At.Add(-20 * time.Second)
				}
				r.Append(l)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
