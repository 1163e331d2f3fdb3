package haproxy

import (
	"context"

	"rampart/sources/plane"
)

// Keys name what is driven, the same for everybody who drives it, whatever they call it: the backend on each member. Two
// ways to one HAProxy that cannot be told to be the same, such as its socket as a file and over TCP, are two.
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
