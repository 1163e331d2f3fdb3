package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rampart/analysis"
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/prom/preset"
)

const presetFile = `version: 1
contexts: {prod: {prometheus: {url: http://p:9090}}}
services:
  ranker:
    select: {app: ranker}
    arms: {label: track, legacy: stable, candidate: canary}
    preset: %s
    guards:
      - {measure: errors, max_ratio: 1.1}
`

func withPreset(t *testing.T, name, more string) engine.Service {
	t.Helper()
	c, err := parse(t, fmt.Sprintf(presetFile, name)+more)
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.Choose(Choice{})
	if err != nil {
		t.Fatal(err)
	}
	return c.Engine(x, "ranker")
}

func TestPreset_AsksForWhatTheSystemExports(t *testing.T) {
	const app = `app="ranker"`
	const server = app + `,reporter="destination"`
	errors := func(counter, bad, of string) string { return "errors " + counter + "{" + of + "} bad " + bad }
	slow := func(histogram, edge, of string) string { return "slow " + histogram + "{" + of + "} above " + edge }
	for name, want := range map[string][]string{
		"http":          {errors("http_request_duration_seconds_count", `code=~"5.."`, app), slow("http_request_duration_seconds", "0.25", app)},
		"istio":         {errors("istio_requests_total", `response_code=~"5.."`, server), slow("istio_request_duration_milliseconds", "250", server)},
		"envoy":         {errors("envoy_cluster_upstream_rq_xx", `envoy_response_code_class="5"`, app), slow("envoy_cluster_upstream_rq_time", "250", app)},
		"haproxy":       {errors("haproxy_server_http_responses_total", `code="5xx"`, app)},
		"nginx-ingress": {errors("nginx_ingress_controller_requests", `status=~"5.."`, app), slow("nginx_ingress_controller_request_duration_seconds", "0.25", app)},
		"otel-http":     {errors("http_server_request_duration_seconds_count", `http_response_status_code=~"5.."`, app), slow("http_server_request_duration_seconds", "0.25", app)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := asked(withPreset(t, name, "")); !slices.Equal(got, want) {
				t.Errorf("asked %q\nwant  %q", got, want)
			}
		})
	}
	for _, p := range preset.All() {
		withPreset(t, p.Name, "") // one that is not in the table above still has to be readable
	}
}

// asked are the queries in words: the metric, its labels, and what is bad of it.
func asked(s engine.Service) []string {
	var out []string
	for _, m := range s.Measures {
		of := matchers(m.Query.Target.Select)
		switch m.Kind {
		case analysis.Errors:
			out = append(out, fmt.Sprintf("%s %s{%s} bad %s", m.Name, m.Query.Counter, of, matchers(m.Query.Bad)))
		case analysis.Share:
			out = append(out, fmt.Sprintf("%s %s{%s} above %g", m.Name, m.Query.Histogram, of, m.Query.Edges[0]))
		default:
			out = append(out, fmt.Sprintf("%s %v", m.Name, m.Kind))
		}
	}
	return out
}

func matchers(ms []sources.Matcher) string {
	var out []string
	for _, m := range ms {
		out = append(out, fmt.Sprintf("%s%s%q", m.Label, m.Op, m.Value))
	}
	return strings.Join(out, ",")
}

func TestPreset_TheFilesOwnMeasureWinsAndKeepsThePresetsLabelsOnItsMetrics(t *testing.T) {
	got := asked(withPreset(t, "istio", `    measures:
      slow: {histogram: istio_request_duration_milliseconds, above: 500ms, scale: 0.001}
      fallback: {counter: ranker_requests_total, bad: 'path="fallback"'}
`))
	want := []string{
		`errors istio_requests_total{app="ranker",reporter="destination"} bad response_code=~"5.."`,
		`fallback ranker_requests_total{app="ranker"} bad path="fallback"`,
		`slow istio_request_duration_milliseconds{app="ranker",reporter="destination"} above 500`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("asked %q\nwant  %q", got, want)
	}
}

func TestPreset_ALabelThatTheServiceChoseStays(t *testing.T) {
	c, err := parse(t, strings.Replace(fmt.Sprintf(presetFile, "istio"), "{app: ranker}", "{reporter: source}", 1))
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.Choose(Choice{})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range asked(c.Engine(x, "ranker")) {
		if !strings.Contains(line, `{reporter="source"}`) {
			t.Errorf("asked %s", line)
		}
	}
}

func TestPreset_GuardsNameItsMeasuresAndOnlyThose(t *testing.T) {
	s := withPreset(t, "http", "      - {measure: slow, max_ratio: 1.2, on_worse: hold}\n")
	if len(s.Guards) != 2 || s.Guards[1].Measure != "slow" {
		t.Errorf("guards = %+v", s.Guards)
	}
	for name, want := range map[string]string{
		"haproxy": `line 10: services.ranker.guards[1].measure: no measure "slow"`,
		"htpp":    `line 7: services.ranker.preset: no preset "htpp" (did you mean http?)`,
	} {
		_, err := parse(t, fmt.Sprintf(presetFile, name)+"      - {measure: slow, max_ratio: 1.2}\n")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error = %v\nwant %s", name, err, want)
		}
	}
	_, err := parse(t, fmt.Sprintf(presetFile, "http")+"      - {measure: errors, max_psi: 0.2}\n")
	if err == nil || !strings.Contains(err.Error(), "goes with histograms only") {
		t.Errorf("a guard that cannot be judged on a preset's measure: %v", err)
	}
}

func TestPreset_TheSchemaOffersEveryOne(t *testing.T) {
	b, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range preset.All() {
		if !strings.Contains(string(b), fmt.Sprintf("%q", p.Name)) {
			t.Errorf("the schema does not offer %s", p.Name)
		}
	}
}
