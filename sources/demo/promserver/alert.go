package promserver

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// The one rule of the demo: an arm whose error ratio over two minutes is above one percent.
const (
	alertName  = "RankerErrors"
	alertQuery = `sum by (app, track) (rate(http_request_duration_seconds_count{code=~"5.."}[2m])) / ` +
		`sum by (app, track) (rate(http_request_duration_seconds_count[2m])) > 0.01`
	alertBack = 30 * time.Minute // how far back the beginning of an alert is looked for
)

// alert is one arm for which the rule holds.
type alert struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	State       string            `json:"state"`
	ActiveAt    time.Time         `json:"activeAt"`
	Value       string            `json:"value"`
}

// firing evaluates the rule over the recent past: an alert is active since the first of the unbroken points that lead up to now.
func (s *Server) firing(ctx context.Context) ([]alert, *trouble) {
	step := time.Duration(s.scraper.interval) * time.Millisecond
	now := s.live.Now().Truncate(step)
	q, err := s.engine.NewRangeQuery(ctx, s.store, nil, alertQuery, now.Add(-alertBack), now, step)
	if err != nil {
		return nil, failed(err)
	}
	defer q.Close()
	res := q.Exec(ctx)
	if res.Err != nil {
		return nil, failed(res.Err)
	}
	m, err := res.Matrix()
	if err != nil {
		return nil, failed(err)
	}
	out := []alert{}
	for _, series := range m {
		if since, ok := unbroken(series.Floats, now, step); ok {
			ls := series.Metric.Map()
			ls["alertname"], ls["severity"] = alertName, "page"
			value := appendNumber(nil, series.Floats[len(series.Floats)-1].F)
			out = append(out, alert{
				Labels: ls, Annotations: map[string]string{"summary": "More than 1 % of the requests of " + ls["track"] + " fail."},
				State: "firing", ActiveAt: since, Value: string(value[1 : len(value)-1]),
			})
		}
	}
	return out, nil
}

// unbroken finds the first point of the run that ends now.
func unbroken(points []promql.FPoint, now time.Time, step time.Duration) (time.Time, bool) {
	last := len(points) - 1
	if last < 0 || points[last].T != now.UnixMilli() {
		return time.Time{}, false
	}
	for last > 0 && points[last].T-points[last-1].T == step.Milliseconds() {
		last--
	}
	return time.UnixMilli(points[last].T).UTC(), true
}

func (s *Server) alerts(r *http.Request) (*outcome, *trouble) {
	all, t := s.firing(r.Context())
	return &outcome{data: map[string]any{"alerts": all}}, t
}

func (s *Server) rules(r *http.Request) (*outcome, *trouble) {
	all, t := s.firing(r.Context())
	if t != nil {
		return nil, t
	}
	state := "inactive"
	if len(all) > 0 {
		state = "firing"
	}
	now := s.live.Now().UTC()
	rule := map[string]any{
		"type": "alerting", "name": alertName, "query": alertQuery, "duration": 0, "keepFiringFor": 0, "state": state, "alerts": all,
		"labels": map[string]string{"severity": "page"}, "annotations": map[string]string{}, "health": "ok", "evaluationTime": .001, "lastEvaluation": now,
	}
	return &outcome{data: map[string]any{"groups": []any{map[string]any{
		"name": "ranker", "file": "ranker.yaml", "rules": []any{rule}, "interval": float64(s.scraper.interval) / 1000, "limit": 0,
		"evaluationTime": .001, "lastEvaluation": now,
	}}}}, nil
}
