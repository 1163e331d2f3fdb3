package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rampart/cmd/internal/config"
	"rampart/sources"
	"rampart/sources/demo"
)

// seated is a console's session over a small world, with nothing running yet.
func seated(t *testing.T) *session {
	t.Helper()
	world, err := demo.Start(t.Context(), demo.Options{Scenario: "healthy", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { world.Close() })
	c, err := config.Parse("team.yaml", world.Config())
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.Choose(config.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	dir := short(t)
	g := &globals{streams: streams{env: func(k string) string { return map[string]string{"RAMPART_STATE": dir, "RAMPART_ACTOR": "alice"}[k] }, err: &bytes.Buffer{}}}
	s, err := g.open(c, x, sessionFlags{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

func TestConsole_WithoutARunnerWhatMustOutliveItIsRefusedWithTheCommandToType(t *testing.T) {
	s := seated(t)
	o := operator{newSwitchboard(t.Context(), s, s.chosen.Services, nil)}
	defer o.board.close(s)
	want := "rampart run -c team.yaml --context demo --detach"
	for _, a := range []sources.Action{
		{Verb: sources.Start},
		{Verb: sources.Stop},
		{Verb: sources.SetSplit, To: sources.ShareOf(.3), Confirm: 10 * time.Minute},
	} {
		p, err := o.Preview(t.Context(), a)
		if err != nil || !strings.Contains(p.Confirm.Refuse, want) {
			t.Errorf("%v: %q, %v", a.Verb, p.Confirm.Refuse, err)
		}
	}
	if p, err := o.Preview(t.Context(), sources.Action{Verb: sources.SetSplit, To: sources.ShareOf(.3)}); err != nil || strings.Contains(p.Confirm.Refuse, "needs a process that stays") {
		t.Errorf("what stays by itself needs nobody: %q, %v", p.Confirm.Refuse, err)
	}
}
