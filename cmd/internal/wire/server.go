package wire

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// The times of the wire. They are the same on both sides.
const (
	// Beat is how often a quiet stream says that the runner lives.
	Beat = 2 * time.Second
	// Patience is how long one write to a console may take before it is dropped.
	Patience = 2 * time.Second
	// Away is after how long without a word the runner is called away.
	Away = 4 * time.Second
	// Answer is within what time a runner must take a rollback; after it the caller does it alone.
	Answer = 2 * time.Second
)

const (
	// mostAsked bounds a request's body.
	mostAsked = 1 << 20
	// wireHeader carries [Shape] both ways.
	wireHeader = "Rampart-Wire"
)

// server lends a host to all who connect.
type server struct {
	ctx  context.Context // the runner's: writes belong to it and not to a connection
	host Host
	now  func() time.Time
	peer func(net.Conn) (credentials, error)

	mu    sync.Mutex
	hubs  map[string]*hub
	taken map[string]*taken // rollbacks by who asked and their id
	order []string          // of taken, oldest first

	leaves leaves
}

// Serve lends the host to all who connect, until ctx ends or the listener fails. It closes the listener and every
// connection, and returns nil when it was ctx that ended it.
func Serve(ctx context.Context, l net.Listener, h Host) error {
	s := newServer(ctx, h)
	return s.serve(l)
}

func newServer(ctx context.Context, h Host) *server {
	return &server{ctx: ctx, host: h, now: time.Now, peer: kernelSays, hubs: map[string]*hub{}, taken: map[string]*taken{}, leaves: leaves{all: map[string]leave{}}}
}

func (s *server) serve(l net.Listener) error {
	srv := &http.Server{
		Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return s.ctx },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return withCredentials(ctx, c, s.peer) },
		ErrorLog:    log.New(io.Discard, "", 0), // a console that breaks off is no news, and stderr may be a screen
	}
	stop := context.AfterFunc(s.ctx, func() { srv.Close() })
	defer stop()
	err := srv.Serve(l)
	if s.ctx.Err() != nil && errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	srv.Close()
	return err
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/hello", s.hello)
	mux.HandleFunc("POST /v1/rollback", s.rollback)
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /v1/services": s.services, "GET /v1/frames": s.frames, "GET /v1/logs": s.logs, "POST /v1/logs": s.logs, "GET /v1/line": s.line,
		"POST /v1/refresh": s.refresh, "POST /v1/preview": s.preview, "POST /v1/do": s.do, "POST /v1/unlock": s.unlock, "POST /v1/note": s.note,
		"POST /v1/confirm": s.confirm, "POST /v1/approve": s.approve,
		"POST /v1/seek": s.seek, "POST /v1/export": s.export, "POST /v1/unmask": s.unmask,
	} {
		mux.HandleFunc(pattern, s.sameShape(h))
	}
	return mux
}

// hub is the one of a service.
func (s *server) hub(name string) (*hub, error) {
	svc, err := s.host.Service(name)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hubs[name]
	if h == nil {
		h = &hub{service: svc}
		s.hubs[name] = h
	}
	return h, nil
}
