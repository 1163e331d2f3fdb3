package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/lease"
	"rampart/cmd/internal/statedir"
	"rampart/cmd/internal/wire"
	"rampart/sources"
)

// longestSocket is what the kernel takes as a socket's path on every system that we run on (sun_path of macOS, less its
// closing zero; Linux takes four more).
const longestSocket = 103

// socketOf is where the runner of a service is called, as an address: unix:///path, or ssh://host where the config says so.
// It is where the holder of the service's lease says that it listens, and else the service's usual place.
func socketOf(env func(string) string, c *config.Config, x config.Chosen, service string) (string, error) {
	usual, err := usualSocket(env, c, x, service)
	if err != nil || !strings.HasPrefix(usual, "unix://") {
		return usual, err
	}
	at, err := statedir.For(env, x.Name)
	if err != nil {
		return usual, nil //nolint:nilerr // without a folder nobody holds a lease
	}
	if there := listensNow(at.Lease(service)); there != "" {
		return there, nil
	}
	return usual, nil
}

// usualSocket is where a runner of a service listens when no other one is there. What `runner:` names comes first, then
// $XDG_RUNTIME_DIR/rampart/CONTEXT.sock, which ends with the machine, then the context's state folder, which always exists.
func usualSocket(env func(string) string, c *config.Config, x config.Chosen, service string) (string, error) {
	if named := c.File.Services[service].Runner.Value; named != "" {
		return addressOf(named)
	}
	if run := env("XDG_RUNTIME_DIR"); run != "" {
		return addressOf(filepath.Join(run, "rampart", statedir.FileName(x.Name)+".sock"))
	}
	at, err := statedir.For(env, x.Name)
	if err != nil {
		return "", err
	}
	return addressOf(at.Socket())
}

// ownSocket is where a runner of some services listens: at their usual place, or beside it while another runner there
// drives other services. A runner of which one service is stolen so goes on serving the rest.
func ownSocket(env func(string) string, c *config.Config, x config.Chosen, names []string) (string, error) {
	usual, err := usualSocket(env, c, x, names[0])
	if err != nil || !strings.HasPrefix(usual, "unix://") {
		return usual, err
	}
	at, err := statedir.For(env, x.Name)
	if err != nil {
		return "", err
	}
	for _, other := range c.Services(x.Name) {
		if !slices.Contains(names, other) && listensNow(at.Lease(other)) == usual {
			return addressOf(strings.TrimSuffix(usual, ".sock") + "-" + statedir.FileName(names[0]) + ".sock")
		}
	}
	return usual, nil
}

// listensNow is where whoever holds a lease on this machine listens; empty: nobody does, or does not say.
func listensNow(path string) string {
	by, _, err := lease.Look(path)
	if host, _ := os.Hostname(); err != nil || by.Host != host || by.Socket == "" {
		return ""
	}
	there, err := addressOf(by.Socket)
	if err != nil || !strings.HasPrefix(there, "unix://") {
		return ""
	}
	return there
}

// addressOf completes what a person writes, a path or an address, to an address. What no runner can listen at is refused.
func addressOf(s string) (string, error) {
	scheme, rest, ok := strings.Cut(s, "://")
	switch {
	case ok && scheme == "ssh" && rest != "":
		return s, nil
	case ok && scheme != "unix":
		return "", fmt.Errorf("runner %q: want a path, unix:///path or ssh://host: %w", sources.Visible(s), sources.ErrInvalid)
	case !ok:
		rest = config.Home(s)
	}
	path, err := filepath.Abs(rest)
	if err != nil || rest == "" {
		return "", fmt.Errorf("runner %q: not a path: %w", sources.Visible(s), sources.ErrInvalid)
	}
	if len(path) > longestSocket {
		return "", fmt.Errorf("runner %s: %d bytes; a socket's path takes %d: name a shorter one with runner: or XDG_RUNTIME_DIR: %w", sources.Visible(path), len(path), longestSocket, sources.ErrInvalid)
	}
	return "unix://" + path, nil
}

// pathOf is the file of an address that a runner on this machine can listen at.
func pathOf(address string) (string, error) {
	path, ok := strings.CutPrefix(address, "unix://")
	if !ok {
		return "", fmt.Errorf("listen at %s: only a path on this machine can be listened at: %w", sources.Visible(address), sources.ErrInvalid)
	}
	return path, nil
}

// onlySocket is the one runner that listens on this machine, for whoever has no config here, as an ssh user may not: the one
// that drives a service, where one is named.
func onlySocket(ctx context.Context, env func(string) string, service string) (string, error) {
	live := driving(ctx, env, service)
	if service == "" || len(live) == 0 {
		for _, pattern := range socketPatterns(env) {
			found, _ := filepath.Glob(pattern) // a folder that cannot be read has no socket for us
			live = append(live, slices.DeleteFunc(found, func(path string) bool { return slices.Contains(live, path) || !wire.Lives(ctx, path) })...)
		}
	}
	switch len(live) {
	case 0:
		return "", usage(errors.New("attach: no runner listens on this machine and there is no config: start one with rampart run -c CONFIG --detach, or name its socket"))
	case 1:
		return addressOf(live[0])
	}
	return "", usage(fmt.Errorf("attach: %d runners listen on this machine: name one of %s", len(live), strings.Join(live, ", ")))
}

// driving are the sockets that the holders of leases on this machine say they listen at, of all services or of one. A config
// may name any place for them, which no pattern finds.
func driving(ctx context.Context, env func(string) string, service string) []string {
	dir, err := statedir.Of(env)
	if err != nil {
		return nil
	}
	var out []string
	held, _ := filepath.Glob(statedir.Leases(dir, service))
	for _, file := range held {
		path, err := pathOf(listensNow(file))
		if err == nil && !slices.Contains(out, path) && wire.Lives(ctx, path) {
			out = append(out, path)
		}
	}
	return out
}

// started adds to an error that nobody answered what starts a runner there. c is the config of whoever asks, if there is one
// that the address comes from.
func started(err error, address string, c *config.Config, x config.Chosen) error {
	switch {
	case !wire.Unanswered(err):
		return err
	case strings.HasPrefix(address, "ssh://"):
		return fmt.Errorf("%w; start it there with: rampart run -c CONFIG --detach", err)
	case c == nil:
		return fmt.Errorf("%w; start one there with: rampart run -c CONFIG --detach", err)
	}
	if who, do := drivenElsewhere(context.Background(), c, x.Services[0]); who != "" { // each key takes half a second at most
		return fmt.Errorf("%w; %s is driven by %s: %s", err, x.Services[0], who, do)
	}
	return fmt.Errorf("%w; start it with: %s", err, runCommand(c, x))
}

// socketPatterns are the places of [socketOf], for every context.
func socketPatterns(env func(string) string) []string {
	var out []string
	if run := env("XDG_RUNTIME_DIR"); run != "" {
		out = append(out, filepath.Join(run, "rampart", "*.sock"))
	}
	if dir, err := statedir.Of(env); err == nil {
		out = append(out, statedir.Sockets(dir))
	}
	return out
}
