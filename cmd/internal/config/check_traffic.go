package config

import (
	"fmt"
	"slices"
	"strings"
)

// planeKinds are the planes, in the order in which they are named.
func planeKinds() []string { return []string{"haproxy", "exec", "observe"} }

func (k *checker) traffic(at string, t Traffic) {
	switch t.Kind {
	case "haproxy":
		k.haproxy(at, t)
	case "exec":
		k.exec(at+".exec", t.Exec)
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
