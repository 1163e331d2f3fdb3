package promserver

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/util/stats"
)

// mostPoints is how many points per series a range query may ask for.
const mostPoints = 11000

// result is the data of both kinds of query.
type result struct {
	Type   string          `json:"resultType"`
	Result json.RawMessage `json:"result"`
	Stats  any             `json:"stats,omitempty"`
}

// query answers /query.
func (s *Server) query(r *http.Request) (*outcome, *trouble) {
	at, t := timeOr(r, "time", s.live.Now())
	if t != nil {
		return nil, t
	}
	ctx, opts, cancel, t := s.bounds(r)
	if t != nil {
		return nil, t
	}
	defer cancel()
	q, err := s.engine.NewInstantQuery(ctx, s.store, opts, r.FormValue("query"), at)
	if err != nil {
		return nil, invalid("query", err)
	}
	return s.exec(ctx, q, r)
}

// queryRange answers /query_range.
func (s *Server) queryRange(r *http.Request) (*outcome, *trouble) {
	start, err := timeOf(r.FormValue("start"))
	if err != nil {
		return nil, invalid("start", err)
	}
	end, err := timeOf(r.FormValue("end"))
	if err != nil {
		return nil, invalid("end", err)
	}
	if end.Before(start) {
		return nil, invalid("end", errors.New("end timestamp must not be before start time"))
	}
	step, err := spanOf(r.FormValue("step"))
	if err != nil {
		return nil, invalid("step", err)
	}
	if step <= 0 {
		return nil, invalid("step", errors.New("zero or negative query resolution step widths are not accepted. Try a positive integer"))
	}
	if end.Sub(start)/step > mostPoints {
		return nil, badData("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")
	}
	ctx, opts, cancel, t := s.bounds(r)
	if t != nil {
		return nil, t
	}
	defer cancel()
	q, err := s.engine.NewRangeQuery(ctx, s.store, opts, r.FormValue("query"), start, end, step)
	if err != nil {
		return nil, invalid("query", err)
	}
	return s.exec(ctx, q, r)
}

// bounds reads the query's own timeout and lookback.
func (s *Server) bounds(r *http.Request) (context.Context, promql.QueryOpts, context.CancelFunc, *trouble) {
	var lookback time.Duration
	if text := r.FormValue("lookback_delta"); text != "" {
		d, err := spanOf(text)
		if err != nil {
			return nil, nil, nil, badData("error parsing lookback delta duration: %w", err)
		}
		lookback = d
	}
	opts := promql.NewPrometheusQueryOpts(r.FormValue("stats") == "all", lookback)
	if text := r.FormValue("timeout"); text != "" {
		d, err := spanOf(text)
		if err != nil {
			return nil, nil, nil, invalid("timeout", err)
		}
		ctx, cancel := context.WithTimeout(r.Context(), d)
		return ctx, opts, cancel, nil
	}
	ctx, cancel := context.WithCancel(r.Context())
	return ctx, opts, cancel, nil
}

// exec runs a query and encodes its value before the engine takes the memory back.
func (s *Server) exec(ctx context.Context, q promql.Query, r *http.Request) (*outcome, *trouble) {
	defer q.Close()
	limit, t := limitOf(r)
	if t != nil {
		return nil, t
	}
	res := q.Exec(ctx)
	if res.Err != nil {
		return nil, failed(res.Err)
	}
	notes := res.Warnings
	value, cut := truncated(res.Value, limit)
	if cut {
		notes = notes.Add(errors.New("results truncated due to limit"))
	}
	data := result{Type: string(value.Type()), Result: encode(value)}
	if r.FormValue("stats") != "" {
		data.Stats = stats.NewQueryStats(q.Stats()).Builtin()
	}
	return &outcome{data: data, notes: notes, query: r.FormValue("query")}, nil
}

// truncated keeps the first series of a vector or matrix only.
func truncated(v parser.Value, limit int) (parser.Value, bool) {
	switch v := v.(type) {
	case promql.Vector:
		if limit > 0 && len(v) > limit {
			return v[:limit], true
		}
	case promql.Matrix:
		if limit > 0 && len(v) > limit {
			return v[:limit], true
		}
	}
	return v, false
}
