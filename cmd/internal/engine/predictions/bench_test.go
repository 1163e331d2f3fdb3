package predictions

import (
	"fmt"
	"testing"
	"time"

	"rampart/sources"
)

// BenchmarkBook_Take reads the predictions of a thousand lines as a service writes them that speaks ECS.
func BenchmarkBook_Take(b *testing.B) {
	const document = `{"@timestamp":"2026-11-21T14:42:21.914Z","data_stream":{"dataset":"ranker","namespace":"prod","type":"logs"},"event":{"dataset":"ranker.app","duration":71962765,"ingested":"2026-11-21T14:42:22.957Z","outcome":"success"},"http":{"request":{"method":"POST"},"response":{"status_code":200}},"kubernetes":{"namespace":"prod","pod":{"name":"stable-1"}},"labels":{"app":"ranker","track":"stable"},"log":{"level":"info","logger":"ranker.serve"},"message":"rank served 19 items in 71 ms","prediction":{"model":"ranker-41","score":0.%03d},"trace":{"id":"08bc07fd3ee469531981d2e8d47c8d38"},"url":{"path":"/rank"},"user":{"id":"39502"}}`
	c := config()
	c.ID, c.Pairs, c.Teams = "", nil, nil
	var p sources.Page
	for i := range 1000 {
		p.Lines = append(p.Lines, line(sources.Arms()[i%2], noon.Add(time.Duration(i)*time.Millisecond), fmt.Sprintf(document, i)))
	}
	read := book(b, c)
	for b.Loop() {
		read.Take(p)
	}
	b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "lines/s")
}
