package ui

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/uitest/sample"
)

// mostForAKey is how long a key may wait for its picture.
const mostForAKey = 50 * time.Millisecond

// stream is a log source that wrote 1 000 lines more whenever it is asked: at 20 frames a second, 20 000 lines a second.
type stream struct{ n int }

func (s *stream) Logs(context.Context, frame.LogsQuery) (frame.LogsPage, error) {
	const page, between = 500, 1000
	s.n += between
	p := frame.LogsPage{Matched: int64(s.n), Held: int64(s.n), More: true, Gen: uint64(s.n)}
	for i := range page {
		p.Lines = append(p.Lines, frame.LogLine{
			ID: fmt.Sprint(s.n - i), At: sample.Now().Add(time.Duration(s.n-i) * 50 * time.Microsecond), Arm: sources.Candidate, Level: sources.LevelInfo,
			Message: sources.NewText(fmt.Sprintf("ranked 48 items in %d ms for the request that came behind the one before", i)),
		})
	}
	return p, nil
}

func (*stream) Line(context.Context, string) (frame.LogLine, error) { return sample.Line(), nil }
func (*stream) Refresh(context.Context) error                       { return nil }
func (*stream) Service(context.Context, string) error               { return nil }
func (*stream) Next(ctx context.Context) (*frame.Frame, error)      { <-ctx.Done(); return nil, ctx.Err() }

// BenchmarkKey_WhileLinesArrive presses a key just when a frame and a page of new lines have come, and waits for the
// picture: Update of all three and one View.
func BenchmarkKey_WhileLinesArrive(b *testing.B) {
	for _, key := range []rune{'k', 'w', 'e'} {
		b.Run(string(key), func(b *testing.B) {
			src := &stream{}
			m, err := New(Env{Ctx: b.Context(), Feed: src, Ask: src, Now: sample.Now}, func() {})
			if err != nil {
				b.Fatal(err)
			}
			m.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
			m.Update(frameMsg{frame: sample.Incident()})
			m.Update(tea.KeyPressMsg{Code: '5', Text: "5"})
			var worst time.Duration
			for b.Loop() {
				began := time.Now()
				f := *sample.Incident()
				f.Logs.Gen = uint64(src.n + 1)
				m.live = &f
				if cmd := m.askLogs(); cmd != nil {
					m.Update(cmd())
				}
				m.Update(tea.KeyPressMsg{Code: key, Text: string(key)})
				m.View()
				worst = max(worst, time.Since(began))
			}
			b.ReportMetric(float64(worst)/float64(time.Millisecond), "worst-ms")
			if mean := b.Elapsed() / time.Duration(b.N); mean > mostForAKey {
				b.Errorf("a key is answered in %v: want %v", mean, mostForAKey)
			}
		})
	}
}
