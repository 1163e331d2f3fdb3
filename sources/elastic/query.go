package elastic

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"rampart/sources"
)

// dsl is a part of a query.
type dsl = map[string]any

// asked is a query with the mapping it is written for.
type asked struct {
	s     *Source
	m     *mapping
	q     sources.LogQuery
	base  []any       // what every line must match, time apart
	whole any         // what is shown whole; nil: everything
	alone bool        // the rest is not shown at all
	only  sources.Arm // the one that was asked for; 0: both
}

// ask turns a query into filters.
func (s *Source) ask(q sources.LogQuery, m *mapping) asked {
	a := asked{s: s, m: m, q: q}
	for _, k := range slices.Sorted(maps.Keys(s.cfg.Select)) {
		a.base = append(a.base, equals(m.names(k), s.cfg.Select[k]))
	}
	if s.cfg.Query != "" {
		a.base = append(a.base, queryString(s.cfg.Query, s.cfg.Fields.Message))
	}
	var arms []any
	for _, arm := range a.arms() {
		arms = append(arms, a.arm(arm))
	}
	if asked := a.arms(); len(asked) == 1 {
		a.only = asked[0]
	}
	a.base = append(a.base, either(arms))
	if len(q.Levels) > 0 {
		a.base = append(a.base, a.levels(q.Levels))
	}
	if strings.TrimSpace(q.Match) != "" {
		a.base = append(a.base, match(q.Match, s.cfg.Fields.Message))
	}
	switch whole := a.levels(s.cfg.Show.Whole); {
	case q.All || s.cfg.Show.All:
	case s.cfg.Show.Rest < 0:
		a.base, a.alone = append(a.base, whole), true
	default:
		a.whole = whole
	}
	return a
}

// arms are the asked arms, each once, in their order.
func (a asked) arms() []sources.Arm {
	var out []sources.Arm
	for _, arm := range sources.Arms() {
		if len(a.q.Arms) == 0 || slices.Contains(a.q.Arms, arm) {
			out = append(out, arm)
		}
	}
	return out
}

func (a asked) arm(arm sources.Arm) any {
	return equals(a.m.names(a.s.cfg.Arm.Field), a.s.cfg.Arm.Value.Of(arm))
}

// equals compares a whole value; * stands for any characters.
func equals(names []string, value string) any {
	var out []any
	for _, name := range names {
		if strings.Contains(value, "*") {
			out = append(out, dsl{"wildcard": dsl{name: dsl{"value": value}}})
		} else {
			out = append(out, dsl{"term": dsl{name: value}})
		}
	}
	return either(out)
}

func either(clauses []any) any {
	if len(clauses) == 1 {
		return clauses[0]
	}
	return dsl{"bool": dsl{"should": clauses, "minimum_should_match": 1}}
}

// levels picks lines of the levels in every spelling that loggers use.
func (a asked) levels(levels []sources.Level) any {
	var clauses []any
	for _, l := range levels {
		if l != sources.LevelUnknown {
			clauses = append(clauses, a.level(l)...)
			continue
		}
		var known []any
		for _, k := range sources.Levels() {
			known = append(known, a.level(k)...)
		}
		clauses = append(clauses, dsl{"bool": dsl{"must_not": known}})
	}
	if len(clauses) == 0 {
		return dsl{"match_none": dsl{}}
	}
	return either(clauses)
}

// level picks one level. Where the field is a number in one index and a word in another, each value is matched leniently:
// a plain term would fail the shards of the other type.
func (a asked) level(l sources.Level) []any {
	if l == sources.LevelUnknown {
		return nil
	}
	var out []any
	for _, name := range a.m.names(a.s.cfg.Fields.Level) {
		numbers, words := a.m.numeric(name)
		switch {
		case numbers && words:
			for _, v := range append(a.s.words.spelled(l), numbered(l)...) {
				out = append(out, dsl{"match": dsl{name: dsl{"query": v, "lenient": true}}})
			}
		case numbers:
			out = append(out, dsl{"terms": dsl{name: numbered(l)}})
		default:
			out = append(out, dsl{"terms": dsl{name: a.s.words.spelled(l)}})
		}
	}
	return out
}

// language tells a query of Lucene's language from plain words: a field and its value, an operator in capitals, or a
// regular expression between slashes.
var language = regexp.MustCompile(`(^|[\s(+\-!])[A-Za-z_@][\w.@\-]*:\S|(^|\s)(AND|OR|NOT)\s|^/.+/$`)

// match is what a person typed. Plain words must all be there; simple_query_string forgives every other mistake.
func match(text, field string) any {
	if language.MatchString(text) {
		return queryString(text, field)
	}
	return dsl{"simple_query_string": dsl{"query": text, "fields": []string{field}, "default_operator": "and", "lenient": true}}
}

func queryString(text, field string) any {
	return dsl{"query_string": dsl{"query": text, "default_field": field, "default_operator": "and", "lenient": true}}
}

// between picks a span of time, in milliseconds since 1970.
func (a asked) between(from, to int64) any {
	r := dsl{"gte": from}
	if to < forever {
		r["lt"] = to
	}
	if name := a.s.cfg.Fields.Time; a.m == nil || a.m.is(name, "date", "date_nanos") || !a.m.has(name) {
		r["format"] = "epoch_millis"
	}
	return dsl{"range": dsl{a.s.cfg.Fields.Time: r}}
}

// forever stands for no upper end.
const forever = int64(1) << 60

// order sorts by time; where a field has nanoseconds in one index, milliseconds are asked of all.
func (a asked) order() any {
	o := dsl{"order": "asc"}
	if a.m.is(a.s.cfg.Fields.Time, "date_nanos") {
		o["numeric_type"] = "date"
	}
	return dsl{a.s.cfg.Fields.Time: o}
}

// drawn picks the lines shown whole and one in every of the rest. The draw depends on a line's place in its shard alone:
// asked again it is the same, and a coarser one lies within a finer one.
func (a asked) drawn(every int) any {
	draw := dsl{"function_score": dsl{
		"query": dsl{"match_all": dsl{}}, "random_score": dsl{"seed": drawSeed, "field": "_seq_no"},
		"boost_mode": "replace", "min_score": 1 - 1/float64(every),
	}}
	return either([]any{a.whole, draw})
}

// drawSeed is the same everywhere: consoles side by side show the same lines.
const drawSeed = 20260105

// all joins filters.
func all(filters ...any) any { return dsl{"bool": dsl{"filter": filters}} }

// with returns the base filters and others.
func (a asked) with(more ...any) any { return all(append(slices.Clone(a.base), more...)...) }

// fingerprint names what a tail is a tail of: a cursor of another one must not go on here.
func (a asked) fingerprint() uint64 {
	c := a.s.cfg
	return identity(c.Index, fmt.Sprintf("%v %v %q %v %v %q %v %q %v", a.arms(), a.q.Levels, a.q.Match, a.whole == nil && !a.alone, c.Select, c.Query, c.Arm, c.Fields.Time, c.Show.Whole))
}
