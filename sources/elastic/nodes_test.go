package elastic_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
)

// before answers some requests in front of a cluster, and remembers what it was sent.
type before struct {
	http.Handler
	answer http.HandlerFunc // nil: the cluster answers

	mu   sync.Mutex
	sent []string // path, a space and the body
	host http.Header
}

func (b *before) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	b.sent, b.host = append(b.sent, r.URL.Path+" "+string(body)), r.Header
	b.mu.Unlock()
	if b.answer != nil {
		b.answer(w, r)
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	http.StripPrefix("/es", b.Handler).ServeHTTP(w, r)
}

func TestSource_AsksAnotherNodeTheSameWhateverIsWrongWithTheFirst(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"bad gateway":         func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"starting":            func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"too slow for itself": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGatewayTimeout) },
		"a broken connection": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a login page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t)
			now := time.Now().Truncate(time.Second)
			c.write("logs-a", "1", doc(now.Add(-time.Minute), sources.Legacy, "error", "down"))
			c.refresh()
			first, second := &before{answer: answer}, &before{Handler: c}
			front, back := httptest.NewServer(first), httptest.NewServer(second)
			t.Cleanup(front.Close)
			t.Cleanup(back.Close)
			s := source(t, c, func(cfg *elastic.Config) { cfg.URLs = []string{front.URL + "/proxy/", back.URL + "/es/"} })
			q := sources.LogQuery{Window: sources.Window{From: now.Add(-time.Hour), To: now}, All: true}
			for range 4 {
				if page, err := s.Tail(t.Context(), q, sources.Cursor{}); err != nil || len(page.Lines) != 1 {
					t.Fatalf("%d lines, %v", len(page.Lines), err)
				}
			}
			if len(first.sent) == 0 {
				t.Fatal("the first node was never asked")
			}
			for _, sent := range first.sent {
				path, ok := strings.CutPrefix(sent, "/proxy/")
				if !ok || !slices.Contains(second.sent, "/es/"+path) {
					t.Errorf("the first node was asked %q, the second never: %q", sent, second.sent)
				}
			}
			if agent, who := second.host.Get("User-Agent"), second.host.Get("X-Opaque-Id"); agent != "rampart" || who != "rampart" {
				t.Errorf("it says that it is %q, %q", agent, who)
			}
		})
	}
}

func TestSource_WhatOnlyLooksLikeElasticsearchIsNamedAtOnce(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"events":[`))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done() // it goes on for ever
	}))
	t.Cleanup(srv.Close)
	s, err := elastic.New(elastic.Config{URLs: []string{srv.URL}, Index: "logs-*", Arm: arms, Now: time.Now, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if h := s.Health(ctx); !errors.Is(h.Err, sources.ErrInvalid) || !strings.Contains(h.Err.Error(), "not Elasticsearch") {
		t.Error(h.Err)
	}
}

func TestSource_UsesItsConnectionsAgainAlsoAfterFailures(t *testing.T) {
	c := newCluster(t)
	var made, turn atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch turn.Add(1) % 5 {
		case 0:
			answer(http.StatusServiceUnavailable, `{"error":"no master"}`)(w, r)
		case 1:
			_, _ = w.Write([]byte(`{"ok":true}`)) // a stranger
		case 2:
			answer(http.StatusOK, `<html>`, "Content-Type", "text/html")(w, r)
		case 3:
			answer(http.StatusOK, `OK`)(w, r)
		default:
			c.ServeHTTP(w, r)
		}
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			made.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	for _, urls := range [][]string{{srv.URL}, {srv.URL, srv.URL + "/"}} {
		made.Store(0)
		s := source(t, c, func(cfg *elastic.Config) { cfg.URLs = urls })
		q := sources.LogQuery{Window: sources.Window{From: time.Now().Add(-time.Minute), To: time.Now()}, All: true}
		for range 40 {
			_, _ = s.Tail(t.Context(), q, sources.Cursor{})
		}
		if n := made.Load(); n > 4 {
			t.Errorf("%d nodes: %d connections for forty readings one after the other", len(urls), n)
		}
	}
}
