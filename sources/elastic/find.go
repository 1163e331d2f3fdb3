package elastic

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
)

// foundAtOnce bounds the lines of one search.
const foundAtOnce = 1000

var _ sources.Finder = (*Source)(nil)

// Find searches the index for lines of the past, whole levels and samples alike.
//
// Why the pieces of a text are looked for as parts of words: an analysed message knows words, an operator types any part of
// a line. Runs of letters and digits are never divided by the standard analyser, so every line with the text has, for each
// run, a word that holds it; the few others that have are sorted out by the caller. A number is looked for as a whole: an
// index cannot look for a part of one. Values that a keyword was told to ignore for their length are not found.
func (s *Source) Find(ctx context.Context, q sources.Search) (sources.Found, error) {
	m, err := s.fields(ctx)
	if err != nil {
		return sources.Found{}, err
	}
	types, err := s.typesOf(ctx, m, q.Where)
	if err != nil {
		return sources.Found{}, err
	}
	q.All = true
	a := s.ask(q.LogQuery, m)
	var out sources.Found
	var with []any
	for i, c := range q.Where {
		clause, why := a.holds(c, types)
		if why != "" {
			out.Refused = append(out.Refused, sources.Refusal{Where: i, Why: why})
		}
		with = append(with, clause)
	}
	if len(out.Refused) > 0 {
		return out, nil
	}
	return s.find(ctx, a, q, with)
}

// find asks the search whose conditions are written.
func (s *Source) find(ctx context.Context, a asked, q sources.Search, with []any) (out sources.Found, err error) {
	size := q.Limit
	if size <= 0 || size > foundAtOnce {
		size = foundAtOnce
	}
	order := a.order()
	if !q.Oldest {
		order.(dsl)[s.cfg.Fields.Time].(dsl)["order"] = "desc" //nolint:forcetypeassert // made there
	}
	to := q.Window.To.Add(time.Millisecond - 1).UnixMilli()
	body := dsl{
		"size": size, "track_total_hits": false, "sort": []any{order},
		"query":  a.with(append(with, a.between(q.Window.From.UnixMilli(), to))...),
		"fields": []any{dsl{"field": s.cfg.Arm.Field}, dsl{"field": s.cfg.Fields.Level}},
	}
	out.Query = fmt.Sprintf("POST /%s/_search %s", s.cfg.Index, compact(body))
	res, err := s.search(ctx, "search lines", a.m, body, func(h *hit) error {
		line, _ := a.line(h)
		out.Lines = append(out.Lines, line)
		return nil
	})
	out.More, out.Notes = res.Cut || len(out.Lines) >= size, res.notes()
	return out, err
}

// typesOf learns the types of the fields that conditions name, but for those that are known.
func (s *Source) typesOf(ctx context.Context, known *mapping, where []sources.Condition) (*mapping, error) {
	out := &mapping{types: map[string][]string{}, plain: map[string]bool{}}
	var ask []string
	for _, c := range where {
		name := s.field(c)
		if known != nil && len(known.types[name]) > 0 {
			out.types[name] = known.types[name]
		} else if !slices.Contains(ask, name) {
			ask = append(ask, name)
		}
	}
	if len(ask) == 0 {
		return out, nil
	}
	return out, s.do(ctx, "read fields", esapi.FieldCapsRequest{Index: s.index(nil), Fields: ask}, func(r io.Reader, _ *esapi.Response) error {
		var said struct {
			Fields map[string]map[string]json.RawMessage `json:"fields"`
		}
		if err := json.NewDecoder(io.LimitReader(r, s.cfg.Answer)).Decode(&said); err != nil {
			return jsonFault(err)
		}
		for name, kinds := range said.Fields {
			if err := out.add(name, kinds, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// field is the field of which a condition speaks.
func (s *Source) field(c sources.Condition) string { return cmp.Or(c.Field, s.cfg.Fields.Message) }

// holds is a condition as a clause, or why it cannot be one.
func (a asked) holds(c sources.Condition, types *mapping) (clause any, why string) {
	name := a.s.field(c)
	kinds := types.types[name]
	if len(kinds) == 0 {
		return nil, "the index has no field " + name
	}
	var ways []any
	for _, kind := range kinds {
		part, exact, no := holdsAs(kind, name, c)
		switch {
		case no != "":
			return nil, no
		case c.Not && !exact:
			return nil, name + " is known by its words: what does not hold a text cannot be looked for"
		}
		ways = append(ways, part...)
	}
	clause = either(ways)
	if c.Not {
		clause = dsl{"bool": dsl{"must_not": []any{clause}}}
	}
	return clause, ""
}

// holdsAs is a condition on a field of one type, and whether it finds nothing else.
func holdsAs(kind, name string, c sources.Condition) (clauses []any, exact bool, why string) {
	switch kind {
	case "keyword", "wildcard", "constant_keyword":
		return []any{wildcard(name, "*"+escaped(c.Text)+"*", c.Fold)}, true, ""
	case "text", "match_only_text":
		var words []any
		for _, run := range runs(c.Text) {
			words = append(words, wildcard(name, "*"+run+"*", true))
		}
		if len(words) == 0 {
			return nil, false, fmt.Sprintf("%q holds no letter or digit that an index knows", sources.Visible(c.Text))
		}
		return []any{all(words...)}, false, ""
	case "boolean":
		if c.Text != "true" && c.Text != "false" {
			return nil, false, name + " is true or false"
		}
		return []any{dsl{"term": dsl{name: c.Text}}}, true, ""
	case "long", "integer", "short", "byte", "unsigned_long", "double", "float", "half_float", "scaled_float":
		if _, err := strconv.ParseFloat(c.Text, 64); err != nil {
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

// runs are the stretches of ASCII letters and digits of a text. Next to any other letter a run ends where an analyser may
// not, which is no matter: it is still a part of a word.
func runs(text string) []string {
	found := strings.FieldsFunc(text, func(r rune) bool {
		return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for i, run := range found {
		found[i] = strings.ToLower(run)
	}
	return found
}
