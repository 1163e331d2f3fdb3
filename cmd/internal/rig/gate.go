package rig

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Mood is how the gate treats every request that carries the right key.
type Mood int

// The moods of a gate: the first passes what the key may do; the others are the ways in which a cluster fails its readers.
const (
	Open       Mood = iota
	Revoked         // 401, as after the key was taken back
	Forbidden       // 403, as when the role lost the index
	Throttling      // 429
	Slow            // an answer after three seconds
	Cut             // half of the answer, then the connection ends
	Hanging         // no answer until the client goes away
)

// readable is what a key with `read` and `view_index_metadata` on the pattern may ask; no cluster privilege, no root.
var readable = regexp.MustCompile(`^/(logs-ranker[^/]*/(_search|_count|_pit|_field_caps|_msearch|_mapping)|_search|_search/scroll|_pit|_msearch|_resolve/index/logs-ranker.*)$`)

// Gate stands before Elasticsearch with what the assembled node lacks: TLS, a read-only API key, and refusals on demand.
type Gate struct {
	URL  string
	Key  string // the encoded API key, as a config holds it
	CA   string // file with the certificate to trust
	mood atomic.Int32

	http *http.Server
	done sync.WaitGroup

	mu      sync.Mutex
	refused []string // what the key was not allowed to ask, as METHOD PATH
}

// StartGate starts the gate before the node.
func StartGate(dir string, node *Elasticsearch) (*Gate, error) {
	to, err := url.Parse(node.URL)
	if err != nil {
		return nil, fmt.Errorf("start gate: %w", err)
	}
	cert, ca, err := newCertificate()
	if err != nil {
		return nil, err
	}
	g := &Gate{Key: base64.StdEncoding.EncodeToString([]byte("rig:read-only")), CA: filepath.Join(dir, "gate.pem")}
	if err := os.WriteFile(g.CA, ca, 0o600); err != nil {
		return nil, fmt.Errorf("start gate: %w", err)
	}
	l, err := listen()
	if err != nil {
		return nil, fmt.Errorf("start gate: %w", err)
	}
	g.URL = "https://" + l.Addr().String()
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Header.Del("Authorization") },
		ModifyResponse: g.cut,
		ErrorLog:       log.New(io.Discard, "", 0), // A cut answer is what was asked for.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadGateway)
		},
	}
	g.http = &http.Server{
		Handler: g.judge(proxy), ReadHeaderTimeout: 5 * time.Second,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12},
	}
	g.done.Go(func() { _ = g.http.ServeTLS(l, "", "") }) // ServeTLS ends with ErrServerClosed when Stop is called.
	return g, nil
}

// Set changes the mood for the requests that come from now on.
func (g *Gate) Set(m Mood) { g.mood.Store(int32(m)) }

// Refused lists what was asked beyond the key's rights, oldest first.
func (g *Gate) Refused() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.refused)
}

// Stop ends the gate and cuts what hangs in it.
func (g *Gate) Stop() {
	_ = g.http.Close()
	g.done.Wait()
}

// judge lets through what the key may ask while the mood allows it.
func (g *Gate) judge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mood := Mood(g.mood.Load())
		switch {
		case r.Header.Get("Authorization") != "ApiKey "+g.Key, mood == Revoked:
			refuse(w, http.StatusUnauthorized, "security_exception", "unable to authenticate with provided credentials")
		case !readable.MatchString(r.URL.Path) || mood == Forbidden:
			g.note(r, mood)
			refuse(w, http.StatusForbidden, "security_exception", "action is unauthorized for API key id [rig] of user [rampart]")
		case mood == Throttling:
			refuse(w, http.StatusTooManyRequests, "es_rejected_execution_exception", "rejected execution of search")
		case mood == Hanging:
			<-r.Context().Done()
		default:
			if mood == Slow {
				select {
				case <-time.After(3 * time.Second):
				case <-r.Context().Done():
					return
				}
			}
			next.ServeHTTP(w, r)
		}
	})
}

func (g *Gate) note(r *http.Request, mood Mood) {
	if mood == Forbidden {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused = append(g.refused, r.Method+" "+r.URL.Path)
}

func refuse(w http.ResponseWriter, status int, kind, reason string) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":{"root_cause":[{"type":%q,"reason":%q}],"type":%q,"reason":%q},"status":%d}`, kind, reason, kind, reason, status)
}

// cut lets half of the answer through when the mood says so; the body is read first because its length need not be declared.
func (g *Gate) cut(r *http.Response) error {
	if Mood(g.mood.Load()) != Cut {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("cut an answer: %w", err)
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body[:len(body)/2]), broken{}), r.Body}
	return nil
}

// broken is the rest of a body that fails, which makes the server drop the connection in mid-answer.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("cut") }
