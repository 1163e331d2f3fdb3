package ramp_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"rampart/analysis/ramp"
	"rampart/sources"
)

func TestStep_IsReadAsAPersonWritesIt(t *testing.T) {
	m := time.Minute
	for text, want := range map[string]ramp.Step{
		"1% for 15m":                                           {To: pct(1), Bake: 15 * m},
		" 0.5 %  for 1h30m ":                                   {To: pct(.5), Bake: 90 * m},
		"5% until safe or 30m":                                 {To: pct(5), Until: ramp.Safe, Max: 30 * m},
		"5% for 10m then safe or 30m":                          {To: pct(5), Bake: 10 * m, Until: ramp.Safe, Max: 30 * m},
		"25% for 15m then approve":                             {To: pct(25), Bake: 15 * m, Until: ramp.Approve},
		"25% until approved or 2h":                             {To: pct(25), Until: ramp.Approve, Max: 120 * m},
		"25% until command: ./gate ranker":                     {To: pct(25), Until: ramp.Command, Command: []string{"./gate", "ranker"}},
		`50% for 1m then command or 1h: sh -c "echo \"a: b\""`: {To: pct(50), Bake: m, Until: ramp.Command, Max: 60 * m, Command: []string{"sh", "-c", `echo "a: b"`}},
		"100%": {To: sources.Whole},
	} {
		got, err := ramp.ParseStep(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestStep_WhatCannotBeReadSaysWhatIsMeant(t *testing.T) {
	for text, says := range map[string]string{
		"":                           "begins with a share",
		"five percent":               "such as 1% for 15m",
		"5 for 15m":                  "begins with a share",
		"0% for 15m":                 "a ramp begins above 0 %",
		"-1% for 15m":                "above 0 %",
		"NaN% for 15m":               "above 0 %",
		"0.00001% for 1m":            "a part per million",
		"101%":                       "more than all",
		"5% for 0m":                  "lasts longer",
		"5% for -1m":                 "lasts longer",
		"5% for 15":                  "with its unit",
		"5% for":                     "with its unit",
		"5% until happy":             `gate "happy"`,
		"5% until bake":              "write for how long",
		"5% until safe or":           "with its unit",
		"5% until safe or 30m later": `"later" is not understood`,
		"5% until command":           "behind it",
		"5% until safe: ./gate":      "behind it",
		"5% until command: ":         "no command",
		`5% until command: "x`:       "a quote that does not end",
		"5% \x1b[2J":                 `\x1b[2J`,
	} {
		_, err := ramp.ParseStep(text)
		if err == nil || !strings.Contains(err.Error(), says) || strings.ContainsRune(err.Error(), '\x1b') {
			t.Errorf("%q: %v; want %q", text, err, says)
		}
	}
}

func FuzzStep(f *testing.F) {
	for _, s := range []string{"1% for 15m", "5% until safe or 30m", "25% for 15m then approve", `1.5% until command or 1h: "a b" c`, "100%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ramp.ParseStep(text)
		if err != nil {
			return
		}
		back, err := ramp.ParseStep(s.String())
		if err != nil || !reflect.DeepEqual(back, s) {
			t.Errorf("%q is %q, which is read as %+v, %v; was %+v", text, s, back, err, s)
		}
	})
}

func FuzzFreeze(f *testing.F) {
	for _, s := range []string{"Fri-Mon 16:00-24:00 Europe/Berlin", "2026-12-20T00:00Z/2027-01-02T00:00Z", "Mon,Wed 18:00-08:00 UTC"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		z, err := ramp.ParseFreeze(text)
		if err != nil {
			return
		}
		if back, err := ramp.ParseFreeze(z.String()); err != nil || back.String() != z.String() {
			t.Errorf("%q is %q, which is read as %q, %v", text, z, back, err)
		}
		ramp.Plan{Freeze: []ramp.Freeze{z}}.NextEdge(monday())
	})
}

func TestPlan_EveryMistakeNamesItsStep(t *testing.T) {
	for _, c := range []struct {
		steps []string
		edit  func(*ramp.Plan)
		caps  sources.Caps
		want  string
	}{
		{steps: nil, want: "plan steps: there are none"},
		{steps: []string{"5% for 1m", "1% for 1m", "100%"}, want: `step 2 "1% for 1m": not above step 1 (5%)`},
		{steps: []string{"1%", "100%"}, want: `step 1 "1%": it stays for no time (say how long: 1% for 15m)`},
		{steps: []string{"1% for 1m", "50%"}, want: "the last step stays for no time"},
		{steps: []string{"1% for 1m", "100% for 1m"}, want: "no legacy is left"},
		{steps: []string{"1% for 30m then safe or 15m", "100%"}, want: "given up after 15m, before its 30m are over"},
		{steps: []string{"1% for 1m", "90% for 1m"}, edit: func(p *ramp.Plan) { p.MaxJump = pct(50) }, want: "from 1% it adds more than max_jump 50%"},
		{steps: []string{"1% for 1m", "100%"}, edit: func(p *ramp.Plan) { p.Steps[0].To = 2 * sources.Whole }, want: "more than all of the traffic"},
		{steps: []string{"1% for 1m", "100%"}, edit: func(p *ramp.Plan) { p.Steps[0].Until = 9 }, want: "unknown gate"},
		{steps: []string{"0.1% for 1m", "100%"}, caps: sources.Caps{Finest: 3906}, want: `divides no finer than 0.3906% (the nearest share is 0.3906%)`},
		{
			steps: []string{"5% for 1m", "12.5% for 1m", "100%"}, caps: sources.Caps{Finest: pct(1), Even: true},
			want: `"12.5% for 1m": the plane divides in steps of 1% (the nearest shares are 12% and 13%)`,
		},
		{steps: []string{"0.5% for 1m", "100%"}, caps: sources.Caps{Finest: pct(1), Even: true}, want: "the nearest share is 1%"},
		{steps: []string{"95% for 1m", "100%"}, caps: sources.Caps{Finest: pct(30), Even: true}, want: "the nearest shares are 90% and 100%"},
		{steps: []string{"7% for 1m", "100%"}, caps: sources.Caps{Shares: []sources.Share{pct(5), pct(10), pct(100)}}, want: "the nearest that it can: 5% or 10%"},
		{steps: []string{"1% for 1m", "100%"}, edit: func(p *ramp.Plan) { p.OnWorse = 9 }, want: "plan on_worse: unknown consequence"},
		{steps: []string{"1% for 1m", "100%"}, edit: func(p *ramp.Plan) { p.Confirm = time.Second }, want: "plan confirm: too short"},
		{steps: []string{"1% for 1m", "100%"}, edit: func(p *ramp.Plan) { p.Watchdog = time.Second }, want: "plan watchdog"},
		{steps: []string{"1% for 1m", "100%"}, edit: func(p *ramp.Plan) { p.Extend.Most = 2 }, want: "plan extend: it needs both"},
		{steps: []string{"1% for 1m", "100%"}, edit: func(p *ramp.Plan) { p.Rules = []ramp.Rule{{Measure: "errors"}} }, want: "plan rules[0]: a rule is of success"},
	} {
		p := plan(t, c.steps...)
		if c.edit != nil {
			c.edit(&p)
		}
		var said []string
		for _, m := range p.Validate(c.caps) {
			said = append(said, m.Error())
		}
		if all := strings.Join(said, "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%v: %q; want %q", c.steps, all, c.want)
		}
	}
	good := plan(t, "1% for 15m", "5% until safe or 30m", "25% for 15m then approve", "100%")
	good.Rules = classic()
	if ms := good.Validate(sources.Caps{Finest: 3906}); len(ms) > 0 {
		t.Errorf("a good plan has mistakes: %v", ms)
	}
}

func TestPlan_SurvivesItsWrittenForm(t *testing.T) {
	p := plan(t, "0.4% for 15m", "100%")
	p.Freeze, p.Rules, p.MaxJump = freezes(t, "Fri 16:00-24:00 UTC"), classic(), 4321
	p.MaxAlerting = 1234
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back ramp.Plan
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, p) {
		t.Errorf("%s: %+v, %v", b, back, err)
	}
}
