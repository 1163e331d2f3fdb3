package sample

import (
	"fmt"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Page is the newest lines of the incident, newest first, as the engine answers.
func Page(n int) frame.LogsPage {
	texts := []struct {
		level sources.Level
		arm   sources.Arm
		text  string
	}{
		{sources.LevelInfo, sources.Legacy, "ranked 48 items in 31 ms route=/rank"},
		{sources.LevelError, sources.Candidate, "KeyError: embedding 'u:81723' missing while scoring candidate list of 48 items for /rank; falling back to popularity"},
		{sources.LevelInfo, sources.Legacy, "ranked 48 items in 28 ms route=/rank"},
		{sources.LevelWarn, sources.Candidate, "retrying feature store, attempt 2 of 3"},
		{sources.LevelInfo, sources.Candidate, "ranked 31 items in 44 ms route=/home"},
		{sources.LevelError, sources.Candidate, "feature store timeout 250 ms \x1b[31mhost=fs-3\x1b[0m"},
		{sources.LevelDebug, sources.Legacy, "cache hit ratio 0.94"},
	}
	page := frame.LogsPage{Matched: int64(n), Held: 25_413, More: true, Gen: 7}
	for i := range n {
		t := texts[i%len(texts)]
		page.Lines = append(page.Lines, frame.LogLine{
			ID: fmt.Sprintf("line-%d", i), At: at(14, 5, 26).Add(-time.Duration(i) * 370 * time.Millisecond), Arm: t.arm, Level: t.level,
			Message: sources.NewText(t.text), Late: i == 9,
		})
	}
	return page
}

// Line is one of them, opened.
func Line() frame.LogLine {
	line := Page(2).Lines[1]
	for _, f := range [][2]string{
		{"@timestamp", "2026-03-10T14:05:25.630Z"},
		{"labels.track", "canary"},
		{"host.name", "canary-2"},
		{"trace.id", "9f3c1aa07be14c5d"},
		{"url.path", "/rank"},
		{"error.stack_trace", "Traceback (most recent call last):\n  File \"rank.py\", line 81, in score\nKeyError: 'u:81723'"},
	} {
		line.Fields = append(line.Fields, frame.Field{Name: sources.NewText(f[0]), Value: sources.NewText(f[1])})
	}
	return line
}
