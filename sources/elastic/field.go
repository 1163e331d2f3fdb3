package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
)

// remember is how long what was learnt of the fields is believed: new indices bring new fields.
const remember = 5 * time.Minute

// mapping is what kinds of fields there are, by name and type. A nil mapping knows nothing and leaves names as they are.
type mapping struct {
	indices  []string
	types    map[string][]string // sorted
	plain    map[string]bool     // can be aggregated
	shut     map[string]bool     // cannot be searched in some index
	timeless []string            // indices in which the time is no date, beside others where it is
}

func newMapping(indices []string) *mapping {
	return &mapping{indices: indices, types: map[string][]string{}, plain: map[string]bool{}, shut: map[string]bool{}}
}

// fields returns the mapping, asking for it when it is old. A key that may not ask it is no failure: names stay as they are
// configured, and a search will say what is wrong. A cluster that does not answer is one.
func (s *Source) fields(ctx context.Context) (*mapping, error) {
	k, at := s.know(), s.cfg.Now()
	if !k.fieldsAt.IsZero() && at.Sub(k.fieldsAt) < remember {
		return k.fields, nil
	}
	names := s.fieldNames()
	said, err := s.learnTogether(ctx, strings.Join(append([]string{"fields", s.cfg.Index}, names...), " "), func(ctx context.Context) (l learnt, err error) {
		l.fields, err = s.askFields(ctx, names)
		return l, err
	})
	m := said.fields
	switch {
	case err != nil && !errors.Is(err, sources.ErrDenied) && !errors.Is(err, sources.ErrInvalid):
		return nil, err
	case err == nil && len(m.indices) == 0:
		return nil, nil // there is nothing to know yet
	}
	s.note(func(l *learnt) { l.fields, l.fieldsAt = m, at })
	return m, nil
}

// fieldNames are the fields whose types must be known.
func (s *Source) fieldNames() []string {
	f := s.cfg.Fields
	ask := []string{f.Time, f.Message}
	for _, name := range append([]string{f.Level, s.cfg.Arm.Field, f.Version, f.ID, f.Stack}, slices.Sorted(maps.Keys(s.cfg.Select))...) {
		ask = append(ask, name, name+".keyword")
	}
	return ask
}

func (s *Source) askFields(ctx context.Context, ask []string) (*mapping, error) {
	var out *mapping
	err := s.do(ctx, "read fields", esapi.FieldCapsRequest{Index: s.index(nil), Fields: ask}, func(r io.Reader, _ *esapi.Response) error {
		var said struct {
			Indices []string                              `json:"indices"`
			Fields  map[string]map[string]json.RawMessage `json:"fields"`
		}
		if err := json.NewDecoder(io.LimitReader(r, s.cfg.Answer)).Decode(&said); err != nil {
			return jsonFault(err)
		}
		out = newMapping(said.Indices)
		for name, kinds := range said.Fields {
			if err := out.add(name, kinds, name == s.cfg.Fields.Time); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// add notes the types of one field.
func (m *mapping) add(name string, kinds map[string]json.RawMessage, time bool) error {
	var odd []string
	all, dated := true, false
	for kind, raw := range kinds {
		var c struct {
			Aggregatable bool     `json:"aggregatable"`
			Searchable   *bool    `json:"searchable"`
			Indices      []string `json:"indices"`
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			return fmt.Errorf("%w: %w", errNotJSON, err)
		}
		if kind == "unmapped" {
			continue
		}
		m.types[name] = append(m.types[name], kind)
		all = all && c.Aggregatable
		m.shut[name] = m.shut[name] || c.Searchable != nil && !*c.Searchable && kind != "object" && kind != "nested"
		if kind == "date" || kind == "date_nanos" {
			dated = true
		} else {
			odd = append(odd, c.Indices...)
		}
	}
	slices.Sort(m.types[name])
	m.plain[name] = all && len(m.types[name]) > 0
	if time && dated {
		slices.Sort(odd)
		m.timeless = odd
	}
	return nil
}

// has tells whether any index knows the field; also when nothing is known.
func (m *mapping) has(name string) bool { return m == nil || len(m.types[name]) > 0 }

// is tells whether the field has that type in any index.
func (m *mapping) is(name string, kinds ...string) bool {
	return m != nil && slices.ContainsFunc(m.types[name], func(t string) bool { return slices.Contains(kinds, t) })
}

// names are the names under which whole values are compared: the field itself, or its keyword beside analysed text, or
// both where indices differ.
func (m *mapping) names(name string) []string {
	switch {
	case !m.is(name, "text", "match_only_text") || !m.has(name+".keyword"):
		return []string{name}
	case len(m.types[name]) == 1:
		return []string{name + ".keyword"}
	}
	return []string{name, name + ".keyword"}
}

// counted is the name under which the field's values can be counted; empty where that is not possible for all indices.
func (m *mapping) counted(name string) string {
	names := m.names(name)
	numbers, words := m.numeric(names[0])
	if len(names) > 1 || numbers && words || m != nil && !m.plain[names[0]] {
		return ""
	}
	return names[0]
}

// numeric tells whether a field holds numbers in some index, and words in some.
func (m *mapping) numeric(name string) (numbers, words bool) {
	if m == nil || len(m.types[name]) == 0 {
		return false, true
	}
	for _, t := range m.types[name] {
		switch t {
		case "long", "integer", "short", "byte", "unsigned_long", "double", "float", "half_float", "scaled_float":
			numbers = true
		default:
			words = true
		}
	}
	return numbers, words
}
