//go:build integration

package rig

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestRamp_HealthyCandidateEndsPromotedAndABadOneAtZeroWhoeverWatches drives whole ramps by the binary's runner over a real
// Prometheus and a real HAProxy, while the consoles that watch are killed at random points.
func TestRamp_HealthyCandidateEndsPromotedAndABadOneAtZeroWhoeverWatches(t *testing.T) {
	t.Parallel()
	s := rampStory(t)
	load := StartLoad(s.haproxy.Front, 300, 5*time.Minute)
	t.Cleanup(load.Stop)
	child, err := s.rampart.start("runner", "run", "-c", s.config, "--plan", "1% for 2s, 5% for 3s, 25% for 3s, 50% for 3s, 100%")
	must(t, err)
	t.Cleanup(child.Stop)
	eventually(t, time.Minute, s.stands(t, "idle"))
	if r := s.run(t, 20*time.Second, "ramp", "start", "--yes"); r.Code != 6 || !strings.Contains(r.Stderr, "unlock") {
		t.Errorf("a ramp in prod starts unasked: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	s.succeeds(t, "ramp", "unlock", "15m", "--yes", "--reason", "drill")
	left := make(chan struct{})
	go func() { defer close(left); s.audience(t) }()
	t.Cleanup(func() { <-left })

	s.succeeds(t, "ramp", "start", "--yes", "--reason", "healthy")
	eventually(t, 2*time.Minute, s.stands(t, "promoted"))
	if share := measureShare(t, s.haproxy, 200); share != 1 {
		t.Errorf("promoted, and the candidate gets %.0f %%", 100*share)
	}

	bad := Healthy()
	bad.Errors = .3
	s.canary.Behave(bad)
	s.canary.Deploy("43")
	s.weights(t, 80, 0)
	eventually(t, time.Minute, s.shows(t, "candidate at 0 %"))
	eventually(t, time.Minute, s.shows(t, "candidate  43 v legacy 41"))
	s.succeeds(t, "ramp", "start", "--yes", "--reason", "a bad one")
	eventually(t, 2*time.Minute, s.stands(t, "rolled_back"))
	must(t, s.weightsAreZero())
	s.candidateIsSilent(t)
	byRule := func(e entry) bool { return e.Verb == "rollback" && e.Via == "rule" }
	must(t, s.journalled(t, func(e entry) bool { return e.Kind == "intent" && byRule(e) })()) // nobody asked for it
	eventually(t, time.Minute, s.journalled(t, func(e entry) bool { return e.observed() && byRule(e) }))
	for _, e := range s.journal(t) {
		if e.Kind == "intent" && e.Verb == "rollback" && !byRule(e) {
			t.Errorf("somebody rolled back: %+v", e)
		}
	}
	s.verifies(t)
}

// rampStory is a story without logs, with all traffic at legacy.
func rampStory(t testing.TB) *story {
	t.Helper()
	dir := folder(t)
	stable, canary := arms(t, nil)
	s := &story{dir: dir, stable: stable, canary: canary, haproxy: balancer(t, dir, stable, canary)}
	var err error
	s.prometheus, err = StartPrometheus(dir, append(stable.Targets(), canary.Targets()...), s.haproxy.Exporter)
	need(t, err)
	t.Cleanup(func() { s.prometheus.Stop() })
	s.rampart, err = FindRampart(dir)
	need(t, err)
	s.config, err = Render(dir, "rampart.yaml", settings{Prometheus: s.prometheus.URL, Sockets: []string{"unix://" + s.haproxy.Socket}})
	must(t, err)
	s.weights(t, 80, 0)
	return s
}

func (s *story) weights(t testing.TB, stable, canary int) {
	t.Helper()
	for _, server := range s.haproxy.Servers {
		weight := stable
		if strings.HasPrefix(server.Name, "canary") {
			weight = canary
		}
		must(t, s.haproxy.SetWeight(server.Name, weight))
	}
}

func (s *story) succeeds(t testing.TB, args ...string) {
	t.Helper()
	if r := s.run(t, 45*time.Second, args...); r.Code != 0 {
		t.Fatalf("%s: code %d\n%s%s", strings.Join(args, " "), r.Code, r.Stdout, r.Stderr)
	}
}

// stands asks the runner whether its ramp is in a phase.
func (s *story) stands(t testing.TB, phase string) func() error {
	return s.shows(t, "ranker in context rig: "+phase)
}

func (s *story) shows(t testing.TB, text string) func() error {
	return func() error {
		r := s.run(t, 20*time.Second, "ramp", "status")
		if !strings.Contains(r.Stdout, text) {
			return fmt.Errorf("no %q in\n%s%s", text, r.Stdout, r.Stderr)
		}
		return nil
	}
}

// audience are consoles that watch and are killed in the middle.
func (s *story) audience(t *testing.T) {
	for t.Context().Err() == nil {
		cmd := s.rampart.Command("watch", "--plain", "-c", s.config)
		if err := cmd.Start(); err != nil {
			t.Error(err)
			return
		}
		select {
		case <-time.After(time.Duration(rand.IntN(3000)) * time.Millisecond):
		case <-t.Context().Done():
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	}
}

// start runs the binary until it is stopped, with its output in a file.
func (r *Rampart) start(name string, args ...string) (*Child, error) {
	return startChild(r.dir, name, "env", append(append([]string{"-i"}, r.env...), append([]string{r.path}, args...)...)...)
}
