package elastic

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
)

// line makes a line of a hit: its time is what the cluster sorted by, because that is what it means by it. It tells
// whether the line was cut.
func (a asked) line(h *hit) (l sources.LogLine, cut bool) {
	c := &a.s.cfg
	found := lookup(h.Source, [maxPaths]string{c.Arm.Field, c.Fields.Level, c.Fields.Message, c.Fields.Time})
	l = sources.LogLine{ID: h.ID, Index: h.Index, At: a.time(h, found[3])}
	l.Arm = a.whose(found[0], h)
	l.Level = a.s.words.read(first(found[1], h, c.Fields.Level))
	if l.Message, cut = message(found[2], c.Line); l.Message.IsZero() {
		l.Message, cut = substitute(h.Source, c.Line)
	}
	if len(h.Source) <= c.Line {
		l.Source = slices.Clone(h.Source)
		return l, cut
	}
	l.Source = trimmed(h.Source, c.Line)
	return l, true
}

func message(v []byte, most int) (sources.Text, bool) {
	s, cut := text(v, most)
	return sources.NewText(s), cut
}

// substitute is what is shown of a document without a message.
func substitute(doc []byte, most int) (m sources.Text, cut bool) {
	found := lookup(doc, [maxPaths]string{"error.message", "event.original"})
	for _, v := range [...][]byte{found[0], found[1], doc} {
		if m, cut = message(v, most); !m.IsZero() {
			break
		}
	}
	return m, cut
}

// whose tells the arm that wrote a line. When only one arm was asked for, the cluster has told already.
func (a asked) whose(v []byte, h *hit) sources.Arm {
	if a.only != 0 {
		return a.only
	}
	for _, v := range [...][]byte{v, h.field(a.s.cfg.Arm.Field)} {
		s, _ := text(v, 1<<10)
		for _, arm := range sources.Arms() {
			if s != "" && alike(a.s.cfg.Arm.Value.Of(arm), s) {
				return arm
			}
		}
	}
	return 0
}

// alike compares a configured value, in which * stands for any characters, with one of a document, which may be an array
// of several.
func alike(want, got string) bool {
	for one := range strings.SplitSeq(got, "\n") {
		if want == one || strings.Contains(want, "*") && wild(strings.Split(want, "*"), one) {
			return true
		}
	}
	return false
}

func wild(parts []string, s string) bool {
	last := len(parts) - 1
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	for _, p := range parts[1:last] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, parts[last])
}

// first is a field's value, or the first that the mapping reads where the document has none.
func first(v []byte, h *hit, field string) []byte {
	if v == nil {
		return element(h.field(field))
	}
	return v
}

// time is the hit's own time: what it was sorted by, made finer by what the document says when both agree.
func (a asked) time(h *hit, said []byte) time.Time {
	ms, ok := sortTime(h)
	if !ok {
		return time.Time{}
	}
	at := time.UnixMilli(ms).UTC()
	s, _ := text(said, 64)
	if fine, err := time.Parse(time.RFC3339Nano, s); err == nil && fine.UnixMilli() == ms {
		return fine.UTC()
	}
	return at
}

// trimmed keeps the small members of a long document, so that it can still be opened: valid JSON of at most most bytes.
func trimmed(raw []byte, most int) []byte {
	out := append(make([]byte, 0, most), '{')
	eachMember(raw, func(key, v []byte) bool {
		if n := len(key) + len(v) + 5; len(v) <= most/16 && len(out)+n <= most {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(append(append(append(out, '"'), key...), '"', ':'), v...)
		}
		return len(out) < most
	})
	return append(out, '}')
}

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

// read is parse for a value of JSON; a level as loggers write it costs no memory.
func (w words) read(v []byte) sources.Level {
	if n := len(v); n > 2 && v[0] == '"' && v[n-1] == '"' {
		if l, ok := w.level[string(v[1:n-1])]; ok {
			return l
		}
	}
	s, _ := text(v, 32)
	return w.parse(s)
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
