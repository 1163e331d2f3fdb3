// Package preset knows what well-known systems export to Prometheus, so that nobody has to write it down. It asks nothing.
package preset

import (
	"slices"
	"time"

	"rampart/sources"
)

// Preset is what a well-known system exports, ready to be compared.
type Preset struct {
	Name string
	// Select are labels that the system's series need beside the service's own, or each request is counted twice.
	Select   []sources.Matcher
	Measures []Measure
}

// Measure is one measure of a preset: a counter with its bad series, or a histogram with an edge.
type Measure struct {
	Name      string
	Counter   string
	Bad       string // matchers as in PromQL
	Histogram string
	Above     time.Duration // an edge that the system's default buckets have
	Scale     float64       // factor of the histogram's unit to seconds; 0 is 1
}

// All are the known systems in the order in which they are told.
//
// The names are those that the systems export by default: the Prometheus client libraries' custom for http; Istio's
// standard metrics, which both sidecars report, hence the reporter; Envoy's cluster statistics with its
// tag-extracted names; HAProxy's own exporter, which has no latency histogram; ingress-nginx's controller metrics;
// OpenTelemetry's HTTP semantic conventions through the Prometheus exporter. Istio and Envoy measure milliseconds.
func All() []Preset {
	return []Preset{
		{Name: "http", Measures: []Measure{
			{Name: "errors", Counter: "http_request_duration_seconds_count", Bad: `code=~"5.."`},
			{Name: "slow", Histogram: "http_request_duration_seconds", Above: 250 * time.Millisecond},
		}},
		{Name: "istio", Select: []sources.Matcher{{Label: "reporter", Op: "=", Value: "destination"}}, Measures: []Measure{
			{Name: "errors", Counter: "istio_requests_total", Bad: `response_code=~"5.."`},
			{Name: "slow", Histogram: "istio_request_duration_milliseconds", Above: 250 * time.Millisecond, Scale: 0.001},
		}},
		{Name: "envoy", Measures: []Measure{
			{Name: "errors", Counter: "envoy_cluster_upstream_rq_xx", Bad: `envoy_response_code_class="5"`},
			{Name: "slow", Histogram: "envoy_cluster_upstream_rq_time", Above: 250 * time.Millisecond, Scale: 0.001},
		}},
		{Name: "haproxy", Measures: []Measure{
			{Name: "errors", Counter: "haproxy_server_http_responses_total", Bad: `code="5xx"`},
		}},
		{Name: "nginx-ingress", Measures: []Measure{
			{Name: "errors", Counter: "nginx_ingress_controller_requests", Bad: `status=~"5.."`},
			{Name: "slow", Histogram: "nginx_ingress_controller_request_duration_seconds", Above: 250 * time.Millisecond},
		}},
		{Name: "otel-http", Measures: []Measure{
			{Name: "errors", Counter: "http_server_request_duration_seconds_count", Bad: `http_response_status_code=~"5.."`},
			{Name: "slow", Histogram: "http_server_request_duration_seconds", Above: 250 * time.Millisecond},
		}},
	}
}

// Of finds a preset by its name.
func Of(name string) (Preset, bool) {
	all := All()
	i := slices.IndexFunc(all, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return all[i], true
}
