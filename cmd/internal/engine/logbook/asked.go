package logbook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Asked is the part of a question that an index can answer: arms and levels, which mean the same there and here, and texts.
type Asked struct {
	Arms   []sources.Arm
	Levels []sources.Level
	Where  []sources.Condition
	Terms  []string // behind Where, as they were typed
	Here   []string // what lines have to be compared with here, as it was typed
}

// AskedOf divides a question.
func AskedOf(q frame.LogsQuery) Asked {
	a := Asked{Levels: atLeast(nil, q.Level)}
	if q.Arm != 0 {
		a.Arms = []sources.Arm{q.Arm}
	}
	for _, t := range q.Terms {
		a.term(t)
	}
	if q.Match != "" {
		a.Here = append(a.Here, q.Match)
	}
	if q.Pattern != 0 {
		a.Here = append(a.Here, "a template")
	}
	return a
}

// fieldName is what logring.ParseTerm takes for a field.
var fieldName = regexp.MustCompile(`^[A-Za-z_@][A-Za-z0-9_@.-]*$`)

// term puts one condition where it is answered.
func (a *Asked) term(t string) {
	body, not := strings.CutPrefix(t, "!")
	field, value, colon := strings.Cut(body, ":")
	var arm sources.Arm
	switch level := levelOf(strings.TrimPrefix(value, ">=")); {
	case field == "arm" && arm.UnmarshalText([]byte(value)) == nil && arm != 0:
		all := sources.Arms()
		a.Arms = both(a.Arms, without(not, all[:], []sources.Arm{arm}))
	case field == "level" && level != 0:
		these := []sources.Level{level}
		if strings.HasPrefix(value, ">=") {
			these = atLeast(nil, level)
		}
		all := sources.Levels()
		a.Levels = both(a.Levels, without(not, all[:], these))
	case field == "level" || field == "arm" || slashed(body):
		a.Here = append(a.Here, t)
	default:
		c := sources.Condition{Text: body, Not: not}
		if colon && fieldName.MatchString(field) && value != "" && value[0] != ' ' && value[0] != '/' {
			c.Field, c.Text = field, value
		} else if len(body) > 2 && body[0] == '"' && body[len(body)-1] == '"' {
			c.Text = body[1 : len(body)-1]
		}
		c.Fold = c.Text == strings.ToLower(c.Text)
		a.Where, a.Terms = append(a.Where, c), append(a.Terms, t)
	}
}

func slashed(s string) bool { return len(s) >= 2 && s[0] == '/' && s[len(s)-1] == '/' }

// without are these, or all others.
func without[T comparable](not bool, all, these []T) []T {
	if !not {
		return these
	}
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return slices.Contains(these, x) })
}

// both are the members of two sets, where none stands for all.
func both[T comparable](a, b []T) []T {
	if len(a) == 0 {
		return b
	}
	out := slices.DeleteFunc(slices.Clone(a), func(x T) bool { return !slices.Contains(b, x) })
	if len(out) == 0 {
		return a // nothing can match: which half is asked is no matter
	}
	return out
}

func atLeast(dst []sources.Level, l sources.Level) []sources.Level {
	if l == 0 {
		return dst
	}
	for _, o := range sources.Levels() {
		if o >= l {
			dst = append(dst, o)
		}
	}
	return dst
}

// levelOf is the level of a word; 0: none is called so, or it is the one of lines whose level is not known.
func levelOf(word string) sources.Level {
	for _, l := range sources.Levels() {
		if l.String() == word {
			return l
		}
	}
	return sources.LevelUnknown
}

// Refusals says what cannot be looked for in the index, in words; empty where everything can.
func (a Asked) Refusals(refused []sources.Refusal) string {
	var out []string
	for _, t := range a.Here {
		switch {
		case slashed(strings.TrimPrefix(t, "!")):
			t = "a regex"
		case t != "a template":
			t = fmt.Sprintf("%q", sources.Visible(t))
		}
		out = append(out, t+" is not pushed down")
	}
	for _, r := range refused {
		out = append(out, sources.Visible(r.Why))
	}
	return strings.Join(slices.Compact(out), ", ")
}
