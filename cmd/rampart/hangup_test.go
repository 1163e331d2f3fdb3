package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"rampart/sources"
	"rampart/sources/audit"
)

// slowPlane is a split behind a command that says when a write came and does it only when it is let go.
type slowPlane struct{ dir string }

const slowConfig = `version: 1
contexts:
  prod: {prometheus: {url: http://127.0.0.1:9}}
services:
  ranker:
    arms: {label: track, legacy: stable, candidate: canary}
    measures: {errors: {counter: c, bad: 'code="500"'}}
    traffic: {kind: exec, exec: {command: [sh, split.sh], timeout: 20s}}
`

const slowScript = `cd "$(dirname "$0")"
read -r q
id=$(printf %s "$q" | sed 's/.*"id":"\([^"]*\)".*/\1/')
case $q in
*'"call":"caps"'*) echo '{"caps":{"note":"a file"}}' ;;
*'"call":"read"'*) echo '{"read":{"candidate_percent":'"$(cat split)"'}}' ;;
*) echo came >came; read -r _ <go; echo 0 >split; echo '{"intent_id":"'"$id"'"}' ;;
esac
`

func newSlowPlane(t *testing.T) *slowPlane {
	t.Helper()
	p := &slowPlane{t.TempDir()}
	for name, text := range map[string]string{"rampart.yaml": slowConfig, "split.sh": slowScript, "split": "5\n"} {
		if err := os.WriteFile(p.path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"came", "go"} {
		if err := syscall.Mkfifo(p.path(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *slowPlane) path(name string) string { return filepath.Join(p.dir, name) }

// command is the program in the plane's folder.
func (p *slowPlane) command(t *testing.T, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), "rampart", args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "RAMPART_ACTOR=alice", "XDG_STATE_HOME="+p.path("state"), "XDG_RUNTIME_DIR="+p.path("run"))
	return cmd
}

// came is closed when the write has reached the router.
func (p *slowPlane) came(t *testing.T) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := os.ReadFile(p.path("came")); err != nil {
			t.Error(err)
		}
	}()
	return done
}

// letGo lets the router do the write.
func (p *slowPlane) letGo(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(p.path("go"), []byte("go\n"), 0); err != nil {
		t.Fatal(err)
	}
}

// done fails the test unless the split is 0 and the journal has the intent and its receipt.
func (p *slowPlane) done(t *testing.T) {
	t.Helper()
	split, _ := os.ReadFile(p.path("split"))
	if string(split) != "0\n" {
		t.Errorf("the candidate has %s%%", bytes.TrimSpace(split))
	}
	j, err := audit.Open(p.path("state/rampart/prod/audit.jsonl"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for e, err := range j.Entries(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, string(e.Kind))
	}
	if all := strings.Join(kinds, " "); !strings.HasPrefix(all, string(sources.EntryIntent+" "+sources.EntryReceipt)) {
		t.Errorf("the journal has %q", all)
	}
}

func TestRollback_AHangupWhileItIsSentDoesNotStopIt(t *testing.T) {
	p := newSlowPlane(t)
	cmd := p.command(t, "rollback", "-c", "rampart.yaml", "--yes", "--reason", "drill", "--timeout", "20s")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	came := p.came(t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-came
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.letGo(t)
	err := cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != exitUnknown || !strings.Contains(out.String(), "configured candidate at 0 %") {
		t.Errorf("ended with %v, want %d: sent, and nobody saw it in traffic\n%s", err, exitUnknown, out.String())
	}
	p.done(t)
}

func TestRollback_SaysWhenItsTimeIsOverThatWhatWasSentIsStillReadBack(t *testing.T) {
	p := newSlowPlane(t)
	cmd := p.command(t, "rollback", "-c", "rampart.yaml", "--yes", "--reason", "drill", "--timeout", "1s")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	came := p.came(t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-came // and the router does not answer
	var all strings.Builder
	for in := bufio.NewScanner(said); in.Scan(); {
		fmt.Fprintln(&all, in.Text())
		if strings.Contains(in.Text(), "the time of --timeout is over: ") && strings.Contains(in.Text(), "for up to ") {
			p.letGo(t)
		}
	}
	err = cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != exitUnknown || !strings.Contains(all.String(), "--timeout is over") {
		t.Errorf("ended with %v, want %d\n%s", err, exitUnknown, all.String())
	}
}

func TestConsole_AHangupWhileARollbackIsSentDoesNotStopIt(t *testing.T) {
	p := newSlowPlane(t)
	cmd := p.command(t, "watch", "-c", "rampart.yaml")
	came := p.came(t)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 100, Rows: 30})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	s := &screen{hit: make(chan struct{})}
	var reading sync.WaitGroup
	reading.Go(func() { s.read(tty) })
	<-s.hit
	_, _ = io.WriteString(tty, "R")
	for again := time.NewTicker(50 * time.Millisecond); ; { // the dialog takes an enter only once it is on the screen
		select {
		case <-again.C:
			_, _ = io.WriteString(tty, "\r")
			continue
		case <-came:
		}
		again.Stop()
		break
	}
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.letGo(t)
	guard := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	err = cmd.Wait()
	guard.Stop()
	reading.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 128+int(syscall.SIGHUP) {
		t.Errorf("ended with %v", err)
	}
	p.done(t)
}
