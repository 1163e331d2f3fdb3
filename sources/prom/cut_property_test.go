package prom

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
)

// inProcess answers requests without a port.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	if r.Body != nil {
		defer r.Body.Close()
	}
	p.ServeHTTP(rec, r)
	return rec.Result(), nil
}

// within opens a source over a store without a port.
func within(s *store, c Config) *Source {
	c.URL = "http://prom.test"
	src, err := New(c)
	if err != nil {
		panic(err)
	}
	src.way.Next = inProcess{s}
	return src
}

// world is a store together with how much really happened in it.
type world struct {
	store
	requests, errors sources.ByArm[int64] // ever
}

const worldSeconds = 400

// drawWorld makes pods of both arms that restart, come late, go, miss scrapes and are away, are scraped by several replicas and show now
// and then what is no number.
func drawWorld(t *rapid.T, replicas []string) *world {
	w := &world{}
	pods := rapid.IntRange(1, 4).Draw(t, "pods")
	for p := range pods {
		arm := []sources.Arm{sources.Legacy, sources.Candidate}[p%2]
		w.drawPod(t, arm, fmt.Sprint("pod", p), replicas)
	}
	return w
}

func (w *world) drawPod(t *rapid.T, arm sources.Arm, pod string, replicas []string) {
	track := map[sources.Arm]string{sources.Legacy: "stable", sources.Candidate: "canary"}[arm]
	first := rapid.IntRange(-200, 200).Draw(t, "first")
	last := rapid.IntRange(first, worldSeconds).Draw(t, "last")
	restarts := rapid.SliceOfN(rapid.IntRange(first, last), 0, 2).Draw(t, "restarts")
	perStep := rapid.IntRange(0, 30).Draw(t, "load")
	missing := rapid.IntRange(0, 5).Draw(t, "missing")
	values := map[string]map[string][]sample{} // by replica and code
	starts := map[string][]sample{}
	offsets := rapid.SliceOfN(rapid.IntRange(0, 14), len(replicas), len(replicas)).Draw(t, "offsets")
	broken := map[string][]int{} // by series: from when until when it is no number
	for _, name := range []string{"200", "500", "le0.1", "le1", "le+Inf"} {
		broken[name] = rapid.SliceOfN(rapid.IntRange(first, last), 0, 2).Draw(t, "broken "+name)
		slices.Sort(broken[name])
	}
	put := func(replica, name string, at, v int) {
		said := float64(v)
		if b := broken[name]; len(b) > 0 && b[0] <= at && at <= b[len(b)-1]+15 {
			said = math.NaN()
		}
		values[replica][name] = append(values[replica][name], sample{float64(at), said})
	}
	away := rapid.IntRange(first, last).Draw(t, "away") // not scraped by anybody, for longer than the lookback or not
	back := away + rapid.IntRange(0, 150).Draw(t, "for")
	ok, bad, start := 0, 0, first
	for at := first; at <= last; at++ {
		if slices.Contains(restarts, at) {
			ok, bad, start = 0, 0, at
		}
		n := ((at + 3000) * 7919 % 13) * perStep / 40
		e := min(n, (at+3000)*31%17/14)
		ok, bad = ok+n-e, bad+e
		*w.requests.Ptr(arm) += int64(n)
		*w.errors.Ptr(arm) += int64(e)
		for r, replica := range replicas {
			if (at-offsets[r]+15*100)%15 != 0 || ((at+3000)/15*7+r*3)%10 < missing || away < at && at < back {
				continue
			}
			if values[replica] == nil {
				values[replica] = map[string][]sample{}
			}
			put(replica, "200", at, ok)
			if bad > 0 { // clients make a series with its first event
				put(replica, "500", at, bad)
			}
			for le, v := range map[string]int{"0.1": ok / 2, "1": ok, "+Inf": ok + bad} {
				put(replica, "le"+le, at, v)
			}
			starts[replica] = append(starts[replica], sample{float64(at), float64(t0.Unix() + int64(start))})
		}
	}
	for _, replica := range replicas {
		labels := fmt.Sprintf(`app="ranker",track=%q,instance=%q,job="j"`, track, pod)
		if replica != "" {
			labels += fmt.Sprintf(`,replica=%q`, replica)
		}
		for code, samples := range values[replica] {
			if le, ok := strings.CutPrefix(code, "le"); ok {
				w.put(fmt.Sprintf(`lat_bucket{%s,le=%q}`, labels, le), samples...)
				continue
			}
			w.put(fmt.Sprintf(`rq_total{%s,code=%q}`, labels, code), samples...)
		}
		w.put(`process_start_time_seconds{`+labels+`}`, starts[replica]...)
	}
}

// plain writes blocks so that they can be compared.
func plain(bs []sources.Block) []string {
	out := make([]string, len(bs))
	for i, b := range bs {
		out[i] = b.End.Format(time.TimeOnly)
		for _, st := range b.Strata {
			for _, arm := range sources.Arms() {
				if c := st.Counts.Of(arm); c != nil {
					out[i] += fmt.Sprintf(" %s %s %d/%d %v", st.Key, arm, c.Requests, c.Errors, c.Cells)
				}
			}
		}
	}
	return out
}

// ask reads the blocks of both measures, one after the other; none when nothing matched in so short a window.
func ask(t *rapid.T, s *Source, w sources.Window) (counted, celled []sources.Block) {
	bs := s.Blocks(t.Context(), []sources.BlockQuery{errorsQuery(), slowQuery()}, w)
	for _, b := range bs {
		if b.Err != nil && !errors.Is(b.Err, sources.ErrNoData) {
			t.Fatal(b.Err)
		}
	}
	return bs[0].Blocks, bs[1].Blocks
}

func TestBlocks_AnyTwoWindowsAgreeBlockForBlock(t *testing.T) {
	for name, replicas := range map[string][]string{"one server": {""}, "two replicas": {"A", "B"}} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := drawWorld(t, replicas)
				c := Config{Lookback: time.Minute, Replica: "replica"}
				wholeCounts, wholeCells := ask(t, within(&w.store, c), sources.Window{From: t0.Add(-200 * time.Second), To: t0.Add(worldSeconds * time.Second)})
				from := rapid.IntRange(-200, worldSeconds).Draw(t, "from")
				to := rapid.IntRange(from, worldSeconds).Draw(t, "to")
				c.Chunk = time.Duration(rapid.IntRange(1, 40).Draw(t, "chunk")) * 15 * time.Second
				partCounts, partCells := ask(t, within(&w.store, c), sources.Window{From: t0.Add(time.Duration(from) * time.Second), To: t0.Add(time.Duration(to) * time.Second)})
				agree(t, wholeCounts, partCounts)
				agree(t, wholeCells, partCells)
			})
		})
	}
}

// agree fails when a part of a window tells another story than the whole.
func agree(t *rapid.T, whole, part []sources.Block) {
	if len(part) == 0 {
		return
	}
	at := slices.IndexFunc(whole, func(b sources.Block) bool { return b.End.Equal(part[0].End) })
	if at < 0 {
		t.Fatalf("no block ends at %v", part[0].End)
	}
	want, got := plain(whole[at:at+len(part)]), plain(part)
	for i := range want {
		if want[i] != got[i] {
			t.Fatalf("whole: %s\npart:  %s", want[i], got[i])
		}
	}
}

func TestBlocks_CountNoMoreThanHappenedAndNeverLessThanNothing(t *testing.T) {
	for name, replicas := range map[string][]string{"one server": {""}, "two replicas": {"A", "B"}} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := drawWorld(t, replicas)
				counted, celled := ask(t, within(&w.store, Config{Lookback: time.Minute, Replica: "replica"}), sources.Window{From: t0.Add(-200 * time.Second), To: t0.Add(worldSeconds * time.Second)})
				atMost(t, w, counted)
				atMost(t, w, celled)
			})
		})
	}
}

// atMost fails when blocks hold more than happened, or less than nothing.
func atMost(t *rapid.T, w *world, blocks []sources.Block) {
	var requests, bad sources.ByArm[int64]
	for _, b := range blocks {
		for _, arm := range sources.Arms() {
			c := b.Sum(arm)
			if c == nil {
				continue
			}
			if c.Requests < 0 || c.Errors < 0 || c.Errors > c.Requests || slices.ContainsFunc(c.Cells, func(n int64) bool { return n < 0 }) {
				t.Fatalf("%v: %+v", b.End, c)
			}
			*requests.Ptr(arm) += c.Requests
			*bad.Ptr(arm) += c.Errors
		}
	}
	for _, arm := range sources.Arms() {
		if requests.Of(arm) > w.requests.Of(arm) || bad.Of(arm) > w.errors.Of(arm) {
			t.Fatalf("%s: counted %d/%d, happened %d/%d", arm, requests.Of(arm), bad.Of(arm), w.requests.Of(arm), w.errors.Of(arm))
		}
	}
}
