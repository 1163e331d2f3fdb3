// Package fault makes an HTTP server misbehave on demand: the ways in which real servers, and the proxies before them, fail.
//
// A Switch is safe for concurrent use and owns no goroutine; a hanging answer ends with its request.
//
// Why a middleware and not a broken server per fault: the server behind it stays whole, so that healing is one call and nothing that it knew is lost.
package fault

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Kind is one way to fail.
type Kind int32

// The ways to fail; None passes everything.
const (
	None          Kind = iota
	Refuse             // the connection is reset before an answer
	Slow               // the answer comes after two seconds
	Hang               // no answer until the client gives up
	Unauthorized       // 401
	Forbidden          // 403
	Unprocessable      // 422
	TooMany            // 429 with Retry-After
	Down               // 503
	HTML               // 200 with a proxy's page
	Truncated          // half of the right body
)

// Delay is how late a Slow answer is.
const Delay = 2 * time.Second

// Switch holds the fault at work; its zero value passes everything.
type Switch struct{ kind atomic.Int32 }

// Set puts a fault to work; None heals.
func (s *Switch) Set(k Kind) { s.kind.Store(int32(k)) }

// Kind gives the fault at work.
func (s *Switch) Kind() Kind { return Kind(s.kind.Load()) }

// Body writes an error with its status in the server's own format.
type Body func(w http.ResponseWriter, status int)

// Wrap puts the switch before a handler.
func (s *Switch) Wrap(next http.Handler, body Body) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch s.Kind() {
		case Refuse:
			reset(w)
		case Slow:
			if wait(r, time.NewTimer(Delay).C) {
				next.ServeHTTP(w, r)
			}
		case Hang:
			wait(r, nil)
		case Unauthorized:
			w.Header().Set("WWW-Authenticate", `Basic realm="demo"`)
			body(w, http.StatusUnauthorized)
		case Forbidden:
			body(w, http.StatusForbidden)
		case Unprocessable:
			body(w, http.StatusUnprocessableEntity)
		case TooMany:
			w.Header().Set("Retry-After", "1")
			body(w, http.StatusTooManyRequests)
		case Down:
			body(w, http.StatusServiceUnavailable)
		case HTML:
			page(w)
		case Truncated:
			half(w, r, next)
		case None:
			next.ServeHTTP(w, r)
		}
	})
}

// wait lets the time pass; false when the client went first. The body is read before: net/http notices that a client is gone only when nothing of it is left.
func wait(r *http.Request, c <-chan time.Time) bool {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, 1<<20))
	if err != nil {
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	select {
	case <-c:
		return true
	case <-r.Context().Done():
		return false
	}
}

// reset cuts the connection so that the client sees a reset, as from a host whose process is gone.
func reset(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	c, _, err := h.Hijack()
	if err != nil {
		return
	}
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

func page(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>\n"))
}

// half answers with the first half of the right body, as a proxy with a small buffer does.
func half(w http.ResponseWriter, r *http.Request, next http.Handler) {
	rec := &recorder{header: w.Header(), status: http.StatusOK}
	next.ServeHTTP(rec, r)
	w.Header().Del("Content-Length")
	w.WriteHeader(rec.status)
	_, _ = w.Write(rec.body.Bytes()[:rec.body.Len()/2])
}

// recorder keeps an answer instead of sending it.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
