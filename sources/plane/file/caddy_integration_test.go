//go:build integration

package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rampart/sources"
	"rampart/sources/sourcetest/loopback"
)

// caddyVersion is the one that .ci/install builds. Debian's 2.6 has no weighted_round_robin, which came with 2.7.
const caddyVersion = "2.11.9"

// newCaddy starts Caddy on one of the examples, with the addresses of this machine in it.
func newCaddy(t *testing.T, name string, flags ...string) *router {
	t.Helper()
	path := program(t, "caddy", caddyVersion)
	ports, err := loopback.Ports(2)
	if err != nil {
		t.Fatal(err)
	}
	front, admin := loopback.Addr(ports[0]), loopback.Addr(ports[1])
	one, two, candidate := model(t, "legacy"), model(t, "legacy"), model(t, "candidate")
	r := &router{conf: example(t, name), front: "http://" + front + "/rank"}
	r.conf.Arms = armsNamed([]string{one, two}, []string{candidate})
	dir := filepath.Dir(r.conf.Path)
	adapter := "caddyfile"
	swap := []string{
		"admin off", "admin " + admin + "\n\tpersist_config off\n\tauto_https off", ":8080", "http://" + front, "legacy-1:80", one, "legacy-2:80", two,
		"candidate:80", candidate, "static:80", one, "19 19 2", "1 1 0",
	}
	if name == "caddy.json" {
		adapter, r.conf.Arms.Legacy = "", []string{one}
		swap = []string{
			`{
	"apps"`, `{"admin": {"listen": "` + admin + `", "config": {"persist": false}}, "apps"`, ":8080", front, "legacy:80", one, "candidate:80", candidate, "static:80", one,
			`{"handle": [{"handler": "reverse_proxy", "upstreams"`, `{"match": [{"path": ["/static"]}], "handle": [{"handler": "reverse_proxy", "upstreams"`, "[95, 5]", "[1, 0]",
		}
	}
	if err := os.WriteFile(r.conf.Path, []byte(strings.NewReplacer(swap...).Replace(text(t, r.conf.Path))), 0o640); err != nil {
		t.Fatal(err)
	}
	config := []string{"--config", r.conf.Path, "--adapter", adapter}
	r.conf.Check = append([]string{path, "validate"}, config...)
	r.conf.Reload = append([]string{path, "reload", "--address", admin}, config...)
	run(t, dir, append(append([]string{path, "run"}, config...), flags...)...)
	soon(t, "caddy answers", func() bool { return r.ask("anybody") == "legacy" })
	return r
}

func TestRealCaddy_RoutesWhatIsReloadedFromItsCaddyfile(t *testing.T) {
	r := newCaddy(t, "Caddyfile")
	r.walk(t, sources.Effective)
	r.refusesAHandInBetween(t)
}

func TestRealCaddy_RoutesWhatItFindsInTheJSONThatItWatches(t *testing.T) {
	r := newCaddy(t, "caddy.json", "--watch")
	r.conf.Check, r.conf.Reload = nil, nil
	r.walk(t, sources.Configured)
}

func TestRealCaddy_ThatRefusesAFileKeepsTheOldOne(t *testing.T) {
	r := newCaddy(t, "Caddyfile")
	other := filepath.Join(filepath.Dir(r.conf.Path), "Caddyfile.other")
	if err := os.WriteFile(r.conf.Path, []byte(text(t, r.conf.Path)+"\nimport "+other+"*\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, []byte(":1 {\n\tbroken\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.refuses(t, sources.ErrInvalid, "unrecognized directive: broken")
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	reload := r.conf.Reload
	r.conf.Reload = []string{reload[0], "reload", "--address", "127.0.0.1:1", "--config", r.conf.Path, "--adapter", "caddyfile"}
	r.refuses(t, sources.ErrUnreachable, "connection refused")
	if got := r.asked(t, 100); got.Candidate != 0 {
		t.Errorf("%d of 100 went to the candidate", got.Candidate)
	}
	r.conf.Reload = reload
	r.walk(t, sources.Effective)
}
