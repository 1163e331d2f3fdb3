package webhook

import (
	"cmp"
	"context"
	"net"
	"net/url"
	"path"
	"strings"

	"rampart/sources/plane"
)

// Keys name what is driven, the same for everybody who drives it: where it is written to. A part of the query that is
// called like a secret is left out: it may be each user's own, and has no place in a name.
func (p *Plane) Keys(ctx context.Context) []string {
	u, err := url.Parse(p.conf.Write)
	if err != nil {
		return nil // New refuses it
	}
	q := u.Query()
	for name := range q {
		if secretive(name) {
			q.Del(name)
		}
	}
	usual := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	var out []string
	for _, at := range plane.Places(ctx, net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), usual))) {
		out = append(out, plane.Key("webhook", at, path.Clean("/"+u.Path), q.Encode()))
	}
	return out
}

// secretive tells names under which people put what is nobody else's.
func secretive(name string) bool {
	name = strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
	for _, s := range []string{"token", "secret", "passw", "auth", "signature", "apikey", "accesskey", "credential"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return name == "sig" || name == "pwd"
}
