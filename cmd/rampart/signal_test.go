package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"rampart/sources/demo"
)

// screen keeps what a console wrote to its terminal.
type screen struct {
	mu  sync.Mutex
	all []byte
	hit chan struct{} // closed when the other screen is open
}

func (s *screen) read(f *os.File) {
	buf := make([]byte, 1<<14)
	for {
		n, err := f.Read(buf)
		s.mu.Lock()
		open := bytes.Contains(s.all, enter)
		s.all = append(s.all, buf[:n]...)
		if !open && bytes.Contains(s.all, enter) {
			close(s.hit)
		}
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// The sequences that open and leave a terminal's other screen.
var enter, leave = []byte("\x1b[?1049h"), []byte("\x1b[?1049l")

func TestConsole_EndsOnASignalAndGivesTheTerminalBack(t *testing.T) {
	world, err := demo.Start(t.Context(), demo.Options{Scenario: "healthy", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { world.Close() })
	file := filepath.Join(t.TempDir(), "rampart.yaml")
	if err := os.WriteFile(file, world.Config(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT} {
		for range 3 { // the hang was a race
			if code, wrote := endBy(t, file, sig); code != 128+int(sig) || !bytes.Contains(wrote, leave) {
				t.Errorf("%v: exit %d, terminal given back: %v", sig, code, bytes.Contains(wrote, leave))
			}
		}
	}
}

// endBy opens a console, sends it a signal and returns how it ended.
func endBy(t *testing.T, file string, sig syscall.Signal) (int, []byte) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "rampart", "watch", "-c", file)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "XDG_STATE_HOME="+t.TempDir())
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 80, Rows: 24})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	s := &screen{hit: make(chan struct{})}
	var reading sync.WaitGroup
	reading.Go(func() { s.read(tty) })
	<-s.hit
	if err := cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	guard := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	err = cmd.Wait()
	guard.Stop()
	reading.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), s.all
	}
	return cmd.ProcessState.ExitCode(), s.all
}
