//go:build integration

package rig

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// folder is a short-named directory for one test's parts, since a unix socket's path may not be long. When the test fails it prints the end
// of every log in it.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rig-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		logs, _ := filepath.Glob(filepath.Join(dir, "*.log"))
		for _, path := range logs {
			if text := tail(path, 3000); t.Failed() && text != "" {
				t.Logf("%s:\n%s", path, text)
			}
		}
		os.RemoveAll(dir)
	})
	return dir
}

// need stops the test when a part did not start: a program that cannot be had is a skip on somebody's laptop and a failure in CI.
func need(t testing.TB, err error) {
	t.Helper()
	var missing *Missing
	if errors.As(err, &missing) && os.Getenv("CI") != "true" {
		t.Skipf("skipped: %v", missing)
	}
	must(t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually asks until ask is satisfied.
func eventually(t testing.TB, limit time.Duration, ask func() error) {
	t.Helper()
	must(t, Until(limit, ask))
}

// arms starts three stable servers and two canary ones.
func arms(t testing.TB, logs *Shipper) (stable, canary *Arm) {
	t.Helper()
	stable, err := StartArm("stable", "41", 3, logs)
	must(t, err)
	t.Cleanup(stable.Stop)
	canary, err = StartArm("canary", "42", 2, logs)
	must(t, err)
	t.Cleanup(canary.Stop)
	return stable, canary
}

// balancer starts HAProxy over both arms, the canary at a fifth of the requests.
func balancer(t testing.TB, dir string, stable, canary *Arm) *HAProxy {
	t.Helper()
	h, err := StartHAProxy(dir, append(stable.Behind(80), canary.Behind(30)...))
	need(t, err)
	t.Cleanup(h.Stop)
	return h
}

// node starts Elasticsearch and a shipper to it.
func node(t testing.TB, dir string) (*Elasticsearch, *Shipper) {
	t.Helper()
	e, err := StartElasticsearch(dir)
	need(t, err)
	t.Cleanup(func() { e.Stop() })
	s, err := StartShipper(e)
	must(t, err)
	t.Cleanup(s.Stop)
	return e, s
}
