package main

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/claim"
	"rampart/sources"
)

func TestSocketOf_WhoListensAndWhoCallsAgree(t *testing.T) {
	for _, c := range []struct {
		name, runner, runtime, state, want string
	}{
		{"the config names it", "/run/r.sock", "/run/user/7", "/s", "unix:///run/r.sock"},
		{"another machine", "ssh://bastion", "/run/user/7", "/s", "ssh://bastion"},
		{"the runtime folder", "", "/run/user/7", "/s", "unix:///run/user/7/rampart/prod_eu.sock"},
		{"the state folder", "", "", "/s", "unix:///s/prod_eu/runner.sock"},
		{"a foreign scheme", "http://x", "", "/s", ""},
		{"nothing behind the scheme", "ssh://", "", "/s", ""},
		{"longer than a socket may be", "/" + strings.Repeat("x", 120), "", "/s", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := func(k string) string {
				return map[string]string{"XDG_RUNTIME_DIR": c.runtime, "RAMPART_STATE": c.state}[k]
			}
			conf := &config.Config{}
			conf.File.Services = map[string]config.Service{"ranker": {Runner: config.Template{Value: c.runner}}}
			got, err := socketOf(env, conf, config.Chosen{Name: "prod/eu"}, "ranker")
			if got != c.want || (c.want == "") != errors.Is(err, sources.ErrInvalid) {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestPathOf_OnlyThisMachineCanBeListenedAt(t *testing.T) {
	if p, err := pathOf("unix:///run/r.sock"); p != "/run/r.sock" || err != nil {
		t.Errorf("got %q, %v", p, err)
	}
	if _, err := pathOf("ssh://bastion"); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("another machine: %v", err)
	}
}

func TestSocket_RunnerOfWhichOneServiceIsStolenGoesOnServingTheOthers(t *testing.T) {
	dir := short(t)
	env := func(k string) string { return map[string]string{"RAMPART_STATE": dir}[k] }
	g := &globals{streams: streams{env: env, err: io.Discard}}
	c := &config.Config{}
	c.File.Contexts = map[string]config.Context{"prod": {}}
	c.File.Services = map[string]config.Service{"ads": {}, "feed": {}, "ranker": {}}
	x := config.Chosen{Name: "prod"}
	calls := func(want map[string]string) {
		t.Helper()
		for service, at := range want {
			if got, err := socketOf(env, c, x, service); got != "unix://"+filepath.Join(dir, "prod", at) || err != nil {
				t.Errorf("%s is called at %q, %v; want %s", service, got, err, at)
			}
		}
	}
	take := func(reason string, names ...string) []*claim.Right {
		t.Helper()
		at, err := ownSocket(env, c, x, names)
		if err != nil {
			t.Fatal(err)
		}
		var held []*claim.Right
		for _, name := range names {
			l, err := g.takeRight(t.Context(), claimsOf(c), nil, x, name, reason, at)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Release() })
			held = append(held, l)
		}
		return held
	}
	take("", "ads", "feed", "ranker")
	calls(map[string]string{"ads": "runner.sock", "feed": "runner.sock", "ranker": "runner.sock"})
	thief := take("a trial", "feed")
	calls(map[string]string{"ads": "runner.sock", "feed": "runner-feed.sock", "ranker": "runner.sock"})
	if err := thief[0].Release(); err != nil {
		t.Fatal(err)
	}
	calls(map[string]string{"feed": "runner.sock"})
	take("all of it", "ads", "feed", "ranker")
	calls(map[string]string{"ads": "runner.sock", "feed": "runner.sock", "ranker": "runner.sock"})
}
