package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// watchPlain prints one line for each change and never an escape sequence, for logs, screen readers and pipes.
func (s *session) watchPlain(ctx context.Context, w io.Writer, format string) error {
	stop := s.start(ctx)
	defer stop()
	reader := s.engine.Reader()
	var last string
	for {
		f, err := reader.Next(ctx)
		if err != nil {
			return err
		}
		if len(f.Waiting) > 0 {
			continue
		}
		if line := plainLine(f); line != last {
			last = line
			if err := printChange(w, f, line, format); err != nil {
				return err
			}
		}
	}
}

func printChange(w io.Writer, f *frame.Frame, line, format string) error {
	if format != "jsonl" {
		_, err := fmt.Fprintf(w, "%s %s\n", f.At.UTC().Format(time.RFC3339), line)
		return err
	}
	return json.NewEncoder(w).Encode(reportOf(f))
}

// plainLine is what must change for a new line: the call, its reasons and the split, not the clock.
func plainLine(f *frame.Frame) string {
	parts := []string{f.Verdict.Call.Label(), f.Verdict.Sentence, fmt.Sprintf("split set %s effective %s", f.Traffic.Set, f.Traffic.Effective)}
	for _, src := range f.Sources {
		if src.State == frame.SourceDown || src.State == frame.SourceEmpty || src.State == frame.SourceStale {
			parts = append(parts, fmt.Sprintf("%s %s: %s", src.Name, src.State, src.Err))
		}
	}
	if len(f.Actions) > 0 {
		a := f.Actions[0]
		parts = append(parts, fmt.Sprintf("%s %s", a.Action.Verb, a.Rung))
	}
	return strings.Join(parts, " | ")
}

// plainRow is one measure on one line.
func plainRow(r frame.Row) string {
	return fmt.Sprintf("%s %-18s legacy %s  candidate %s  %s  n %d / %d", fmt.Sprint(r.Mark), r.Measure, plainValue(r.Legacy), plainValue(r.Candidate),
		strings.TrimSpace(plainValue(r.Difference)+" "+r.Note), r.N.Of(sources.Legacy), r.N.Of(sources.Candidate))
}

func plainValue(v analysis.Value) string { return v.Why + fmt.Sprint(v.V) }
