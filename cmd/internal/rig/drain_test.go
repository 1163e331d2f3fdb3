//go:build integration

package rig

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// newAgent answers HAProxy's agent checks with one word until the test ends, and returns its port.
func newAgent(t *testing.T, word string) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, word+"\n")
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func TestRollback_OverAnAgentCheckThatSetsTheWeightAgainEndsDrainedAndObserved(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	stable, canary := arms(t, nil)
	servers := append(stable.Behind(80), canary.Behind(30)...)
	for i := range servers {
		if strings.HasPrefix(servers[i].Name, "canary-") {
			servers[i].Agent = newAgent(t, "75%")
		}
	}
	h, err := StartHAProxy(dir, servers)
	need(t, err)
	t.Cleanup(h.Stop)
	s := &story{dir: dir, stable: stable, canary: canary, haproxy: h}
	s.rampart, err = FindRampart(dir)
	need(t, err)
	s.config, err = Render(dir, "rampart.yaml", settings{Sockets: []string{"unix://" + h.Socket}})
	must(t, err)
	load := StartLoad(h.Front, 200, 2*time.Minute)
	t.Cleanup(load.Stop)
	eventually(t, 10*time.Second, func() error { return agentsSet(h, "22") })

	dry := s.run(t, 20*time.Second, "rollback", "--dry-run")
	if dry.Code != 0 || !matches(`agent check.*drained then`, dry.Stdout+dry.Stderr) {
		t.Errorf("dry run: code %d\n%s%s", dry.Code, dry.Stdout, dry.Stderr)
	}
	r := s.run(t, time.Minute, "rollback", "--yes", "--reason", "drill")
	if r.Code != 0 || !matches(`drained, because the agent check of canary-\d set its weight again`, r.Stdout) || !matches(`observed`, r.Stdout) {
		t.Errorf("code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	must(t, agentsSet(h, "22"))
	states, err := h.Ask("show servers state " + Backend)
	must(t, err)
	for line := range strings.Lines(states) {
		if f := strings.Fields(line); len(f) > 6 && strings.HasPrefix(f[3], "canary-") && f[6] != "8" {
			t.Errorf("%s is not drained: %s", f[3], line)
		}
	}
	s.candidateIsSilent(t)
	if r := s.run(t, 30*time.Second, "audit", "verify"); r.Code != 0 {
		t.Errorf("audit verify: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	if r := s.run(t, 30*time.Second, "audit", "show", "--since", "1h"); !matches(`by draining its servers in 2 writes, because the agent check`, r.Stdout) || !matches(`observed: .*; drained, because`, r.Stdout) {
		t.Errorf("audit show:\n%s%s", r.Stdout, r.Stderr)
	}
	t.Logf("%s%s", r.Stdout, r.Stderr)
}

// agentsSet tells whether the agent checks have made the candidate's weights theirs, drained or not.
func agentsSet(h *HAProxy, weight string) error {
	for _, name := range []string{"canary-1", "canary-2"} {
		said, err := h.Ask("get weight " + Backend + "/" + name)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(said, weight+" ") {
			return fmt.Errorf("%s has %q", name, said)
		}
	}
	return nil
}
