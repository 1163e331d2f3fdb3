package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rampart/sources"
)

// mostBuckets is how many buckets a cluster makes for one request (search.max_buckets), with room for arms and levels.
const mostBuckets = 65_536 / 16

// Counts aggregates the window's lines per arm and level in one request. Steps begin at multiples of step since 1970.
func (s *Source) Counts(ctx context.Context, q sources.LogQuery, step time.Duration) (sources.LogCounts, error) {
	m, err := s.fields(ctx)
	if err != nil {
		return sources.LogCounts{}, err
	}
	q.All = true
	a := s.ask(q, m)
	w := q.Window
	switch {
	case step < time.Millisecond:
		return sources.LogCounts{}, s.fault("count lines", &sources.Error{Kind: sources.ErrInvalid, Cause: fmt.Errorf("step %v: want a millisecond or more", step)})
	case !w.From.Before(w.To):
		return sources.LogCounts{}, s.fault("count lines", &sources.Error{Kind: sources.ErrInvalid, Cause: errors.New("the window is empty")})
	case w.Length()/step > mostBuckets:
		return sources.LogCounts{}, s.fault("count lines", &sources.Error{Kind: sources.ErrInvalid, Cause: fmt.Errorf("%d steps: want at most %d", w.Length()/step, mostBuckets)})
	}
	body := a.counting(step)
	out := sources.LogCounts{Step: step, Query: fmt.Sprintf("POST /%s/_search %s", s.cfg.Index, compact(body))}
	res, err := s.together(ctx, "count lines", m, body, 0, noHits)
	switch {
	case err != nil:
		return out, err
	case res.Shards.Total == 0:
		return out, s.noIndex()
	}
	out.Notes = res.notes()
	if out.Buckets, err = a.readCounts(res.Aggs); err != nil {
		return out, s.fault("count lines", err)
	}
	if err := res.partial(); err != nil {
		return out, s.fault("count lines", err)
	}
	return out, nil
}

// counting asks for lines per step, arm and level. A level field that cannot be aggregated is counted by filters.
func (a asked) counting(step time.Duration) dsl {
	arms := dsl{}
	for _, arm := range a.arms() {
		arms[arm.String()] = a.arm(arm)
	}
	level := a.m.counted(a.s.cfg.Fields.Level)
	by := dsl{"terms": dsl{"field": level, "size": 64}}
	if level == "" {
		named := dsl{}
		for _, l := range sources.Levels() {
			if l != sources.LevelUnknown {
				named[l.String()] = a.levels([]sources.Level{l})
			}
		}
		by = filters(named)
	}
	w := a.q.Window
	return dsl{
		"size": 0, "track_total_hits": false, "query": a.with(a.between(w.From.UnixMilli(), w.To.UnixMilli())),
		"aggs": dsl{"at": dsl{
			"date_histogram": dsl{"field": a.s.cfg.Fields.Time, "fixed_interval": fmt.Sprintf("%dms", step.Milliseconds()), "min_doc_count": 1},
			"aggs":           dsl{"arm": dsl{"filters": dsl{"filters": arms}, "aggs": dsl{"level": by}}},
		}},
	}
}

// counted is the answer to counting.
type counted struct {
	At struct {
		Buckets []struct {
			Key int64 `json:"key"`
			Arm struct {
				Buckets map[string]leveled `json:"buckets"`
			} `json:"arm"`
		} `json:"buckets"`
	} `json:"at"`
}

// leveled is one arm's lines in one step.
type leveled struct {
	Count int64 `json:"doc_count"`
	Level struct {
		Buckets json.RawMessage `json:"buckets"`
	} `json:"level"`
}

// readCounts reads the buckets, each arm's and level's that has lines.
func (a asked) readCounts(raw json.RawMessage) ([]sources.LogBucket, error) {
	var said counted
	if len(raw) == 0 {
		return nil, fmt.Errorf("%w: it has no aggregations", errNotJSON)
	}
	if err := json.Unmarshal(raw, &said); err != nil {
		return nil, jsonFault(err)
	}
	var out []sources.LogBucket
	for _, step := range said.At.Buckets {
		for _, arm := range a.arms() {
			counts, err := a.s.words.levels(step.Arm.Buckets[arm.String()])
			if err != nil {
				return nil, err
			}
			for _, l := range sources.Levels() {
				if counts[l] > 0 {
					out = append(out, sources.LogBucket{At: time.UnixMilli(step.Key).UTC(), Arm: arm, Level: l, Lines: counts[l]})
				}
			}
		}
	}
	return out, nil
}

// levels counts an arm's lines; what terms or filters left over is of unknown level.
func (w words) levels(of leveled) (map[sources.Level]int64, error) {
	counts, err := w.counts(of.Level.Buckets)
	known := int64(0)
	for _, n := range counts {
		known += n
	}
	counts[sources.LevelUnknown] += max(0, of.Count-known)
	return counts, err
}

// counts reads the buckets of levels, whether terms made a list of them or filters gave them names.
func (w words) counts(raw json.RawMessage) (map[sources.Level]int64, error) {
	out := map[sources.Level]int64{}
	if len(raw) == 0 {
		return out, nil
	}
	if raw[0] == '{' {
		var named map[string]struct {
			Count int64 `json:"doc_count"`
		}
		err := json.Unmarshal(raw, &named)
		for word, b := range named {
			out[w.parse(word)] += b.Count
		}
		return out, jsonFault(err)
	}
	var list []struct {
		Key   json.RawMessage `json:"key"`
		Count int64           `json:"doc_count"`
	}
	err := json.Unmarshal(raw, &list)
	for _, b := range list {
		word, _ := text(b.Key, 64)
		out[w.parse(word)] += b.Count
	}
	return out, jsonFault(err)
}
