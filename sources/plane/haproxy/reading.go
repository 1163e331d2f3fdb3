package haproxy

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"rampart/sources"
	"rampart/sources/plane"
)

// Read asks every member at once. When some answered it returns them with ErrPartial; when none did, the first cause.
func (p *Plane) Read(ctx context.Context) (sources.Reading, error) {
	members, errs := p.readAll(ctx)
	return p.merge(members, errs)
}

func (p *Plane) merge(members []member, errs []error) (sources.Reading, error) {
	r := sources.Reading{At: p.now()}
	var good []member
	for i, m := range members {
		if errs[i] != nil {
			r.Members = append(r.Members, sources.Member{Name: p.sockets[i].member, Err: errs[i]})
			continue
		}
		good = append(good, m)
		r.Members = append(r.Members, m.asMember())
		r.Servers = append(r.Servers, m.asServers()...)
	}
	if len(good) == 0 {
		return sources.Reading{At: r.At, Members: r.Members}, plane.Failed("read", errs)
	}
	r.Rev, r.Epoch = fingerprint(good), epochs(good)
	p.remember(r.Rev, good)
	r.Configured = agreed(good, member.weights)
	r.Effective = agreed(good, member.effective)
	r.File = agreed(good, member.initial)
	r.Notes = notesOf(good, r)
	if len(good) < len(members) {
		r.Configured.Known, r.Effective.Known = false, false
		return r, plane.Failed("read", errs)
	}
	return r, nil
}

func (m member) asMember() sources.Member {
	return sources.Member{Name: m.name, Epoch: m.epoch, Configured: m.split(member.weights)}
}

func asMembers(members []member) []sources.Member {
	out := make([]sources.Member, len(members))
	for i, m := range members {
		out[i] = m.asMember()
	}
	return out
}

func (m member) asServers() []sources.Server {
	out := make([]sources.Server, len(m.servers))
	for i, s := range m.servers {
		out[i] = sources.Server{
			Member: m.name, Name: s.name, Arm: s.arm, Up: s.up() && !s.backup, State: sources.NewText(s.status),
			Drained: s.drained(), Agent: s.agent != "", Weight: s.weight, Initial: s.initial, Counters: s.counters,
		}
	}
	return out
}

// agreed is the split that all members share, as the mean of what differs by rounding only; otherwise it is unknown.
func agreed(members []member, of func(member, sources.Arm) []int) sources.Split {
	first := members[0].split(of)
	sum, step := 0.0, sources.Share(0)
	for _, m := range members {
		step = max(step, finest(m))
	}
	for _, m := range members {
		s := m.split(of)
		if !s.Known || !near(s.Candidate, first.Candidate, step) {
			return sources.Split{At: first.At}
		}
		sum += s.Candidate.Fraction()
	}
	if len(members) == 1 {
		return first
	}
	return sources.SplitAt(sources.ShareOf(sum/float64(len(members))), first.At)
}

// near tells whether two shares differ by no more than rounding to whole weights makes. None and all are like nothing
// but themselves.
func near(a, b, step sources.Share) bool {
	if a == b {
		return true
	}
	if a == 0 || b == 0 || a == sources.Whole || b == sources.Whole {
		return false
	}
	return max(a, b)-min(a, b) <= step
}

// fingerprint names what an operator looked at: processes, servers, and what is set. Health is left out, because a
// server that comes and goes does not make the operator's wish another one.
func fingerprint(members []member) string {
	var lines []string
	for _, m := range members {
		for _, s := range m.servers {
			line := fmt.Sprintf("%s %s %s %s %s %d %d", m.name, m.epoch, s.name, s.arm, s.addr, s.weight, s.initial)
			if s.drained() {
				line += " drained"
			}
			lines = append(lines, line)
		}
	}
	for _, m := range members {
		for _, s := range m.astray {
			lines = append(lines, fmt.Sprintf("%s %s astray", m.name, s.name))
		}
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:8])
}

func epochs(members []member) string {
	if len(members) == 1 {
		return members[0].epoch
	}
	all := make([]string, len(members))
	for i, m := range slices.SortedFunc(slices.Values(members), func(a, b member) int { return cmp.Compare(a.name, b.name) }) {
		all[i] = m.name + " " + m.epoch
	}
	return strings.Join(all, ", ")
}
