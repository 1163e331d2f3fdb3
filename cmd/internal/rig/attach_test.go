//go:build integration

package rig

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAttach_OverSSHAConsoleSeesAndRollsBackAndACutConnectionChangesNothing attaches the binary through a real ssh to a
// runner whose place the config names, and cuts the connection right after the rollback was confirmed.
func TestAttach_OverSSHAConsoleSeesAndRollsBackAndACutConnectionChangesNothing(t *testing.T) {
	t.Parallel()
	s := rampStory(t)
	ssh, err := StartSSHD(s.dir)
	need(t, err)
	t.Cleanup(ssh.Stop)
	client, err := ssh.Client(s.dir)
	need(t, err)
	must(t, os.MkdirAll(filepath.Join(s.dir, "bin"), 0o700))
	must(t, os.Symlink(s.rampart.path, filepath.Join(s.dir, "bin", "rampart")))
	s.weights(t, 80, 30)
	load := StartLoad(s.haproxy.Front, 250, 4*time.Minute)
	t.Cleanup(load.Stop)
	runner, err := s.rampart.start("runner", "run", "-c", s.config, "--plan", "1% for 1h, 100%")
	must(t, err)
	t.Cleanup(runner.Stop)
	eventually(t, time.Minute, s.stands(t, "idle"))
	_, said, found := strings.Cut(runner.Tail(1000), "listens at ")
	if !found {
		t.Fatalf("the runner does not say where it listens: %s", runner.Tail(1000))
	}
	socket, _, _ := strings.Cut(said, "\n")

	far := *s.rampart // a console on another machine: no state of the runner's, and no way to the plane but through it
	far.dir = filepath.Join(s.dir, "far")
	must(t, os.MkdirAll(far.dir, 0o700))
	far.env = append(append([]string(nil), s.rampart.env...), "XDG_STATE_HOME="+far.dir, "PATH="+client+":/usr/bin:/bin")
	config, err := Render(far.dir, "rampart.yaml", settings{Sockets: []string{"unix:///nowhere/admin.sock"}, Runner: ssh.URL(strings.TrimSpace(socket))})
	must(t, err)
	c, err := StartConsole(s.dir, "far", far.Command("attach", "-c", config, "--context", "rig"), 120, 40)
	must(t, err)
	t.Cleanup(c.Stop)
	shows(t, c, time.Minute, `candidate 42 .*legacy 41`, `SPLIT.*set 20\.0`)

	must(t, c.Press("R"))
	shows(t, c, time.Minute, `(?i)roll back`, `canary-1`)
	confirms(t, c)
	s.cutsSSH(t)
	eventually(t, time.Minute, s.weightsAreZero)
	s.candidateIsSilent(t)
	eventually(t, time.Minute, s.journalled(t, func(e entry) bool { return e.Verb == "rollback" && e.observed() }))
	shows(t, c, time.Minute, `✓ observed`, `● live`) // it came back by itself
	n := 0
	for _, e := range s.journal(t) {
		if e.Kind == "intent" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d intents for one confirmation", n)
	}
	s.verifies(t)
}

// cutsSSH kills every ssh that is connected, as a lost line would.
func (s *story) cutsSSH(t *testing.T) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, "ssh.pids"))
	must(t, err)
	cut := 0
	for _, text := range strings.Fields(string(b)) {
		pid, err := strconv.Atoi(text)
		must(t, err)
		if syscall.Kill(pid, syscall.SIGKILL) == nil {
			cut++
		}
	}
	if cut == 0 {
		t.Error("no ssh was connected")
	}
}

// entry is what these tests read of a line of the journal.
type entry struct{ Kind, Actor, Via, Verb, Text string }

// observed tells whether it says that traffic showed a change.
func (e entry) observed() bool { return e.Kind == "rung" && strings.HasPrefix(e.Text, "observed") }

func (s *story) journal(t *testing.T) (out []entry) {
	t.Helper()
	r := s.run(t, 30*time.Second, "audit", "show", "-o", "json")
	for line := range strings.Lines(r.Stdout) {
		var e entry
		must(t, json.Unmarshal([]byte(line), &e))
		out = append(out, e)
	}
	return out
}

// journalled asks whether the journal has such an entry.
func (s *story) journalled(t *testing.T, want func(entry) bool) func() error {
	return func() error {
		all := s.journal(t)
		for _, e := range all {
			if want(e) {
				return nil
			}
		}
		return fmt.Errorf("not in the journal: %+v", all)
	}
}
