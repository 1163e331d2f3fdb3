package haproxy

import (
	"context"
	"fmt"
	"slices"

	"rampart/sources"
)

// took reads one member back right after its write: the first of a fleet goes ahead of the others, and what it did not
// take they are not sent.
func (p *Plane) took(ctx context.Context, s *socket, writes []sources.Write) error {
	m, err := p.readMember(ctx, s)
	if err != nil {
		return err
	}
	for _, w := range writes {
		name, weight, _ := parseCommand(w.Request)
		if i := slices.IndexFunc(m.servers, func(s server) bool { return s.name == name }); i >= 0 && m.servers[i].weight == weight {
			continue
		}
		return &sources.Error{
			Op: "write", Target: s.member, Kind: sources.ErrIgnored, Sent: true, Cause: fmt.Errorf("it took %q and does not have it: the other members were left as they are", w.Request),
			Fix: "see who else writes there, or whether an agent check does",
		}
	}
	return nil
}
