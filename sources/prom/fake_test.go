package prom

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rampart/sources"
)

// t0 is where the tests' windows begin: a multiple of 15 s.
var t0 = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

// sample is a scrape, in seconds after t0.
type sample struct{ at, v float64 }

// store is a Prometheus of a few raw series that understands range selectors and nothing else.
type store struct {
	series  []stored
	queries atomic.Int64
	notes   string // further members of the answer
	native  string // the series that answer when "lat" itself is asked for
}

type stored struct {
	labels  map[string]string
	samples []sample
}

// put adds a series written as name{label="value",...}.
func (s *store) put(selector string, samples ...sample) {
	name, rest, _ := strings.Cut(selector, "{")
	labels := map[string]string{"__name__": name}
	for _, m := range matcher.FindAllStringSubmatch(rest, -1) {
		labels[m[1]], _ = strconv.Unquote(m[3])
	}
	s.series = append(s.series, stored{labels, samples})
}

// every makes scrapes each step seconds from a time on, of the given values.
func every(step, from float64, values ...float64) []sample {
	out := make([]sample, len(values))
	for i, v := range values {
		out[i] = sample{from + float64(i)*step, v}
	}
	return out
}

var (
	matcher = regexp.MustCompile(`([\w.]+)(=~|!~|!=|=)("(?:[^"\\]|\\.)*")`)
	ranger  = regexp.MustCompile(`^([\w:]*)(?:\{(.*)\})?\[(\d+)(ms|s)\]$`)
)

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.queries.Add(1)
	w.Header().Set("Content-Type", "application/json")
	m := ranger.FindStringSubmatch(r.FormValue("query"))
	if m == nil {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"status":"error","errorType":"bad_data","error":"1:1: parse error: %s"}`, "not understood")
		return
	}
	span, _ := time.ParseDuration(m[3] + m[4])
	at, _ := strconv.ParseFloat(r.FormValue("time"), 64)
	to := at - float64(t0.Unix())
	var found []string
	if m[1] == "lat" && s.native != "" {
		found = append(found, s.native)
	}
	for _, se := range s.series {
		if !wantedBy(m[1], m[2], se.labels) {
			continue
		}
		var values []string
		for _, p := range se.samples {
			if p.at > to-span.Seconds() && p.at <= to {
				values = append(values, fmt.Sprintf(`[%.3f,%q]`, p.at+float64(t0.Unix()), written(p.v)))
			}
		}
		if len(values) > 0 {
			labels, _ := json.Marshal(se.labels)
			found = append(found, fmt.Sprintf(`{"metric":%s,"values":[%s]}`, labels, strings.Join(values, ",")))
		}
	}
	fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[%s]}%s}`, strings.Join(found, ","), s.notes)
}

func written(v float64) string {
	if math.IsInf(v, 1) {
		return "+Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func wantedBy(name, matchers string, labels map[string]string) bool {
	if name != "" && name != labels["__name__"] {
		return false
	}
	for _, m := range matcher.FindAllStringSubmatch(matchers, -1) {
		value, _ := strconv.Unquote(m[3])
		cs, err := compile([]sources.Matcher{{Label: m[1], Op: m[2], Value: value}})
		if err != nil || !cs.match(labels) {
			return false
		}
	}
	return true
}

func (s *store) open(t testing.TB, change ...func(*Config)) *Source {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return openURL(t, server.URL, change...)
}

func openURL(t testing.TB, url string, change ...func(*Config)) *Source {
	t.Helper()
	c := Config{URL: url, Timeout: time.Minute}
	for _, f := range change {
		f(&c)
	}
	src, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// byTrack is the target of most tests: app="ranker", arms by the label track.
func byTrack() sources.Target {
	return sources.Target{
		Select: []sources.Matcher{{Label: "app", Op: "=", Value: "ranker"}},
		Arms:   sources.ArmRule{Label: "track", Value: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}},
	}
}

func errorsQuery() sources.BlockQuery {
	return sources.BlockQuery{
		Measure: "errors", Target: byTrack(), Step: 15 * time.Second, Counter: "rq_total",
		Bad: []sources.Matcher{{Label: "code", Op: "=~", Value: "5.."}},
	}
}

func slowQuery(edges ...float64) sources.BlockQuery {
	return sources.BlockQuery{Measure: "slow", Target: byTrack(), Step: 15 * time.Second, Histogram: "lat", Edges: edges}
}

// window is a window of n blocks from t0.
func window(n int) sources.Window {
	return sources.Window{From: t0, To: t0.Add(time.Duration(n) * 15 * time.Second)}
}

// read asks for one measure and fails the test when it cannot be read.
func read(t *testing.T, s *Source, q sources.BlockQuery, w sources.Window) sources.BlockSeries {
	t.Helper()
	out := s.Blocks(t.Context(), []sources.BlockQuery{q}, w)[0]
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	return out
}

// tell writes the blocks of an arm as "requests/errors" or "[cells]", "-" where it was not scraped.
func tell(bs sources.BlockSeries, a sources.Arm) string {
	var words []string
	for _, b := range bs.Blocks {
		switch c := b.Sum(a); {
		case c == nil:
			words = append(words, "-")
		case c.Cells != nil:
			words = append(words, fmt.Sprint(c.Cells))
		default:
			words = append(words, fmt.Sprintf("%d/%d", c.Requests, c.Errors))
		}
	}
	return strings.Join(words, " ")
}

func expect(t *testing.T, bs sources.BlockSeries, legacy, candidate string) {
	t.Helper()
	if got := tell(bs, sources.Legacy); got != legacy {
		t.Errorf("legacy    = %s\nwant        %s", got, legacy)
	}
	if got := tell(bs, sources.Candidate); got != candidate {
		t.Errorf("candidate = %s\nwant        %s", got, candidate)
	}
}

func noted(notes []sources.Note, text string) bool {
	for _, n := range notes {
		if strings.Contains(n.Text.String(), text) {
			return true
		}
	}
	return false
}
