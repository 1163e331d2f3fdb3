package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rampart/sources/demo"
)

// forbidding is the socket of a router that its caller may not speak to.
func forbidding(t *testing.T) string {
	t.Helper()
	path := filepath.Join(short(t), "admin.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				b := make([]byte, 4096)
				if _, err := c.Read(b); err == nil {
					_, _ = c.Write([]byte("Permission denied\n\n"))
				}
			}()
		}
	}()
	return path
}

func TestRollback_ByWhoMayNotOpenThePlaneIsDoneByTheRunnerAndByNobodyWithoutOne(t *testing.T) {
	s := runnerOver(t, rolesOfPeople)
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(s.dir, "theirs.yaml")
	text = regexp.MustCompile(`unix://[^']*haproxy.sock`).ReplaceAll(text, []byte("unix://"+forbidding(t)))
	if err := os.WriteFile(theirs, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s.console(t, "op") // the runner knows where it stands
	as := func(who, dir string, more ...string) (int, string) {
		env := func(k string) string { return map[string]string{"RAMPART_STATE": dir, "RAMPART_ACTOR": who}[k] }
		var out, said bytes.Buffer
		code := run(t.Context(), append([]string{"rollback", "-c", theirs}, more...), streams{env: env, in: strings.NewReader(""), out: &out, err: &said})
		return code, out.String() + said.String()
	}
	if code, said := as("op", t.TempDir(), "--yes"); code != exitRefused || !strings.Contains(said, "Permission denied") {
		t.Errorf("without a runner: %d, %s", code, said)
	}
	if code, said := as("vi", s.dir, "--yes"); code != exitRefused || !strings.Contains(said, "vi has the role viewer; rollback takes operator") {
		t.Errorf("a viewer: %d, %s", code, said)
	}
	if code, said := as("op", s.dir, "--dry-run"); code != exitOK || !strings.Contains(said, "→ 0 %") || !strings.Contains(said, "weight 0") {
		t.Errorf("looking: %d, %s", code, said)
	}
	if code, said := as("op", s.dir, "--read-only", "--yes"); code != exitRefused {
		t.Errorf("to look only: %d, %s", code, said)
	}
	if code, said := as("op", s.dir, "--yes"); code != exitOK || !strings.Contains(said, "observed") {
		t.Errorf("an operator: %d, %s", code, said)
	}
}

func TestRollback_WhatTheRunnersConfigDoesNotNameIsTakenToZeroFromHere(t *testing.T) {
	s := runnerOver(t, rolesOfPeople)
	world, err := demo.Start(context.WithoutCancel(t.Context()), demo.Options{Scenario: "healthy", Seed: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { world.Close() })
	moved := filepath.Join(s.dir, "moved.yaml") // as after an edit that names another router, before the runner is started anew
	if err := os.WriteFile(moved, world.Config(), 0o600); err != nil {
		t.Fatal(err)
	}
	s.console(t, "op") // the runner knows where it stands
	env := func(k string) string { return map[string]string{"RAMPART_STATE": s.dir, "RAMPART_ACTOR": "op"}[k] }
	as := func(more ...string) (int, string) {
		var out, said bytes.Buffer
		code := run(t.Context(), append([]string{"rollback", "-c", moved}, more...), streams{env: env, in: strings.NewReader(""), out: &out, err: &said})
		return code, out.String() + said.String()
	}
	code, said := as("--yes")
	if code != exitOK || !strings.Contains(said, "taken      the runner took") || !strings.Contains(said, "works from another config") {
		t.Errorf("%d, %s", code, said)
	}
	if code, said := as("--dry-run"); code != exitOK || !strings.Contains(said, "candidate 0 %") {
		t.Errorf("what was shown was not written: %d, %s", code, said)
	}
}
