//go:build integration

package rig

import (
	"fmt"
	"testing"
	"time"
)

func TestPrometheus_SeesTheCandidateFailAndItsNewVersionStartAtZero(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	stable, canary := arms(t, nil)
	h := balancer(t, dir, stable, canary)
	p, err := StartPrometheus(dir, append(stable.Targets(), canary.Targets()...), h.Exporter)
	need(t, err)
	t.Cleanup(func() { p.Stop() })
	load := StartLoad(h.Front, 200, 40*time.Second)
	t.Cleanup(load.Stop)

	broken := Healthy()
	broken.Errors = 0.5
	canary.Behave(broken)
	share := `sum(rate(http_request_duration_seconds_count{app="ranker",track="%s",code=~"5.."}[5s]))
		/ sum(rate(http_request_duration_seconds_count{app="ranker",track="%[1]s"}[5s]))`
	eventually(t, 20*time.Second, above(p, fmt.Sprintf(share, "canary"), 0.3))
	eventually(t, 5*time.Second, above(p, `sum(haproxy_server_http_responses_total{proxy="be_ranker",server=~"canary-.*",code="5xx"})`, 10))
	eventually(t, 5*time.Second, above(p, `histogram_quantile(.5, sum by (le) (rate(http_request_duration_seconds_bucket{track="stable"}[5s])))`, 0.004))
	eventually(t, 5*time.Second, above(p, `sum(model_score_count{track="canary"})`, 20))

	before, err := p.Query(`min(process_start_time_seconds{track="canary"})`)
	must(t, err)
	canary.Deploy("43")
	eventually(t, 5*time.Second, above(p, `count(build_info{track="canary",version="43"})`, 1.5))
	after, err := p.Query(`min(process_start_time_seconds{track="canary"})`)
	if must(t, err); after <= before {
		t.Errorf("the new version's processes started at %.3f, those before at %.3f", after, before)
	}
}

// above asks whether the expression's value has passed the mark.
func above(p *Prometheus, expr string, mark float64) func() error {
	return func() error {
		v, err := p.Query(expr)
		if err == nil && !(v > mark) {
			err = fmt.Errorf("%s is %g, not above %g", expr, v, mark)
		}
		return err
	}
}
