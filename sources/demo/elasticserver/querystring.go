package elasticserver

import (
	"strings"
	"unicode"
)

// simpleQueryString answers the forgiving syntax: words, "phrases", prefix*, +, |, - and parentheses. Words are joined by OR unless told otherwise.
func (c *compiler) simpleQueryString(q map[string]any) (match, *trouble) {
	p := &stringParser{c: c, fields: c.fields(q), and: strings.EqualFold(textOf(q["default_operator"]), "and"), simple: true}
	return p.parse(textOf(q["query"]))
}

// queryString answers the Lucene syntax as far as people type it: field:value, AND, OR, NOT, phrases, wildcards, parentheses, field:>=number.
func (c *compiler) queryString(q map[string]any) (match, *trouble) {
	p := &stringParser{c: c, fields: c.fields(q), and: strings.EqualFold(textOf(q["default_operator"]), "and")}
	return p.parse(textOf(q["query"]))
}

// stringParser reads either syntax by recursive descent: OR binds weaker than AND, as people expect.
type stringParser struct {
	c      *compiler
	fields []string
	and    bool
	simple bool
	items  []string
	at     int
	fault  *trouble
}

func (p *stringParser) parse(text string) (match, *trouble) {
	p.items = lex(text, p.simple)
	if len(p.items) == 0 {
		return none(nil, nil)
	}
	m := p.either()
	if p.fault == nil && p.at < len(p.items) && !p.simple {
		p.fault = onShard(bad("query_shard_exception", "Failed to parse query [%s]", text))
	}
	return m, p.fault
}

func (p *stringParser) peek() string {
	if p.at < len(p.items) {
		return p.items[p.at]
	}
	return ""
}

func (p *stringParser) takes(words ...string) bool {
	for _, w := range words {
		if p.peek() == w {
			p.at++
			return true
		}
	}
	return false
}

// either reads terms joined by OR, and by nothing where OR is the default.
func (p *stringParser) either() match {
	ms := []match{p.both()}
	for p.at < len(p.items) && p.peek() != ")" {
		explicit := p.takes("OR", "|", "||")
		if !explicit && p.and {
			ms = append(ms, p.both())
			break
		}
		ms = append(ms, p.both())
	}
	return func(d *document) bool { return enough(ms, d, 1) }
}

// both reads terms joined by AND, and by nothing where AND is the default.
func (p *stringParser) both() match {
	ms := []match{p.one()}
	for p.at < len(p.items) && p.peek() != ")" && p.peek() != "OR" && p.peek() != "|" && p.peek() != "||" {
		if !p.takes("AND", "&&", "+") && !p.and && p.peek() != "NOT" && p.peek() != "-" {
			break
		}
		ms = append(ms, p.one())
	}
	return func(d *document) bool {
		for _, m := range ms {
			if !m(d) {
				return false
			}
		}
		return true
	}
}

func (p *stringParser) one() match {
	switch {
	case p.takes("NOT", "-", "!"):
		m := p.one()
		return func(d *document) bool { return !m(d) }
	case p.takes("+"):
		return p.one()
	case p.takes("("):
		m := p.either()
		if !p.takes(")") && !p.simple {
			p.fault = onShard(bad("query_shard_exception", "Failed to parse query [%s]", strings.Join(p.items, " ")))
		}
		return m
	case p.at >= len(p.items):
		return func(*document) bool { return false }
	}
	item := p.items[p.at]
	p.at++
	if field, value, ok := strings.Cut(item, ":"); ok && !p.simple && field != "" && !strings.HasPrefix(item, `"`) {
		if value == "" && p.takes("(") {
			inner := *p
			inner.fields = []string{field}
			m := inner.either()
			inner.takes(")")
			p.at, p.fault = inner.at, inner.fault
			return m
		}
		return p.leaf([]string{field}, value)
	}
	return p.leaf(p.fields, item)
}

// leaf tests fields for one word, phrase, pattern or comparison.
func (p *stringParser) leaf(fields []string, value string) match {
	var ms []match
	for _, f := range fields {
		m, t := p.test(f, value)
		if t != nil {
			if len(fields) == 1 {
				p.fault = t
			}
			continue
		}
		ms = append(ms, m)
	}
	return func(d *document) bool { return enough(ms, d, 1) }
}

func (p *stringParser) test(field, value string) (match, *trouble) {
	for _, op := range []struct{ sign, name string }{{">=", "gte"}, {"<=", "lte"}, {">", "gt"}, {"<", "lt"}} {
		if rest, ok := strings.CutPrefix(value, op.sign); ok && !p.simple {
			return p.c.between(map[string]any{field: map[string]any{op.name: rest}})
		}
	}
	if field == "_exists_" {
		return p.c.exists(map[string]any{"field": value})
	}
	if quoted := strings.TrimPrefix(value, `"`); quoted != value {
		return p.c.inOrder(field, strings.TrimSuffix(quoted, `"`), false)
	}
	if strings.ContainsAny(value, "*?") && (!p.simple || strings.HasSuffix(value, "*")) {
		if value == "*" {
			return p.c.exists(map[string]any{"field": field})
		}
		return p.c.wildcard(map[string]any{field: map[string]any{"value": value, "case_insensitive": analyzed(kind(p.c.indexes, field))}})
	}
	return p.c.words(field, strings.ReplaceAll(value, `\`, ""), false)
}

// lex cuts a query into words, phrases with their quotes and field, parentheses and operators.
func lex(text string, simple bool) []string {
	var out []string
	r := []rune(text)
	for i := 0; i < len(r); {
		switch {
		case unicode.IsSpace(r[i]):
			i++
		case r[i] == '(' || r[i] == ')' || simple && r[i] == '|' || (r[i] == '-' || r[i] == '+' || r[i] == '!'):
			out = append(out, string(r[i]))
			i++
		default:
			start, quoted := i, false
			for i < len(r) && (quoted || !unicode.IsSpace(r[i]) && r[i] != '(' && r[i] != ')' && (!simple || r[i] != '|')) {
				switch r[i] {
				case '\\':
					i++
				case '"':
					quoted = !quoted
				}
				i++
			}
			out = append(out, string(r[start:min(i, len(r))]))
		}
	}
	return out
}
