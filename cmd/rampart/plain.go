package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/report"
	"rampart/sources"
	"rampart/ui"
)

// watchPlain prints one line for each change and never an escape sequence, for logs, screen readers and pipes. Numbers
// stand in a line and never cause one: they move with every block, and a line that always comes is read by nobody.
func (s *session) watchPlain(ctx context.Context, w io.Writer, format string) error {
	stop := s.start(ctx)
	defer stop()
	return printLines(ctx, s.engine.Reader(), w, format)
}

// printLines prints what a feed says, whoever feeds it.
func printLines(ctx context.Context, feed ui.Feed, w io.Writer, format string) error {
	var last string
	for {
		f, err := feed.Next(ctx)
		switch {
		case err != nil:
			return err
		case deserted(w):
			return errUnread
		case len(f.Waiting) > 0:
			continue
		}
		if now := standing(f); now != last {
			last = now
			if err := printChange(w, f, format); err != nil {
				return err
			}
		}
	}
}

func printChange(w io.Writer, f *frame.Frame, format string) error {
	if format != "jsonl" {
		_, err := fmt.Fprintf(w, "%s %s\n", f.At.UTC().Format(time.RFC3339), plainLine(f))
		return err
	}
	return json.NewEncoder(w).Encode(report.Of(f))
}

// standing is what must change for a new line: which candidate is judged and how, where the traffic goes, what is held,
// how the sources are and how far actions came.
func standing(f *frame.Frame) string {
	parts := []string{
		f.Rollout.Candidate.String(), f.Verdict.Call.String(), fmt.Sprint(f.Verdict.BothWorse != nil),
		f.Traffic.Set.String(), f.Traffic.Effective.String(), f.Traffic.Held,
	}
	for _, g := range f.Verdict.Guards {
		if g.Breached {
			parts = append(parts, g.Guard.Name)
		}
	}
	for _, src := range f.Sources {
		if ails(src) {
			parts = append(parts, src.Name, src.State.String())
		}
	}
	for _, a := range f.Actions {
		parts = append(parts, a.IntentID, a.Rung.String(), a.Alarm, fmt.Sprint(a.Done))
	}
	return strings.Join(parts, "\x00")
}

// ails tells whether a source's state is said. One that begins to answer is no change of its own: its line would say what
// the line before said.
func ails(src frame.Source) bool {
	return src.State == frame.SourceDown || src.State == frame.SourceEmpty || src.State == frame.SourceStale
}

// plainLine is all that is to be said now, in one line: the call, its reasons, the split, and what is wrong.
func plainLine(f *frame.Frame) string {
	parts := []string{f.Verdict.Call.Label(), f.Verdict.Sentence, fmt.Sprintf("split set %s effective %s", f.Traffic.Set, f.Traffic.Effective)}
	if f.Traffic.Held != "" {
		parts = append(parts, "held: "+f.Traffic.Held)
	}
	for _, g := range f.Verdict.Guards {
		if g.Breached && !g.Guard.Relative() {
			parts = append(parts, strings.TrimSpace("guard "+g.Guard.Name+" breached: "+g.Text))
		}
	}
	for _, src := range f.Sources {
		if ails(src) {
			parts = append(parts, fmt.Sprintf("%s %s: %s", src.Name, src.State, src.Err))
		}
	}
	if len(f.Actions) > 0 {
		a := f.Actions[0]
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %s %s", a.Action.Verb, a.Rung, a.Alarm)))
	}
	return sources.Visible(strings.Join(parts, " | "))
}
