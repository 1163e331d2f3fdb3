package haproxy

import (
	"fmt"
	"strings"

	"rampart/sources"
)

// notesOf collects what must be known beside the numbers, the weightiest first.
func notesOf(members []member, r sources.Reading) []sources.Note {
	var notes []sources.Note
	add := func(kind sources.NoteKind, format string, args ...any) {
		notes = append(notes, sources.Note{Kind: kind, Text: sources.Textf(format, args...), At: r.At})
	}
	if len(members) > 1 && !r.Configured.Known {
		add(sources.NotePartial, "members differ: %s", bySplit(members))
	}
	for _, m := range members {
		where := ""
		if len(members) > 1 {
			where = " on " + m.name
		}
		noteMember(m, where, add)
	}
	if r.File.Known && r.Configured.Known && !r.File.Equal(r.Configured) {
		add(sources.NoteWarning, "set by runtime only: a reload returns to %v", r.File)
	}
	return notes
}

func noteMember(m member, where string, add func(sources.NoteKind, string, ...any)) {
	if m.denied() {
		add(sources.NoteDenied, "nothing can be written%s: the socket has level %s, its stats socket line needs level admin", where, m.level)
	}
	for _, s := range m.astray {
		add(sources.NoteConfig, "%v%s: shares leave it out; %s", s, where, s.fix)
	}
	for _, s := range m.servers {
		switch {
		case s.backup:
			add(sources.NoteConfig, "server %s%s is a backup: it is left out of the share", s.name, where)
		case s.drained():
			add(sources.NoteWarning, "%s server %s%s is drained: it gets no new requests, only those that stick to it", s.arm, s.name, where)
		case !s.up():
			add(sources.NoteWarning, "%s server %s%s takes no requests: %s", s.arm, s.name, where, s.status)
		}
		if s.agent != "" {
			add(sources.NoteWarning, "server %s%s has an agent check (%s), which may change its weight at any moment", s.name, where, s.agent)
		}
	}
	switch {
	case staticAlgorithm(m.algorithm):
		add(sources.NoteConfig, "balance %s%s takes 0 %% and 100 %% only", m.algorithm, where)
	case hashAlgorithm(m.algorithm):
		add(sources.NoteConfig, "balance %s%s spreads keys, not requests: the share of requests may differ", m.algorithm, where)
	}
	if m.cookie != "" {
		add(sources.NoteConfig, "cookie %s%s keeps clients where they are: requests follow a new share slowly, and a server of weight 0 keeps its own", m.cookie, where)
	}
	if len(m.servers) > 0 && m.servers[0].tcp {
		add(sources.NoteConfig, "mode tcp%s: answers of 500 and above are not counted", where)
	}
}

func bySplit(members []member) string {
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = fmt.Sprintf("%s %v", m.name, m.split(member.weights))
	}
	return strings.Join(parts, ", ")
}
