package adapters

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rampart/cmd/internal/config"
)

// traffic is a service's traffic as a config has it.
func traffic(t *testing.T, text string) *config.Traffic {
	t.Helper()
	c, err := config.Parse("here", []byte(`version: 1
contexts: {prod: {env: prod, prometheus: {url: 'http://127.0.0.1:1'}}}
services:
  ranker:
    arms: {label: track, legacy: stable, candidate: canary}
    measures: {errors: {counter: requests_total, bad: 'code="500"'}}
    traffic: {`+text+`}
`))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return c.File.Services["ranker"].Traffic
}

func TestKeys_MeetWhereTwoConfigsDriveOneThingAndNowhereElse(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "admin.sock"), filepath.Join(dir, "link.sock")
	if err := os.Symlink("admin.sock", link); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	haproxy := func(backend string, sockets ...string) string {
		return `kind: haproxy, sockets: ['` + strings.Join(sockets, `', '`) + `'], backend: ` + backend + `, servers: {legacy: [a], candidate: [b]}`
	}
	envoy := func(prefix, admin string) string {
		return `kind: envoy, envoy: {admins: ['` + admin + `'], runtime_key_prefix: ` + prefix + `, clusters: {legacy: a, candidate: b}}`
	}
	webhook := func(write string) string {
		return `kind: webhook, webhook: {read: 'http://router/split', write: '` + write + `'}`
	}
	file := func(path, more string) string {
		return `kind: file, file: {path: ` + path + `, format: nginx, arms: {legacy: [a], candidate: [b]}` + more + `}`
	}
	for name, c := range map[string]struct {
		a, b string
		meet bool
	}{
		"a link to the socket":            {haproxy("be", "unix://"+real), haproxy("be", "unix://"+link), true},
		"a path with a detour":            {haproxy("be", "unix://"+real), haproxy("be", "unix://"+dir+"/x/../admin.sock"), true},
		"a name of the address":           {haproxy("be", "tcp://127.0.0.1:9999"), haproxy("be", "tcp://localhost:9999"), true},
		"another user of the same host":   {haproxy("be", "ssh://ana@localhost/run/h.sock"), haproxy("be", "ssh://ben@127.0.0.1:22/run/h.sock"), true},
		"one member of two":               {haproxy("be", "unix://"+real, "tcp://127.0.0.1:9999"), haproxy("be", "tcp://127.0.0.1:9999"), true},
		"two backends of one HAProxy":     {haproxy("be", "unix://"+real), haproxy("other", "unix://"+real), false},
		"two HAProxies":                   {haproxy("be", "unix://"+real), haproxy("be", "unix://"+real+"2"), false},
		"two names of Envoy":              {envoy("routing.ranker", "http://127.0.0.1:9901"), envoy("routing.ranker", "http://localhost:9901"), true},
		"two routes of Envoy":             {envoy("routing.ranker", "http://127.0.0.1:9901"), envoy("routing.ads", "http://127.0.0.1:9901"), false},
		"each with a token of their own":  {webhook("http://router/split?service=ranker&token=x"), webhook("http://router:80/split?api_key=y&service=ranker"), true},
		"two services of one web server":  {webhook("http://router/split?service=ranker"), webhook("http://router/split?service=ads"), false},
		"a link to the file":              {file(real, ""), file(link, ""), true},
		"two splits in a file":            {file(real, ", block: $ranker"), file(real, ", block: ads"), false},
		"one command":                     {`kind: exec, exec: {command: [sh, ranker]}`, `kind: exec, exec: {command: [/bin/sh, ranker]}`, true},
		"one command for two services":    {`kind: exec, exec: {command: [sh, ranker]}`, `kind: exec, exec: {command: [sh, ads]}`, false},
		"two planes that are only looked": {`kind: observe`, `kind: observe`, false},
	} {
		t.Run(name, func(t *testing.T) {
			var keys [2][]string
			for i, text := range []string{c.a, c.b} {
				var err error
				if keys[i], err = Keys(t.Context(), traffic(t, text)); err != nil {
					t.Fatal(err)
				}
				if all := strings.Join(keys[i], " "); strings.Contains(all, "token") || strings.Contains(all, "api_key") {
					t.Errorf("a secret is in %q", all)
				}
			}
			if got := slices.ContainsFunc(keys[0], func(k string) bool { return slices.Contains(keys[1], k) }); got != c.meet {
				t.Errorf("meet: %v\n%q\n%q", got, keys[0], keys[1])
			}
		})
	}
}
