package elastic_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/sourcetest"
)

// kin are services that read one cluster together, told apart by service.name.
type kin struct {
	*cluster
	of []*elastic.Source
}

func newKin(t testing.TB, c *cluster, n int, change func(i int, cfg *elastic.Config)) *kin {
	t.Helper()
	return join(t, c, elastic.NewHastyCluster(), n, change)
}

// join has services read one cluster as shared has them do it.
func join(t testing.TB, c *cluster, shared *elastic.Cluster, n int, change func(i int, cfg *elastic.Config)) *kin {
	t.Helper()
	k := &kin{cluster: c}
	c.types["service.name"] = "keyword"
	for i := range n {
		s := source(t, c, func(cfg *elastic.Config) {
			cfg.Select = map[string]string{"service.name": name(i)}
			if change != nil {
				change(i, cfg)
			}
		})
		shared.Join(s)
		k.of = append(k.of, s)
	}
	return k
}

func name(i int) string { return fmt.Sprint("s", i) }

// said is a line of one service.
func (k *kin) said(i int, id string, at time.Time, level string) {
	k.write("logs-1", id, fmt.Sprintf(`{"@timestamp":%d,"log":{"level":%q},"labels":{"track":"stable"},"service":{"name":%q},"message":"line %s"}`, at.UnixMilli(), level, name(i), id))
}

// all has every service do something at once.
func (k *kin) all(do func(i int, s *elastic.Source)) {
	var wg sync.WaitGroup
	for i, s := range k.of {
		wg.Go(func() { do(i, s) })
	}
	wg.Wait()
}

// requests counts what was asked since it was asked last, by its last word.
func (k *kin) requests() map[string]int {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := map[string]int{}
	for _, a := range k.asked {
		out[a[strings.LastIndex(a, "/")+1:]]++
	}
	k.asked = nil
	return out
}

// read tails and counts each service from a time on; a failure stands at its place.
func (k *kin) read(ctx context.Context, from time.Time) (lines []string, counts [][]sources.LogBucket, errs []error) {
	lines, counts, errs = make([]string, len(k.of)), make([][]sources.LogBucket, len(k.of)), make([]error, len(k.of))
	w := sources.Window{From: from, To: from.Add(time.Minute)}
	k.all(func(i int, s *elastic.Source) {
		p, err := s.Tail(ctx, sources.LogQuery{Window: w, All: true}, sources.Cursor{})
		for _, l := range p.Lines {
			lines[i] += l.ID + " "
		}
		c, err2 := s.Counts(ctx, sources.LogQuery{Window: w}, 10*time.Second)
		counts[i], errs[i] = c.Buckets, errors.Join(err, err2)
	})
	return lines, counts, errs
}

func begun() time.Time { return time.Now().Add(-10 * time.Minute).Truncate(time.Minute) }

func TestCluster_ManyServicesAreReadByAFewRequestsAndEachAsAlone(t *testing.T) {
	const n = 30
	k, from := join(t, newCluster(t), elastic.NewPatientCluster(), n, nil), begun()
	for i := range 10 * n {
		k.said(i%n, fmt.Sprint("d", i), from.Add(time.Duration(i)*100*time.Millisecond), []string{"info", "error"}[i%7/6])
	}
	k.refresh()
	lines, counts, errs := k.read(t.Context(), from)
	asked := k.requests()
	if all := asked["_search"] + asked["_field_caps"] + asked["_msearch"]; all > n { // alone it is 150
		t.Errorf("asked %v", asked)
	}
	for i := range n {
		alone := source(t, k.cluster, func(cfg *elastic.Config) { cfg.Select = map[string]string{"service.name": name(i)} })
		one := &kin{cluster: k.cluster, of: []*elastic.Source{alone}}
		l, c, e := one.read(t.Context(), from)
		if lines[i] != l[0] || !reflect.DeepEqual(counts[i], c[0]) || errs[i] != nil || e[0] != nil || strings.Count(lines[i], " ") != 10 {
			t.Errorf("%s: %q %v %v, alone %q %v %v", name(i), lines[i], counts[i], errs[i], l[0], c[0], e[0])
		}
	}
}

func TestCluster_OneServiceAsksAsIfThereWereNone(t *testing.T) {
	k, from := newKin(t, newCluster(t), 1, nil), begun()
	k.said(0, "a", from, "info")
	k.refresh()
	if lines, _, errs := k.read(t.Context(), from); lines[0] != "a " || errs[0] != nil {
		t.Errorf("%q, %v", lines, errs)
	}
	shared := maps.Clone(k.requests())
	lone := &kin{cluster: k.cluster, of: []*elastic.Source{source(t, k.cluster, func(cfg *elastic.Config) { cfg.Select = map[string]string{"service.name": "s0"} })}}
	lone.read(t.Context(), from)
	if alone := lone.requests(); !maps.Equal(shared, alone) || shared["_msearch"] != 0 {
		t.Errorf("asked %v, without a cluster %v", shared, alone)
	}
}

func TestCluster_WhoLeavesIsNotWaitedFor(t *testing.T) {
	c, shared := newCluster(t), elastic.NewCluster() // that would wait a while
	a, b := source(t, c, nil), source(t, c, nil)
	shared.Join(a)
	leave := shared.Join(b)
	leave()
	leave()
	if _, err := a.Counts(t.Context(), sources.LogQuery{Window: sources.Window{From: begun(), To: time.Now()}}, time.Minute); err != nil || len(c.together) != 0 {
		t.Errorf("asked together %v: %v", c.together, err)
	}
}

func TestCluster_TheFailureOfOneServicesSearchIsNobodyElses(t *testing.T) {
	for what, c := range map[string]struct {
		instead string
		kind    error
	}{
		"refused":   {`{"error":{"type":"parsing_exception","reason":"odd"},"status":400}`, sources.ErrInvalid},
		"throttled": {`{"error":{"type":"es_rejected_execution_exception","reason":"busy"},"status":429}`, sources.ErrThrottled},
		"denied":    {`{"error":{"type":"security_exception","reason":"no"},"status":403}`, sources.ErrDenied},
		"a shard":   {"partial", sources.ErrPartial},
	} {
		k, from := join(t, newCluster(t), elastic.NewPatientCluster(), 4, nil), begun()
		for i := range 4 {
			k.said(i, name(i), from, "info")
		}
		k.refresh()
		k.each = func(body string, a map[string]any) map[string]any {
			switch {
			case !strings.Contains(body, `"s2"`):
				return a
			case c.instead == "partial":
				a["_shards"] = map[string]any{"total": 2, "successful": 1, "failed": 1}
				return a
			}
			var out map[string]any
			_ = json.Unmarshal([]byte(c.instead), &out)
			return out
		}
		w := sources.Window{From: from, To: from.Add(time.Minute)}
		k.all(func(i int, s *elastic.Source) { // once each: who fails would not come to a second
			got, err := s.Counts(t.Context(), sources.LogQuery{Window: w}, time.Minute)
			if i == 2 && !errors.Is(err, c.kind) || i != 2 && (err != nil || len(got.Buckets) != 1) {
				t.Errorf("%s: %s got %v, %v", what, name(i), got.Buckets, err)
			}
		})
	}
}

func TestCluster_WhatBecomesOfTheRequestBecomesOfAllAndIsToldByKind(t *testing.T) {
	for status, kind := range map[int]error{429: sources.ErrThrottled, 503: sources.ErrUnreachable} {
		k, from := join(t, newCluster(t), elastic.NewPatientCluster(), 3, nil), begun()
		k.deny["/_msearch"] = status
		_, _, errs := k.read(t.Context(), from)
		for i, err := range errs {
			if !errors.Is(err, kind) || !strings.Contains(err.Error(), "count lines") {
				t.Errorf("%d: %s got %v", status, name(i), err)
			}
		}
	}
}

func TestCluster_WhereNothingMayBeAskedTogetherEachAsksAlone(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 405} {
		k, from := join(t, newCluster(t), elastic.NewPatientCluster(), 3, nil), begun()
		for i := range 3 {
			k.said(i, name(i), from, "info")
		}
		k.refresh()
		k.deny["/_msearch"] = status
		for range 2 {
			lines, _, errs := k.read(t.Context(), from)
			for i, err := range errs {
				if err != nil || lines[i] != name(i)+" " {
					t.Errorf("%d: %s said %q, %v", status, name(i), lines[i], err)
				}
			}
		}
		if n := k.requests()["_msearch"]; n == 0 || n > 3 {
			t.Errorf("%d: it was tried %d times", status, n)
		}
	}
}

func TestCluster_WhenAnAnswerLacksSomebodysPartEachAsksAlone(t *testing.T) {
	k, from := join(t, newCluster(t), elastic.NewPatientCluster(), 3, nil), begun()
	for i := range 3 {
		k.said(i, name(i), from, "info")
	}
	k.refresh()
	k.handle = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/_msearch") {
			return false
		}
		answer(200, `{"took":1,"responses":[]}`)(w, r)
		return true
	}
	lines, counts, errs := k.read(t.Context(), from)
	for i, err := range errs {
		if err != nil || lines[i] != name(i)+" " || len(counts[i]) != 1 {
			t.Errorf("%s said %q, %v, %v", name(i), lines[i], counts[i], err)
		}
	}
}

func TestCluster_WhoLosesPatienceHoldsUpNobody(t *testing.T) {
	k, from := join(t, newCluster(t), elastic.NewPatientCluster(), 3, nil), begun()
	for i := range 3 {
		k.said(i, name(i), from, "info")
	}
	k.refresh()
	ctx, cancel := context.WithCancel(t.Context())
	slow := make(chan struct{})
	k.handle = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/_msearch") {
			cancel()
			k.mu.Unlock()
			<-slow
			k.mu.Lock()
		}
		return false
	}
	var lost error
	k.all(func(i int, s *elastic.Source) {
		w := sources.Window{From: from, To: from.Add(time.Minute)}
		if i == 0 {
			_, lost = s.Counts(ctx, sources.LogQuery{Window: w}, time.Minute)
			close(slow)
			return
		}
		if c, err := s.Counts(t.Context(), sources.LogQuery{Window: w}, time.Minute); err != nil || len(c.Buckets) != 1 {
			t.Errorf("%s: %v, %v", name(i), c.Buckets, err)
		}
	})
	if !errors.Is(lost, context.Canceled) {
		t.Errorf("who left got %v", lost)
	}
}

func TestCluster_KeepsWhatEveryLogSourcePromises(t *testing.T) {
	sourcetest.Logs(t, func(t *testing.T) sourcetest.LogBench {
		c := newCluster(t)
		from := time.Now().Add(-time.Hour).Truncate(time.Second)
		levels := []string{"info", "info", "WARN", "Error", "debug", "info", "strange"}
		for i := range 700 {
			arm := sources.Arms()[min(1, i%5/4)]
			c.write(fmt.Sprintf("logs-%d", i%3), fmt.Sprint("d", i), doc(from.Add(time.Duration(i*37)*time.Millisecond), arm, levels[i%7], fmt.Sprintf("request %d took %s", i, []string{"long", "short"}[i%2])))
		}
		c.refresh()
		return sourcetest.LogBench{
			Logs: beside(t, c, func(cfg *elastic.Config) { cfg.Show.Rest = 5 }), Window: sources.Window{From: from, To: from.Add(time.Minute)}, Word: "short",
			Add: func(_ *testing.T, lines ...sources.LogLine) {
				for _, l := range lines {
					c.write("logs-1", l.ID, doc(l.At, l.Arm, l.Level.String(), l.Message.Raw()))
				}
				c.refresh()
			},
		}
	})
}

// twins are a source and another that asks the same at the same moment, so that everything is asked together.
type twins struct {
	*elastic.Source
	other *elastic.Source
}

// beside is a source with a twin.
func beside(t *testing.T, c *cluster, change func(*elastic.Config)) twins {
	return joined(source(t, c, change), source(t, c, change))
}

func joined(s, other *elastic.Source) twins {
	shared := elastic.NewHastyCluster()
	shared.Join(s)
	shared.Join(other)
	return twins{s, other}
}

// Tail is the source's.
func (w twins) Tail(ctx context.Context, q sources.LogQuery, at sources.Cursor) (p sources.Page, err error) {
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = w.other.Tail(ctx, q, at) })
	p, err = w.Source.Tail(ctx, q, at)
	wg.Wait()
	return p, err
}

// Counts is the source's.
func (w twins) Counts(ctx context.Context, q sources.LogQuery, step time.Duration) (c sources.LogCounts, err error) {
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = w.other.Counts(ctx, q, step) })
	c, err = w.Source.Counts(ctx, q, step)
	wg.Wait()
	return c, err
}

// suffer has the cluster fail in one way.
func (k *kin) suffer(w *weather, fault string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(w.silent)
	w.half, w.silent["logs-1"] = fault == "half", fault == "silent"
	if w.fault = fault; w.half || fault == "silent" {
		w.fault = ""
	}
}

func TestCluster_NobodyLosesOrRepeatsALineWhateverTheWeather(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWeather(t)
		defer w.Close()
		n := rapid.IntRange(2, 4).Draw(rt, "services")
		k := newKin(t, w.cluster, n, nil)
		limit := rapid.SampledFrom([]int{0, 3, 40}).Draw(rt, "limit")
		q := sources.LogQuery{Window: sources.Window{From: w.clock.Add(-20 * time.Second)}, All: true, Limit: limit}
		got, at := make([]map[string]int, n), make([]sources.Cursor, n)
		for i := range got {
			got[i] = map[string]int{}
		}
		poll := func(who []int) (more bool) {
			var mu sync.Mutex
			k.all(func(i int, s *elastic.Source) {
				if !slices.Contains(who, i) {
					return
				}
				p, _ := s.Tail(t.Context(), q, at[i])
				for _, l := range p.Lines {
					got[i][l.ID]++
				}
				at[i] = p.Next
				mu.Lock()
				defer mu.Unlock()
				more = more || p.More
			})
			return more
		}
		written := 0
		for range rapid.IntRange(3, 12).Draw(rt, "seconds") {
			w.clock = w.clock.Add(time.Duration(rapid.IntRange(200, 3000).Draw(rt, "pause")) * time.Millisecond)
			for range rapid.IntRange(0, 12).Draw(rt, "lines") {
				late := time.Duration(rapid.IntRange(0, 20_000).Draw(rt, "late")) * time.Millisecond
				i := rapid.IntRange(0, n-1).Draw(rt, "whose")
				k.said(i, fmt.Sprintf("%s-%d", name(i), written), w.clock.Add(-late), "info")
				written++
			}
			if rapid.Bool().Draw(rt, "refresh") {
				w.refresh()
			}
			fault := rapid.SampledFrom([]string{"", "", "", "down", "throttled", "cut", "half", "silent"}).Draw(rt, "fault")
			k.suffer(w, fault)
			poll(rapid.SliceOfDistinct(rapid.IntRange(0, n-1), rapid.ID[int]).Draw(rt, "who"))
		}
		k.suffer(w, "")
		w.refresh()
		w.clock = w.clock.Add(time.Second)
		everybody := make([]int, n)
		for i := range everybody {
			everybody[i] = i
		}
		for range 1000 {
			if !poll(everybody) {
				break
			}
		}
		sum := 0
		for i := range got {
			for id, times := range got[i] {
				if sum++; times != 1 || !strings.HasPrefix(id, name(i)+"-") {
					rt.Errorf("%s: line %s came %d times", name(i), id, times)
				}
			}
		}
		if sum != written {
			rt.Errorf("%d lines of %d came", sum, written)
		}
	})
}
