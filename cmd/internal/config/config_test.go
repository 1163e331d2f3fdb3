package config

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
)

const service = `version: 1
contexts:
  prod:
    env: prod
    prometheus: {url: http://p:9090, bearer: {file: %s}}
services:
  ranker:
    select: {app: ranker}
    arms: {label: track, legacy: stable, candidate: canary}
    measures:
      errors: {counter: rq_count, bad: 'code=~"5.."'}
      slow: {histogram: rq, above: 250ms}
      score: {histogram: model_score, judge: report}
    guards:
      - {measure: errors, max_ratio: 1.1, on_worse: rollback}
      - {measure: errors, arm: legacy, max: 2%%, says: not_the_candidate}
`

func parse(t *testing.T, text string) (*Config, error) {
	t.Helper()
	return Parse("rampart.yaml", []byte(text))
}

func good() string {
	return strings.ReplaceAll(strings.Replace(service, "%s", "/run/token", 1), "%%", "%")
}

func TestConfig_IsReadWhole(t *testing.T) {
	c, err := parse(t, good())
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.Choose(Choice{})
	if err != nil {
		t.Fatal(err)
	}
	e := c.Engine(x, "ranker")
	if len(e.Measures) != 2 || e.Measures[0].Name != "errors" || e.Measures[1].Edge != 0.25 || len(e.Drift) != 1 {
		t.Errorf("measures = %+v, drift = %+v", e.Measures, e.Drift)
	}
	if len(e.Guards) != 2 || !e.Guards[1].NotTheCandidate || e.Guards[1].Max != 0.02 || e.Guards[0].OnWorse != analysis.DoRollBack {
		t.Errorf("guards = %+v", e.Guards)
	}
	if e.Env != "prod" || e.Alpha != 0.05 || e.Step != DefaultStep {
		t.Errorf("defaults: env %q alpha %v step %v", e.Env, e.Alpha, e.Step)
	}
}

func TestConfig_TellsEveryMistakeWithItsLineAndWhatWasMeant(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown key":          {"measures:", "mesures:", "line 10: services.ranker.mesures: unknown key (did you mean measures?)"},
		"deep unknown key":     {"above: 250ms", "abov: 250ms", "line 12: services.ranker.measures.slow.abov: unknown key (did you mean above?)"},
		"wrong type":           {"above: 250ms", "above: fast", "duration \"fast\""},
		"no whole number":      {"max: 2%,", "max: 2%, min_n: 1.5,", "line 16: services.ranker.guards[1].min_n: want a whole number"},
		"no number":            {"max_ratio: 1.1", "max_ratio: much", "line 15: services.ranker.guards[0].max_ratio: want a number"},
		"neither yes nor no":   {"env: prod", "read_only: maybe", "line 4: contexts.prod.read_only: want true or false"},
		"no list":              {"guards:", "strata: route\n    guards:", "line 14: services.ranker.strata: want a list"},
		"no keys":              {"select: {app: ranker}", "select: ranker", "line 8: services.ranker.select: want keys"},
		"a list for a word":    {"judge: report", "judge: [report]", "line 13: services.ranker.measures.score.judge: want one word"},
		"a list for an arm":    {"candidate: canary", "candidate: [canary]", "line 9: services.ranker.arms.candidate: want a label's value"},
		"a list for a time":    {"above: 250ms", "above: [1]", "line 12: services.ranker.measures.slow.above: duration"},
		"two ways to a secret": {"{file: /run/token}", "{file: a, command: [hunter2]}", "line 5: contexts.prod.prometheus.bearer: secret: want one of"},
		"a list as a secret":   {"{file: /run/token}", "[hunter2]", "line 5: contexts.prod.prometheus.bearer: secret: want one of"},
		"a server in both arms": {
			"    guards:", "    traffic: {kind: haproxy, sockets: ['unix:///s'], backend: b, servers: {legacy: ['s-*'], candidate: ['s-*']}}\n    guards:",
			"line 14: services.ranker.traffic.servers: a server called \"s-*\" would be in both arms",
		},
		"a server that the other arm's pattern covers": {
			"    guards:", "    traffic: {kind: haproxy, sockets: ['unix:///s'], backend: b, servers: {legacy: ['*'], candidate: [canary]}}\n    guards:",
			"a server called \"canary\" would be in both arms",
		},
		"lines without logs": {"    guards:", "      leaks: {from: logs}\n    guards:", "line 14: services.ranker.measures.leaks.from: this service has no logs"},
		"measured from nothing": {
			"    guards:", "      router: {from: nowhere}\n    guards:",
			"line 14: services.ranker.measures.router.from: \"nowhere\" means nothing here (want traffic or logs)",
		},
		"a guard of neither arm":    {"arm: legacy", "arm: lgacy", "line 16: services.ranker.guards[1].arm: \"lgacy\" means nothing here (want legacy or candidate)"},
		"a guard that says nothing": {"says: not_the_candidate", "says: not_me", "line 16: services.ranker.guards[1].says: \"not_me\" means nothing here"},
		"a check that takes what is not known": {
			"    guards:", "    check: {accept: undecidd}\n    guards:", "line 14: services.ranker.check.accept: \"undecidd\" means nothing here (want safe or undecided)",
		},
		"a mask that is none": {
			"    guards:", "    logs: {index: a, arm: {field: b}, mask: {patterns: {customer: '('}}}\n    guards:",
			"line 14: services.ranker.logs.mask: configure redaction customer",
		},
		"same arm twice":                        {"candidate: canary", "candidate: stable", "line 9: services.ranker.arms: the same arm twice"},
		"guard without target":                  {"{measure: errors, max_ratio", "{measure: erors, max_ratio", "line 15: services.ranker.guards[0].measure: no measure \"erors\" (did you mean errors?)"},
		"guards of one name":                    {"{measure: errors, max_ratio", "{name: a, measure: errors, max: 3%, on_worse: hold}\n      - {name: a, measure: errors, max_ratio", "line 16: services.ranker.guards[1].name: two guards are called \"a\""},
		"limit below one":                       {"max_ratio: 1.1", "max_ratio: 0.9", "want 1 or more"},
		"no limit at all":                       {"max_ratio: 1.1", "max_ratio: .inf", "line 15: services.ranker.guards[0].max_ratio: want a number"},
		"a limit that is none":                  {"max: 2%", "max: .nan", "limit"},
		"alpha is no number":                    {"guards:", "alpha: .nan\n    guards:", "services.ranker.alpha: want a chance"},
		"bad matcher":                           {`code=~"5.."`, `code=~5..`, "want label=~"},
		"bad regexp":                            {`code=~"5.."`, `code=~"5(."`, "error parsing regexp"},
		"a stratum without a name":              {"    guards:", "    strata: [route, '']\n    guards:", "line 14: services.ranker.strata[1]: a label without a name"},
		"a join on nothing":                     {"candidate: canary}", "candidate: canary, join: {metric: m, on: ['']}}", "line 9: services.ranker.arms.join.on[0]: a label without a name"},
		"an environment that clears the screen": {"env: prod", `env: "\u001b[2J"`, `line 4: contexts.prod.env: it holds \x1b, which no text here has`},
		"an environment of two lines":           {"env: prod", `env: "a\nb"`, "line 4: contexts.prod.env: more than one line"},
		"a service that rings":                  {"  ranker:", `  "ran\u0007ker":`, `line 7: services.ran\x07ker: a name holds what cannot be seen: ran\x07ker`},
		"a service that reads backwards":        {"  ranker:", `  "ran\u202eker":`, `line 7: services.ran\u202eker: a name holds what cannot be seen`},
		"a service without a name":              {"  ranker:", `  "":`, "line 7: services.: a name is empty"},
		"a raw escape in a value":               {"select: {app: ranker}", "select: {app: 'ran\x1bker'}", `line 8: services.ranker.select.app: it holds \x1b`},
		"two sources":                           {"counter: rq_count,", "counter: rq_count, expr: up,", "got counter and expr"},
		"no url":                                {"url: http://p:9090", "url: ftp://p", "line 5: contexts.prod.prometheus.url: not an http or https URL"},
		"secret in url":                         {"url: http://p:9090", "url: http://u:hunter2@p:9090", "use basic: or bearer:"},
		"version":                               {"version: 1", "version: 2", "this rampart reads version 1"},
		"unset variable":                        {"url: http://p:9090", "url: '${RAMPART_NO_SUCH}'", "RAMPART_NO_SUCH is not set"},
		"broken yaml":                           {"contexts:", "contexts: [", "line"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t, strings.Replace(good(), c.from, c.to, 1))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v\nwant   %s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error prints a secret: %v", err)
			}
		})
	}
}

func TestConfig_EveryGuardHasANameOfItsOwn(t *testing.T) {
	c, err := parse(t, strings.Replace(good(), "    guards:\n", "    guards:\n      - {measure: errors, max: 3%, on_worse: hold}\n      - {name: errors 2, measure: errors, max: 4%}\n", 1))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, g := range c.Engine(Chosen{}, "ranker").Guards {
		names = append(names, g.Name)
	}
	if want := []string{"errors", "errors 2", "errors 3", "legacy errors"}; !slices.Equal(names, want) {
		t.Errorf("guards are called %q, want %q", names, want)
	}
}

func TestConfig_EmptyFileSaysHowToStart(t *testing.T) {
	if _, err := parse(t, "\n"); err == nil || !strings.Contains(err.Error(), "rampart config default") {
		t.Errorf("error = %v", err)
	}
}

func TestConfig_TheDefaultFileIsGood(t *testing.T) {
	if _, err := parse(t, Default); err != nil {
		t.Error(err)
	}
	uncommented := strings.NewReplacer("    # elastic", "    elastic", "    # logs", "    logs", "    # traffic:", "    traffic:", "    #   ", "      ", "      # bearer", "      bearer").Replace(Default)
	if _, err := parse(t, uncommented); err != nil {
		t.Errorf("with its examples switched on: %v", err)
	}
}

func TestSecret_IsReadWhenUsedAndNeverShown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := parse(t, strings.Replace(good(), "/run/token", file, 1))
	if err != nil {
		t.Fatal(err)
	}
	secret := c.File.Contexts["prod"].Prometheus.Bearer
	if v, err := secret.Get(context.Background(), false); err != nil || v != "hunter2" {
		t.Fatalf("Get = %q, %v", v, err)
	}
	if err := os.WriteFile(file, []byte("rotated"), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, _ := secret.Get(context.Background(), false); v != "hunter2" {
		t.Errorf("a remembered secret was read again: %q", v)
	}
	if v, _ := secret.Get(context.Background(), true); v != "rotated" {
		t.Errorf("after a 401 the secret was not read again: %q", v)
	}
	shown, err := c.Show()
	if err != nil || strings.Contains(string(shown), "rotated") || !strings.Contains(string(shown), file) {
		t.Errorf("show = %s, %v", shown, err)
	}
}

func TestSecret_LiteralIsMaskedAndUnreadableIsToldByPlace(t *testing.T) {
	c, err := parse(t, strings.Replace(good(), "{file: /run/token}", "hunter2", 1))
	if err != nil {
		t.Fatal(err)
	}
	if shown, err := c.Show(); err != nil || strings.Contains(string(shown), "hunter2") {
		t.Errorf("show prints the secret: %s %v", shown, err)
	}
	if c, err = parse(t, strings.Replace(good(), "{file: /run/token}", "{command: [vault, login, hunter2]}", 1)); err != nil {
		t.Fatal(err)
	}
	if shown, err := c.Show(); err != nil || strings.Contains(string(shown), "hunter2") || !strings.Contains(string(shown), "vault") {
		t.Errorf("show prints what a command is given: %s %v", shown, err)
	}
	missing := &Secret{File: "/no/such/file"}
	if _, err := missing.Get(context.Background(), false); err == nil || !strings.Contains(err.Error(), "/no/such/file") {
		t.Errorf("error = %v", err)
	}
	loud := &Secret{Command: []string{"sh", "-c", "echo hunter2 >&2; exit 3"}}
	if _, err := loud.Get(context.Background(), false); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error = %v", err)
	}
	endless := &Secret{Command: []string{"yes", "hunter2"}}
	if _, err := endless.Get(t.Context(), false); err == nil || !strings.Contains(err.Error(), "printed more than 65536 bytes") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error = %v", err)
	}
}

// A shell at 3 am lacks what the service's unit has, and what needs none of it must go on.
func TestSecret_OfAVariableThatIsNotSetIsMissedByWhoNeedsItAndByNobodyElse(t *testing.T) {
	c, err := parse(t, strings.Replace(good(), "{file: /run/token}", "'Bearer ${RAMPART_NO_SUCH}'", 1))
	if err != nil {
		t.Fatal(err)
	}
	missed := c.Unreadable(t.Context())
	if len(missed) != 1 || missed[0].Line == 0 || !strings.Contains(missed[0].Text, "environment variable RAMPART_NO_SUCH is not set") {
		t.Errorf("%+v", missed)
	}
	t.Setenv("RAMPART_NO_SUCH", "hunter2")
	if c, err = parse(t, strings.Replace(good(), "{file: /run/token}", "'${RAMPART_NO_SUCH}'", 1)); err != nil || len(c.Unreadable(t.Context())) > 0 {
		t.Errorf("set: %v", err)
	}
}

func TestSecret_ThatCannotBeReadIsFoundWithItsLineBeforeItIsNeeded(t *testing.T) {
	t.Parallel() // it waits for its deadline, which a program that answers must never reach
	c, err := parse(t, `version: 1
contexts:
  prod:
    prometheus:
      url: http://p:9090
      bearer:
        file: /no/such/token
    elasticsearch:
      url: http://e:9200
      headers: {X-Key: {command: [sh, -c, "echo hunter2; exit 3"]}}
      api_key: {command: [sleep, "60"]}
services:
  ranker:
    arms:
      legacy: {job: a}
      candidate:
        job: b
    measures: {errors: {counter: c, bad: 'code="500"'}}
`)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	var told []string
	for _, m := range c.Unreadable(ctx) {
		told = append(told, m.String())
	}
	for i, want := range []string{
		"line 11: contexts.prod.elasticsearch.api_key: secret command sleep: it did not answer within ",
		"line 10: contexts.prod.elasticsearch.headers.X-Key: secret command sh: exit status 3",
		"line 6: contexts.prod.prometheus.bearer: secret file /no/such/token: no such file or directory",
	} {
		if len(told) <= i || !strings.HasPrefix(told[i], want) || strings.Contains(told[i], "hunter2") {
			t.Errorf("told %q\nwant %q", told, want)
		}
	}
}

func TestSchema_KnowsEveryKeyOfTheFile(t *testing.T) {
	b, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"max_ratio", "replica_label", "api_key", "known_hosts", "command"} {
		if !strings.Contains(string(b), `"`+key+`"`) {
			t.Errorf("the schema lacks %s", key)
		}
	}
}

func FuzzConfig_NeverPanics(f *testing.F) {
	f.Add(good())
	f.Add(Default)
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := Parse("f", []byte(text)); err == nil {
			if _, err := c.Show(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestConfig_RefusesWhatIsNoTextBeforeItReadsIt(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"binary":    {"version: 1\x00", "not a text file"},
		"utf-16":    {"\xff\xfev\x00", "not a text file"},
		"too large": {"version: 1\n" + strings.Repeat("# padding\n", 1<<17), "larger than 256 KiB"},
	} {
		_, err := Parse("rampart.yaml", []byte(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %q, got %v", name, c.want, err)
		}
	}
}
