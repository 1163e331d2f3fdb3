package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
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

// printRows writes the measures as a table without any frame: a mark, the name, both arms, the difference and what is
// to be said of it, and on how many requests all that rests.
func printRows(w io.Writer, rows []frame.Row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		legacy, candidate := plainArms(r)
		fmt.Fprintf(t, "%s %s\tlegacy %s\tcandidate %s\t%s\t%s\n", part.Glyph(r.Mark), r.Measure, legacy, candidate, plainDifference(r), plainCounts(r))
	}
	return t.Flush()
}

// plainArms are both arms' values with the same decimals, or why there is none.
func plainArms(r frame.Row) (legacy, candidate string) {
	legacy, candidate = part.Pair(r.Legacy, r.Candidate)
	if !r.Legacy.Known {
		legacy = part.Explained(r.Legacy)
	}
	if !r.Candidate.Known {
		candidate = part.Explained(r.Candidate)
	}
	return legacy, candidate
}

// plainDifference is a row's difference, or what stands in its place, and the row's note.
func plainDifference(r frame.Row) string {
	switch {
	case r.Difference.Known && r.Note != "":
		return part.Value(r.Difference) + ", " + r.Note
	case r.Difference.Known || r.Note == "":
		return part.Explained(r.Difference)
	}
	return r.Note
}

// plainCounts are the requests of both arms; a row that counts none, as a free expression does, has no n.
func plainCounts(r frame.Row) string {
	if r.N == (sources.ByArm[int64]{}) {
		return "n " + cell.None
	}
	return fmt.Sprintf("n %s / %s", cell.Count(r.N.Legacy), cell.Count(r.N.Candidate))
}
