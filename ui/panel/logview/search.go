package logview

import (
	"fmt"
	"regexp"
	"strings"

	"rampart/analysis/frame"
	"rampart/sources"
)

// search is what lines are looked for and lit up by.
type search struct {
	text string
	re   *regexp.Regexp
	term string // as the engine looks for it
}

// SetSearch sets what Next and Prev look for and lights up: a substring, whatever its case, or a /regexp/. "" ends it.
func (l *Logs) SetSearch(text string) error {
	if text == "" {
		l.search = search{}
		return nil
	}
	pattern, isRegexp := slashed(text)
	term := text
	switch {
	case len(text) > longestTyped:
		return fmt.Errorf("search: %d bytes are too many, at most %d are looked for", len(text), longestTyped)
	case text == "//":
		return fmt.Errorf("search: an empty expression finds everything")
	case !isRegexp:
		pattern, term = "(?i)"+regexp.QuoteMeta(text), `"`+strings.ToLower(text)+`"`
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("search %q: %w", text, err)
	}
	l.search = search{text, re, term}
	return nil
}

// longestTyped bounds a search and a filter, in bytes: what is longer was pasted by mistake.
const longestTyped = 1000

// slashed takes the slashes off a regular expression.
func slashed(s string) (string, bool) {
	if len(s) > 2 && s[0] == '/' && s[len(s)-1] == '/' {
		return s[1 : len(s)-1], true
	}
	return s, false
}

// Search is the search as it was typed.
func (l *Logs) Search() string { return l.search.text }

// Next goes to the next newer line that matches the search; it tells whether there is one among the lines that the panel
// has.
func (l *Logs) Next() bool { return l.find(1, l.search.fits) }

// Prev goes to the next older line that matches the search.
func (l *Logs) Prev() bool { return l.find(-1, l.search.fits) }

// Sought is the question for a further match of the search, beyond the lines that the panel has, and the line from which
// on; false without a search.
func (l *Logs) Sought() (q frame.LogsQuery, from string, ok bool) {
	q = l.Query()
	q.Terms = append(q.Terms, l.search.term)
	return q, l.selected(), l.search.re != nil
}

// SoughtError is the question for a further error.
func (l *Logs) SoughtError() (q frame.LogsQuery, from string, ok bool) {
	q = l.Query()
	q.Level = sources.LevelError
	return q, l.selected(), true
}

func (s search) fits(line frame.LogLine) bool {
	return s.re != nil && s.re.MatchString(line.Message.String())
}
