package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// heldLines are lines in memory, many of one instant.
type heldLines []frame.LogLine

func manyLines(n, ofOneInstant int) (out heldLines) {
	for i := range n {
		out = append(out, frame.LogLine{
			ID: fmt.Sprint(i), At: noon.Add(time.Duration(i/ofOneInstant) * time.Second), Arm: sources.Candidate, Level: sources.LevelError,
			Message: sources.NewText(fmt.Sprintf("line %d \x1b]52;c;aGk=\x07\u202e", i)),
		})
	}
	return out
}

func (h heldLines) Dressed(_ context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	page := frame.LogsPage{Held: int64(len(h))}
	if q.Bare {
		return page, errors.New("asked for lines without masks")
	}
	for _, l := range h {
		if l.At.Before(q.After) {
			continue
		}
		if page.More = len(page.Lines) == q.Limit; page.More {
			break
		}
		page.Lines = append(page.Lines, l)
	}
	slices.Reverse(page.Lines)
	return page, nil
}

func (h heldLines) Line(_ context.Context, id string) (frame.LogLine, error) {
	for _, l := range h {
		if l.ID == id {
			l.Fields = []frame.Field{{Name: sources.NewText("a\x1b[2Jb"), Value: sources.NewText("v\x00")}}
			return l, nil
		}
	}
	return frame.LogLine{}, sources.ErrNoData
}

func TestExport_HoldsEachLineOfTheWindowOnceBehindItsQuestion(t *testing.T) {
	for _, instant := range []int{1, 7, 2500} {
		var b bytes.Buffer
		head := headOf(&frame.Frame{Service: "ranker", At: noon, Queries: []frame.Query{{Panel: "logs", Text: "GET logs/_search"}}},
			frame.LogsQuery{Terms: []string{"level:error"}}, sources.Window{From: noon, To: noon.Add(3000 * time.Second)})
		n, err := writeLines(t.Context(), &b, manyLines(5000, instant), head, frame.LogsQuery{Bare: true})
		want := min(5000, 3000*instant)
		if err != nil || n != want {
			t.Fatalf("%d of one instant: %d lines, want %d, %v", instant, n, want, err)
		}
		rows := strings.Split(strings.TrimSpace(b.String()), "\n")
		if len(rows) != want+1 || !strings.Contains(rows[0], `"filter":["level:error"]`) || !strings.Contains(rows[0], "GET logs/_search") || !strings.Contains(rows[0], `"masked":true`) {
			t.Fatalf("%d rows, the first is %s", len(rows), rows[0])
		}
		seen := map[string]bool{}
		for _, r := range rows[1:] {
			var l struct{ Message string }
			if err := json.Unmarshal([]byte(r), &l); err != nil || seen[l.Message] {
				t.Fatalf("%s: %v, twice %v", r, err, seen[l.Message])
			}
			seen[l.Message] = true
		}
	}
}

func TestExport_HoldsNothingThatCommandsATerminal(t *testing.T) {
	var b bytes.Buffer
	if _, err := writeLines(t.Context(), &b, manyLines(10, 1), exportHead{From: noon, To: noon.Add(time.Hour)}, frame.LogsQuery{}); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.String() {
		if r != '\n' && sources.Visible(string(r)) != string(r) {
			t.Fatalf("%q is in the file", r)
		}
	}
}

func TestExport_IsForNobodyElseToRead(t *testing.T) {
	state := t.TempDir()
	keep := keeper(func(name string) string { return map[string]string{"RAMPART_STATE": state}[name] }, "prod", func() time.Time { return noon })
	first, err := keep("a long text")
	if err != nil {
		t.Fatal(err)
	}
	second, err := keep("another")
	if err != nil || first == second {
		t.Fatalf("the second one is written over the first: %s, %v", second, err)
	}
	if info, err := os.Stat(first); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestUnmask_NeedsARoleAndIsWrittenDownFirst(t *testing.T) {
	env := func(name string) string { return map[string]string{"RAMPART_STATE": t.TempDir()}[name] }
	now := noon
	clock := func() time.Time { return now }
	journal, err := journalOf(env, "prod", clock)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{
		name: "ranker", actor: action.Actor{Name: "alice"}, role: sources.Promoter, clock: engine.Clock{Now: clock}, journal: journal,
		cfg: &config.Config{File: config.File{Roles: map[string]sources.Role{"alice": sources.Viewer}}},
	}
	b := &switchboard{now: s}
	if _, err := b.Unmask(t.Context(), time.Minute, "look"); !errors.Is(err, sources.ErrDenied) || b.mayBare(s) {
		t.Fatalf("a viewer sees secrets: %v", err)
	}
	if _, err := b.Logs(t.Context(), frame.LogsQuery{Bare: true}); !errors.Is(err, sources.ErrDenied) {
		t.Fatalf("lines without masks were handed out: %v", err)
	}
	s.cfg.File.Roles["alice"] = sources.Operator
	until, err := b.Unmask(t.Context(), time.Hour, "ticket \x1b[2J 7")
	if err != nil || !until.Equal(noon.Add(longestUnmasked)) || !b.mayBare(s) {
		t.Fatalf("until %v, %v", until, err)
	}
	said := ""
	for e := range journal.Entries(t.Context(), 0) {
		said += e.Actor + ": " + e.Text + "\n"
	}
	if !strings.Contains(said, `alice: unmasked log lines for 15m0s: ticket \x1b[2J 7`) {
		t.Errorf("the journal says %q", said)
	}
	if now = until; b.mayBare(s) {
		t.Error("the masks stay off for ever")
	}
	s.journal = nil
	if _, err := b.Unmask(t.Context(), time.Minute, "again"); err == nil || b.mayBare(s) {
		t.Error("nothing was written down, and the masks are off")
	}
}
