package logbook

import (
	"fmt"
	"testing"

	"rampart/analysis/frame"
	"rampart/sources"
)

// document is what a service that writes ECS says beside its message.
const document = `{"@timestamp":"2026-11-21T14:42:21.914Z","data_stream":{"dataset":"ranker","namespace":"prod","type":"logs"},"event":{"dataset":"ranker.app","duration":71962765,"ingested":"2026-11-21T14:42:22.957Z","outcome":"success"},"http":{"request":{"method":"POST"},"response":{"status_code":200}},"kubernetes":{"namespace":"prod","pod":{"name":"stable-1"}},"labels":{"app":"ranker","track":"stable"},"log":{"level":"info","logger":"ranker.serve"},"message":%q,"prediction":{"model":"ranker-41","score":0.5321057721084985},"trace":{"id":"08bc07fd3ee469531981d2e8d47c8d38"},"url":{"path":"/rank"},"user":{"id":"39502"}}`

// pages are lines as a tail brings them, a thousand a page, with their documents when asked for.
func pages(n int, documents bool) []sources.Page {
	out := make([]sources.Page, n)
	for i := range out {
		for k := range 1000 {
			text := fmt.Sprintf("request %d of user %d served by shard %d in %d ms", k, k*7, k%97, k%50)
			l := line(i*1000+k, sources.Arms()[k%2], sources.LevelInfo, text)
			if documents {
				l.Source = fmt.Appendf(nil, document, text)
			}
			out[i].Lines = append(out[i].Lines, l)
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
	all := pages(20, true)
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
	for _, p := range pages(500, false) {
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
