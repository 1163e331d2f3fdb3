package config

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// planeKinds are the planes, in the order in which they are named.
func planeKinds() []string { return []string{"haproxy", "envoy", "exec", "webhook", "file", "observe"} }

func (k *checker) traffic(at string, t Traffic) {
	switch t.Kind {
	case "haproxy":
		k.haproxy(at, t)
	case "exec":
		k.exec(at+".exec", t.Exec)
	case "webhook":
		k.webhook(at+".webhook", t.Webhook)
	case "file":
		k.file(at+".file", t.File)
	case "envoy":
		k.envoy(at+".envoy", t.Envoy)
	case "observe":
	case "":
		k.say(at+".kind", "missing", strings.Join(planeKinds(), ", ")+"; observe when nothing may be written")
		return
	default:
		k.say(at+".kind", fmt.Sprintf("no plane %q", t.Kind), "known: "+strings.Join(planeKinds(), ", "))
		return
	}
	k.onlyItsOwn(at, t)
}

// onlyItsOwn refuses keys that another kind of plane would read: whoever wrote them expects them to count.
func (k *checker) onlyItsOwn(at string, t Traffic) {
	for _, s := range []struct {
		key   string
		given bool
		kinds []string
	}{
		{"sockets", len(t.Sockets) > 0, []string{"haproxy"}},
		{"backend", t.Backend != "", []string{"haproxy"}},
		{"servers", len(t.Servers) > 0, []string{"haproxy"}},
		{"known_hosts", t.KnownHosts != "", []string{"haproxy"}},
		{"runbook", len(t.Runbook) > 0, []string{"observe"}},
		{"exec", t.Exec != nil, []string{"exec"}},
		{"webhook", t.Webhook != nil, []string{"webhook"}},
		{"file", t.File != nil, []string{"file"}},
		{"envoy", t.Envoy != nil, []string{"envoy"}},
	} {
		if s.given && !slices.Contains(s.kinds, t.Kind) {
			k.say(at+"."+s.key, fmt.Sprintf("%s takes none", t.Kind), "it is for kind: "+strings.Join(s.kinds, " or "))
		}
	}
}

func (k *checker) exec(at string, e *Exec) {
	if e == nil || len(e.Command) == 0 || e.Command[0] == "" {
		k.say(at+".command", "missing", "such as [/etc/rampart/split.py, ranker]")
	}
}

func (k *checker) webhook(at string, w *Webhook) {
	if w == nil {
		k.say(at, "missing", "such as {read: https://router/split, write: https://router/split, secret: {file: key}}")
		return
	}
	k.url(at+".read", w.Read)
	k.url(at+".write", w.Write)
}

// url is one URL of a plane, without credentials in it.
func (k *checker) url(at string, t Template) {
	u, err := url.Parse(t.Value)
	switch {
	case t.IsZero():
		k.say(at, "missing", "such as https://router/split")
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		k.say(at, "not an http or https URL", "such as https://router/split")
	case u.User != nil:
		k.say(at, "credentials in a URL end up in logs", "use bearer: or secret:")
	}
}

func (k *checker) file(at string, f *SplitFile) {
	if f == nil {
		k.say(at, "missing", "such as {path: /etc/nginx/split.conf, format: nginx, arms: {legacy: [stable], candidate: [canary]}}")
		return
	}
	if !filepath.IsAbs(Home(f.Path.Value)) {
		k.say(at+".path", "want an absolute path", "such as /etc/nginx/split.conf")
	}
	switch f.Format {
	case "nginx", "traefik", "caddy":
	default:
		k.say(at+".format", fmt.Sprintf("no format %q", f.Format), "known: nginx, traefik, caddy")
	}
	k.fileArms(at+".arms", f)
	if !f.PID.IsZero() && (f.Format != "nginx" || len(f.Reload) == 0) {
		k.say(at+".pid", "it proves a reload of nginx, and there is none", "give reload, or leave pid out")
	}
}

// fileArms are what the arms are called in a file: names that its format can hold, none of them in both.
func (k *checker) fileArms(at string, f *SplitFile) {
	const such = "what they are called in the file, such as {legacy: [stable], candidate: [canary]}"
	all := slices.Concat(f.Arms.Legacy, f.Arms.Candidate)
	bad := slices.IndexFunc(all, func(n string) bool { return n == "" || strings.ContainsAny(n, " \t\n;{}\"'#\\") })
	both := slices.IndexFunc(f.Arms.Candidate, func(n string) bool { return slices.Contains(f.Arms.Legacy, n) })
	switch {
	case len(f.Arms.Legacy) == 0 || len(f.Arms.Candidate) == 0:
		k.say(at, "both legacy and candidate are needed", such)
	case bad >= 0:
		k.say(at, fmt.Sprintf("%q is no name in such a file", all[bad]), such)
	case both >= 0:
		k.say(at, fmt.Sprintf("%q stands in both", f.Arms.Candidate[both]), such)
	case f.Format == "nginx" && len(all) > 2:
		k.say(at, "split_clients gives each arm one value", such)
	}
}

func (k *checker) envoy(at string, e *Envoy) {
	if e == nil {
		k.say(at, "missing", "such as {admins: ['http://127.0.0.1:9901'], runtime_key_prefix: routing.ranker, clusters: {legacy: stable, candidate: canary}}")
		return
	}
	if len(e.Admins) == 0 {
		k.say(at+".admins", "missing", "such as ['http://127.0.0.1:9901']")
	}
	for i, a := range e.Admins {
		u, err := url.Parse(a.Value)
		there := err == nil && u.User == nil && ((u.Scheme == "http" || u.Scheme == "https") && u.Host != "" || u.Scheme == "unix" && u.Host == "" && u.Path != "")
		switch here := fmt.Sprintf("%s.admins[%d]", at, i); {
		case !there:
			k.say(here, "want http://host:9901 or unix:///path, without credentials", "")
		case slices.ContainsFunc(e.Admins[:i], func(b Template) bool { return b.Value == a.Value }):
			k.say(here, "the same member twice", "")
		}
	}
	for _, n := range []struct{ key, name string }{{"runtime_key_prefix", e.Prefix}, {"clusters.legacy", e.Clusters.Legacy}, {"clusters.candidate", e.Clusters.Candidate}} {
		if strings.ContainsAny(n.name, " \t\r\n&=?#") {
			k.say(at+"."+n.key, fmt.Sprintf("%q is no name of Envoy's", n.name), "")
		}
	}
	if e.Prefix == "" {
		k.say(at+".runtime_key_prefix", "missing", "the one of the route's weighted_clusters")
	}
	if e.Clusters.Legacy == "" || e.Clusters.Candidate == "" || e.Clusters.Legacy == e.Clusters.Candidate {
		k.say(at+".clusters", "want one cluster for each arm", "such as {legacy: stable, candidate: canary}")
	}
}
