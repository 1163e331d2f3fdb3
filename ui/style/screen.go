package style

import (
	"strings"

	"github.com/charmbracelet/colorprofile"

	"rampart/ui/cell"
)

// Screen is what a terminal can show.
type Screen struct {
	Profile colorprofile.Profile
	Glyphs  cell.Glyphs
}

// When says whether colour is wanted, as --color does. The zero value leaves it to the environment.
type When uint8

// The answers to --color.
const (
	Auto When = iota
	Always
	Never
)

// Detect reads a session's environment ("KEY=value"); over SSH that is the client's, never this process's own. NO_COLOR
// with any value that is not empty takes the colours and leaves bold and underline (https://no-color.org); TERM=dumb and
// no TERM take everything; CLICOLOR_FORCE and Always bring colour back.
func Detect(environ []string, when When) Screen {
	env := lookup(environ)
	s := Screen{Profile: colorprofile.Env(withoutWishes(environ)), Glyphs: glyphs(env)}
	if tmuxOfManyColours(env) {
		s.Profile = colorprofile.TrueColor
	}
	forced := when == Always || when == Auto && env["CLICOLOR_FORCE"] != "" && env["CLICOLOR_FORCE"] != "0"
	switch {
	case when == Never || !forced && env["NO_COLOR"] != "":
		s.Profile = min(s.Profile, colorprofile.ASCII)
	case forced:
		s.Profile = max(s.Profile, colorprofile.ANSI)
	}
	return s
}

// glyphs is the rung of the glyph ladder that a terminal stands on: the Linux console and everything that is not UTF-8
// get ASCII.
func glyphs(env map[string]string) cell.Glyphs {
	switch env["TERM"] {
	case "linux", "dumb", "", "vt100", "vt220":
		return cell.ASCII
	}
	for _, key := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(env[key]); v != "" {
			if strings.Contains(v, "utf-8") || strings.Contains(v, "utf8") {
				return cell.Braille
			}
			return cell.ASCII
		}
	}
	return cell.Braille // nothing is said, as in most containers, where terminals of today speak UTF-8
}

// tmuxOfManyColours tells a tmux in which all colours were promised. colorprofile takes no promise from a multiplexer, but
// tmux (2.2 and later) takes every colour and itself degrades it to what the terminal around it has; only GNU screen,
// whose name tmux may go by, breaks.
func tmuxOfManyColours(env map[string]string) bool {
	tmux := strings.HasPrefix(env["TERM"], "tmux") || env["TMUX"] != "" && strings.HasPrefix(env["TERM"], "screen")
	return tmux && (env["COLORTERM"] == "truecolor" || env["COLORTERM"] == "24bit")
}

// withoutWishes leaves out what a person wishes, so that what remains says what the terminal can. colorprofile reads
// NO_COLOR as a boolean, by which NO_COLOR=yes would be ignored.
func withoutWishes(environ []string) []string {
	var out []string
	for _, kv := range environ {
		switch key, _, _ := strings.Cut(kv, "="); key {
		case "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE":
		default:
			out = append(out, kv)
		}
	}
	return out
}

// lookup turns an environment into a map; the last of equal keys wins.
func lookup(environ []string) map[string]string {
	env := map[string]string{}
	for _, kv := range environ {
		if key, value, ok := strings.Cut(kv, "="); ok {
			env[key] = value
		}
	}
	return env
}
