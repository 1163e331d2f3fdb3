package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Rampart is the built binary with a home of its own.
type Rampart struct {
	path string
	env  []string
	dir  string
}

// Result is what one run of the binary left.
type Result struct {
	Code           int
	Stdout, Stderr string
}

// FindRampart takes the binary named by RAMPART_BIN, or builds one from the tree into dir: a binary left over from earlier would prove nothing.
// Its environment holds nothing of the caller's but PATH; extra is added as NAME=VALUE.
func FindRampart(dir string, extra ...string) (*Rampart, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	r := &Rampart{path: os.Getenv("RAMPART_BIN")}
	if r.path == "" {
		if _, err := os.Stat(filepath.Join(root, "cmd", "rampart")); err != nil {
			return nil, &Missing{Program: "rampart", Why: "cmd/rampart is not in the tree"}
		}
		r.path = filepath.Join(dir, "rampart")
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		build := exec.CommandContext(ctx, "go", "build", "-o", r.path, "./cmd/rampart")
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build rampart: %w\n%s", err, out)
		}
	} else if !filepath.IsAbs(r.path) {
		r.path = filepath.Join(root, r.path)
	}
	return r.home(dir, extra...)
}

// home gives the same binary a home in dir.
func (r *Rampart) home(dir string, extra ...string) (*Rampart, error) {
	home := filepath.Join(dir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, fmt.Errorf("make home: %w", err)
	}
	env := append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/state",
		"XDG_CACHE_HOME=" + home + "/cache", "LANG=C.UTF-8", "TERM=xterm-256color", "USER=rig",
	}, extra...)
	return &Rampart{path: r.path, dir: dir, env: env}, nil
}

// Command is the binary with arguments, not yet started; whoever starts it ends it.
func (r *Rampart) Command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), r.path, args...)
	cmd.Env, cmd.Dir = r.env, r.dir
	return cmd
}

// Run runs the binary off a terminal to its end, or kills it when the limit has passed, which is an error.
func (r *Rampart) Run(limit time.Duration, args ...string) (Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.path, args...)
	cmd.Env, cmd.Dir, cmd.SysProcAttr = r.env, r.dir, ownGroup()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	result := Result{Code: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}
	var exited *exec.ExitError
	if ctx.Err() != nil {
		return result, fmt.Errorf("rampart %v: still running after %s\n%s%s", args, limit, &stdout, &stderr)
	}
	if err != nil && !errors.As(err, &exited) {
		return result, fmt.Errorf("rampart %v: %w", args, err)
	}
	return result, nil
}
