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
	"rampart/ui"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
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
	return json.NewEncoder(w).Encode(reportOf(f))
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
