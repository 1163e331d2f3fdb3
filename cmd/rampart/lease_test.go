package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rampart/cmd/internal/action"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/claim"
	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

// stranger is somebody with a state folder of their own, and a runner's config.
func (s *stand) stranger(t *testing.T, who string) *globals {
	t.Helper()
	dir := short(t)
	env := func(k string) string { return map[string]string{"RAMPART_STATE": dir, "RAMPART_ACTOR": who}[k] }
	return &globals{streams: streams{env: env, out: &bytes.Buffer{}, err: &bytes.Buffer{}}}
}

func onLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("another state folder is another lease there")
	}
}

func TestRunner_OfAnotherStateFolderIsRefusedByNameWhateverItCallsTheService(t *testing.T) {
	onLinux(t)
	s := runnerOver(t, "")
	ben := s.stranger(t, "ben")
	other, err := config.Parse("ben's", bytes.ReplaceAll(written(t, s), []byte("\n  ranker:\n"), []byte("\n  ranking:\n")))
	if err != nil {
		t.Fatal(err)
	}
	x, err := other.Choose(config.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = ben.openRunner(t.Context(), other, x, x.Services, runFlags{})
	if held, ok := errors.AsType[*lease.Held](err); !ok || held.By.Actor != "ana" || held.By.User == "" || !errors.Is(err, sources.ErrConflict) {
		t.Fatalf("a second runner: %v", err)
	}
	for _, want := range []string{"ranking: held by ana", s.address, filepath.Join(s.dir, "demo"), "--steal REASON"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in %v", want, err)
		}
	}
	if err := refuseDriven(t.Context(), other, x.Services); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "driven by ana") {
		t.Errorf("one in the background is started: %v", err)
	}
}

// written is a runner's config as it stands in its file.
func written(t *testing.T, s *stand) []byte {
	t.Helper()
	b, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRunner_StolenFromAnotherStateFolderRaisesNothingAndRollsBack(t *testing.T) {
	onLinux(t)
	s := runnerOver(t, "")
	ana := s.console(t, "ana")
	ben := s.stranger(t, "ben")
	up := ana.plan(t, sources.SetSplit, .3)
	thief, err := ben.openRunner(t.Context(), s.c, s.x, []string{"ranker"}, runFlags{steal: "ana is asleep"})
	if err != nil {
		t.Fatal(err)
	}
	defer thief.close()
	if said := ben.err.(*bytes.Buffer).String(); !strings.Contains(said, "the lease of ranker was held by ana") || strings.Contains(said, "NOT LET GO") {
		t.Errorf("it says %q", said)
	}
	p, err := ana.Do(t.Context(), up.ID, up.Confirm.Word)
	if err == nil {
		err = p.Err
	}
	if err == nil || !strings.Contains(err.Error(), "ranker is driven by ben") {
		t.Errorf("who lost it raises by hand: %v", err)
	}
	back := ana.plan(t, sources.RollBack, 0)
	if _, err := ana.Do(t.Context(), back.ID, back.Confirm.Word); err != nil {
		t.Errorf("who lost it cannot roll back: %v", err)
	}
}

func TestConsole_ThatDrivesNothingRaisesNothingBesideARunnerOfAnotherStateFolder(t *testing.T) {
	onLinux(t)
	s := runnerOver(t, "")
	console, err := s.stranger(t, "ben").open(s.c, s.x, sessionFlags{})
	if err != nil {
		t.Fatal(err)
	}
	defer console.close()
	defer console.start(t.Context())()
	end := time.Now().Add(30 * time.Second)
	for {
		doubts := console.look().Doubts
		if len(doubts) > 0 && strings.Contains(doubts[len(doubts)-1].Why, "ranker is driven by ana") {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("nothing speaks against it: %v", doubts)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestClaims_GoToWhomTheConfigsRolesLetSteal(t *testing.T) {
	none, some := &config.Config{}, &config.Config{}
	some.File.Roles = map[string]sources.Role{"ben": sources.Operator, "cy": sources.Promoter, "*": sources.Viewer}
	for _, c := range []struct {
		of   *config.Config
		name string
		may  bool
	}{{none, "ben", false}, {some, "ben", true}, {some, "cy", true}, {some, "mallory", false}} {
		if err := mayTake(c.of, claim.Peer{UID: 1, PID: 1, Name: c.name}); (err == nil) != c.may {
			t.Errorf("%s, roles %v: %v", c.name, c.of.File.Roles, err)
		}
	}
	if action.RoleOf(none.File.Roles, "ben") < sources.Operator {
		t.Error("without roles everybody who reaches a runner is its operator: the rule for strangers is another one on purpose")
	}
}
