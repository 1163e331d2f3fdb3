// Package detach starts a runner that outlives the session in which somebody asked for it.
//
// There are two ways: a transient unit of the user's service manager, and a session of its own (setsid). Neither is of
// any use where the end of the login kills everything of the user, so that is found out first, and refused with what to
// do instead: a runner that dies with a cut connection is what it must never be.
//
// # Why
//
// The service manager is the better way, because it says in one place what runs and keeps its log; but without lingering
// it ends with the user's last session, and then setsid lives longer. What the login manager kills is its own setting
// (KillUserProcesses, logind.conf(5)) and is asked of it, not guessed. Where there is no login manager, as in
// containers, nobody kills.
package detach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"rampart/sources"
)

// Way is how a process is detached.
type Way string

// The ways.
const (
	Systemd Way = "systemd-run --user"
	Setsid  Way = "setsid"
)

// Login is what the machine does with a user's processes.
type Login struct {
	Manager bool // a login manager answers
	Linger  bool // the user's service manager lives on without a session
	Kills   bool // the end of a session kills what it started
	Units   bool // the user's service manager takes units
}

// Way picks the one that survives. An error says why none does and what to do.
func (l Login) Way() (Way, error) {
	switch {
	case l.Units && l.Linger:
		return Systemd, nil
	case l.Manager && l.Kills:
		return "", &sources.Error{
			Op: "start", Target: "runner", Kind: sources.ErrDenied,
			Cause: errors.New("the end of your session would kill it (KillUserProcesses=yes, no lingering)"),
			Fix:   "loginctl enable-linger, or install the unit of rampart run --print-unit",
		}
	}
	return Setsid, nil
}

// Ask finds out what this machine does, within a second or so.
func Ask(ctx context.Context, user string) Login {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	kills, err := said(ctx, "busctl", "get-property", "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "KillUserProcesses")
	l := Login{Manager: err == nil, Kills: kills == "b true"}
	if l.Manager {
		linger, err := said(ctx, "loginctl", "show-user", user, "--property=Linger", "--value")
		l.Linger = err == nil && linger == "yes"
	}
	_, err = said(ctx, "systemctl", "--user", "show-environment")
	l.Units = err == nil
	return l
}

func said(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	return strings.TrimSpace(string(out)), err
}

// Process is what is started.
type Process struct {
	Unit string   // of the service manager
	Args []string // program and arguments
	Env  []string // as in [exec.Cmd]; of a unit only those given here
	Dir  string   // where it runs; empty: the root, which no mount waits for
	Log  string   // file that takes what it prints, when there is no service manager to
}

// Words is where what it prints can be read: a file, or what asks the service manager for it.
func (p Process) Words(way Way) string {
	if way == Systemd {
		return "journalctl --user -u " + p.Unit
	}
	return p.Log
}

// Start starts it and returns at once. ended is told when it ends while this process still lives; a unit never tells.
func Start(ctx context.Context, way Way, p Process) (ended <-chan error, err error) {
	if way == Systemd {
		out, err := p.run(ctx).CombinedOutput()
		if err != nil {
			return nil, failed(p, fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out))))
		}
		return nil, nil
	}
	return setsid(p)
}

// run is the call of the service manager. The environment is named and not spelled, because everybody on the machine reads
// a command line; what is no variable's name, such as a function that bash exports, would be refused with all the rest.
func (p Process) run(ctx context.Context) *exec.Cmd {
	args := []string{
		"--user", "--collect", "--quiet", "--unit=" + p.Unit,
		"--property=Restart=on-failure", "--property=RestartPreventExitStatus=" + final,
	}
	if p.Dir != "" {
		args = append(args, "--working-directory="+p.Dir)
	}
	for _, e := range p.Env {
		if name, _, _ := strings.Cut(e, "="); isName(name) {
			args = append(args, "--setenv="+name)
		}
	}
	cmd := exec.CommandContext(ctx, "systemd-run", append(append(args, "--"), p.Args...)...)
	cmd.Env = p.Env
	return cmd
}

// isName tells whether a service manager takes it as a variable's name (environ(7): letters, digits and underscores).
func isName(s string) bool {
	odd := func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	return s != "" && (s[0] < '0' || s[0] > '9') && !strings.ContainsFunc(s, odd)
}

func setsid(p Process) (<-chan error, error) {
	if err := os.MkdirAll(filepath.Dir(p.Log), 0o700); err != nil {
		return nil, failed(p, err)
	}
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, failed(p, err)
	}
	defer log.Close()                             // the child has its own
	cmd := exec.Command(p.Args[0], p.Args[1:]...) //nolint:noctx // it must outlive whatever context there is
	cmd.Env, cmd.Dir = p.Env, cmp.Or(p.Dir, "/")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, failed(p, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return ended, nil
}

func failed(p Process, err error) error {
	return &sources.Error{Op: "start", Target: p.Unit, Kind: sources.ErrInvalid, Cause: err}
}
