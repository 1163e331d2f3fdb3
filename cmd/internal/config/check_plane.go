package config

import (
	"fmt"
	"net/url"
	"path"
)

func (k *checker) haproxy(at string, t Traffic) {
	if len(t.Sockets) == 0 {
		k.say(at+".sockets", "missing", "such as [unix:///run/haproxy/admin.sock]")
	}
	seen := map[string]bool{}
	for i, s := range t.Sockets {
		u, err := url.Parse(s.Value)
		place := fmt.Sprintf("%s.sockets[%d]", at, i)
		if err != nil || (u.Scheme != "unix" && u.Scheme != "tcp" && u.Scheme != "ssh") {
			k.say(place, "want unix:///path, tcp://host:port or ssh://user@host/path", "")
		}
		if seen[s.Value] {
			k.say(place, "the same member twice", "")
		}
		seen[s.Value] = true
	}
	if t.Backend == "" {
		k.say(at+".backend", "missing", "the backend that holds the servers of both arms")
	}
	for _, arm := range []string{"legacy", "candidate"} {
		if len(t.Servers[arm]) == 0 {
			k.say(at+".servers", "no servers for "+arm, "such as {legacy: [stable-*], candidate: [canary-*]}")
		}
	}
	for _, p := range t.Servers["candidate"] {
		for _, q := range t.Servers["legacy"] {
			if alike(p, q) {
				k.say(at+".servers", fmt.Sprintf("a server called %q would be in both arms", p), "make the patterns of legacy and candidate exclude each other")
			}
		}
	}
	for _, arm := range sortedKeys(t.Servers) {
		if arm != "legacy" && arm != "candidate" {
			k.say(at+".servers."+arm, "no such arm", "legacy or candidate")
		}
	}
}

// alike tells whether two patterns are one, or one is a name that the other covers.
func alike(p, q string) bool {
	covers, _ := path.Match(q, p)
	covered, _ := path.Match(p, q)
	return p == q || covers || covered
}

func (k *checker) logs(at string, l Logs) {
	if l.Index == "" {
		k.say(at+".index", "missing", "such as logs-ranker-*")
	}
	if l.Arm.Field == "" {
		k.say(at+".arm.field", "missing", "the field that names the arm, such as labels.track")
	}
	if l.Arena < 0 || l.Arena > 1024 {
		k.say(at+".arena_mib", "want 1 to 1024", "16 is the default")
	}
	if _, err := l.Catalog(); err != nil {
		k.say(at+".categories", err.Error(), "such as queue: {match: 'queue (full|blocked)', levels: [error, warn]}")
	}
	if err := l.Mask.Redaction().Validate(); err != nil {
		k.say(at+".mask", err.Error(), "such as {ip: true, off: [phone], patterns: {customer: 'C-[0-9]{8}'}}")
	}
	k.reads(at, l)
	for _, level := range sortedKeys(l.Show) {
		switch level {
		case "error", "warn", "info", "debug", "other", "all":
		default:
			k.say(at+".show."+level, "no such level", "error, warn, info, debug, other or all")
		}
	}
	for _, field := range sortedKeys(l.Fields) {
		switch field {
		case "time", "message", "level", "version", "id", "stack", "trace":
		default:
			k.say(at+".fields."+field, "no such field", "time, message, level, version, id, stack, trace")
		}
	}
}
