package ramp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"rampart/sources"
)

// stepForms are shown with each step that cannot be read.
const stepForms = "such as 1% for 15m, 5% until safe or 30m, 25% for 15m then approve, 50% until command: ./gate ranker, or 100%"

// ParseStep reads a step as it is written:
//
//	SHARE [for SPAN] [until|then GATE [or SPAN]] [: COMMAND]
//
// GATE is safe, approve or command; COMMAND, of that gate only, is a program with its arguments, of which those with
// spaces stand in double quotes.
func ParseStep(text string) (Step, error) {
	s, err := parseStep(text)
	if err != nil {
		return Step{}, fmt.Errorf("step %q: %w", sources.Visible(text), err)
	}
	return s, nil
}

func parseStep(text string) (s Step, err error) {
	head, command, called := strings.Cut(text, ":")
	words := &words{strings.Fields(spaced(head))}
	if s.To, err = share(words.next()); err != nil {
		return s, err
	}
	if words.take("for") {
		if s.Bake, err = span(words.next()); err != nil {
			return s, err
		}
	}
	gated := words.take("until") || words.take("then")
	if gated {
		if err := s.Until.UnmarshalText([]byte(words.next())); err != nil {
			return s, err
		}
		if s.Until == Bake {
			return s, errors.New("bake is no gate: write for how long")
		}
		if words.take("or") {
			if s.Max, err = span(words.next()); err != nil {
				return s, err
			}
		}
	}
	if rest := words.next(); rest != "" {
		return s, fmt.Errorf("%q is not understood: %s", sources.Visible(rest), stepForms)
	}
	if called != (s.Until == Command) {
		return s, errors.New("the gate command stands before a colon and its program behind it: until command: ./gate ranker")
	}
	if called {
		s.Command, err = unquoted(command)
	}
	return s, err
}

// words are read one by one.
type words struct{ left []string }

func (w *words) next() string {
	if len(w.left) == 0 {
		return ""
	}
	word := w.left[0]
	w.left = w.left[1:]
	return word
}

func (w *words) take(word string) bool {
	if len(w.left) == 0 || w.left[0] != word {
		return false
	}
	w.left = w.left[1:]
	return true
}

// spaced lets "1 %" be one word.
func spaced(s string) string {
	head, tail, found := strings.Cut(s, "%")
	if !found {
		return s
	}
	return strings.TrimRightFunc(head, unicode.IsSpace) + "% " + tail
}

func share(word string) (sources.Share, error) {
	v, ok := strings.CutSuffix(word, "%")
	f, err := strconv.ParseFloat(v, 64)
	switch {
	case !ok || err != nil:
		return 0, fmt.Errorf("it begins with a share: %s", stepForms)
	case f > 100:
		return 0, fmt.Errorf("%s is more than all of the traffic", word)
	case !(f > 0):
		return 0, fmt.Errorf("%s gives the candidate nothing: a ramp begins above 0 %%", word)
	}
	to := sources.ShareOf(f / 100)
	if to == 0 {
		return 0, fmt.Errorf("%s is less than a part per million", word)
	}
	return to, nil
}

func span(word string) (time.Duration, error) {
	d, err := time.ParseDuration(word)
	if err != nil {
		return 0, fmt.Errorf("time %q: want a number with its unit, such as 15m", sources.Visible(word))
	}
	if d <= 0 {
		return 0, fmt.Errorf("time %s: a step lasts longer than that", word)
	}
	return d, nil
}

// quoted writes a command so that unquoted reads it.
func quoted(command []string) string {
	out := make([]string, len(command))
	for i, w := range command {
		out[i] = w
		if w == "" || strings.ContainsFunc(w, func(r rune) bool { return unicode.IsSpace(r) || r == '"' || !unicode.IsPrint(r) }) {
			out[i] = strconv.Quote(w)
		}
	}
	return strings.Join(out, " ")
}

func unquoted(s string) ([]string, error) {
	var out []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimLeftFunc(s, unicode.IsSpace) {
		if s[0] == '"' {
			q, err := strconv.QuotedPrefix(s)
			if err != nil {
				return nil, errors.New("the command has a quote that does not end")
			}
			word, _ := strconv.Unquote(q)
			out, s = append(out, word), s[len(q):]
			continue
		}
		end := strings.IndexFunc(s, unicode.IsSpace)
		if end < 0 {
			end = len(s)
		}
		out, s = append(out, s[:end]), s[end:]
	}
	if len(out) == 0 || out[0] == "" {
		return nil, errors.New("no command behind the colon")
	}
	return out, nil
}
