package envoy

import (
	"cmp"
	"context"
	"net"
	"net/url"

	"rampart/sources/plane"
)

// Keys name what is driven, the same for everybody who drives it: the route's runtime keys on each member.
func (p *Plane) Keys(ctx context.Context) []string {
	var out []string
	for _, raw := range p.conf.Admins {
		u, err := url.Parse(raw)
		if err != nil {
			continue // New refuses it
		}
		if u.Scheme == "unix" {
			out = append(out, plane.Key("envoy", "unix", plane.File(u.Path), p.conf.Prefix))
			continue
		}
		usual := map[string]string{"http": "80", "https": "443"}[u.Scheme]
		for _, at := range plane.Places(ctx, net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), usual))) {
			out = append(out, plane.Key("envoy", at, p.conf.Prefix))
		}
	}
	return out
}
