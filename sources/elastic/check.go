package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
)

// Report is what a check of the log source found, for `doctor`.
type Report struct {
	Health  sources.Health
	Indices []string                 // what the pattern matches, as far as the key may see it
	Newest  sources.ByArm[time.Time] // each arm's newest line; zero: none in a day
	Lines   sources.ByArm[int64]     // each arm's lines of the last hour
	Now     time.Time                // the cluster's time when it was asked
	Fields  []Field
	Advice  []sources.Note // what to change, weightiest first
}

// Field is one of the configured names and what it is there.
type Field struct {
	Use   string   // "time", "message", "level", "version", "id", "stack", "arm", "select"
	Name  string   //
	Types []string // more than one where indices differ; none when no index has it
}

// Check asks everything that a person setting up wants to know. Questions that the key may not ask are left out. Where
// shards were silent it is ErrPartial, beside what the others said.
func (s *Source) Check(ctx context.Context) (Report, error) {
	s.askWho(ctx)
	r := Report{Health: s.Health(ctx), Now: s.now()}
	if r.Health.Err != nil {
		return r, r.Health.Err
	}
	m, err := s.askFields(ctx, s.fieldNames())
	if err != nil {
		r.Advice = append(r.Advice, note(sources.NoteConfig, "the key may not read field names: names stay unchecked"))
	} else {
		s.note(func(l *learnt) { l.fields, l.fieldsAt = m, s.cfg.Now() })
		r.Indices = m.indices
		r.Fields, r.Advice = s.checkFields(m)
	}
	a := s.ask(sources.LogQuery{All: true}, m)
	if err = a.freshness(ctx, &r); err != nil && !errors.Is(err, sources.ErrPartial) {
		return r, err
	}
	r.Advice = append(a.silence(ctx, r), r.Advice...)
	return r, err
}

// uses are the configured names in the order in which a report lists them.
func (s *Source) uses() []Field {
	f := s.cfg.Fields
	out := []Field{
		{Use: "time", Name: f.Time},
		{Use: "arm", Name: s.cfg.Arm.Field},
		{Use: "message", Name: f.Message},
		{Use: "level", Name: f.Level},
		{Use: "version", Name: f.Version},
		{Use: "id", Name: f.ID},
		{Use: "stack", Name: f.Stack},
	}
	for name := range s.cfg.Select {
		out = append(out, Field{Use: "select", Name: name})
	}
	slices.SortStableFunc(out[7:], func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// checkFields says which names exist and what to do about those that do not.
func (s *Source) checkFields(m *mapping) ([]Field, []sources.Note) {
	fields := s.uses()
	var advice []sources.Note
	for i, f := range fields {
		fields[i].Types = m.types[f.Name]
		switch {
		case len(fields[i].Types) > 0:
		case f.Use == "arm":
			advice = append(advice, note(sources.NoteConfig, "no index has the field %s: set logs.arm.field to what tells the arms apart", sources.NewText(f.Name)))
		case f.Use == "select":
			advice = append(advice, note(sources.NoteConfig, "no index has the field %s: see logs.select", sources.NewText(f.Name)))
		case f.Use == "time", f.Use == "message", f.Use == "level":
			advice = append(advice, note(sources.NoteConfig, "no index has the field %s: name another in logs.fields.%s", sources.NewText(f.Name), f.Use))
		}
	}
	if !m.is(s.cfg.Fields.Time, "date", "date_nanos") && m.has(s.cfg.Fields.Time) {
		advice = append(advice, note(sources.NoteConfig, "%s is a %s, not a date: spans of time may not be found", sources.NewText(s.cfg.Fields.Time), strings.Join(m.types[s.cfg.Fields.Time], ", ")))
	}
	if len(m.timeless) > 0 {
		advice = append(advice, note(sources.NoteConfig, "%s is no date in %s: lines there are not read", sources.NewText(s.cfg.Fields.Time), sources.NewText(strings.Join(m.timeless, ", "))))
	}
	if m.has(s.cfg.Fields.Level) && m.counted(s.cfg.Fields.Level) == "" {
		advice = append(advice, note(sources.NoteConfig, "%s is %s: a keyword in all indices is counted faster", sources.NewText(s.cfg.Fields.Level), strings.Join(m.types[s.cfg.Fields.Level], " and ")))
	}
	return fields, advice
}

// freshness asks for each arm's newest line of a day and its lines of an hour.
func (a asked) freshness(ctx context.Context, r *Report) error {
	res, err := a.s.search(ctx, "check lines", a.m, a.recent(r.Now.UnixMilli()), noHits)
	if err != nil {
		return err
	}
	var said recency
	if err := json.Unmarshal(res.Aggs, &said); err != nil {
		return a.s.fault("check lines", jsonFault(err))
	}
	for _, arm := range sources.Arms() {
		b := said.Arm.Buckets[arm.String()]
		if b.Newest.Value > 0 {
			*r.Newest.Ptr(arm) = time.UnixMilli(int64(b.Newest.Value)).UTC()
		}
		*r.Lines.Ptr(arm) = b.Hour.Buckets["hour"].Count
	}
	if err := res.partial(); err != nil {
		return a.s.fault("check lines", err)
	}
	return nil
}

// recent asks for what recency holds.
func (a asked) recent(now int64) dsl {
	arms := dsl{}
	for _, arm := range sources.Arms() {
		arms[arm.String()] = a.arm(arm)
	}
	return dsl{
		"size": 0, "track_total_hits": false, "query": a.with(a.between(now-24*3600*second, forever)),
		"aggs": dsl{"arm": dsl{"filters": dsl{"filters": arms}, "aggs": dsl{
			"newest": dsl{"max": dsl{"field": a.s.cfg.Fields.Time}},
			"hour":   filters(dsl{"hour": a.between(now-3600*second, forever)}),
		}}},
	}
}

// recency is each arm's newest line of a day and its lines of an hour, as aggregations.
type recency struct {
	Arm struct {
		Buckets map[string]struct {
			Newest struct {
				Value float64 `json:"value"`
			} `json:"newest"`
			Hour struct {
				Buckets map[string]struct {
					Count int64 `json:"doc_count"`
				} `json:"buckets"`
			} `json:"hour"`
		} `json:"buckets"`
	} `json:"arm"`
}

// aheadTold is how far ahead of the cluster's clock a line may lie before it is said.
const aheadTold = 10 * time.Second

// silence says why an arm may have no lines, which come from the future, and what stands nowhere in time.
func (a asked) silence(ctx context.Context, r Report) []sources.Note {
	var out []sources.Note
	for _, arm := range sources.Arms() {
		switch at := r.Newest.Of(arm); {
		case at.IsZero():
			out = append(out, note(sources.NoteConfig, "no line of %s in a day: is %s = %s in the documents, and do logs.select and logs.query let them through?",
				arm, sources.NewText(a.s.cfg.Arm.Field), sources.NewText(a.s.cfg.Arm.Value.Of(arm))))
		case at.Sub(r.Now) > aheadTold:
			out = append(out, note(sources.NoteSkew, "the newest line of %s lies %v after the cluster's time: a clock of whoever writes it is ahead", arm, at.Sub(r.Now).Round(time.Second)))
		case r.Now.Sub(at) > 10*time.Minute:
			out = append(out, note(sources.NoteStale, "the newest line of %s is %v old", arm, r.Now.Sub(at).Round(time.Second)))
		}
	}
	if odd, err := a.countTimeless(ctx); err == nil {
		out = append(out, timeless(odd, a.s.cfg.Fields.Time)...)
	}
	return out
}

// askWho asks who we are and which version answers. Both need no privilege but may be refused by what stands in between;
// that is no failure. It is asked by Check alone, so that a console at work never asks what it does not need.
func (s *Source) askWho(ctx context.Context) {
	var me struct {
		Username string `json:"username"`
		APIKey   struct {
			ID, Name string
		} `json:"api_key"`
		Roles []string `json:"roles"`
	}
	if s.do(ctx, "ask who we are", esapi.SecurityAuthenticateRequest{}, into(&me)) == nil && me.Username != "" {
		who := me.Username
		if me.APIKey.ID != "" {
			who = fmt.Sprintf("%s by API key %s %s", who, me.APIKey.ID, me.APIKey.Name)
		}
		s.note(func(l *learnt) { l.who = sources.NewText(strings.TrimSpace(who)) })
	}
	var clusters map[string]struct {
		Version struct {
			Number string `json:"number"`
		} `json:"version"`
	}
	if s.do(ctx, "ask the version", esapi.IndicesResolveClusterRequest{Name: s.index(nil)}, into(&clusters)) == nil {
		if v := clusters["(local)"].Version.Number; v != "" {
			s.note(func(l *learnt) { l.version = sources.NewText(v) })
		}
	}
}

func into(v any) func(io.Reader, *esapi.Response) error {
	return func(r io.Reader, _ *esapi.Response) error {
		return jsonFault(json.NewDecoder(io.LimitReader(r, 1<<22)).Decode(v))
	}
}
