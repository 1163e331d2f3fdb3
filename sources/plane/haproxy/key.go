package haproxy

import (
	"context"

	"rampart/sources/plane"
)

// Keys name what is driven, the same for everybody who drives it, whatever they call it: the backend on each member. Two
// ways to one HAProxy that cannot be told to be the same, such as its socket as a file and over TCP, are two.
//
// Its own word (process, start and node of "show info") would tell them, and is no key: each reload makes another one, so that
// two runners would meet only until then, or whoever drives it would have to claim anew on the way, and could lose the right to
// a stranger by somebody's reload. It would have to be asked for, too, before anything begins, of a HAProxy that may be away.
func (p *Plane) Keys(ctx context.Context) []string {
	var out []string
	for _, raw := range p.conf.Sockets {
		a, err := parseAddress(raw)
		if err != nil {
			continue // New refuses it
		}
		if a.scheme == "unix" {
			out = append(out, plane.Key("haproxy", a.scheme, plane.File(a.path), p.conf.Backend))
			continue
		}
		for _, at := range plane.Places(ctx, a.host) {
			out = append(out, plane.Key("haproxy", a.scheme, at, a.path, p.conf.Backend))
		}
	}
	return out
}
