package logbook

import (
	"fmt"
	"testing"

	"rampart/analysis/frame"
	"rampart/sources"
)

// pages are lines as a tail brings them, a thousand a page.
func pages(n int) []sources.Page {
	out := make([]sources.Page, n)
	for i := range out {
		for k := range 1000 {
			out[i].Lines = append(out[i].Lines, line(i*1000+k, sources.Arms()[k%2], sources.LevelInfo, fmt.Sprintf("request %d of user %d served by shard %d in %d ms", k, k*7, k%97, k%50)))
		}
	}
	return out
}

// BenchmarkBook_Take masks, mines, counts and holds lines: what one core must do with 20 000 of them a second.
func BenchmarkBook_Take(b *testing.B) {
	book, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	all := pages(20)
	n := 0
	for b.Loop() {
		book.Take(all[n%len(all)])
		n++
	}
	b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "lines/s")
}

// BenchmarkBook_FirstScreen answers a filter over half a million held lines: one that the newest lines fit, one that few
// do, and one that none does.
func BenchmarkBook_FirstScreen(b *testing.B) {
	book, err := New(Config{Bytes: 256 << 20})
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range pages(500) {
		book.Take(p)
	}
	for _, term := range []string{"served", "\"request 999 \"", "unheard"} {
		b.Run(term, func(b *testing.B) {
			for b.Loop() {
				if _, err := book.Lines(b.Context(), frame.LogsQuery{Terms: []string{term}, Limit: 500}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("next match", func(b *testing.B) {
		id := ""
		for b.Loop() {
			l, err := book.Seek(b.Context(), frame.LogsQuery{Terms: []string{"\"request 999 \""}}, id, false)
			if err != nil {
				id = ""
				continue
			}
			id = l.ID
		}
	})
}
