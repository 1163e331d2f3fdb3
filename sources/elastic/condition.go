package elastic

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rampart/sources"
)

// field is the field of which a condition speaks.
func (s *Source) field(c sources.Condition) string { return cmp.Or(c.Field, s.cfg.Fields.Message) }

// clause is a condition as an index may look for it, or why it cannot.
func (s *Source) clause(ctx context.Context, c sources.Condition, types *mapping) (clause any, why string) {
	name := s.field(c)
	kinds := types.types[name]
	if why := types.shutOut(name); why != "" {
		return nil, why
	}
	var ways []any
	for _, kind := range kinds {
		part, exact, no := holdsAs(kind, name, c)
		switch {
		case no != "":
			return nil, no
		case c.Not && !exact:
			return nil, name + " is known by its words: what does not hold a text cannot be looked for"
		case !exact && !s.cuts(ctx, types, name):
			return nil, name + " is kept there in words, but not as they are written"
		}
		ways = append(ways, part...)
	}
	if !c.Not {
		return either(ways), ""
	}
	return dsl{"bool": dsl{"must_not": []any{either(ways[:1])}}}, ""
}

// shownText bounds what is said of a text, in bytes; longestRun what is looked for of a run: a longer one may be cut.
const (
	shownText  = 40
	longestRun = 100
)

// number is what a field of numbers may be compared with.
var number = regexp.MustCompile(`^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$`)

// shutOut says why no condition on a field can be looked for; empty where one can.
func (m *mapping) shutOut(name string) string {
	kinds := m.types[name]
	for i := strings.LastIndexByte(name, '.'); i > 0; i = strings.LastIndexByte(name[:i], '.') {
		if m.is(name[:i], "nested") {
			return name + " is nested there: its objects are lines of their own"
		}
	}
	words := slices.ContainsFunc(kinds, wordy)
	switch {
	case len(kinds) == 0:
		return "the index has no field " + name
	case m.shut[name]:
		return name + " is kept there, but not indexed"
	case words && slices.ContainsFunc(kinds, func(k string) bool { return !wordy(k) }):
		return name + " is of the types " + strings.Join(kinds, " and ") + " there"
	}
	return ""
}

// wordy tells the types whose values are looked for by their letters; a shard of another type fails when it is asked so.
func wordy(kind string) bool {
	switch kind {
	case "keyword", "wildcard", "constant_keyword", "text", "match_only_text":
		return true
	}
	return false
}

// holdsAs is a condition on a field of one type, and whether it finds nothing else. The first clause is the condition
// itself; others bring lines that only the caller can decide.
func holdsAs(kind, name string, c sources.Condition) (clauses []any, exact bool, why string) {
	switch kind {
	case "keyword", "wildcard":
		return []any{wildcard(name, "*"+escaped(c.Text)+"*", c.Fold), dsl{"term": dsl{"_ignored": name}}}, true, ""
	case "constant_keyword":
		return []any{wildcard(name, "*"+escaped(c.Text)+"*", c.Fold)}, true, ""
	case "text", "match_only_text":
		var words []any
		for _, run := range runs(c.Text) {
			words = append(words, wildcard(name, "*"+run+"*", true))
		}
		if len(words) == 0 {
			return nil, false, fmt.Sprintf("%q holds no letter or digit that an index knows", sources.Visible(short(c.Text, shownText)))
		}
		return []any{all(words...)}, false, ""
	case "boolean":
		if c.Text != "true" && c.Text != "false" {
			return nil, false, name + " is true or false"
		}
		return []any{dsl{"term": dsl{name: c.Text}}}, true, ""
	case "long", "integer", "short", "byte", "unsigned_long", "double", "float", "half_float", "scaled_float":
		if !number.MatchString(c.Text) {
			return nil, false, name + " is a number"
		}
		return []any{dsl{"term": dsl{name: c.Text}}}, true, ""
	}
	return nil, false, name + " is of type " + kind + " there"
}

func wildcard(name, value string, fold bool) any {
	w := dsl{"value": value}
	if fold {
		w["case_insensitive"] = true
	}
	return dsl{"wildcard": dsl{name: w}}
}

var wildcardEscapes = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`)

func escaped(text string) string { return wildcardEscapes.Replace(text) }

// runs are the stretches of ASCII letters and digits of a text, but for those so long that an analyser may cut them. Next
// to any other letter a run ends where an analyser may not, which is no matter: it is still a part of a word.
func runs(text string) []string {
	found := strings.FieldsFunc(text, func(r rune) bool {
		return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	found = slices.DeleteFunc(found, func(run string) bool { return len(run) > longestRun })
	for i, run := range found {
		found[i] = strings.ToLower(run)
	}
	return found
}
