package logview

import (
	"fmt"
	"regexp"
	"strings"

	"rampart/analysis/frame"
	"rampart/analysis/logring"
)

// filter is what lines are left in, as typed and as asked.
type filter struct {
	text  string
	query frame.LogsQuery
}

// SetFilter sets the filter: words that all must hold, each a logring.Term (a substring, !not, /regexp/, level:error,
// arm:candidate, field:value). A filter that cannot be read is an error and changes nothing.
func (l *Logs) SetFilter(text string) error {
	words := terms(text)
	for _, word := range words {
		if _, err := logring.ParseTerm(word); err != nil {
			return fmt.Errorf("filter: %w", err)
		}
	}
	l.filter.text, l.filter.query.Terms = strings.TrimSpace(text), words
	return nil
}

// SetPattern leaves only the lines of one template; 0 leaves all.
func (l *Logs) SetPattern(id uint64) { l.filter.query.Pattern = id }

// Filter is the filter as it was typed.
func (l *Logs) Filter() string { return l.filter.text }

// terms splits a filter at its blanks, but for those within /a regular expression/ or "a phrase".
func terms(text string) []string {
	var out []string
	for _, word := range strings.Fields(text) {
		if n := len(out); n > 0 && unclosed(out[n-1]) {
			out[n-1] += " " + word
			continue
		}
		out = append(out, word)
	}
	return out
}

// unclosed tells an expression or a phrase whose end has not come yet.
func unclosed(word string) bool {
	word = strings.TrimPrefix(word, "!")
	for _, mark := range []string{"/", `"`} {
		if body, ok := strings.CutPrefix(word, mark); ok {
			return body == "" || !strings.HasSuffix(body, mark)
		}
	}
	return false
}

// slashed takes the slashes off a regular expression.
func slashed(s string) (string, bool) {
	if len(s) > 2 && s[0] == '/' && s[len(s)-1] == '/' {
		return s[1 : len(s)-1], true
	}
	return s, false
}

// search is what lines are looked for and lit up by.
type search struct {
	text string
	re   *regexp.Regexp
}

// SetSearch sets what Next and Prev look for and lights up: a substring, whatever its case, or a /regexp/. "" ends it.
func (l *Logs) SetSearch(text string) error {
	if text == "" {
		l.search = search{}
		return nil
	}
	pattern, ok := slashed(text)
	if !ok {
		pattern = "(?i)" + regexp.QuoteMeta(text)
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("search %q: %w", text, err)
	}
	l.search = search{text, re}
	return nil
}

// Search is the search as it was typed.
func (l *Logs) Search() string { return l.search.text }

// Next goes to the next newer line that matches the search; it tells whether there is one among the lines held.
func (l *Logs) Next() bool { return l.find(1, l.search.fits) }

// Prev goes to the next older line that matches the search.
func (l *Logs) Prev() bool { return l.find(-1, l.search.fits) }

func (s search) fits(line frame.LogLine) bool {
	return s.re != nil && s.re.MatchString(line.Message.String())
}

// hits counts the lines that match.
func (s search) hits(lines []frame.LogLine) int {
	n := 0
	for _, x := range lines {
		if s.fits(x) {
			n++
		}
	}
	return n
}
