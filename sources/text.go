package sources

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is bytes that came from outside: a log line, a label value, an error body. Nothing prints them as they are:
// String, Format and the JSON form give the visible and harmless shape, in which control characters, escape sequences,
// bidirectional overrides and zero-width characters are spelled out. Raw is for machines (matching, mining, masking).
type Text struct{ raw string }

// NewText takes bytes from outside.
func NewText(raw string) Text { return Text{raw} }

// Textf formats a text of our own; arguments that are Text stay harmless because they print as String does.
func Textf(format string, args ...any) Text { return Text{fmt.Sprintf(format, args...)} }

// Raw returns the bytes as they came. Never print it.
func (t Text) Raw() string { return t.raw }

// Len is how many bytes there are.
func (t Text) Len() int { return len(t.raw) }

// IsZero tells whether there is no text.
func (t Text) IsZero() bool { return t.raw == "" }

// String returns the visible, harmless form.
func (t Text) String() string { return Visible(t.raw) }

// Head returns the visible, harmless form of the first n bytes, no character cut in half: what a screen needs of a text of
// megabytes.
func (t Text) Head(n int) string {
	if len(t.raw) <= n {
		return Visible(t.raw)
	}
	for back := 0; n > 0 && back < utf8.UTFMax && !utf8.RuneStart(t.raw[n]); back++ {
		n--
	}
	return Visible(t.raw[:max(n, 0)])
}

// Format makes every verb of package fmt print the harmless form.
func (t Text) Format(f fmt.State, verb rune) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", t.String())
		return
	}
	fmt.Fprint(f, t.String())
}

// MarshalJSON writes the harmless form.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// UnmarshalJSON reads a JSON string.
func (t *Text) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &t.raw) }

// Visible spells out what could command a terminal or mislead a reader: "\x1b", "\u202e", "\xff". Tabs become spaces,
// line ends become "\n" spelled out. A text without such bytes comes back as it is.
func Visible(s string) string {
	if harmless(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteByte(' ')
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

func harmless(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == 0x7f {
			return false
		}
	}
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r >= utf8.RuneSelf && hidden(r) {
			return false
		}
	}
	return true
}

// hidden tells runes that have no ink of their own yet change what is seen: C1 controls, format characters (bidi
// overrides, zero-width joiners, tags, the byte order mark), line and paragraph separators, variation selectors,
// private use and unassigned surrogates.
func hidden(r rune) bool {
	switch {
	case r >= 0x80 && r < 0xa0:
		return true
	case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs):
		return true
	case r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r == 0x034f, r == 0x2800:
		return true
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef:
		return true
	}
	return false
}

// Unfold cuts a visible text where [Visible] spelled a line end out, for where there is room to show a program's words line by
// line. Each line is as harmless as the text was.
func Unfold(visible string) []string {
	if !strings.Contains(visible, `\n`) {
		return []string{visible}
	}
	var out []string
	for line := range strings.SplitSeq(visible, `\n`) {
		if line = strings.TrimRight(strings.TrimSuffix(line, `\r`), " "); line != "" {
			out = append(out, line)
		}
	}
	return out
}
