package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
)

// reading waits until a runner holds log lines, and returns the newest.
func (r *spoken) reading(t *testing.T) frame.LogLine {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		page, err := r.Logs(ctx, frame.LogsQuery{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Lines) > 0 {
			return page.Lines[0]
		}
		if _, err := r.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAttach_AViewerReadsMaskedLinesAndAnOperatorOthersWhichIsWrittenDown(t *testing.T) {
	s := runnerOver(t, "roles: {ana: operator, '*': viewer}\n")
	ana, guest := s.console(t, "ana"), s.console(t, "guest")
	ana.reading(t)
	ctx, bare := t.Context(), frame.LogsQuery{Limit: 1, Bare: true}
	if _, err := guest.Unmask(ctx, time.Minute, "curious"); !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "guest has the role viewer; unmask takes operator") {
		t.Errorf("a viewer is told %v", err)
	}
	if _, err := ana.Unmask(ctx, time.Minute, " "); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("without a reason: %v", err)
	}
	for _, c := range []*spoken{ana, guest} {
		if _, err := c.Logs(ctx, bare); !errors.Is(err, sources.ErrDenied) {
			t.Errorf("lines without masks and leave: %v", err)
		}
	}
	if _, err := ana.Unmask(ctx, time.Hour, "ticket 7"); err != nil {
		t.Fatal(err)
	}
	if _, err := ana.Logs(ctx, bare); err != nil {
		t.Errorf("an operator with leave: %v", err)
	}
	journal, err := os.ReadFile(filepath.Join(s.dir, statedir.FileName(s.x.Name), "audit.jsonl"))
	if said := string(journal); err != nil || strings.Count(said, "unmasked log lines") != 1 || !strings.Contains(said, "unmasked log lines for 15m0s: ticket 7") {
		t.Errorf("the journal says %s, %v", said, err)
	}
}

func TestAttach_LinesAreFoundAndExportedAsInAConsoleOfItsOwn(t *testing.T) {
	s := runnerOver(t, "")
	c := s.console(t, "ana")
	newest := c.reading(t)
	older, err := c.Seek(t.Context(), frame.LogsQuery{}, newest.ID, false)
	if err != nil || older.ID == newest.ID || older.At.After(newest.At) {
		t.Errorf("before %v: %v, %v", newest.At, older.At, err)
	}
	if _, err := c.Unmask(t.Context(), time.Minute, "so that an export could go wrong"); err != nil {
		t.Fatal(err)
	}
	write := exporter(s.g.env, c.Export)
	w := sources.Window{From: newest.At.Add(-time.Hour), To: newest.At.Add(time.Millisecond)}
	path, n, err := write(t.Context(), c.shown, frame.LogsQuery{Bare: true}, w)
	if err != nil || n < 2 || !strings.HasPrefix(path, s.dir) {
		t.Fatalf("%d lines in %s, %v", n, path, err)
	}
	b, err := os.ReadFile(path)
	if rows := strings.Count(string(b), "\n"); err != nil || rows != n+1 || !strings.Contains(string(b), `"masked":true`) {
		t.Errorf("%d rows for %d lines, %v", rows, n, err)
	}
}

// A console that attached has every question that a console over its own engine has.
func TestAttach_NothingIsMissingFromAnAttachedConsole(t *testing.T) {
	s := runnerOver(t, "")
	desk := s.g.aside(s.c, s.console(t, "ana").Client)
	defer desk.close()
	env := s.g.attachedEnv(t.Context(), watchFlags{}, terminal{}, s.c, &newestOf{feed: desk}, desk)
	if env.Seek == nil || env.Unmask == nil || env.Export == nil || env.Keep == nil || env.Bundle == nil || env.Operator == nil || env.Ask == nil {
		t.Errorf("%+v", env)
	}
}
