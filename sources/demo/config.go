package demo

import (
	"fmt"
	"time"
)

// Config gives the rampart.yaml that points a console at the demo: the one a platform engineer would write for these servers, with nothing that only a demo has.
func (r *Running) Config() []byte {
	step := ""
	if r.step != 15*time.Second {
		step = ", step: " + r.step.String()
	}
	pairs := ""
	if r.pairs {
		pairs = "\n      pairs: {window: 30s, fields: [prediction.item, prediction.score], tolerance: 0.15}"
	}
	return fmt.Appendf(nil, configText, r.PrometheusURL, step, r.ElasticsearchURL, r.labels, pairs, r.HAProxySocket)
}

// shadow is the scenario in which answers are joined in pairs.
const shadow = "shadow"

const configText = `version: 1
contexts:
  demo:
    env: demo
    prometheus: {url: %q%s}
    elasticsearch: {url: %q}
services:
  ranker:
    select: {app: ranker}
    arms: {label: track, legacy: stable, candidate: canary}
    version: {metric: build_info, label: version}
    measures:
      errors: {counter: http_request_duration_seconds_count, bad: 'code=~"5.."'}
      slow: {histogram: http_request_duration_seconds, above: 250ms}
      router_errors: {from: traffic}
      score: {histogram: model_score, judge: report}
      features: {histograms: feature_.+, judge: warn}
      feature_levels: {gauges: feature_.+_mean, judge: report}
    guards:
      - {measure: errors, max_ratio: 1.1, on_worse: rollback}
      - {measure: slow, max_ratio: 1.1, on_worse: rollback}
      - {measure: errors, arm: legacy, max: 2%%, says: not_the_candidate}
      - {measure: features, max_psi: 0.2, on_worse: hold}
    logs:
      index: logs-ranker-*
      arm: {field: labels.track}
      show: {error: all, other: 200/s}
      predictions:
        score: prediction.score
        latency: event.duration
        label: outcome.click
        label_delay: %s
        checks:
          - {field: prediction.score, type: number, at_least: 0, at_most: 1, max: 1%%}%s
    traffic:
      kind: haproxy
      sockets: ['unix://%s']
      backend: be_ranker
      servers: {legacy: [stable-*], candidate: [canary-*]}
    alpha: 0.05
    strata: [route]
    on_no_data: hold
    on_timeout: hold
    plan:
      steps: [1%% for 10m, 10%% until safe or 2h, 25%% for 15m then approve, 50%% for 15m, 100%%]
`
