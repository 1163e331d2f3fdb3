package envoy

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rampart/sources"
)

const percent = sources.Whole / 100

// fake is the admin interface of an Envoy with one route, as 1.40 answers.
type fake struct {
	*httptest.Server

	mu       sync.Mutex
	file     [2]int // legacy, candidate
	layers   []string
	values   map[string]map[string]string // by layer and key
	requests [2]int64
	healthy  [2]int64
	started  time.Time
	denied   bool
	odd      http.HandlerFunc // answers writes instead, after they were done
	writes   []string
	owed     float64
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{
		file: [2]int{95, 5}, layers: []string{"base", "admin", "rtds"}, values: map[string]map[string]string{}, healthy: [2]int64{3, 1},
		started: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /config_dump", f.locked(f.dump))
	mux.HandleFunc("GET /runtime", f.locked(f.runtime))
	mux.HandleFunc("GET /stats", f.locked(f.stats))
	mux.HandleFunc("POST /runtime_modify", f.locked(f.modify))
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

// written is what was asked to be written, in its order. A client may hear that its connection ended before the handler has.
func (f *fake) written() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.writes)
}

func (f *fake) locked(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		h(w, r)
	}
}

func (f *fake) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

func (f *fake) dump(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.FormValue("mask") == "last_updated":
		fmt.Fprintf(w, `{"configs":[{"@type":"BootstrapConfigDump","last_updated":%q}]}`, f.started.Format(time.RFC3339Nano))
	case r.FormValue("resource") == "static_route_configs":
		fmt.Fprintf(w, `{"configs":[{"route_config":{"virtual_hosts":[{"routes":[{"route":{"cluster":"other"}},{"route":{"weighted_clusters":
{"clusters":[{"name":"stable","weight":%d},{"name":"canary","weight":%d}],"runtime_key_prefix":"routing.ranker"}}}]}]}}]}`, f.file[0], f.file[1])
	default:
		fmt.Fprint(w, "{}")
	}
}

func key(i int) string { return "routing.ranker." + [...]string{"stable", "canary"}[i] }

// final is what the routes use.
func (f *fake) final(i int) (value string, layers []string) {
	for _, l := range f.layers {
		v := f.values[l][key(i)]
		layers = append(layers, v)
		if v != "" {
			value = v
		}
	}
	return value, layers
}

func (f *fake) weight(i int) int {
	if v, _ := f.final(i); v != "" {
		n, _ := strconv.Atoi(v)
		return n
	}
	return f.file[i]
}

func (f *fake) runtime(w http.ResponseWriter, _ *http.Request) {
	entries := map[string]any{}
	for i := range 2 {
		if v, layers := f.final(i); v != "" {
			entries[key(i)] = map[string]any{"final_value": v, "layer_values": layers}
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"entries": entries, "layers": f.layers})
}

func (f *fake) stats(w http.ResponseWriter, _ *http.Request) {
	var rows []string
	for i, c := range []string{"stable", "canary"} {
		for name, v := range map[string]int64{"membership_healthy": f.healthy[i], "membership_total": 3, "upstream_rq_total": f.requests[i]} {
			rows = append(rows, fmt.Sprintf(`{"name":"cluster.%s.%s","value":%d}`, c, name, v))
		}
	}
	fmt.Fprintf(w, `{"stats":[%s]}`, strings.Join(rows, ","))
}

func (f *fake) modify(w http.ResponseWriter, r *http.Request) {
	f.writes = append(f.writes, r.URL.RawQuery)
	if f.denied {
		http.Error(w, "not allowed", http.StatusForbidden)
		return
	}
	for k, v := range r.URL.Query() {
		f.set("admin", k, v[0])
	}
	if f.odd != nil {
		f.odd(w, r)
		return
	}
	fmt.Fprintln(w, "OK")
}

func (f *fake) set(layer, k, v string) {
	if f.values[layer] == nil {
		f.values[layer] = map[string]string{}
	}
	f.values[layer][k] = v
}

// meddle sets the share as somebody else would.
func (f *fake) meddle(s sources.Share) {
	f.change(func() {
		f.set("admin", key(0), fmt.Sprint(uint32(sources.Whole-s)))
		f.set("admin", key(1), fmt.Sprint(uint32(s)))
	})
}

func (f *fake) restart() {
	f.change(func() {
		f.values, f.requests, f.started = map[string]map[string]string{}, [2]int64{}, f.started.Add(time.Hour)
	})
}

func (f *fake) route(n int) {
	f.change(func() {
		for range n {
			arm := 0
			if f.owed += float64(f.weight(1)) / float64(f.weight(0)+f.weight(1)); f.owed >= 1 {
				f.owed, arm = f.owed-1, 1
			}
			f.requests[arm]++
		}
	})
}

func opened(t *testing.T, members ...*fake) *Plane {
	t.Helper()
	c := Config{Prefix: "routing.ranker", Clusters: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}}
	for _, f := range members {
		c.Admins = append(c.Admins, f.URL)
	}
	p, err := New(c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
