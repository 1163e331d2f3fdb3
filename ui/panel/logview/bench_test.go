package logview_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

// BenchmarkView_OfTheLines draws the panel at the size that most people have: words, one search, one pinned column.
func BenchmarkView_OfTheLines(b *testing.B) {
	for name, text := range map[string]string{
		"lines of 120 bytes": strings.Repeat("ranked 48 items in 31 ms ", 5), "lines of 64 KiB": strings.Repeat("ranked 48 items in 31 ms ", 64<<10/25),
	} {
		for _, wrap := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s, wrapped %v", name, wrap), func(b *testing.B) {
				l, f := logview.NewLogs(), sample.Incident()
				l.Pin("http.status")
				_ = l.SetSearch("items")
				_, tag, _ := l.Ask(f, state())
				l.SetPage(tag, long(500, text))
				if wrap {
					l.ToggleWrap()
				}
				b.ReportAllocs()
				for b.Loop() {
					l.View(f, state(), part.Box{W: 120, H: 34})
				}
			})
		}
	}
}

func long(n int, text string) frame.LogsPage {
	page := frame.LogsPage{Matched: int64(n), Held: int64(n)}
	for i := range n {
		page.Lines = append(page.Lines, frame.LogLine{
			ID: fmt.Sprint(i), At: sample.Now().Add(-time.Duration(i) * time.Millisecond), Arm: sources.Candidate, Level: sources.LevelInfo,
			Message: sources.NewText(text), Fields: []frame.Field{{Name: sources.NewText("http.status"), Value: sources.NewText("200")}},
		})
	}
	return page
}

// BenchmarkPage_WhileLinesArrive takes a page of 500 lines, most of them known, among 4 000.
func BenchmarkPage_WhileLinesArrive(b *testing.B) {
	l, f := logview.NewLogs(), sample.Incident()
	page := long(500, "ranked 48 items in 31 ms")
	n := 0
	for b.Loop() {
		f.Logs.Gen++
		_, tag, _ := l.Ask(f, state())
		for i := range page.Lines {
			page.Lines[i].ID = fmt.Sprint(n + 500 - i)
			page.Lines[i].At = sample.Now().Add(time.Duration(n+500-i) * time.Millisecond)
		}
		n += 100
		l.SetPage(tag, page)
	}
}
