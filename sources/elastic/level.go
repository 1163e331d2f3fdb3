package elastic

import (
	"slices"
	"strconv"
	"strings"

	"rampart/sources"
)

// words are the ways in which levels are written, lower case.
type words struct {
	level map[string]sources.Level
	order []string
}

// newWords lists what loggers write: syslog (RFC 5424), log4j, java.util.logging, zap, zerolog, pino, Python, Windows.
func newWords() words {
	w := words{level: map[string]sources.Level{}}
	for level, list := range map[sources.Level]string{
		sources.LevelError: "error err fatal critical crit severe alert emergency emerg panic dpanic failure e f eror",
		sources.LevelWarn:  "warn warning w",
		sources.LevelInfo:  "info information informational notice i audit",
		sources.LevelDebug: "debug trace verbose fine finer finest config d t",
	} {
		for _, word := range strings.Fields(list) {
			w.level[word] = level
			w.order = append(w.order, word)
		}
	}
	slices.Sort(w.order)
	return w
}

// parse reads a level as it stands in a document. Numbers are syslog severities (0 to 7, RFC 5424, table 2), or 50 and above
// for what Python, pino and bunyan all call at least an error; what they differ in stays unknown.
func (w words) parse(s string) sources.Level {
	s = strings.ToLower(strings.TrimSpace(s))
	if l, ok := w.level[s]; ok {
		return l
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil || n < 0:
		return sources.LevelUnknown
	case n <= 3, n >= 50:
		return sources.LevelError
	case n == 4:
		return sources.LevelWarn
	case n <= 6:
		return sources.LevelInfo
	case n == 7, n == 10:
		return sources.LevelDebug
	}
	return sources.LevelUnknown
}

// spelled returns every spelling of a level that a keyword field may hold: lower, upper and title case.
func (w words) spelled(level sources.Level) []any {
	var out []any
	for _, word := range w.order {
		if w.level[word] != level {
			continue
		}
		out = append(out, word, strings.ToUpper(word))
		if len(word) > 1 {
			out = append(out, strings.ToUpper(word[:1])+word[1:])
		}
	}
	return out
}

// numbered returns the numbers of a level.
func numbered(level sources.Level) []any {
	switch level {
	case sources.LevelError:
		return []any{0, 1, 2, 3, 50, 60}
	case sources.LevelWarn:
		return []any{4}
	case sources.LevelInfo:
		return []any{5, 6}
	case sources.LevelDebug:
		return []any{7, 10}
	case sources.LevelUnknown:
	}
	return nil
}
