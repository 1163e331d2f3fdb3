//go:build integration

package rig

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// story is a whole small production: traffic through HAProxy to both arms, scraped, logged, and the binary beside it.
type story struct {
	dir            string
	stable, canary *Arm
	haproxy        *HAProxy
	prometheus     *Prometheus
	logs           *Shipper
	rampart        *Rampart
	config         string
}

// settings fill testdata/rig/rampart.yaml; without Prometheus or a gate those sections are left out.
type settings struct {
	Prometheus string
	Gate       *Gate
	Index      string
	Sockets    []string
	Runner     string // where consoles find it; empty: at its usual place
}

func newStory(t *testing.T) *story {
	t.Helper()
	s := &story{dir: folder(t)}
	e, logs := node(t, s.dir)
	gate, err := StartGate(s.dir, e)
	must(t, err)
	t.Cleanup(gate.Stop)
	s.logs = logs
	s.stable, s.canary = arms(t, logs)
	s.haproxy = balancer(t, s.dir, s.stable, s.canary)
	s.prometheus, err = StartPrometheus(s.dir, append(s.stable.Targets(), s.canary.Targets()...), s.haproxy.Exporter)
	need(t, err)
	t.Cleanup(func() { s.prometheus.Stop() })
	s.rampart, err = FindRampart(s.dir)
	need(t, err)
	s.config, err = Render(s.dir, "rampart.yaml", settings{
		Prometheus: s.prometheus.URL, Gate: gate, Index: Pattern, Sockets: []string{"unix://" + s.haproxy.Socket},
	})
	must(t, err)
	return s
}

// run runs the binary off a terminal against the story's config.
func (s *story) run(t testing.TB, limit time.Duration, args ...string) Result {
	t.Helper()
	r, err := s.rampart.Run(limit, append(args, "-c", s.config, "--context", "rig")...)
	must(t, err)
	return r
}

// watch opens a console in a terminal of that size.
func (s *story) watch(t *testing.T, name string, cols, rows int) *Console {
	t.Helper()
	c, err := StartConsole(s.dir, name, s.rampart.Command("watch", "-c", s.config, "--context", "rig"), cols, rows)
	must(t, err)
	t.Cleanup(c.Stop)
	return c
}

// shows waits for a screen that matches every pattern.
func shows(t *testing.T, c *Console, limit time.Duration, patterns ...string) string {
	t.Helper()
	text, err := c.WaitFor(strings.Join(patterns, " and "), limit, func(screen string) bool {
		for _, p := range patterns {
			if !matches(p, screen) {
				return false
			}
		}
		return true
	})
	must(t, err)
	return text
}

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }

// TestRampart_RollsBackAFailingCandidateAndFollowsTheNextOne is the main job from end to end; each step goes on from the one before.
func TestRampart_RollsBackAFailingCandidateAndFollowsTheNextOne(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	load := StartLoad(s.haproxy.Front, 250, 4*time.Minute)
	t.Cleanup(load.Stop)
	eventually(t, time.Minute, above(s.prometheus, `sum(increase(http_request_duration_seconds_count{track="canary"}[5s]))`, 50))
	early := s.watch(t, "early", 120, 40)

	for _, step := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"a healthy candidate at a fifth of the traffic is not called worse", func(t *testing.T) { s.seesHealth(t, early) }},
		{"a candidate that fails is called worse, by the console and by check", func(t *testing.T) { s.seesHarm(t, early) }},
		{"a console opened late agrees block for block", s.agreesLate},
		{"R and one confirmation take the candidate's traffic away", func(t *testing.T) { s.rollsBack(t, early) }},
		{"check says that there is no candidate traffic", s.checksSilence},
		{"a reload brings the weights back, and the console says so", func(t *testing.T) { s.reloads(t, early) }},
		{"a new healthy version is a rollout of its own", s.startsAnew},
		{"the audit verifies", s.verifies},
	} {
		if !t.Run(step.name, step.run) {
			return
		}
	}
}

func (s *story) seesHealth(t *testing.T, c *Console) {
	screen := shows(t, c, time.Minute, `candidate 42 .*legacy 41`, `UNDECIDED|SAFE`, `SPLIT.*set 20\.0`)
	if strings.Contains(screen, " WORSE ") {
		t.Errorf("a healthy candidate is called worse:\n%s", screen)
	}
}

func (s *story) seesHarm(t *testing.T, c *Console) {
	failing := Healthy()
	failing.Errors = 0.1
	s.canary.Behave(failing)
	shows(t, c, time.Minute, `WORSE`, `errors`)
	r := s.run(t, 75*time.Second, "check", "-o", "json", "--until", "60s")
	if r.Code != 3 || call(t, r) != "worse" {
		t.Errorf("check of a failing candidate: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
}

func (s *story) rollsBack(t *testing.T, c *Console) {
	must(t, c.Press("R"))
	shows(t, c, time.Minute, `(?i)roll back`, `(?i)enter|\by\b`, `canary-1`)
	confirms(t, c)
	shows(t, c, time.Minute, `✓ observed`)
	s.candidateIsSilent(t)
	shows(t, c, time.Minute, `NO CANDIDATE TRAFFIC|WORSE`)
}

// confirms presses enter until the dialog is gone: it takes keys only once it knows that it is on the screen, and a
// program presses faster than any hand.
func confirms(t *testing.T, c *Console) {
	t.Helper()
	for range 10 {
		must(t, c.Press("enter"))
		if _, err := c.WaitFor("the dialog closed", time.Second, func(screen string) bool { return !matches(`enter roll back`, screen) }); err == nil {
			return
		}
	}
	t.Fatalf("the dialog stays:\n%s", c.Screen())
}

// candidateIsSilent asks HAProxy itself: while the stable servers get a few hundred more requests, the canary ones get none.
func (s *story) candidateIsSilent(t *testing.T) {
	t.Helper()
	if share := measureShare(t, s.haproxy, 400); share != 0 {
		t.Errorf("after the rollback HAProxy still sent %.2f %% to the candidate", 100*share)
	}
}

func (s *story) checksSilence(t *testing.T) {
	r := s.run(t, 75*time.Second, "check", "-o", "json", "--until", "60s")
	if r.Code != 8 || call(t, r) != "no_candidate_traffic" {
		t.Errorf("check after the rollback: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
}

func (s *story) reloads(t *testing.T, c *Console) {
	must(t, s.haproxy.Reload())
	shows(t, c, time.Minute, `(?i)reload`, `SPLIT.*set 20\.0`)
	must(t, c.Press("R"))
	shows(t, c, time.Minute, `(?i)roll back`, `canary-1`)
	confirms(t, c)
	eventually(t, time.Minute, s.weightsAreZero)
	s.candidateIsSilent(t)
}

func (s *story) weightsAreZero() error {
	stats, err := s.haproxy.Stats()
	for _, name := range []string{"canary-1", "canary-2"} {
		if err == nil && stats[name].Weight != 0 {
			err = fmt.Errorf("%s has weight %d", name, stats[name].Weight)
		}
	}
	return err
}

func (s *story) startsAnew(t *testing.T) {
	s.canary.Deploy("43")
	s.canary.Behave(Healthy())
	must(t, s.haproxy.SetWeight("canary-1", 30))
	must(t, s.haproxy.SetWeight("canary-2", 30))
	eventually(t, time.Minute, above(s.prometheus, `sum(increase(http_request_duration_seconds_count{track="canary"}[5s]))`, 50))
	eventually(t, time.Minute, above(s.prometheus, `count(build_info{track="canary",version="43"})`, 0.5))
	r := s.run(t, 75*time.Second, "check", "-o", "json", "--until", "20s", "--candidate", "43")
	if r.Code != 0 && r.Code != 4 {
		t.Errorf("check of a healthy new version: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	if !strings.Contains(r.Stdout, "43") {
		t.Errorf("check speaks of another version than 43:\n%s", r.Stdout)
	}
}

func (s *story) verifies(t *testing.T) {
	r := s.run(t, 30*time.Second, "audit", "verify")
	if r.Code != 0 {
		t.Errorf("audit verify: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	r = s.run(t, 30*time.Second, "audit", "show", "-o", "json")
	for _, word := range []string{"intent", "observed", "canary-1"} {
		if !strings.Contains(r.Stdout, word) {
			t.Errorf("the audit does not speak of %q:\n%s", word, r.Stdout)
		}
	}
}

// call is the word that check printed.
func call(t *testing.T, r Result) string {
	t.Helper()
	var answer struct{ Call string }
	if err := json.Unmarshal([]byte(r.Stdout), &answer); err != nil {
		t.Fatalf("check -o json: %v\n%s%s", err, r.Stdout, r.Stderr)
	}
	return answer.Call
}

// agreesLate compares what the early console judged with what a check on another bastion judges now: every block that
// both have is the same to the last request.
func (s *story) agreesLate(t *testing.T) {
	eventually(t, time.Minute, func() error {
		early, err := s.rampart.Dossier("rig")
		if err == nil && len(early) < 20 {
			err = fmt.Errorf("the early console judged %d blocks", len(early))
		}
		return err
	})
	elsewhere := s.rampart.Elsewhere("late")
	_, err := elsewhere.Run(60*time.Second, "check", "--until", "5s", "-c", s.config, "--context", "rig")
	must(t, err)
	early, err := s.rampart.Dossier("rig")
	must(t, err)
	late, err := elsewhere.Dossier("rig")
	must(t, err)
	same := 0
	for end, counts := range late {
		other, ok := early[end]
		if !ok {
			continue
		}
		same++
		if other != counts {
			t.Errorf("block %s: early console %s, late check %s", end, other, counts)
		}
	}
	if same < 15 {
		t.Errorf("only %d blocks in both of %d and %d", same, len(early), len(late))
	}
}
