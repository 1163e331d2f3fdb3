package envoy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"rampart/sources"
	"rampart/sources/plane"
)

// Read asks every member at once. When some answered it returns them with ErrPartial; when none did, the first cause.
func (p *Plane) Read(ctx context.Context) (sources.Reading, error) {
	members, errs := p.readAll(ctx)
	return p.merge(members, errs)
}

func (p *Plane) readAll(ctx context.Context) ([]member, []error) {
	members, errs := make([]member, len(p.admins)), make([]error, len(p.admins))
	var wg sync.WaitGroup
	for i, a := range p.admins {
		wg.Go(func() { members[i], errs[i] = p.readMember(ctx, a) })
	}
	wg.Wait()
	return members, errs
}

func (p *Plane) merge(members []member, errs []error) (sources.Reading, error) {
	r := sources.Reading{At: p.now()}
	var good []member
	for i, m := range members {
		if errs[i] != nil {
			r.Members = append(r.Members, sources.Member{Name: p.admins[i].member, Err: errs[i]})
			continue
		}
		good = append(good, m)
		r.Members = append(r.Members, sources.Member{Name: m.name, Epoch: m.epoch, Configured: shareOf(m.set, m.at)})
		r.Servers = append(r.Servers, p.servers(m)...)
	}
	if len(good) == 0 {
		return r, plane.Failed("read", errs)
	}
	r.Rev, r.Epoch = fingerprint(good), epochs(good)
	r.Identity = sources.ByArm[sources.Text]{Legacy: sources.NewText(p.conf.Clusters.Legacy), Candidate: sources.NewText(p.conf.Clusters.Candidate)}
	r.Configured = agreed(good, func(m member) sources.ByArm[int] { return m.set })
	r.Effective = agreed(good, func(m member) sources.ByArm[int] { return m.final })
	r.File = agreed(good, func(m member) sources.ByArm[int] { return m.file })
	r.Notes = p.notes(good, r)
	err := plane.Failed("read", errs)
	if err != nil {
		r.Configured.Known, r.Effective.Known = false, false
	}
	return r, err
}

func (p *Plane) servers(m member) []sources.Server {
	var out []sources.Server
	for _, a := range sources.Arms() {
		c := m.clusters.Of(a)
		out = append(out, sources.Server{
			Member: m.name, Name: p.conf.Clusters.Of(a), Arm: a, Up: c.healthy > 0, State: sources.Textf("%d of %d hosts healthy", c.healthy, c.total),
			Weight: m.final.Of(a), Initial: m.file.Of(a), Counters: c.counters,
		})
	}
	return out
}

// agreed is the split that all members share; a mean of members would be true for nobody.
func agreed(members []member, of func(member) sources.ByArm[int]) sources.Split {
	first := shareOf(of(members[0]), members[0].at)
	for _, m := range members[1:] {
		if !first.Equal(shareOf(of(m), m.at)) {
			return sources.Split{}
		}
	}
	return first
}

func (p *Plane) notes(members []member, r sources.Reading) []sources.Note {
	var notes []sources.Note
	add := func(format string, args ...any) {
		notes = append(notes, sources.Note{Kind: sources.NoteWarning, Text: sources.Textf(format, args...), At: r.At})
	}
	for _, m := range members {
		for _, a := range sources.Arms() {
			if layer := m.above.Of(a); layer != "" {
				add("%s: layer %q overrides %s with %d, ours says %d", m.name, layer, p.conf.key(a), m.final.Of(a), m.set.Of(a))
			}
		}
	}
	if !r.Configured.Known && len(members) > 1 {
		add("members differ in what is set")
	}
	return notes
}

// fingerprint names what an operator looked at: processes and weights, by layer and file.
func fingerprint(members []member) string {
	var b strings.Builder
	for _, m := range members {
		fmt.Fprintln(&b, m.name, m.epoch, m.set, m.final, m.file)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}

func epochs(members []member) string {
	all := make([]string, len(members))
	for i, m := range members {
		all[i] = m.epoch
	}
	return strings.Join(all, ", ")
}
