package main

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func TestKeep_IsForNobodyElseToRead(t *testing.T) {
	state := t.TempDir()
	keep := keeper(func(name string) string { return map[string]string{"RAMPART_STATE": state}[name] }, func() string { return "prod" }, func() time.Time { return noon })
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
	journal, err := adapters.Journal(env, "prod", clock)
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
