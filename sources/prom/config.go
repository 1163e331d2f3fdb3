package prom

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

// The values of a Config whose fields are zero.
const (
	DefaultTimeout   = 10 * time.Second
	DefaultLookback  = 5 * time.Minute
	DefaultMaxSeries = 20_000
	DefaultChunk     = 30 * time.Minute
)

// Config says where a Prometheus is and how to ask it. Its zero values are the defaults above.
type Config struct {
	URL     string                    // the base, without /api/v1
	Bearer  sources.Secret            // read again on 401
	Basic   *road.Basic               // instead of bearer
	TLS     road.Trust                //
	Headers map[string]sources.Secret // such as X-Scope-OrgID
	Proxy   string                    // the environment's when empty
	Timeout time.Duration             // of one query
	Chunk   time.Duration             // the longest span of raw samples read by one query
	Replica string                    // so that HA pairs are not counted twice
	// Lookback is how old a counter's earlier value may be to count from; a longer silence begins anew.
	Lookback time.Duration
	// MaxSeries is how many series one query may bring before it is broken off.
	MaxSeries int
}

// Validate says what is wrong with the config itself, without asking anybody.
func (c Config) Validate() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return errors.New("prometheus url: not a url") // the parser's own message would repeat credentials
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return fmt.Errorf("prometheus url %s: want http://host or https://host", sources.Visible(u.Redacted()))
	case c.Bearer != nil && (c.Basic != nil || u.User != nil), c.Basic != nil && u.User != nil:
		return errors.New("prometheus: want one of bearer, basic or credentials in the url")
	case c.Basic != nil && (c.Basic.Username == "" || c.Basic.Password == nil):
		return errors.New("prometheus basic: want username and password")
	case (c.TLS.Cert == "") != (c.TLS.Key == ""):
		return errors.New("prometheus tls: cert and key belong together")
	case c.Timeout < 0, c.Lookback < 0, c.Chunk < 0, c.MaxSeries < 0:
		return errors.New("prometheus: timeout, lookback, chunk and max_series cannot be negative")
	}
	for name := range c.Headers {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) }) {
			return fmt.Errorf("prometheus headers: %s is no header's name", sources.Visible(name))
		}
	}
	if _, err := url.Parse(c.Proxy); err != nil {
		return errors.New("prometheus proxy: not a url")
	}
	return nil
}

// filled returns the config with its defaults.
func (c Config) filled() Config {
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Lookback == 0 {
		c.Lookback = DefaultLookback
	}
	if c.Chunk == 0 {
		c.Chunk = DefaultChunk
	}
	if c.MaxSeries == 0 {
		c.MaxSeries = DefaultMaxSeries
	}
	return c
}

// literal is a secret that was written in the config itself.
type literal string

// Get returns it; there is no fresher one.
func (l literal) Get(context.Context, bool) (string, error) { return string(l), nil }

// Preset is what a well-known system exports, ready to be compared.
type Preset struct {
	Name string
	// Select are labels that the system's series need beside the service's own, or each request is counted twice.
	Select   []sources.Matcher
	Measures []PresetMeasure
}

// PresetMeasure is one measure of a preset: a counter with its bad series, or a histogram with an edge.
type PresetMeasure struct {
	Name      string
	Counter   string
	Bad       string // matchers as in PromQL
	Histogram string
	Above     time.Duration // an edge that the system's default buckets have
	Scale     float64       // factor of the histogram's unit to seconds; 0 is 1
}

// Presets are the known systems in the order in which they are told.
//
// The names are those that the systems export by default: the Prometheus client libraries' custom for http; Istio's
// standard metrics, which both sidecars report, hence the reporter; Envoy's cluster statistics with its
// tag-extracted names; HAProxy's own exporter, which has no latency histogram; ingress-nginx's controller metrics;
// OpenTelemetry's HTTP semantic conventions through the Prometheus exporter. Istio and Envoy measure milliseconds.
func Presets() []Preset {
	return []Preset{
		{Name: "http", Measures: []PresetMeasure{
			{Name: "errors", Counter: "http_request_duration_seconds_count", Bad: `code=~"5.."`},
			{Name: "slow", Histogram: "http_request_duration_seconds", Above: 250 * time.Millisecond},
		}},
		{Name: "istio", Select: []sources.Matcher{{Label: "reporter", Op: "=", Value: "destination"}}, Measures: []PresetMeasure{
			{Name: "errors", Counter: "istio_requests_total", Bad: `response_code=~"5.."`},
			{Name: "slow", Histogram: "istio_request_duration_milliseconds", Above: 250 * time.Millisecond, Scale: 0.001},
		}},
		{Name: "envoy", Measures: []PresetMeasure{
			{Name: "errors", Counter: "envoy_cluster_upstream_rq_xx", Bad: `envoy_response_code_class="5"`},
			{Name: "slow", Histogram: "envoy_cluster_upstream_rq_time", Above: 250 * time.Millisecond, Scale: 0.001},
		}},
		{Name: "haproxy", Measures: []PresetMeasure{
			{Name: "errors", Counter: "haproxy_server_http_responses_total", Bad: `code="5xx"`},
		}},
		{Name: "nginx-ingress", Measures: []PresetMeasure{
			{Name: "errors", Counter: "nginx_ingress_controller_requests", Bad: `status=~"5.."`},
			{Name: "slow", Histogram: "nginx_ingress_controller_request_duration_seconds", Above: 250 * time.Millisecond},
		}},
		{Name: "otel-http", Measures: []PresetMeasure{
			{Name: "errors", Counter: "http_server_request_duration_seconds_count", Bad: `http_response_status_code=~"5.."`},
			{Name: "slow", Histogram: "http_server_request_duration_seconds", Above: 250 * time.Millisecond},
		}},
	}
}

// PresetOf finds a preset by its name.
func PresetOf(name string) (Preset, bool) {
	all := Presets()
	i := slices.IndexFunc(all, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return all[i], true
}
