package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/detach"
	"rampart/sources"
	"rampart/sources/demo"
)

// seated is a console's session over a small world, with nothing running yet.
func seated(t *testing.T, roles map[string]sources.Role) *session {
	t.Helper()
	world, err := demo.Start(t.Context(), demo.Options{Scenario: "healthy", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { world.Close() })
	// Nothing calls this candidate worse by chance, whatever the hour.
	c, err := config.Parse("team.yaml", bytes.ReplaceAll(world.Config(), []byte("alpha: 0.05"), []byte("alpha: 0.0001")))
	if err != nil {
		t.Fatal(err)
	}
	c.File.Roles = roles
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

func TestConsole_WhatMustOutliveItOffersToStartARunner(t *testing.T) {
	s := seated(t, nil)
	g := &globals{streams: streams{env: func(k string) string {
		return map[string]string{"RAMPART_STATE": "/state", "RAMPART_ACTOR": "alice"}[k]
	}}}
	var refused error
	o := operator{newSwitchboard(t.Context(), s, s.chosen.Services, nil), func(ctx context.Context, s *session, what string) (sources.Starting, error) {
		if refused != nil {
			return sources.Starting{}, refused
		}
		return g.first(ctx, s, what)
	}}
	defer o.board.close(s)
	for r := s.engine.Reader(); ; {
		if f, err := r.Next(t.Context()); err != nil {
			t.Fatal(err)
		} else if (f.Verdict.Call == analysis.Undecided || f.Verdict.Call == analysis.Safe) && f.Traffic.Set.Known {
			break
		}
	}
	limited := sources.Action{Verb: sources.SetSplit, To: sources.ShareOf(.3), Confirm: 10 * time.Minute}
	for _, a := range []sources.Action{{Verb: sources.Start}, limited} {
		p, err := o.Preview(t.Context(), a)
		if first := p.Confirm.First; err != nil || p.Confirm.Refuse != "" || first.Command != "rampart run -c team.yaml --context demo --detach" || first.Log != "/state/demo/runner.log" || first.Way == "" {
			t.Errorf("%v: %+v, %v", a.Verb, p.Confirm, err)
		}
	}
	if p, err := o.Preview(t.Context(), sources.Action{Verb: sources.SetSplit, To: sources.ShareOf(.3)}); err != nil || p.Confirm.First.Needed() {
		t.Errorf("what stays by itself needs nobody: %+v, %v", p.Confirm, err)
	}
	if p, err := o.Preview(t.Context(), sources.Action{Verb: sources.Stop}); err != nil || !strings.Contains(p.Confirm.Refuse, "no ramp is driven here") || p.Confirm.First.Needed() {
		t.Errorf("there is nothing to stop: %+v, %v", p.Confirm, err)
	}
	_, refused = detach.Login{Manager: true, Kills: true}.Way()
	if p, err := o.Preview(t.Context(), limited); err != nil || !strings.Contains(p.Confirm.Refuse, "enable-linger") || !strings.Contains(p.Confirm.Refuse, "rampart run --print-unit") {
		t.Errorf("a runner that the session's end would kill: %+v, %v", p.Confirm, err)
	}
}

func TestConsole_AnOperatorIsNotOfferedARunnerForWhatTakesAPromoter(t *testing.T) {
	s := seated(t, map[string]sources.Role{"*": sources.Operator})
	o := operator{newSwitchboard(t.Context(), s, s.chosen.Services, nil), nil}
	defer o.board.close(s)
	if p, err := o.Preview(t.Context(), sources.Action{Verb: sources.Start}); err != nil || !strings.Contains(p.Confirm.Refuse, "has the role operator; start takes promoter") {
		t.Errorf("%+v, %v", p.Confirm, err)
	}
}

func TestConsole_ARollbackDoesNotWaitForAnotherServiceThatIsBeingOpened(t *testing.T) {
	s := seated(t, nil)
	begun, slow := make(chan struct{}), make(chan struct{})
	o := operator{newSwitchboard(t.Context(), s, []string{s.name, "other"}, func(string) (*session, error) {
		close(begun)
		<-slow // its journal stands on a disk that hangs
		return nil, errors.New("it cannot be read")
	}), nil}
	defer o.board.close(s)
	turned, seen := make(chan error, 1), make(chan error, 1)
	go func() { turned <- o.board.Service(t.Context(), "other") }()
	<-begun
	go func() {
		_, err := o.Preview(t.Context(), sources.Action{Verb: sources.RollBack})
		seen <- err
	}()
	select {
	case err := <-seen:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("the service on the screen cannot be rolled back as long as the other is being opened")
	}
	close(slow)
	if err := <-turned; err == nil {
		t.Error("a service that could not be opened is shown")
	}
}
