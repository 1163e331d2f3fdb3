//go:build integration

package rig

import (
	"fmt"
	"testing"
	"time"
)

// TestTail_SurvivesWhatAClusterDoesToItsReaders looks at the log pane while the cluster refuses, throttles, hangs, cuts and restarts.
func TestTail_SurvivesWhatAClusterDoesToItsReaders(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	e, logs := node(t, dir)
	gate, err := StartGate(dir, e)
	must(t, err)
	t.Cleanup(gate.Stop)
	s := &story{dir: dir, logs: logs}
	s.stable, s.canary = arms(t, logs)
	s.haproxy = balancer(t, dir, s.stable, s.canary)
	s.prometheus, err = StartPrometheus(dir, append(s.stable.Targets(), s.canary.Targets()...), "")
	need(t, err)
	t.Cleanup(func() { s.prometheus.Stop() })
	s.rampart, err = FindRampart(dir)
	need(t, err)
	s.config, err = Render(dir, "rampart.yaml", settings{
		Prometheus: s.prometheus.URL, Gate: gate, Index: Pattern, Sockets: []string{"unix://" + s.haproxy.Socket},
	})
	must(t, err)
	load := StartLoad(s.haproxy.Front, 60, 3*time.Minute)
	t.Cleanup(load.Stop)
	failing := Healthy()
	failing.Errors = 0.2
	s.canary.Behave(failing)
	eventually(t, 20*time.Second, func() error { return enough(logs.Shipped(), 100) })

	c := s.watch(t, "tail", 120, 40)
	shows(t, c, time.Minute, `KeyError: embedding`)
	must(t, c.Press("5"))
	for _, trouble := range []struct {
		name string
		mood Mood
		says string
	}{
		{"the key was taken back", Revoked, `401`},
		{"the role lost the index", Forbidden, `403`},
		{"too many searches", Throttling, `429`},
		{"connections are cut in the answer", Cut, `(?i)cut|unexpected|EOF|partial|stream error`},
	} {
		gate.Set(trouble.mood)
		shows(t, c, time.Minute, trouble.says)
		gate.Set(Open)
		gone(t, c, trouble.says)
	}
	e.Stop()
	shows(t, c, time.Minute, `(?i)502|refused|unreachable`)
	must(t, e.Start())
	gone(t, c, `(?i)502|refused|unreachable`)
	s.tailHoldsEverything(t, c, e, load)
	if refused := gate.Refused(); len(refused) > 0 {
		t.Errorf("a read-only key on one pattern was not enough, it asked for %v", refused)
	}
}

// tailHoldsEverything ends the load and waits until the pane's count is the cluster's.
func (s *story) tailHoldsEverything(t *testing.T, c *Console, e *Elasticsearch, load *Load) {
	t.Helper()
	load.Stop()
	eventually(t, 45*time.Second, func() error {
		n, err := s.logs.Waiting()
		if n > 0 {
			return fmt.Errorf("%d lines wait: %w", n, err)
		}
		return nil
	})
	total, err := e.Count(Pattern, "")
	must(t, err)
	shows(t, c, time.Minute, fmt.Sprintf(`held %s lines`, grouped(total)), `dropped 0`)
}

// grouped prints a count as the screen does: a space between thousands.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s %03d", grouped(n/1000), n%1000)
}

func gone(t *testing.T, c *Console, pattern string) {
	t.Helper()
	_, err := c.WaitFor("no more "+pattern, time.Minute, func(screen string) bool { return !matches(pattern, screen) })
	must(t, err)
}

func TestTail_SaysWhichIndexIsMissing(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	e, logs := node(t, dir)
	gate, err := StartGate(dir, e)
	must(t, err)
	t.Cleanup(gate.Stop)
	s := &story{dir: dir, logs: logs}
	s.stable, s.canary = arms(t, logs)
	s.haproxy = balancer(t, dir, s.stable, s.canary)
	s.rampart, err = FindRampart(dir)
	need(t, err)
	s.config, err = Render(dir, "rampart.yaml", settings{
		Prometheus: "http://127.0.0.1:9", Gate: gate, Index: "logs-ranker-none", Sockets: []string{"unix://" + s.haproxy.Socket},
	})
	must(t, err)
	r := s.run(t, 30*time.Second, "doctor")
	if r.Code == 0 || !matches(`logs-ranker-none`, r.Stdout+r.Stderr) {
		t.Errorf("doctor with a missing index: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
}
