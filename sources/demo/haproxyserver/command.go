package haproxyserver

import (
	_ "embed"
	"strings"

	"rampart/sources/demo/world"
)

//go:embed help.txt
var helpText string

// command is one verb of the API: the words that begin it, the level it needs, and what it does under the world's lock.
type command struct {
	words []string
	needs Level
	run   func(s *session, w *world.World, args []string) string
}

// commands lists what the demo understands; args are the words after those that named the command.
func commands() []command {
	return []command{
		{[]string{"show", "info"}, User, showInfo},
		{[]string{"show", "stat"}, User, showStat},
		{[]string{"show", "servers", "state"}, User, showServersState},
		{[]string{"show", "backend"}, User, showBackend},
		{[]string{"show", "version"}, User, func(*session, *world.World, []string) string { return version + "\n\n" }},
		{[]string{"show", "cli", "level"}, User, func(s *session, _ *world.World, _ []string) string { return s.level.String() + "\n\n" }},
		{[]string{"show", "cli", "sockets"}, Operator, showSockets},
		{[]string{"show", "env"}, Operator, func(*session, *world.World, []string) string { return "\n" }},
		{[]string{"get", "weight"}, User, getWeight},
		{[]string{"set", "weight"}, Admin, setWeight},
		{[]string{"set", "server"}, Admin, setServer},
		{[]string{"enable", "server"}, Admin, func(_ *session, w *world.World, a []string) string { return ask(w, a, world.AdminReady) }},
		{[]string{"disable", "server"}, Admin, func(_ *session, w *world.World, a []string) string { return ask(w, a, world.AdminMaint) }},
		{[]string{"clear", "counters"}, Admin, func(*session, *world.World, []string) string { return "\n" }},
		{[]string{"operator"}, User, func(s *session, _ *world.World, _ []string) string { return s.lower(Operator) }},
		{[]string{"user"}, User, func(s *session, _ *world.World, _ []string) string { return s.lower(User) }},
	}
}

// answer runs one command and gives all that the real program would write, the closing empty line included.
func (s *session) answer(all []string) string {
	if len(all) == 0 {
		return "Unknown command. Please enter one of the following commands only:\n" + helpText + "\n"
	}
	switch all[0] {
	case "prompt":
		s.prompt = !s.prompt
		return "\n"
	case "quit":
		s.quit = true
		return ""
	case "help":
		return "The following commands are valid at this level:\n" + help(all[1:]) + "\n"
	}
	for _, c := range commands() {
		if !begins(all, c.words) {
			continue
		}
		if s.level < c.needs {
			return "Permission denied\n\n"
		}
		var out string
		s.server.live.Do(func(w *world.World) { out = c.run(s, w, all[len(c.words):]) })
		return out
	}
	return "Unknown command, but maybe one of the following ones is a better match:\n" + near(all) + "\n"
}

func begins(all, words []string) bool {
	if len(all) < len(words) {
		return false
	}
	for i, w := range words {
		if all[i] != w {
			return false
		}
	}
	return true
}

// lower gives up rights for the rest of the session; it never gives any back.
func (s *session) lower(to Level) string {
	s.level = min(s.level, to)
	return "\n"
}

// help keeps the lines of the help that begin with the words, and the three that are always there.
func help(words []string) string {
	prefix := "  " + strings.Join(words, " ")
	var b strings.Builder
	for line := range strings.Lines(helpText) {
		if strings.HasPrefix(line, prefix) || always(line) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// near gives the commands that begin as the unknown one does. The real program weighs the distance of each word; who misspells the first one gets fewer hints here.
func near(words []string) string {
	for n := len(words); n > 0; n-- {
		if h := help(words[:n]); strings.Count(h, "\n") > 3 {
			return h
		}
	}
	return help([]string{"\x00"})
}

func always(line string) bool {
	return strings.HasPrefix(line, "  help ") || strings.HasPrefix(line, "  prompt ") || strings.HasPrefix(line, "  quit ")
}

func showSockets(s *session, _ *world.World, _ []string) string {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	return "# socket lvl processes\n" + strings.Join(s.server.names, "\n") + "\n\n"
}

func showBackend(_ *session, w *world.World, _ []string) string {
	return "# name\n" + w.Router().Backend + "\n\n"
}
