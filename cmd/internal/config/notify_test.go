package config

import (
	"strings"
	"testing"

	"rampart/sources"
)

const told = `version: 1
contexts:
  prod: {prometheus: {url: 'http://127.0.0.1:9'}}
services:
  ranker:
    arms: {label: track, legacy: stable, candidate: canary}
    measures: {errors: {counter: c, bad: 'code="500"'}}
    notify:
`

func TestNotify_IsReadWithItsWishesAndShownWithoutItsSecrets(t *testing.T) {
	c, err := Parse("rampart.yaml", []byte(told+`
      - {slack: {url: 'https://hooks.slack.com/services/hunter2'}, severity: critical}
      - {webhook: {url: {file: /run/url}, secret: hunter2}, on: [call, action]}
      - {command: [tell, --room, ops]}
      - alertmanager: {url: http://am:9093, bearer: hunter2, matchers: ['service="ranker"', 'team=~"s.*"']}
`))
	if err != nil {
		t.Fatal(err)
	}
	n := c.File.Services["ranker"].Notify
	if len(n) != 4 || len(n[3].Alertmanager.MatchersOf("ranker")) != 2 || !n[3].Alertmanager.Reads() {
		t.Fatalf("read %+v", n)
	}
	call, ramp := sources.Notice{Kind: sources.NoticeCall, Severity: sources.SeverityWarning}, sources.Notice{Kind: sources.NoticeRamp}
	over := sources.Notice{Kind: sources.NoticeCall, Resolved: true}
	for i, want := range [][3]bool{{false, false, true}, {true, false, true}, {true, true, true}, {true, true, true}} {
		if got := [3]bool{n[i].Wants(call), n[i].Wants(ramp), n[i].Wants(over)}; got != want {
			t.Errorf("receiver %d wants %v, want %v", i, got, want)
		}
	}
	shown, err := c.Show()
	if err != nil || strings.Contains(string(shown), "hunter2") || !strings.Contains(string(shown), "/run/url") {
		t.Errorf("%v: shown\n%s", err, shown)
	}
	if m := c.Unreadable(t.Context()); len(m) != 1 || m[0].Path != "services.ranker.notify[1].webhook.url" {
		t.Errorf("unreadable %v", m)
	}
}

func TestNotify_EveryMistakeIsToldWithItsLine(t *testing.T) {
	for _, c := range []struct{ item, says string }{
		{"{severity: critical}", "0 ways to tell"},
		{"{command: [a], slack: {url: x}}", "2 ways to tell"},
		{"{slack: {}}", "slack.url: missing"},
		{"{slak: {url: x}}", "did you mean slack?"},
		{"{webhook: {secret: x}}", "webhook.url: missing"},
		{"{command: []}", "command: no program"},
		{"{command: tell}", "command: want a list"},
		{"{command: [a], on: [cal]}", `no kind "cal" (did you mean call?)`},
		{"{command: [a], severity: page}", `no severity "page"`},
		{"{command: [a], timeout: 2m}", "longer than a minute"},
		{"{alertmanager: {}}", "alertmanager.url: missing"},
		{"{alertmanager: {url: 'http://u:hunter2@a'}}", "credentials in a URL"},
		{"{alertmanager: {url: 'http://a', matchers: ['service=']}}", "is no matcher"},
		{"{alertmanager: {url: 'http://a', matchers: ['a=~\"(\"']}}", "missing closing )"},
		{"{alertmanager: {url: 'http://a', repeat: 1s}}", "shorter than 10s"},
		{"{alertmanager: {url: 'http://a', labels: {'a b': x}}}", "no label's name"},
		{"{alertmanager: {url: 'http://a', bearer: a, basic: {username: b, password: c}}}", "both basic and bearer"},
	} {
		_, err := Parse("rampart.yaml", []byte(told+"      - "+c.item+"\n"))
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "line 9:") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", c.item, err)
		}
	}
}
