//go:build integration

package elastic_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
)

// flood writes lines into a data stream as shippers do: most at once, some up to 20 s late, all again until they are taken.
type flood struct {
	e       *node
	perTick int
	due     map[int][]string // tick: lines, as bulk actions
	written int
}

const tick = 200 * time.Millisecond

// run writes for a while and returns when the cluster has taken everything.
func (f *flood) run(t *testing.T, lasting time.Duration) {
	r := rand.New(rand.NewPCG(1, 2))
	ticks, last := int(lasting/tick), int((lasting+20*time.Second)/tick)
	beat := time.NewTicker(tick)
	defer beat.Stop()
	var under sync.WaitGroup
	room := make(chan struct{}, 4)
	for n := 0; n <= last; n++ {
		if n < ticks {
			f.make(r, n)
		}
		if batch := f.due[n]; len(batch) > 0 {
			room <- struct{}{}
			under.Go(func() { f.ship(t, batch); <-room })
		}
		delete(f.due, n)
		<-beat.C
	}
	under.Wait()
}

// make writes the lines of one tick, each to be shipped now or later.
func (f *flood) make(r *rand.Rand, n int) {
	for i := range f.perTick {
		at := time.Now().Add(-time.Duration(f.perTick-i) * tick / time.Duration(f.perTick))
		when := n
		if r.IntN(5) == 0 {
			when += r.IntN(int(20 * time.Second / tick))
		}
		arm, level := "stable", "info"
		if r.IntN(5) == 0 {
			arm = "canary"
		}
		if r.IntN(20) == 0 {
			level = "error"
		}
		f.due[when] = append(f.due[when], fmt.Sprintf(`{"create":{"_id":"line-%d"}}`+"\n"+
			`{"@timestamp":"%s","message":"request %d took %d ms","log":{"level":"%s"},"labels":{"app":"ranker","track":"%s"},"service":{"version":"41"},"trace":{"id":"%016x"}}`+"\n",
			f.written, at.UTC().Format("2006-01-02T15:04:05.000Z"), f.written, r.IntN(900), level, arm, r.Uint64()))
		f.written++
	}
}

// ship sends a batch until it is taken; what was taken before is a conflict and no second line.
func (f *flood) ship(t *testing.T, batch []string) {
	body := strings.Join(batch, "")
	for range 600 {
		answer, err := f.e.do(http.MethodPost, "/"+stream+"/_bulk", body)
		if err == nil && taken(answer) {
			return
		}
		time.Sleep(tick)
	}
	t.Error("a batch was never taken")
}

func taken(answer string) bool {
	var said struct {
		Items []struct{ Create struct{ Status int } }
	}
	if json.Unmarshal([]byte(answer), &said) != nil {
		return false
	}
	for _, i := range said.Items {
		if s := i.Create.Status; s != http.StatusCreated && s != http.StatusConflict {
			return false
		}
	}
	return true
}

// TestTail_SeesEveryLineOnceThroughRolloverAndRestart is the promise of the tail at full rate.
func TestTail_SeesEveryLineOnceThroughRolloverAndRestart(t *testing.T) {
	lasting := 12 * time.Second
	if os.Getenv("RAMPART_PROOF") == "full" {
		lasting = time.Minute
	}
	e := startNode(t)
	f := &flood{e: e, perTick: int(5000 * tick / time.Second), due: map[int][]string{}}
	var bytes atomic.Int64
	s, err := elastic.New(elastic.Config{URLs: []string{counting(t, e.url, &bytes)}, Index: pattern, Arm: arms, Now: time.Now, Rand: rand.Float64})
	must(t, err)
	began := time.Now()

	done := make(chan struct{})
	go func() { defer close(done); f.run(t, lasting) }()
	trouble := make(chan struct{})
	go func() {
		defer close(trouble)
		time.Sleep(lasting / 3)
		if _, err := e.do(http.MethodPost, "/"+stream+"/_rollover", ""); err != nil {
			t.Errorf("roll over: %v", err)
		}
		time.Sleep(lasting / 3)
		e.stop()
		if err := e.start(); err != nil {
			t.Errorf("start again: %v", err)
		}
	}()

	q := sources.LogQuery{Window: sources.Window{From: began.Add(-time.Second)}, All: true, Limit: 5000}
	got, w := map[string]int{}, watch{}
	var at sources.Cursor
	for quiet := 0; quiet < 4; {
		p, err := s.Tail(t.Context(), q, at)
		w.add(p, err)
		for _, l := range p.Lines {
			got[l.ID]++
		}
		if at = p.Next; err != nil || !p.More {
			time.Sleep(500 * time.Millisecond)
		}
		select {
		case <-done:
			if err == nil && len(p.Lines) == 0 && !p.More {
				quiet++
			}
		default:
		}
	}
	<-trouble
	w.bytes = bytes.Load()
	missing, twice := 0, 0
	for n := range f.written {
		switch got[fmt.Sprint("line-", n)] {
		case 0:
			missing++
		case 1:
		default:
			twice++
		}
	}
	t.Logf("%d lines in %v: %d seen, %d missing, %d more than once; %s", f.written, lasting, len(got), missing, twice, w)
	if missing > 0 || twice > 0 || len(got) != f.written || w.skipped > 0 {
		t.Errorf("of %d lines %d are missing, %d came more than once, %d were skipped", f.written, missing, twice, w.skipped)
	}
	if w.late == 0 || w.failures == 0 {
		t.Errorf("the proof proved too little: %s", w)
	}
}

// counting stands before the node and counts what it answers.
func counting(t *testing.T, to string, bytes *atomic.Int64) string {
	t.Helper()
	u, err := url.Parse(to)
	must(t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(u) },
		ErrorLog: log.New(io.Discard, "", 0),
		ModifyResponse: func(r *http.Response) error {
			r.Body = counted{r.Body, bytes}
			return nil
		},
	}
	srv := httptest.NewServer(proxy)
	t.Cleanup(srv.Close)
	return srv.URL
}

type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// watch is how a tail went.
type watch struct {
	pages, late, failures int
	skipped               int64
	lag                   time.Duration
	cursor                int
	last                  error
	bytes                 int64
	notes                 map[string]int
}

func (w *watch) add(p sources.Page, err error) {
	w.pages++
	w.late += p.Late
	w.skipped += p.Skipped
	w.lag = max(w.lag, p.Lag.Legacy)
	w.cursor = max(w.cursor, len(p.Next.State))
	if err != nil && !errors.Is(err, sources.ErrNoData) {
		w.failures, w.last = w.failures+1, err
	}
	for _, n := range p.Notes {
		if w.notes == nil {
			w.notes = map[string]int{}
		}
		w.notes[n.Text.String()]++
	}
}

func (w watch) String() string {
	return fmt.Sprintf("%d pages in %d MB, %d late lines, %d skipped, %d failures (last: %v), cursor at most %d kB, lag at most %v, notes %v",
		w.pages, w.bytes>>20, w.late, w.skipped, w.failures, w.last, w.cursor>>10, w.lag, w.notes)
}
