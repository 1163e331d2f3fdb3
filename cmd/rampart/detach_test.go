package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const unitsConfig = `version: 1
contexts: {prod: {env: prod, prometheus: {url: 'http://127.0.0.1:1'}}}
services:
  ranker:
    arms: {label: track, legacy: stable, candidate: canary}
    measures: {errors: {counter: requests_total, bad: 'code="500"'}}
    traffic: {kind: haproxy, sockets: ['unix:///run/h.sock'], backend: be, servers: {legacy: [a], candidate: [b]}}
`

// unitOf is what an administrator is given for a command line, asked for in the config's folder.
func unitOf(t *testing.T, config string, env map[string]string, args ...string) (unit, dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if err := os.WriteFile("rampart.yaml", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	s := streams{in: strings.NewReader(""), out: &out, err: &said, env: func(k string) string {
		if v, ok := env[k]; ok {
			return v
		}
		return map[string]string{"RAMPART_STATE": dir}[k]
	}}
	if code := run(t.Context(), args, s); code != 0 {
		t.Fatalf("%q: exit %d: %s", args, code, said.String())
	}
	return out.String(), dir
}

func TestUnit_RunsTheSameFromAnyFolderAndWithoutThisEnvironment(t *testing.T) {
	env := map[string]string{"RAMPART_CONTEXT": "prod", "RAMPART_SERVICE": "ranker", "RAMPART_READ_ONLY": "1"}
	unit, dir := unitOf(t, unitsConfig, env, "run", "--print-unit=true", "--plan", "1% for 15m, 100%", "--since", "2h")
	want := " run -c " + dir + `/rampart.yaml --context prod --service ranker --read-only "--plan=1%% for 15m, 100%%" --since=2h0m0s` + "\n"
	if !strings.Contains(unit, want) || !strings.Contains(unit, "WorkingDirectory=-"+dir+"\n") {
		t.Errorf("want a command line that ends with\n%sin\n%s", want, unit)
	}
}

func TestDetach_ARunnerInTheBackgroundStartsNoOther(t *testing.T) {
	for _, spelled := range []string{"--detach", "--detach=true", "--detach=1"} {
		unit, _ := unitOf(t, unitsConfig, nil, "run", "--print-unit", spelled)
		if strings.Contains(unit, "detach") {
			t.Errorf("%s: each would start the next for ever:\n%s", spelled, unit)
		}
	}
}

func TestDetach_APlanThatCannotBeIsToldBeforeSomebodyElseStartsIt(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "rampart.yaml")
	if err := os.WriteFile(config, []byte(unitsConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, asked := range []string{"--print-unit", "--detach"} {
		var out, said bytes.Buffer
		s := streams{out: &out, err: &said, env: func(k string) string { return map[string]string{"RAMPART_STATE": dir}[k] }}
		if code := run(t.Context(), []string{"run", "-c", config, asked, "--plan", "5% for 10m, 1% for 10m, 100%"}, s); code != exitUsage || out.Len() > 0 || !strings.Contains(said.String(), "not above step 1") {
			t.Errorf("%s: exit %d\n%s%s", asked, code, out.String(), said.String())
		}
	}
}

func TestDetach_NoFlagOfRunIsForgotten(t *testing.T) {
	var out bytes.Buffer
	if code := run(t.Context(), []string{"run", "--help"}, streams{out: &out, err: &out, env: func(string) string { return "" }}); code != 0 {
		t.Fatal(code)
	}
	local, _, _ := strings.Cut(out.String(), "Global Flags:")
	for _, m := range regexp.MustCompile(`(?m)^ +(?:-[a-z], )?--([a-z-]+)`).FindAllStringSubmatch(local, -1) {
		if !slices.Contains(append(passedOn(), "detach", "print-unit", "help"), m[1]) {
			t.Errorf("--%s is not passed on to a runner in the background", m[1])
		}
	}
}

func TestUnit_LetsARunnerWriteWhatItsConfigNames(t *testing.T) {
	confined, _ := unitOf(t, unitsConfig, nil, "run", "--print-unit")
	file := strings.Replace(unitsConfig, "kind: haproxy, sockets: ['unix:///run/h.sock'], backend: be, servers: {legacy: [a], candidate: [b]}",
		"kind: file, file: {path: /etc/nginx/split.conf, format: nginx, arms: {legacy: [a], candidate: [b]}}", 1)
	free, _ := unitOf(t, file, nil, "run", "--print-unit")
	if !strings.Contains(confined, "ProtectSystem=strict") || strings.Contains(free, "ProtectSystem") {
		t.Errorf("one that speaks to a socket:\n%s\none that writes a router's file:\n%s", confined, free)
	}
}
