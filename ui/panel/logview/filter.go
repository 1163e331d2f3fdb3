package logview

import (
	"fmt"
	"slices"
	"strings"

	"rampart/analysis/frame"
	"rampart/analysis/logring"
	"rampart/sources"
)

// filter is what lines are left in: terms that all must hold, and at most one template.
type filter struct {
	terms   []string // as typed, oldest first
	pattern uint64   // only this template; 0: all
	text    string   // the template's words
}

func (f filter) query() frame.LogsQuery {
	return frame.LogsQuery{Terms: slices.Clone(f.terms), Pattern: f.pattern}
}

// chips are the conditions as they are shown and taken away, oldest first; the template stands before the terms.
func (f filter) chips() []string {
	var out []string
	if f.pattern != 0 {
		out = append(out, "pattern "+f.text)
	}
	for _, t := range f.terms {
		out = append(out, sources.Visible(t))
	}
	return out
}

// SetFilter sets the filter: words that all must hold, each a logring.Term (a substring, !not, /regexp/, level:error,
// arm:candidate, field:value). A filter that cannot be read is an error and changes nothing. "" leaves all lines in.
func (l *Logs) SetFilter(text string) error {
	words, err := terms(text)
	if err != nil {
		return err
	}
	l.filter = filter{terms: words}
	return nil
}

// AddFilter stacks conditions on those that are there; one that is there already is taken away.
func (l *Logs) AddFilter(text string) error {
	words, err := terms(text)
	if err != nil {
		return err
	}
	next := slices.Clone(l.filter.terms)
	for _, w := range words {
		if i := slices.Index(next, w); i >= 0 {
			next = slices.Delete(next, i, i+1)
			continue
		}
		next = append(next, w)
	}
	l.filter.terms = next
	return nil
}

// DropFilter takes the newest condition away and returns it; false when there is none.
func (l *Logs) DropFilter() (string, bool) {
	chips := l.filter.chips()
	if len(chips) == 0 {
		return "", false
	}
	if n := len(l.filter.terms); n > 0 {
		l.filter.terms = slices.Clone(l.filter.terms[:n-1])
	} else {
		l.filter.pattern, l.filter.text = 0, ""
	}
	return chips[len(chips)-1], true
}

// SetPattern leaves only the lines of one template, whose words are shown for it; 0 leaves all.
func (l *Logs) SetPattern(id uint64, words string) { l.filter.pattern, l.filter.text = id, words }

// Filter is the terms as they were typed.
func (l *Logs) Filter() string { return strings.Join(l.filter.terms, " ") }

// Filters are the terms one by one, oldest first.
func (l *Logs) Filters() []string { return slices.Clone(l.filter.terms) }

// Suggest is a condition for what is selected in an opened line; empty where nothing is.
func (l *Logs) Suggest() string {
	if l.opened == nil {
		return ""
	}
	f, ok := l.opened.field()
	value := f.Value.String()
	if !ok || value == "" || len(value) > longestChip || strings.ContainsAny(value, " {[\\") {
		return ""
	}
	return f.Name.String() + ":" + value
}

const longestChip = 80

// Query is the question whose lines are shown, without where it starts: what an export writes out, and what a search goes
// over. It is asked of the index where the lines come from there.
func (l *Logs) Query() frame.LogsQuery {
	q := l.filter.query()
	if l.Indexed() {
		q.Past = l.shown.Past
	}
	return q
}

// Indexed tells whether the lines come from the index and not from the held ones.
func (l *Logs) Indexed() bool { return l.page.Index && slices.Equal(l.shown.Terms, l.filter.terms) }

// terms reads a filter: it is split at its blanks, but for those within /a regular expression/ or "a phrase".
func terms(text string) ([]string, error) {
	var out []string
	if len(text) > longestTyped {
		return nil, fmt.Errorf("filter: %d bytes are too many, at most %d are looked for", len(text), longestTyped)
	}
	for _, word := range strings.Fields(text) {
		if n := len(out); n > 0 && unclosed(out[n-1]) {
			out[n-1] += " " + word
			continue
		}
		out = append(out, word)
	}
	for _, word := range out {
		if _, err := logring.ParseTerm(word); err != nil {
			return nil, fmt.Errorf("filter: %w", err)
		}
	}
	return out, nil
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
