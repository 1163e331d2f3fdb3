package haproxy

import (
	"fmt"
	"path"
	"strings"

	"rampart/sources"
)

// assign gives each server its arm. A server in both arms or in none makes every share a guess, so it is an error that
// names the server; a backup that no pattern names is let be, because it takes nothing while others are up.
func (p *Plane) assign(m *member) error {
	kept := m.servers[:0:0]
	for _, s := range m.servers {
		legacy, candidate := matches(p.conf.Servers.Legacy, s.name), matches(p.conf.Servers.Candidate, s.name)
		switch {
		case legacy && candidate:
			return p.misassigned(m, fmt.Errorf("server %q is in both arms", s.name), "make the patterns of servers.legacy and servers.candidate exclude each other")
		case legacy:
			s.arm = sources.Legacy
		case candidate:
			s.arm = sources.Candidate
		case s.backup:
			continue
		default:
			return p.misassigned(m, fmt.Errorf("server %q is in neither arm", s.name), "name it in servers.legacy or servers.candidate")
		}
		kept = append(kept, s)
	}
	m.servers = kept
	return p.bothThere(m)
}

func (p *Plane) bothThere(m *member) error {
	for _, a := range sources.Arms() {
		if len(m.of(a)) > 0 {
			continue
		}
		var names []string
		for _, s := range m.servers {
			names = append(names, s.name)
		}
		return &sources.Error{
			Op: "read", Target: m.name, Kind: sources.ErrNoData,
			Cause: fmt.Errorf("servers.%s [%s] matches no server of backend %s that is no backup", a, strings.Join(p.conf.Servers.Of(a), " "), p.conf.Backend),
			Fix:   "there are: " + strings.Join(names, " "),
		}
	}
	return nil
}

func (p *Plane) misassigned(m *member, cause error, fix string) error {
	return &sources.Error{Op: "read", Target: m.name, Kind: sources.ErrInvalid, Cause: cause, Fix: fix}
}

func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, name); ok && err == nil {
			return true
		}
	}
	return false
}
