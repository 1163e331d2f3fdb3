package promserver

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/annotations"
)

// span reads start and end; without them it is all of time.
func span(r *http.Request) (mint, maxt int64, t *trouble) {
	start, t := timeOr(r, "start", time.UnixMilli(math.MinInt64/2))
	if t != nil {
		return 0, 0, t
	}
	end, t := timeOr(r, "end", time.UnixMilli(math.MaxInt64/2))
	return start.UnixMilli(), end.UnixMilli(), t
}

// lookup opens the store for one of the calls that read names only.
func (s *Server) lookup(r *http.Request) (q storage.Querier, sets [][]*labels.Matcher, limit int, t *trouble) {
	mint, maxt, t := span(r)
	if t != nil {
		return nil, nil, 0, t
	}
	if sets, t = s.matchersOf(r); t != nil {
		return nil, nil, 0, t
	}
	if limit, t = limitOf(r); t != nil {
		return nil, nil, 0, t
	}
	q, err := s.store.Querier(mint, maxt)
	if err != nil {
		return nil, nil, 0, failed(err)
	}
	return q, sets, limit, nil
}

// series answers /series.
func (s *Server) series(r *http.Request) (*outcome, *trouble) {
	if len(r.Form["match[]"]) == 0 {
		return nil, badData("no match[] parameter provided")
	}
	q, sets, limit, t := s.lookup(r)
	if t != nil {
		return nil, t
	}
	defer func() { _ = q.Close() }()
	found := map[uint64]labels.Labels{}
	for _, set := range sets {
		ss := q.Select(r.Context(), true, nil, set...)
		for ss.Next() {
			ls := ss.At().Labels()
			found[ls.Hash()] = ls
		}
		if err := ss.Err(); err != nil {
			return nil, failed(err)
		}
	}
	all := make([]labels.Labels, 0, len(found))
	for _, ls := range found {
		all = append(all, ls)
	}
	slices.SortFunc(all, labels.Compare)
	o := &outcome{}
	all, o.notes = cut(all, limit)
	metrics := make([]map[string]string, len(all))
	for i, ls := range all {
		metrics[i] = ls.Map()
	}
	o.data = metrics
	return o, nil
}

// cut keeps at most limit items and says so.
func cut[T any](all []T, limit int) ([]T, annotations.Annotations) {
	if limit <= 0 || len(all) <= limit {
		return all, nil
	}
	return all[:limit], annotations.New().Add(errors.New("results truncated due to limit"))
}

// labelNames answers /labels.
func (s *Server) labelNames(r *http.Request) (*outcome, *trouble) {
	return s.names(r, func(q storage.Querier, m []*labels.Matcher) ([]string, error) {
		all, _, err := q.LabelNames(r.Context(), nil, m...)
		return all, err
	})
}

// labelValues answers /label/NAME/values.
func (s *Server) labelValues(r *http.Request) (*outcome, *trouble) {
	name := r.PathValue("name")
	if strings.HasPrefix(name, "U__") {
		name = model.UnescapeName(name, model.ValueEncodingEscaping)
	}
	if !model.UTF8Validation.IsValidLabelName(name) {
		return nil, badData("invalid label name: %q", name)
	}
	return s.names(r, func(q storage.Querier, m []*labels.Matcher) ([]string, error) {
		all, _, err := q.LabelValues(r.Context(), name, nil, m...)
		return all, err
	})
}

// names joins what a reading gives for each selector.
func (s *Server) names(r *http.Request, read func(storage.Querier, []*labels.Matcher) ([]string, error)) (*outcome, *trouble) {
	q, sets, limit, t := s.lookup(r)
	if t != nil {
		return nil, t
	}
	defer func() { _ = q.Close() }()
	if len(sets) == 0 {
		sets = [][]*labels.Matcher{nil}
	}
	all := []string{}
	for _, set := range sets {
		got, err := read(q, set)
		if err != nil {
			return nil, failed(err)
		}
		all = append(all, got...)
	}
	slices.Sort(all)
	all, notes := cut(slices.Compact(all), limit)
	return &outcome{data: all, notes: notes}, nil
}
