package webhook

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/plane/protocol"
	"rampart/sources/road"
)

const (
	token  = "bearer-7Q"
	secret = "hmac-9Z"
)

// noon is the router's clock and ours.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func now() time.Time { return noon }

type literal string

func (l literal) Get(context.Context, bool) (string, error) { return string(l), nil }

// router is a small weighted router with an API: it checks signatures, compares revisions, and does no intent twice.
type router struct {
	*httptest.Server

	mu       sync.Mutex
	percent  float64
	rev      int
	epoch    string
	done     map[string]bool
	requests [2]int64 // legacy, candidate
	owed     float64  // of a request to the candidate
	frozen   bool
	odd      http.HandlerFunc // answers POST instead, after the write was done
	posts    int
}

func newRouter(t *testing.T) *router {
	t.Helper()
	r := &router{percent: 5, rev: 1, epoch: "first", done: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", r.route)
	mux.HandleFunc("GET /split", r.guarded(r.read))
	mux.HandleFunc("POST /split", r.guarded(r.write))
	r.Server = httptest.NewServer(mux)
	t.Cleanup(r.Close)
	return r
}

func (r *router) plane(t *testing.T, change ...func(*Config)) *Plane {
	t.Helper()
	c := Config{Read: r.URL + "/split?service=ranker", Write: r.URL + "/split?service=ranker", Secret: literal(secret), Bearer: literal(token), Finest: sources.Whole / 1000}
	for _, f := range change {
		f(&c)
	}
	p, err := New(c, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// route sends a request to an arm by what is set.
func (r *router) route(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	arm := 0
	if r.owed += r.percent / 100; r.owed >= 1 {
		r.owed, arm = r.owed-1, 1
	}
	r.requests[arm]++
	fmt.Fprintln(w, [...]string{"legacy", "candidate"}[arm])
}

// guarded lets in who has the token and signs by the secret.
func (r *router) guarded(next func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		want := road.Sign(secret, noon, q.Method, q.URL.RequestURI(), body)
		if q.Header.Get("Authorization") != "Bearer "+token || !hmac.Equal([]byte(want), []byte(q.Header.Get("Rampart-Signature"))) {
			http.Error(w, "who are you with "+q.Header.Get("Authorization"), http.StatusUnauthorized)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		next(w, q, body)
	}
}

func (r *router) read(w http.ResponseWriter, _ *http.Request, _ []byte) {
	reply(w, protocol.Answer{Read: &protocol.Read{
		Rev: fmt.Sprint(r.rev), Epoch: r.epoch, Set: &r.percent, Effective: &r.percent,
		Servers: []protocol.Server{
			{Name: "stable", Arm: sources.Legacy, Up: true, Requests: &r.requests[0]}, {Name: "canary", Arm: sources.Candidate, Up: true, Requests: &r.requests[1]},
		},
	}})
}

func (r *router) write(w http.ResponseWriter, q *http.Request, body []byte) {
	r.posts++
	var want protocol.Request
	if err := json.Unmarshal(body, &want); err != nil || want.Intent == nil || want.Intent.ID != q.Header.Get("Idempotency-Key") {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	in := want.Intent
	switch {
	case r.frozen:
		http.Error(w, "frozen", http.StatusForbidden)
		return
	case in.ExpectRev != "" && in.ExpectRev != fmt.Sprint(r.rev):
		reply(w, protocol.Answer{Error: &protocol.Failure{Kind: "conflict", Text: sources.NewText("somebody else wrote")}})
		return
	case !r.done[in.ID]:
		r.done[in.ID], r.percent = true, in.Percent
		r.rev++
	}
	if r.odd != nil {
		r.odd(w, q)
		return
	}
	reply(w, protocol.Answer{IntentID: in.ID, Said: sources.NewText("done")})
}

func reply(w http.ResponseWriter, a protocol.Answer) { _ = json.NewEncoder(w).Encode(a) }

func (r *router) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

// sent is how often a write arrived.
func (r *router) sent() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.posts
}

func (r *router) traffic(t *testing.T, n int) {
	t.Helper()
	for range n {
		resp, err := http.Get(r.URL + "/recommend")
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(resp.Body); err != nil || !strings.HasSuffix(string(b), "\n") {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
}
