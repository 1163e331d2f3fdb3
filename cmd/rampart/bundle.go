package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rampart/analysis/frame"
	"rampart/cmd/internal/report"
	"rampart/cmd/internal/statedir"
	"rampart/ui"
)

// bundlesOf writes incident bundles under the state folder: CONTEXT/bundles/SERVICE-TIME with report.md for a reader and
// frame.json for a program. Both hold what the screen may show and no more: log text is masked before it enters a frame,
// and errors never hold a secret.
func bundlesOf(env func(string) string) ui.Bundle {
	return func(_ context.Context, f *frame.Frame) (string, error) {
		at, err := statedir.For(env, f.Context)
		if err != nil {
			return "", err
		}
		stamp := f.At.UTC().Format("20060102T150405Z")
		dir := filepath.Join(at.Folder("bundles"), statedir.FileName(f.Service)+"-"+stamp)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
		whole, err := json.MarshalIndent(f, "", "  ")
		if err != nil {
			return "", fmt.Errorf("write frame.json: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, "frame.json"), append(whole, '\n'), 0o600); err != nil {
			return "", err
		}
		return dir, os.WriteFile(filepath.Join(dir, "report.md"), incidentReport(f), 0o600)
	}
}

// incidentReport is a frame as Markdown, for those who were not there.
func incidentReport(f *frame.Frame) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s: %s\n\n", oneLine(f.Service), f.Verdict.Call.Label())
	fmt.Fprintf(&b, "%s, context %s, candidate %s against legacy %s.\n\n", f.At.UTC().Format("2006-01-02 15:04:05Z"),
		oneLine(f.Context), oneLine(f.Rollout.Candidate.String()), oneLine(f.Rollout.Legacy.String()))
	section(&b, "Call", func(w io.Writer) {
		if err := report.Print(w, f, "text"); err != nil {
			fmt.Fprintln(w, err)
		}
	})
	section(&b, "Trust", func(w io.Writer) {
		for _, g := range f.Verdict.Gauges {
			mark := "ok"
			if g.Red {
				mark = "doubt"
			}
			fmt.Fprintf(w, "%-5s  %s: %s\n", mark, g.Name, g.Text)
		}
	})
	section(&b, "Log patterns", func(w io.Writer) {
		for _, p := range f.Logs.Patterns {
			fmt.Fprintf(w, "candidate %d, legacy %d, first %s: %s\n", p.Count.Candidate, p.Count.Legacy, p.First.UTC().Format("15:04:05"), p.Text)
		}
	})
	section(&b, "What happened", func(w io.Writer) {
		for _, t := range f.Ticks {
			fmt.Fprintf(w, "%s  %s\n", t.At.UTC().Format("15:04:05"), t.Text)
		}
	})
	section(&b, "Journal, newest first", func(w io.Writer) {
		for _, e := range f.Audit {
			fmt.Fprintf(w, "%s  %d  %s  %s  %s\n", e.Time.UTC().Format("15:04:05"), e.Seq, e.Actor, e.Verb, e.Text)
		}
	})
	section(&b, "Queries", func(w io.Writer) {
		for _, q := range f.Queries {
			fmt.Fprintf(w, "%s, %s: %s\n", q.Panel, q.Measure, q.Text)
		}
	})
	return b.Bytes()
}

// section writes what say says as indented text, which no log line can break out of as it could of a fence or a table.
func section(b *bytes.Buffer, title string, say func(io.Writer)) {
	var text bytes.Buffer
	say(&text)
	if text.Len() == 0 {
		text.WriteString("nothing")
	}
	fmt.Fprintf(b, "## %s\n\n", title)
	for line := range strings.Lines(text.String()) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	b.WriteByte('\n')
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
