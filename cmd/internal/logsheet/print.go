package logsheet

import (
	"fmt"
	"io"
	"strings"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/document"
	"rampart/sources"
)

// Diff writes the log diff of a frame as text, json, jsonl (a row a line) or md.
func Diff(w io.Writer, f *frame.Frame, format string) error {
	s := sheetOf(f, false)
	switch format {
	case "json":
		return document.Print(w, s)
	case "jsonl":
		enc := document.Lines(w)
		for _, r := range s.Diff {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	var b strings.Builder
	if format == "md" {
		s.title(&b, "Log diff")
		b.WriteByte('\n')
		s.table(&b, s.Diff)
	} else {
		s.diffText(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Report writes all that the logs of a frame say as md, json or text.
func Report(w io.Writer, f *frame.Frame, format string) error {
	s := sheetOf(f, true)
	if format == "json" {
		return document.Print(w, s)
	}
	var b strings.Builder
	s.title(&b, "Logs")
	s.findings(&b)
	section(&b, "What the candidate says that legacy does not")
	s.table(&b, s.Diff)
	section(&b, "New templates")
	s.table(&b, s.New)
	section(&b, "Top patterns, errors first")
	s.table(&b, s.Patterns)
	s.kinds(&b)
	s.volumes(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// basis says what the rows rest on, in a sentence.
func (s sheet) basis() string {
	if s.Compared.Blocks == 0 {
		return s.Compared.Why
	}
	text := fmt.Sprintf("%d blocks of both arms from %s to %s, %d templates", s.Compared.Blocks, clock(s.Compared.From), clock(s.Compared.To), s.Compared.Templates)
	if s.Sample != "" {
		text += "; " + sources.Visible(s.Sample)
	}
	if s.Compared.Why != "" {
		text += "; " + s.Compared.Why
	}
	return text
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05Z") }

// diffText is the table for a terminal, in its own widths.
func (s sheet) diffText(b *strings.Builder) {
	fmt.Fprintf(b, "%-2s %9s %9s  %-18s %9s %9s  %-9s  %s\n", "", "CAND/1k", "LEG/1k", "RATIO", "EVIDENCE", "NEED", "FIRST", "TEMPLATE")
	for _, r := range s.Diff {
		p := r.shown
		fmt.Fprintf(b, "%-2s %9s %9s  %-18s %9s %9s  %-9s  %s\n", mark(r), rate(p.Candidate), rate(p.Legacy), ratio(p.Ratio, p.New), times(p.Evidence), times(p.Need), clock(p.First), p.Text)
	}
	fmt.Fprintln(b, s.basis())
	for _, f := range s.Findings {
		fmt.Fprintf(b, "! %s\n", f)
	}
}

func mark(r row) string {
	if r.Selected {
		return "▲"
	}
	return "·"
}

func (s sheet) title(b *strings.Builder, what string) {
	fmt.Fprintf(b, "# %s of %s\n\n", what, code(sources.Visible(s.Service)))
	fmt.Fprintf(b, "%s to %s. Candidate %s against legacy %s. %s.\n", s.From.Format("2006-01-02 15:04:05Z"), clock(s.To), code(s.Candidate.String()), code(s.Legacy.String()), s.basis())
	fmt.Fprintf(b, "Lines counted by the source: legacy %d, candidate %d; errors %d / %d; warnings %d / %d; late %d; dropped %d.\n",
		s.Lines.Legacy, s.Lines.Candidate, s.Errors.Legacy, s.Errors.Candidate, s.Warnings.Legacy, s.Warnings.Candidate, s.Late, s.Dropped)
}

func section(b *strings.Builder, title string) { fmt.Fprintf(b, "\n## %s\n\n", title) }

// table writes templates as a Markdown table, with one line of each arm below those that are selected.
func (s sheet) table(b *strings.Builder, rows []row) {
	if len(rows) == 0 {
		b.WriteString("None.\n")
		return
	}
	b.WriteString("|  | candidate /1k | legacy /1k | ratio | evidence | need | first | level | template |\n|---|---:|---:|---|---:|---:|---|---|---|\n")
	for _, r := range rows {
		p := r.shown
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", mark(r), rate(p.Candidate), rate(p.Legacy), ratio(p.Ratio, p.New), times(p.Evidence), times(p.Need), clock(p.First), p.Level, code(p.Text.String()))
	}
	for _, r := range rows {
		if r.Selected {
			fmt.Fprintf(b, "\n- %s\n  - candidate: %s\n  - legacy: %s\n", code(r.Text.String()), code(r.Sample.Candidate.String()), code(r.Sample.Legacy.String()))
		}
	}
}

func (s sheet) findings(b *strings.Builder) {
	if len(s.Findings) == 0 {
		return
	}
	section(b, "Findings")
	for _, f := range s.Findings {
		fmt.Fprintf(b, "- %s\n", code(f.String()))
	}
}

// kinds writes categories and sensitive text.
func (s sheet) kinds(b *strings.Builder) {
	section(b, "Categories")
	b.WriteString("|  | lines legacy / candidate | candidate /1k | legacy /1k | ratio | evidence |\n|---|---|---:|---:|---|---:|\n")
	for _, c := range s.Categories {
		fmt.Fprintf(b, "| %s | %d / %d | %s | %s | %s | %s |\n", code(c.Name), c.Lines.Legacy, c.Lines.Candidate, rate(c.shown.Candidate), rate(c.shown.Legacy), ratio(c.shown.Ratio, c.Lines.Legacy == 0 && c.Lines.Candidate > 0), times(c.shown.Evidence))
	}
	section(b, "Sensitive text, lines that were masked")
	if len(s.Sensitive) == 0 {
		b.WriteString("None.\n")
	}
	for _, k := range s.Sensitive {
		fmt.Fprintf(b, "- %s: legacy %d, candidate %d\n", code(k.Kind), k.Lines.Legacy, k.Lines.Candidate)
	}
}

// volumes writes the lines of each five minutes.
func (s sheet) volumes(b *strings.Builder) {
	section(b, "Volume, lines in five minutes")
	if len(s.Volume) == 0 {
		b.WriteString("Not counted yet.\n")
		return
	}
	b.WriteString("| from | legacy | candidate |\n|---|---:|---:|\n")
	for i := 0; i < len(s.Volume); i += 5 {
		var sum sources.ByArm[int64]
		for _, v := range s.Volume[i:min(i+5, len(s.Volume))] {
			sum.Legacy += v.Lines.Legacy
			sum.Candidate += v.Lines.Candidate
		}
		fmt.Fprintf(b, "| %s | %d | %d |\n", clock(s.Volume[i].At), sum.Legacy, sum.Candidate)
	}
}
