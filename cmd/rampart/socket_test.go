package main

import (
	"errors"
	"strings"
	"testing"

	"rampart/cmd/internal/config"
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
