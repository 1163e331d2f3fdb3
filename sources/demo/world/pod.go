package world

import (
	"iter"
	"strconv"
	"time"
)

// Pod is one process of the ranking service: a scrape target and a server of the balancer.
type Pod struct {
	Name     string
	Instance string
	Track    Track
	index    int
	Target   []Label // labels that the scrape puts on each series

	model   *Model
	started time.Time
	// until is when a crashed process comes back; zero while it runs.
	until    time.Time
	restarts int
	page     []instrument
	http     map[httpKey]*histogram
	score    *histogram
	features []*histogram
	means    []*number
	built    *number // of the running version
	builds   map[string]*number
	boot     *number
	memory   *number
	served   *number
	labelled [2]*number
	loss     *number
	latency  Native
	reg      *registry
}

type httpKey struct {
	route Route
	code  int
}

// latencyEdges holds 0.25 s, the edge that the service's objective names.
func latencyEdges() []float64 {
	return []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}
}

func newPod(r *registry, service string, track Track, index, port int, features []Feature) *Pod {
	name := track.String() + "-" + strconv.Itoa(index)
	p := &Pod{Name: name, Instance: name + ":" + strconv.Itoa(port), Track: track, reg: r}
	p.http, p.builds = map[httpKey]*histogram{}, map[string]*number{}
	p.Target = []Label{
		{"app", service}, {"instance", p.Instance}, {"job", service}, {"namespace", "prod"}, {"pod", name}, {"track", track.String()},
	}
	p.boot = p.number("process_start_time_seconds")
	p.memory = p.number("process_resident_memory_bytes")
	p.served = p.number("model_predictions_total")
	p.labelled[0] = p.number("model_labels_total", Label{"outcome", "skip"})
	p.labelled[1] = p.number("model_labels_total", Label{"outcome", "click"})
	p.loss = p.number("model_label_logloss_sum")
	p.latency.Desc = r.desc("http_request_latency_seconds", p.Target)
	p.score = p.histogram("model_score", []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, 1})
	for _, f := range features {
		p.features = append(p.features, p.histogram("feature_"+f.Name, f.Edges))
		p.means = append(p.means, p.number("feature_"+f.Name+"_mean"))
	}
	return p
}

func (p *Pod) number(name string, own ...Label) *number {
	n := &number{desc: p.reg.desc(name, p.Target, own...)}
	p.page = append(p.page, n)
	return n
}

func (p *Pod) histogram(name string, edges []float64, own ...Label) *histogram {
	h := newHistogram(p.reg, name, edges, p.Target, own...)
	p.page = append(p.page, h)
	return h
}

// start boots the process: every counter begins at zero, as after any restart.
func (p *Pod) start(m *Model, at time.Time) {
	for _, i := range p.page {
		i.reset()
	}
	p.latency.reset()
	p.model, p.started, p.until = m, at, time.Time{}
	if p.built = p.builds[m.Version]; p.built == nil {
		own := []Label{{"version", m.Version}, {"model", m.Name}, {"revision", m.Revision}}
		p.built = &number{value: 1, desc: p.reg.desc("build_info", p.Target, own...)}
		p.builds[m.Version] = p.built
	}
	p.boot.value = float64(at.UnixMilli()) / 1000
	p.memory.value = 412e6
}

// Running says whether the process exists at all: a pod that was never started is no target.
func (p *Pod) Running() bool { return p.model != nil }

// Up says whether the process answers: false between a crash and the restart.
func (p *Pod) Up() bool { return p.model != nil && p.until.IsZero() }

// Started gives the start of the current process.
func (p *Pod) Started() time.Time { return p.started }

// Model gives what the pod runs; nil before its first start.
func (p *Pod) Model() *Model { return p.model }

// Restarts counts the crashes so far.
func (p *Pod) Restarts() int { return p.restarts }

// Scrape reads the pod's metrics page; it is empty while the process is down.
func (p *Pod) Scrape() iter.Seq[Sample] {
	return func(yield func(Sample) bool) {
		if !p.Up() || !p.built.emit(yield) {
			return
		}
		for _, i := range p.page {
			if !i.emit(yield) {
				return
			}
		}
	}
}

// Native gives the pod's native histogram, of the latency of all routes that users ask for; nil while the process is down.
func (p *Pod) Native() *Native {
	if !p.Up() {
		return nil
	}
	return &p.latency
}

// took counts one answer of the application under its route and code; the series appears with the first one, as the client libraries do it.
func (p *Pod) took(route Route, code int, seconds float64) {
	k := httpKey{route, code}
	h := p.http[k]
	if h == nil {
		h = p.histogram("http_request_duration_seconds", latencyEdges(), Label{"route", route.Path()}, Label{"code", strconv.Itoa(code)})
		h.lazy = true
		p.http[k] = h
	}
	h.observe(seconds)
	p.latency.observe(seconds)
}
