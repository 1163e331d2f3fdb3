package elasticserver

import (
	"slices"
	"strings"
	"unicode"
)

// analyzed says whether a field type is cut into tokens; all others match as a whole.
func analyzed(kind string) bool { return kind == "text" || kind == "match_only_text" }

// tokens cuts a text at everything that is neither letter nor digit, in lower case. The standard analyzer keeps an apostrophe or a dot between letters inside a word
// ("ranker.store"); so does this.
func tokens(text string) []string {
	var out []string
	runes := []rune(strings.ToLower(text))
	start := -1
	for i, r := range runes {
		inner := (r == '.' || r == '\'') && i > 0 && i+1 < len(runes) && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i+1])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || inner {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, string(runes[start:i]))
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, string(runes[start:]))
	}
	return out
}

// phraseIn says whether the words stand next to each other in order; the last may be a prefix.
func phraseIn(all, words []string, prefix bool) bool {
	if len(words) == 0 {
		return false
	}
	for i := 0; i+len(words) <= len(all); i++ {
		ok := true
		for j, w := range words {
			if all[i+j] != w && (!prefix || j < len(words)-1 || !strings.HasPrefix(all[i+j], w)) {
				ok = false
				break
			}
		}
		if ok {
			return true
		}
	}
	return false
}

// glob matches a pattern with * and ?, a backslash taking the next character as it is. It needs no memory and time of the order of both lengths multiplied at most.
func glob(pattern, s string) bool {
	p, t := []rune(pattern), []rune(s)
	i, j, star, mark := 0, 0, -1, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
			continue
		case i < len(p) && p[i] == '?':
			i++
			j++
			continue
		case i+1 < len(p) && p[i] == '\\' && p[i+1] == t[j]:
			i += 2
			j++
			continue
		case i < len(p) && p[i] != '\\' && p[i] == t[j]:
			i++
			j++
			continue
		}
		if star < 0 {
			return false
		}
		mark++
		i, j = star+1, mark
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// match answers the full text query: any of the words, or all of them with operator and.
func (c *compiler) match(q map[string]any) (match, *trouble) {
	field, body, t := only("match", q)
	if t != nil {
		return nil, t
	}
	want, opts := option(body, "query")
	and := strings.EqualFold(textOf(opts["operator"]), "and")
	m, t := c.words(field, want, and)
	if lenient, _ := opts["lenient"].(bool); lenient && t != nil {
		return none(nil, nil) // a word that is no number matches no number
	}
	return m, t
}

// words tests a field for the words of a text; a field that is not analyzed is compared as a whole.
func (c *compiler) words(field string, want any, and bool) (match, *trouble) {
	if !analyzed(kind(c.indexes, field)) {
		test, t := c.equal(field, want, false)
		if t != nil {
			return nil, t
		}
		return anyOf(field, test), nil
	}
	words := tokens(textOf(want))
	return anyOf(field, func(v any) bool {
		got := tokens(textOf(v))
		has := func(w string) bool { return slices.Contains(got, w) }
		if and {
			return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !has(w) })
		}
		return slices.ContainsFunc(words, has)
	}), nil
}

func (c *compiler) phrase(q map[string]any) (match, *trouble) {
	field, body, t := only("match_phrase", q)
	if t != nil {
		return nil, t
	}
	want, _ := option(body, "query")
	return c.inOrder(field, textOf(want), false)
}

func (c *compiler) phrasePrefix(q map[string]any) (match, *trouble) {
	field, body, t := only("match_phrase_prefix", q)
	if t != nil {
		return nil, t
	}
	want, _ := option(body, "query")
	return c.inOrder(field, textOf(want), true)
}

func (c *compiler) inOrder(field, text string, prefix bool) (match, *trouble) {
	if !analyzed(kind(c.indexes, field)) {
		return anyOf(field, func(v any) bool { return textOf(v) == text || prefix && strings.HasPrefix(textOf(v), text) }), nil
	}
	words := tokens(text)
	return anyOf(field, func(v any) bool { return phraseIn(tokens(textOf(v)), words, prefix) }), nil
}

func (c *compiler) multiMatch(q map[string]any) (match, *trouble) {
	fields := c.fields(q)
	var out []match
	for _, f := range fields {
		m, t := c.words(f, q["query"], strings.EqualFold(textOf(q["operator"]), "and"))
		if textOf(q["type"]) == "phrase" {
			m, t = c.inOrder(f, textOf(q["query"]), false)
		}
		if t == nil { // a number field cannot hold the words, that is no error across fields
			out = append(out, m)
		}
	}
	return func(d *document) bool { return enough(out, d, 1) }, nil
}

// fields reads the fields of a query over several; patterns are resolved, boosts ignored; without any it is every text field.
func (c *compiler) fields(q map[string]any) []string {
	list, _ := q["fields"].([]any)
	if f, ok := q["default_field"].(string); ok && len(list) == 0 {
		list = []any{f}
	}
	if len(list) == 0 {
		list = []any{"*"}
	}
	var out []string
	for _, v := range list {
		name, _, _ := strings.Cut(textOf(v), "^")
		if !strings.Contains(name, "*") {
			out = append(out, name)
			continue
		}
		for _, x := range c.indexes {
			for path, k := range x.kinds {
				if glob(name, path) && (analyzed(k) || k == "keyword") && !slices.Contains(out, path) {
					out = append(out, path)
				}
			}
		}
	}
	return out
}
