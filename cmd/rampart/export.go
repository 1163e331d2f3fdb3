package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui"
)

// mostExported bounds an export in lines.
const mostExported = 100_000

// exportHead is the first line of an export: which lines they are, by which exact question.
type exportHead struct {
	Rampart string    `json:"rampart"` // "logs"
	Version int       `json:"version"`
	Context string    `json:"context"`
	Service string    `json:"service"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Filter  []string  `json:"filter"`
	Pattern uint64    `json:"pattern,omitempty"`
	Queries []string  `json:"queries"` // what the source was asked, and what of it is held
	Held    int64     `json:"held"`
	Sample  string    `json:"sample,omitempty"`
	Masked  bool      `json:"masked"`
	At      time.Time `json:"at"`
}

// exportLine is a line of an export. Names and values are texts: what could command a terminal is spelled out.
type exportLine struct {
	At      time.Time               `json:"at"`
	Arm     string                  `json:"arm"`
	Level   string                  `json:"level"`
	Late    bool                    `json:"late,omitempty"`
	Pattern uint64                  `json:"pattern,omitempty"`
	Message sources.Text            `json:"message"`
	Fields  map[string]sources.Text `json:"fields,omitempty"`
}

// lines hands out held lines; the exporter's only source.
type lines interface {
	Dressed(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error)
	Line(ctx context.Context, id string) (frame.LogLine, error)
}

// exporter writes log lines under the state folder: CONTEXT/exports/SERVICE-TIME.jsonl, for nobody else to read. Lines
// are masked whatever the screen shows: a file is passed on.
func (b *switchboard) exporter(env func(string) string) ui.Export {
	return func(ctx context.Context, f *frame.Frame, q frame.LogsQuery, w sources.Window) (string, int, error) {
		s, _, _ := b.current()
		out, err := private(env, s.chosen.Name, "exports", fileName(s.name)+"-"+f.At.UTC().Format("20060102T150405Z"), ".jsonl")
		if err != nil {
			return "", 0, err
		}
		n, err := writeLines(ctx, out, s.engine, headOf(f, q, w), q)
		if shut := out.Close(); err == nil {
			err = shut
		}
		return out.Name(), n, err
	}
}

func headOf(f *frame.Frame, q frame.LogsQuery, w sources.Window) exportHead {
	h := exportHead{
		Rampart: "logs", Version: 1, Context: f.Context, Service: f.Service, From: w.From.UTC(), To: w.To.UTC(), Filter: []string{}, Pattern: q.Pattern,
		Queries: []string{}, Held: f.Logs.Held, Sample: f.Logs.Sample, Masked: true, At: f.At.UTC(),
	}
	for _, t := range q.Terms {
		h.Filter = append(h.Filter, sources.Visible(t))
	}
	for _, x := range f.Queries {
		if x.Panel == "logs" && x.Text != "" {
			h.Queries = append(h.Queries, sources.Visible(x.Text))
		}
	}
	return h
}

// writeLines writes the head and the held lines of its window, oldest first, and returns how many lines there are.
func writeLines(ctx context.Context, w io.Writer, src lines, head exportHead, q frame.LogsQuery) (n int, err error) {
	buf := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(head); err != nil {
		return 0, err
	}
	q.Bare, q.Before, q.After, q.Limit = false, time.Time{}, head.From, 1000
	seen := map[string]bool{} // those of the instant at which the next page begins
	for n < mostExported {
		page, err := src.Dressed(ctx, q)
		if err != nil {
			return n, err
		}
		wrote := 0
		for _, line := range slices.Backward(page.Lines) {
			if !line.At.Before(head.To) || n+wrote >= mostExported {
				page.More = false
				break
			}
			if seen[line.ID] {
				continue
			}
			if !line.At.Equal(q.After) {
				clear(seen)
				q.After = line.At
			}
			seen[line.ID] = true
			if err := enc.Encode(whole(ctx, src, line)); err != nil {
				return n + wrote, err
			}
			wrote++
		}
		if n += wrote; !page.More {
			break
		}
		if wrote == 0 {
			q.Limit *= 2 // all of one instant: the next page has to reach beyond it
		}
	}
	return n, buf.Flush()
}

// whole is a line with all its fields; one that went meanwhile has its message only.
func whole(ctx context.Context, src lines, line frame.LogLine) exportLine {
	out := exportLine{At: line.At.UTC(), Arm: line.Arm.String(), Level: line.Level.String(), Late: line.Late, Pattern: line.Pattern, Message: line.Message}
	opened, err := src.Line(ctx, line.ID)
	if err != nil || len(opened.Fields) == 0 {
		return out
	}
	out.Fields = make(map[string]sources.Text, len(opened.Fields))
	for _, f := range opened.Fields {
		out.Fields[f.Name.String()] = f.Value
	}
	return out
}

// keeper writes what is too long for a clipboard.
func keeper(env func(string) string, context string, now func() time.Time) ui.Keep {
	return func(text string) (string, error) {
		f, err := private(env, context, "copies", now().UTC().Format("20060102T150405Z"), ".txt")
		if err != nil {
			return "", fmt.Errorf("copy: %w", err)
		}
		_, err = f.WriteString(text + "\n")
		if shut := f.Close(); err == nil {
			err = shut
		}
		return f.Name(), err
	}
}

// mostOfOneName bounds the files of one second.
const mostOfOneName = 100

// private makes a new file under the state folder that only its owner can read. It never writes over another.
func private(env func(string) string, context, folder, name, ending string) (*os.File, error) {
	state, err := stateDir(env)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(state, fileName(context), folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	for i := range mostOfOneName {
		path := filepath.Join(dir, name+ending)
		if i > 0 {
			path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", name, i+1, ending))
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !os.IsExist(err) {
			return f, err
		}
	}
	return nil, fmt.Errorf("make %s: %w", filepath.Join(dir, name+ending), os.ErrExist)
}
