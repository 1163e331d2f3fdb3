package promserver

import (
	"hash/fnv"
	"math"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"

	"rampart/sources/demo/world"
)

// target is one pod as the scraper knows it: each has its own offset in the interval, as real targets do, so that samples never lie on a common grid.
type target struct {
	pod     *world.Pod
	offset  int64 // ms
	last    []int // IDs of the series of the last scrape
	up      ref
	took    ref
	count   ref
	scraped time.Time
	health  bool
}

// scraper reads the pods into the store.
type scraper struct {
	store    *store
	interval int64 // ms
	refs     []ref // by world.Desc.ID
	targets  map[*world.Pod]*target
	order    []*target
	number   uint64
}

func newScraper(s *store, interval time.Duration) *scraper {
	return &scraper{store: s, interval: interval.Milliseconds(), targets: map[*world.Pod]*target{}}
}

func newTarget(p *world.Pod, interval int64) *target {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.Instance))
	t := &target{pod: p, offset: int64(h.Sum32()) % interval}
	t.up.labels = series("up", p.Target)
	t.took.labels = series("scrape_duration_seconds", p.Target)
	t.count.labels = series("scrape_samples_scraped", p.Target)
	return t
}

// scrape reads each pod whose turn comes within the second that the world is about to live.
func (s *scraper) scrape(w *world.World) error {
	from := w.Now().UnixMilli()
	for _, p := range w.Pods() {
		if !p.Running() {
			continue
		}
		t := s.targets[p]
		if t == nil {
			t = newTarget(p, s.interval)
			s.targets[p] = t
			s.order = append(s.order, t)
		}
		at := from + (t.offset-from%s.interval+s.interval)%s.interval
		if at < from+1000 {
			if err := s.read(t, at); err != nil {
				return err
			}
		}
	}
	return s.store.forget(from)
}

// read takes one metrics page; series that were there before and are not now get a stale marker, so that they end at once.
func (s *scraper) read(t *target, at int64) error {
	a := s.store.appender()
	s.number++
	seen := make([]int, 0, len(t.last)+8)
	for sample := range t.pod.Scrape() {
		r := s.ref(sample.Desc)
		r.seen = s.number
		seen = append(seen, sample.Desc.ID)
		if err := put(a, r, at, sample.Value); err != nil {
			return err
		}
	}
	if n := t.pod.Native(); n != nil {
		r := s.ref(n.Desc)
		r.seen = s.number
		seen = append(seen, n.Desc.ID)
		var err error
		if r.id, err = a.AppendHistogram(r.id, r.labels, at, bars(n), nil); err != nil {
			return err
		}
	}
	for _, id := range t.last {
		if r := &s.refs[id]; r.seen != s.number {
			if err := put(a, r, at, math.Float64frombits(value.StaleNaN)); err != nil {
				return err
			}
		}
	}
	t.last, t.scraped, t.health = seen, time.UnixMilli(at).UTC(), t.pod.Up()
	up := 0.0
	if t.health {
		up = 1
	}
	for r, v := range map[*ref]float64{&t.up: up, &t.took: .004 + float64(at%7)/1000, &t.count: float64(len(seen))} {
		if err := put(a, r, at, v); err != nil {
			return err
		}
	}
	return a.Commit()
}

// bars turns a native histogram into the store's: one span of buckets, each as the difference from the one before.
func bars(n *world.Native) *histogram.Histogram {
	h := &histogram.Histogram{Schema: world.NativeSchema, ZeroThreshold: 1e-128, Count: n.Count, Sum: n.Sum}
	if len(n.Counts) == 0 {
		return h
	}
	h.PositiveSpans = []histogram.Span{{Offset: int32(n.First), Length: uint32(len(n.Counts))}}
	last := int64(0)
	for _, c := range n.Counts {
		h.PositiveBuckets = append(h.PositiveBuckets, int64(c)-last)
		last = int64(c)
	}
	return h
}

func put(a storage.Appender, r *ref, at int64, v float64) (err error) {
	r.id, err = a.Append(r.id, r.labels, at, v)
	return err
}

// ref finds what is remembered of a series, by its dense number.
func (s *scraper) ref(d *world.Desc) *ref {
	for d.ID >= len(s.refs) {
		s.refs = append(s.refs, ref{})
	}
	r := &s.refs[d.ID]
	if r.labels.IsEmpty() {
		r.labels = series(d.Name, d.Labels)
	}
	return r
}

func series(name string, ls []world.Label) labels.Labels {
	b := labels.NewScratchBuilder(len(ls) + 1)
	b.Add(model.MetricNameLabel, name)
	for _, l := range ls {
		b.Add(l.Name, l.Value)
	}
	b.Sort()
	return b.Labels()
}
