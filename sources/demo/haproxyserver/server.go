package haproxyserver

import (
	"errors"
	"io"
	"net"
	"sync"

	"rampart/sources/demo/world"
)

// Level is what a socket allows, as `level` in HAProxy's configuration.
type Level uint8

// The levels of a socket; only Admin may change anything.
const (
	User Level = iota
	Operator
	Admin
)

// String gives the level as `show cli level` prints it.
func (l Level) String() string { return [...]string{"user", "operator", "admin"}[min(l, Admin)] }

// Server answers on any number of sockets for one world.
type Server struct {
	live  *world.Live
	mu    sync.Mutex
	open  map[io.Closer]struct{}
	done  bool
	wait  sync.WaitGroup
	names []string // of the sockets, for show cli sockets
}

// New makes a server for a live world.
func New(live *world.Live) *Server {
	return &Server{live: live, open: map[io.Closer]struct{}{}}
}

// Serve answers on a listener until Close, with the rights of the level. It returns at once.
func (s *Server) Serve(l net.Listener, level Level) {
	name := "ipv4@" + l.Addr().String()
	if l.Addr().Network() == "unix" {
		name = "unix@" + l.Addr().String()
	}
	s.mu.Lock()
	s.names = append(s.names, name+" "+level.String()+" all")
	s.mu.Unlock()
	s.hold(l, func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.hold(c, func() { (&session{server: s, conn: c, level: level}).run() })
		}
	})
}

// hold runs f in a goroutine that ends when the resource is closed; after Close it only closes the resource.
func (s *Server) hold(c io.Closer, f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		_ = c.Close()
		return
	}
	s.open[c] = struct{}{}
	s.wait.Go(func() {
		f()
		_ = c.Close()
		s.mu.Lock()
		delete(s.open, c)
		s.mu.Unlock()
	})
}

// Close ends all listeners and connections and waits for their goroutines.
func (s *Server) Close() error {
	s.mu.Lock()
	s.done = true
	var errs []error
	for c := range s.open {
		if err := c.Close(); !errors.Is(err, net.ErrClosed) { // a connection may just have ended by itself
			errs = append(errs, err)
		}
	}
	s.mu.Unlock()
	s.wait.Wait()
	return errors.Join(errs...)
}
