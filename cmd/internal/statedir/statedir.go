// Package statedir says where rampart keeps what outlives a process: one folder, in it one for each context.
//
// It promises: the same file for everybody who asks, so that whoever writes and whoever reads cannot differ; a name of
// the config never leaves its folder. It makes nothing and reads nothing.
package statedir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Of is the folder: $RAMPART_STATE, $XDG_STATE_HOME/rampart, or ~/.local/state/rampart (XDG Base Directory Specification).
func Of(env func(string) string) (string, error) {
	if d := env("RAMPART_STATE"); d != "" {
		return d, nil
	}
	if d := env("XDG_STATE_HOME"); d != "" {
		return filepath.Join(d, "rampart"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("state folder: %w (set XDG_STATE_HOME)", err)
	}
	return filepath.Join(home, ".local", "state", "rampart"), nil
}

// Context is the folder of one context.
type Context string

// For is the folder of a context.
func For(env func(string) string, context string) (Context, error) {
	dir, err := Of(env)
	if err != nil {
		return "", err
	}
	return Context(filepath.Join(dir, FileName(context))), nil
}

// Journal is the file of actions and their outcomes.
func (c Context) Journal() string { return c.in("audit.jsonl") }

// Lease is the file of who drives a service. It stands beside the journal that its holder writes.
func (c Context) Lease(service string) string { return c.in(FileName(service) + leases) }

// Mark is what a runner of a service leaves while the journal cannot be written.
func (c Context) Mark(service string) string { return c.in(FileName(service) + ".unwritten") }

// Log is the file of what a runner in the background says.
func (c Context) Log() string { return c.in("runner.log") }

// Socket is where a runner listens when nothing else is named.
func (c Context) Socket() string { return c.in(socket) }

// Dossiers is the folder of rollouts' evidence.
func (c Context) Dossiers() string { return c.in("dossiers") }

// Folder is a folder of what a person asked to be written: bundles, exports, copies.
func (c Context) Folder(name string) string { return c.in(name) }

const socket, leases = "runner.sock", ".lease"

// Sockets is a pattern of [Context.Socket] for every context of a state folder, and of those beside it that a second runner
// of the same context makes: runner-SERVICE.sock.
func Sockets(dir string) string { return filepath.Join(dir, "*", "runner*.sock") }

// Leases is a pattern of a service's [Context.Lease] for every context of a state folder; of all services where it is empty.
func Leases(dir, service string) string {
	name := "*"
	if service != "" {
		name = literally(FileName(service))
	}
	return filepath.Join(dir, "*", name+leases)
}

// literally is a file's name in a pattern that matches that name alone.
func literally(name string) string {
	return strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`).Replace(name)
}

func (c Context) in(name string) string { return filepath.Join(string(c), name) }

// FileName turns a name of the config into one that is safe as a file's.
func FileName(name string) string {
	out := []rune(name)
	for i, r := range out {
		if r == '/' || r == '\\' || r == '.' && i == 0 || r < ' ' {
			out[i] = '_'
		}
	}
	return string(out)
}
