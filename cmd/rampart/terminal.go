package main

import (
	"os"
	"strings"

	"golang.org/x/term"
)

// terminal is what is known of where output goes, decided once.
type terminal struct {
	tty     bool // both input and output are a terminal that can place a cursor
	noColor bool
	ascii   bool
	ssh     bool
}

// terminalOf looks at the streams and the environment. NO_COLOR counts with any value but the empty one, as its
// convention says; TERM=dumb means plain lines; a locale without UTF-8 or a bare Linux console means ASCII.
func terminalOf(s streams) terminal {
	t := terminal{
		tty:     isTerminal(s.in) && isTerminal(s.out) && s.env("TERM") != "dumb" && s.env("TERM") != "",
		noColor: s.env("NO_COLOR") != "",
		ssh:     s.env("SSH_TTY") != "" || s.env("SSH_CONNECTION") != "",
	}
	t.ascii = s.env("TERM") == "linux" || !utf8Locale(s.env)
	return t
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// utf8Locale looks at the variables in the order in which the C library does. No locale at all is taken for UTF-8:
// that is how containers and bastions are today.
func utf8Locale(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToUpper(env(name)); v != "" {
			return strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8")
		}
	}
	return true
}
