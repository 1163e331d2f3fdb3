package haproxy

import (
	"fmt"
	"path"
	"strings"

	"rampart/sources"
)

// assign gives each server its arm. A server in both arms or in none is astray: shares are then of the arms' servers
// alone, which no ramp-up may rest on, and which stops no rollback. A backup that no pattern names is let be, because it
// takes nothing while others are up.
func (p *Plane) assign(m *member) error {
	kept := m.servers[:0:0]
	for _, s := range m.servers {
		legacy, candidate := matches(p.conf.Servers.Legacy, s.name), matches(p.conf.Servers.Candidate, s.name)
		switch {
		case legacy && candidate:
			m.astray = append(m.astray, stray{s.name, "both arms", "make the patterns of servers.legacy and servers.candidate exclude each other"})
			continue
		case legacy:
			s.arm = sources.Legacy
		case candidate:
			s.arm = sources.Candidate
		case s.backup:
			continue
		default:
			m.astray = append(m.astray, stray{s.name, "neither arm", "name it in servers.legacy or servers.candidate"})
			continue
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

// stray is a server that belongs to no arm, or to both.
type stray struct{ name, in, fix string }

// String names the server and where it is.
func (s stray) String() string { return fmt.Sprintf("server %q is in %s", s.name, s.in) }

// settled refuses to ramp up by shares that leave servers out.
func settled(m member) error {
	if len(m.astray) == 0 {
		return nil
	}
	s := m.astray[0]
	return &sources.Error{Op: "plan", Target: m.name, Kind: sources.ErrInvalid, Cause: fmt.Errorf("%v: its requests are in no share", s), Fix: s.fix}
}

func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, name); ok && err == nil {
			return true
		}
	}
	return false
}
