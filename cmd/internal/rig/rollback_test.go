//go:build integration

package rig

import (
	"strings"
	"testing"
	"time"
)

func TestRollback_ReachesHAProxyOverEveryKindOfSocketWithoutPrometheus(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	stable, canary := arms(t, nil)
	s := &story{dir: dir, stable: stable, canary: canary, haproxy: balancer(t, dir, stable, canary)}
	ssh, err := StartSSHD(dir)
	need(t, err)
	t.Cleanup(ssh.Stop)
	s.rampart, err = FindRampart(dir, "SSH_AUTH_SOCK="+ssh.Agent)
	need(t, err)
	load := StartLoad(s.haproxy.Front, 200, 2*time.Minute)
	t.Cleanup(load.Stop)

	for kind, socket := range map[string]string{
		"unix": "unix://" + s.haproxy.Socket, "tcp": "tcp://" + s.haproxy.Admin, "ssh": ssh.URL(s.haproxy.Socket),
	} {
		t.Run(kind, func(t *testing.T) {
			must(t, s.haproxy.Reload())
			s.config, err = Render(dir, "rampart.yaml", settings{Sockets: []string{socket}})
			must(t, err)
			r := s.run(t, time.Minute, "rollback", "--yes", "--reason", "drill over "+kind)
			if r.Code != 0 {
				t.Errorf("code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
			}
			must(t, s.weightsAreZero())
			s.candidateIsSilent(t)
			for _, rung := range []string{"sent", "accepted", "configured", "effective", "observed"} {
				if !strings.Contains(r.Stdout+r.Stderr, rung) {
					t.Errorf("no rung %q in\n%s%s", rung, r.Stdout, r.Stderr)
				}
			}
		})
	}
}

func TestRollback_AReloadInBetweenRestoresTheFilesWeightsAndIsSaid(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	stable, canary := arms(t, nil)
	s := &story{dir: dir, stable: stable, canary: canary, haproxy: balancer(t, dir, stable, canary)}
	var err error
	s.rampart, err = FindRampart(dir)
	need(t, err)
	s.config, err = Render(dir, "rampart.yaml", settings{Sockets: []string{"unix://" + s.haproxy.Socket}})
	must(t, err)
	load := StartLoad(s.haproxy.Front, 200, 2*time.Minute)
	t.Cleanup(load.Stop)

	first := s.run(t, time.Minute, "rollback", "--yes", "--reason", "drill")
	if first.Code != 0 {
		t.Fatalf("first rollback: code %d\n%s%s", first.Code, first.Stdout, first.Stderr)
	}
	if out := first.Stdout + first.Stderr; !matches(`(?i)reload`, out) {
		t.Errorf("nothing says that a reload undoes the rollback:\n%s", out)
	}
	must(t, s.haproxy.Reload())
	if share := measureShare(t, s.haproxy, 200); share == 0 {
		t.Fatal("the reload did not bring the file's weights back")
	}
	second := s.run(t, time.Minute, "rollback", "--yes", "--reason", "again after a reload")
	if second.Code != 0 {
		t.Errorf("second rollback: code %d\n%s%s", second.Code, second.Stdout, second.Stderr)
	}
	s.candidateIsSilent(t)
	if r := s.run(t, 30*time.Second, "audit", "verify"); r.Code != 0 {
		t.Errorf("audit verify: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
}

func TestRollback_DryRunChangesNothingAndWithoutYesOffATerminalItIsRefused(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	stable, canary := arms(t, nil)
	s := &story{dir: dir, stable: stable, canary: canary, haproxy: balancer(t, dir, stable, canary)}
	var err error
	s.rampart, err = FindRampart(dir)
	need(t, err)
	s.config, err = Render(dir, "rampart.yaml", settings{Sockets: []string{"unix://" + s.haproxy.Socket}})
	must(t, err)

	dry := s.run(t, 20*time.Second, "rollback", "--dry-run")
	if dry.Code != 0 || !strings.Contains(dry.Stdout+dry.Stderr, "be_ranker/canary-1 weight 0") {
		t.Errorf("dry run: code %d\n%s%s", dry.Code, dry.Stdout, dry.Stderr)
	}
	bare := s.run(t, 20*time.Second, "rollback")
	if bare.Code != 2 && bare.Code != 6 {
		t.Errorf("without --yes and without a terminal: code %d\n%s%s", bare.Code, bare.Stdout, bare.Stderr)
	}
	if s.weightsAreZero() == nil {
		t.Error("the weights were changed")
	}
}
