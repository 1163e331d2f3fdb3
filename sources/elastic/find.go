package elastic

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

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
// run, a word that holds it; the few others that have are sorted out by the caller. Whether an index cuts text in that way
// is looked up with a line of ours: one that keeps stems only would find too little, and silence would look like proof. A
// number is looked for as a whole: an index cannot look for a part of one. Lines with a value that a keyword ignored for
// its length are brought, for the caller to look into.
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
		clause, why := s.clause(ctx, c, types)
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
	out := newMapping(nil)
	var ask []string
	for _, c := range where {
		name := s.field(c)
		if known != nil && len(known.types[name]) > 0 {
			out.indices, out.types[name], out.shut[name] = known.indices, known.types[name], known.shut[name]
		} else if !slices.Contains(ask, name) {
			ask = append(ask, name)
		}
	}
	if len(ask) == 0 {
		return out, nil
	}
	return out, s.do(ctx, "read fields", esapi.FieldCapsRequest{Index: s.index(nil), Fields: ask}, func(r io.Reader, _ *esapi.Response) error {
		var said struct {
			Indices []string                              `json:"indices"`
			Fields  map[string]map[string]json.RawMessage `json:"fields"`
		}
		if err := json.NewDecoder(io.LimitReader(r, s.cfg.Answer)).Decode(&said); err != nil {
			return jsonFault(err)
		}
		out.indices = said.Indices
		for name, kinds := range said.Fields {
			if err := out.add(name, kinds, false); err != nil {
				return err
			}
		}
		return nil
	})
}
