//go:build integration

package file

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rampart/sources"
	"rampart/sources/sourcetest/loopback"
)

// traefikVersion is what .ci/install traefik builds, the newest whose modules could all be had. That takes seventeen
// minutes of CPU, so nobody must have it: without it these tests are skipped, also where CI runs, and prove nothing there.
const traefikVersion = "3.6.12"

// newTraefik starts Traefik on the example, which its file provider watches, with the addresses of this machine in it.
func newTraefik(t *testing.T) *router {
	t.Helper()
	path := program(t, "traefik", traefikVersion)
	ports, err := loopback.Ports(1)
	if err != nil {
		t.Fatal(err)
	}
	front := loopback.Addr(ports[0])
	r := &router{conf: example(t, "traefik.yml"), front: "http://" + front + "/rank"}
	dir := filepath.Dir(r.conf.Path)
	text := strings.NewReplacer("http://10.0.0.1:80", "http://"+model(t, "legacy"), "http://10.0.0.2:80", "http://"+model(t, "candidate"), "weight: 95", "weight: 1", "weight: 5", "weight: 0").
		Replace(text(t, r.conf.Path))
	if err := os.WriteFile(r.conf.Path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	run(t, dir, path, "--entrypoints.front.address="+front, "--providers.file.filename="+r.conf.Path, "--providers.file.watch=true",
		"--providers.providersthrottleduration=200ms", "--global.checknewversion=false", "--global.sendanonymoususage=false")
	soon(t, "traefik answers", func() bool { return r.ask("anybody") == "legacy" })
	return r
}

func TestRealTraefik_RoutesWhatItFindsInTheFileThatItWatches(t *testing.T) {
	r := newTraefik(t)
	r.walk(t, sources.Configured)
	r.refusesAHandInBetween(t)
}

func TestRealTraefik_KeepsItsSplitUnderAFileThatNobodyCanReadAndSoIsSaid(t *testing.T) {
	r := newTraefik(t)
	p := r.plane(t)
	was := text(t, r.conf.Path)
	if err := replace(r.conf.Path, []byte(was+"\n  broken: [\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(t.Context()); !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "not YAML") {
		t.Errorf("said %v", err)
	}
	if got := r.asked(t, 100); got.Candidate != 0 {
		t.Errorf("%d of 100 went to the candidate", got.Candidate)
	}
	if err := replace(r.conf.Path, []byte(was)); err != nil { // an editor's half of a file is no configuration: Traefik answers 404 then
		t.Fatal(err)
	}
	r.walk(t, sources.Configured)
}
