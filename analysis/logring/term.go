package logring

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"rampart/sources"
)

// Term is one condition on a line, as an operator writes it:
//
//	text          the message holds it, in any case unless it has capitals
//	"text"        the same, whatever it looks like
//	/regex/       the message matches (RE2)
//	field:value   the field of the document holds the value; nested fields with dots
//	level:error   level:>=warn   arm:candidate
//	!term         the condition does not hold
//
// Terms are immutable and safe for concurrent use.
type Term struct {
	source string
	not    bool
	name   string // of the document's field of which it speaks; empty: of something else
	keep   func(*Line) bool
	spans  func(dst []Span, text []byte) []Span // nil for what is not in the message
}

// Span is a stretch of a message that a term matched, from From up to To.
type Span struct{ From, To int }

// ParseTerm reads a term. The error is of kind sources.ErrInvalid and says what is wrong.
func ParseTerm(s string) (Term, error) {
	t := Term{source: s}
	body, not := strings.CutPrefix(s, "!")
	t.not = not
	if err := t.parse(body); err != nil {
		return Term{}, &sources.Error{Op: "read filter", Target: s, Kind: sources.ErrInvalid, Cause: err}
	}
	return t, nil
}

func (t *Term) parse(body string) error {
	n := len(body)
	field, value, hasColon := strings.Cut(body, ":")
	switch {
	case body == "":
		return fmt.Errorf("nothing to look for")
	case n >= 2 && body[0] == '/' && body[n-1] == '/':
		return t.regex(body[1 : n-1])
	case n > 2 && body[0] == '"' && body[n-1] == '"':
		t.substring(body[1 : n-1])
	case field == "level" && value != "":
		return t.level(value)
	case field == "arm" && value != "":
		return t.arm(value)
	case hasColon && fieldName.MatchString(field) && value != "" && value[0] != ' ' && value[0] != '/':
		t.field(field, value)
	default:
		t.substring(body)
	}
	return nil
}

var fieldName = regexp.MustCompile(`^[A-Za-z_@][A-Za-z0-9_@.-]*$`)

func (t *Term) substring(s string) {
	n := newNeedle(s)
	t.keep = func(l *Line) bool { return n.index(l.Text) >= 0 }
	t.spans = func(dst []Span, text []byte) []Span {
		for from := 0; ; {
			i := n.index(text[from:])
			if i < 0 {
				return dst
			}
			dst = append(dst, Span{from + i, from + i + len(s)})
			from += i + len(s)
		}
	}
}

func (t *Term) regex(s string) error {
	if s == "" {
		return fmt.Errorf("an empty regex finds everything")
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return err
	}
	must := []byte(required(s))
	t.keep = func(l *Line) bool { return bytes.Contains(l.Text, must) && re.Match(l.Text) }
	t.spans = func(dst []Span, text []byte) []Span {
		for _, m := range re.FindAllIndex(text, -1) {
			if m[0] < m[1] {
				dst = append(dst, Span{m[0], m[1]})
			}
		}
		return dst
	}
	return nil
}

func (t *Term) level(s string) error {
	word, least := strings.CutPrefix(s, ">=")
	for _, level := range sources.Levels() {
		if level.String() == word {
			t.keep = func(l *Line) bool { return l.Level == level || least && l.Level > level }
			return nil
		}
	}
	return fmt.Errorf("no level %q, want one of %v", word, sources.Levels())
}

func (t *Term) arm(s string) error {
	var arm sources.Arm
	if err := arm.UnmarshalText([]byte(s)); err != nil {
		return err
	}
	t.keep = func(l *Line) bool { return l.Arm == arm }
	return nil
}

func (t *Term) field(name, value string) {
	n := newNeedle(value)
	last := newKey(name[strings.LastIndexByte(name, '.')+1:])
	t.name = name
	plain := strings.IndexFunc(value, escapes) < 0
	t.keep = func(l *Line) bool {
		if plain && (n.index(l.Doc) < 0 || !mayHold(l.Doc, &last, &n)) { // cheaper than reading the document, and mostly so
			return false
		}
		v, ok := field(l.Doc, name)
		return ok && (n.index(v) >= 0 || !plain && n.index([]byte(Text(v))) >= 0)
	}
}

// escapes tells the characters that writers of JSON write as escapes: all must, or some do.
func escapes(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"\/<>&'=+`, r) }

// Lacks tells whether the condition speaks of a field that the line's document does not have by that name: another may know
// it, as an index knows aliases and what it worked out itself.
func (t Term) Lacks(l *Line) bool {
	if t.name == "" || t.not {
		return false
	}
	_, ok := field(l.Doc, t.name)
	return !ok
}

// Keep tells whether the condition holds for a line.
func (t Term) Keep(l *Line) bool { return t.keep == nil || t.keep(l) != t.not }

// Spans appends where the term matched in a message, for highlighting; nothing for a condition that is negated or about
// something else.
func (t Term) Spans(dst []Span, text []byte) []Span {
	if t.not || t.spans == nil {
		return dst
	}
	return t.spans(dst, text)
}

// String is the term as it was written, harmless for a terminal.
func (t Term) String() string { return sources.Visible(t.source) }

// All returns the conjunction of terms, for [Query.Keep]; nil for none.
func All(terms ...Term) func(*Line) bool {
	if len(terms) == 0 {
		return nil
	}
	return func(l *Line) bool {
		for i := range terms {
			if !terms[i].Keep(l) {
				return false
			}
		}
		return true
	}
}
