package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"rampart/cmd/internal/config"
	"rampart/sources"
)

// longestSocket is what the kernel takes as a socket's path on every system that we run on (sun_path of macOS, less its
// closing zero; Linux takes four more).
const longestSocket = 103

// socketOf is where the runner of a service listens, as an address: unix:///path, or ssh://host where the config says so.
// What `runner:` names comes first, then $XDG_RUNTIME_DIR/rampart/CONTEXT.sock, which ends with the machine, then the
// context's state folder, which always exists. One function, so that whoever listens and whoever calls cannot differ.
func socketOf(env func(string) string, c *config.Config, x config.Chosen, service string) (string, error) {
	if named := c.File.Services[service].Runner.Value; named != "" {
		return addressOf(named)
	}
	if run := env("XDG_RUNTIME_DIR"); run != "" {
		return addressOf(filepath.Join(run, "rampart", fileName(x.Name)+".sock"))
	}
	dir, err := stateDir(env)
	if err != nil {
		return "", err
	}
	return addressOf(filepath.Join(dir, fileName(x.Name), "runner.sock"))
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
