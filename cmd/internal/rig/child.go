package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// grace is how long a child may take to leave after SIGTERM before it is killed.
const grace = 5 * time.Second

// Child is one real program with its output in a file.
type Child struct {
	Name string
	Log  string // the file that holds what it printed

	cmd  *exec.Cmd
	gone chan struct{}
	once sync.Once
}

// startChild starts the program in dir and in a process group of its own, with its output in dir/name.log. It lives
// until Stop or Kill: no context ends it, because a part is given time to leave.
func startChild(dir, name, program string, args ...string) (*Child, error) {
	cmd := exec.CommandContext(context.Background(), program, args...)
	cmd.Dir = dir
	path := filepath.Join(dir, name+".log")
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = ownGroup()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return watchChild(name, path, cmd), nil
}

// watchChild reaps a command that was started elsewhere.
func watchChild(name, log string, cmd *exec.Cmd) *Child {
	c := &Child{Name: name, Log: log, cmd: cmd, gone: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // The state is read from cmd.ProcessState once gone is closed.
		close(c.gone)
	}()
	return c
}

// Signal sends the signal to the program itself, not to what it started.
func (c *Child) Signal(s syscall.Signal) error { return c.cmd.Process.Signal(s) }

// Gone is closed when the program has ended.
func (c *Child) Gone() <-chan struct{} { return c.gone }

// ExitCode is the program's exit code, or -1 while it runs or when a signal ended it.
func (c *Child) ExitCode() int {
	select {
	case <-c.gone:
		return c.cmd.ProcessState.ExitCode()
	default:
		return -1
	}
}

// Stop ends the program: SIGTERM, then after a grace SIGKILL to everything in its group.
func (c *Child) Stop() {
	c.once.Do(func() {
		_ = c.Signal(syscall.SIGTERM)
		select {
		case <-c.gone:
		case <-time.After(grace):
		}
		c.Kill()
	})
}

// Kill ends the program and everything in its group at once, as a lost machine would.
func (c *Child) Kill() {
	_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
	<-c.gone
}

// ready waits until ask gives no error, and gives up early when the program has ended.
func (c *Child) ready(limit time.Duration, ask func() error) error {
	err := Until(limit, func() error {
		select {
		case <-c.gone:
			return stop{errors.New("it ended")}
		default:
			return ask()
		}
	})
	if err == nil {
		return nil
	}
	c.Stop()
	return fmt.Errorf("start %s: %w\n%s", c.Name, err, c.Tail(4096))
}

// Tail returns the last n bytes of what the program printed.
func (c *Child) Tail(n int) string { return tail(c.Log, n) }

func tail(path string, n int) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	text = bytes.TrimSpace(text)
	return string(text[max(0, len(text)-n):])
}
