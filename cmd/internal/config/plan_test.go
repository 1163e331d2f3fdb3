package config

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// planned is a file whose plan is a text, from line 9 on.
func planned(plan string) []byte {
	return []byte(`version: 1
contexts: {prod: {prometheus: {url: 'http://localhost:9090'}}}
services:
  ranker:
    arms: {label: track, legacy: stable, candidate: canary}
    preset: http
    on_no_data: ask
    plan:
` + plan)
}

const wholePlan = `      steps: [1% for 15m, 5% until safe or 30m, '25% for 15m then command or 1h: ./gate "the ranker"', 100%]
      on_worse: ask
      on_timeout: rollback
      max_jump: 75%
      max_alerting: 5%
      second_person: true
      min_samples: 1000
      freeze: ['Fri 16:00-24:00 Europe/Berlin', '2026-12-20T00:00Z/2027-01-02T00:00Z']
      confirm: 10m
      watchdog: 30s
      extend: {by: 15m, most: 2}
      rules:
        - {measure: slow, of: latency, over: 100, max_ratio: 1.1, then: rollback}
        - {measure: errors, of: success, over: 100, min_ratio: 0.95, then: rollback}
    notify:
      - alertmanager: {url: http://am:9093}
`

func TestPlan_IsReadWhole(t *testing.T) {
	c, err := Parse("rampart.yaml", planned(wholePlan))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := c.Ramp("ranker")
	if !ok || len(p.Steps) != 4 || len(p.Steps[2].Command) != 2 || p.MaxJump != sources.ShareOf(.75) || p.MaxAlerting != sources.ShareOf(.05) || !p.SecondPerson || p.MinSamples != 1000 {
		t.Errorf("%+v", p)
	}
	if p.OnWorse != analysis.DoAsk || p.OnTimeout != analysis.DoRollBack || p.OnNoData != analysis.DoAsk {
		t.Errorf("on worse %s, on timeout %s, on no data %s", p.OnWorse, p.OnTimeout, p.OnNoData)
	}
	if p.Confirm != 10*time.Minute || p.Watchdog != 30*time.Second || p.Extend != (ramp.Extension{By: 15 * time.Minute, Most: 2}) {
		t.Errorf("confirm %s, watchdog %s, extend %+v", p.Confirm, p.Watchdog, p.Extend)
	}
	if len(p.Freeze) != 2 || len(p.Rules) != 2 || p.Rules[1].Of != ramp.Success || p.Rules[1].Min != .95 || p.Rules[0].Max != 1.1 {
		t.Errorf("freezes %v, rules %v", p.Freeze, p.Rules)
	}
}

func TestPlan_IsShownAsItWasUnderstood(t *testing.T) {
	c, err := Parse("rampart.yaml", planned(wholePlan))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := c.Show()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("shown.yaml", shown)
	if err != nil {
		t.Fatalf("%v in\n%s", err, shown)
	}
	was, _ := c.Ramp("ranker")
	if is, _ := again.Ramp("ranker"); is.String() != was.String() || is.MaxJump != was.MaxJump || is.MaxAlerting != was.MaxAlerting || len(is.Rules) != 2 {
		t.Errorf("%+v, was %+v", is, was)
	}
}

func TestPlan_EveryMistakeHasItsLine(t *testing.T) {
	for _, c := range []struct{ plan, want string }{
		{"      steps: []\n", "line 9: services.ranker.plan.steps: there are none"},
		{"      steps:\n        - 5% for 15m\n        - 1% for 15m\n", `line 11: services.ranker.plan.steps[1]: step "1% for 15m": not above step 1 (5%)`},
		{"      steps:\n        - 5% for 15m\n        - 120%\n", `line 11: services.ranker.plan.steps[1]: step "120%": 120% is more than all of the traffic`},
		{"      steps: [5% for 0m, 100%]\n", "line 9: services.ranker.plan.steps[0]: step \"5% for 0m\": time 0m"},
		{"      steps: [5%, 100%]\n", "it stays for no time (say how long: 5% for 15m)"},
		{"      steps: [5% until happy, 100%]\n", `gate "happy": want safe, approve or command`},
		{"      steps: [5% for 1m, 100%]\n      max_jump: 50%\n", "line 9: services.ranker.plan.steps[1]: step \"100%\": from 5% it adds more than max_jump 50%"},
		{"      steps: [100%]\n      freeze:\n        - Fry 10:00-12:00 UTC\n", `line 11: services.ranker.plan.freeze[0]: freeze "Fry 10:00-12:00 UTC": no day "Fry"`},
		{"      steps: [100%]\n      watchdog: 1s\n", "line 10: services.ranker.plan.watchdog: "},
		{"      steps: [100%]\n      on_wrse: ask\n", "on_worse"},
		{"      steps: [100%]\n      on_worse: panic\n", "line 10"},
		{"      steps: [100%]\n      max_jump: much\n", "line 10"},
		{"      steps: [100%]\n      max_alerting: 5%\n", "line 10: services.ranker.plan.max_alerting: no alerts are read"},
		{"      steps: [100%]\n      max_alerting: 5%\n    notify: [{alertmanager: {url: http://am, read: false}}]\n", "no alerts are read"},
		{"      steps: [100%]\n      rules:\n        - {measure: eror, of: success, over: 100, min_ratio: .9, then: ask}\n", `line 11: services.ranker.plan.rules[0].measure: no measure "eror" (did you mean errors?)`},
		{"      steps: [100%]\n      rules:\n        - {measure: errors, of: latency, over: 100, max_ratio: 2, then: ask}\n", "line 11: services.ranker.plan.rules[0].of: errors has no histogram"},
		{"      steps: [100%]\n      rules:\n        - {measure: errors, of: errors, over: 100, then: ask}\n", "line 11: services.ranker.plan.rules[0]: a rule has one limit"},
		{"      steps: [100%]\n      rules:\n        - {measure: shown, of: errors, over: 100, max_ratio: 2, then: ask}\n    measures: {shown: {counter: c, bad: 'code=\"500\"', judge: report}}\n", "shown is not judged, so no rule is told what it counts"},
		{"      steps: [100%]\n      rules:\n        - {measure: errors, of: happiness, over: 100, then: ask}\n", "line 11"},
	} {
		_, err := Parse("rampart.yaml", planned(c.plan))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.plan, err, c.want)
		}
	}
	if _, err := Parse("rampart.yaml", planned("      steps: [110% for 5m]\n")); err == nil || strings.Contains(err.Error(), "there are none") {
		t.Errorf("one step, which cannot be read, is no plan without steps: %v", err)
	}
}
