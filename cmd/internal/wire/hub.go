package wire

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"rampart/sources"
)

// hub encodes one service's frames once for all consoles that look at it. It reads while somebody looks.
type hub struct {
	service Service
	mu      sync.Mutex
	now     *stage // nil: nobody looks
}

// stage is where the newest line stands while somebody looks.
type stage struct {
	mu    sync.Mutex
	line  []byte // shared by all consoles and never changed
	seq   uint64
	fresh chan struct{} // closed and replaced with every line
	users int           // guarded by the hub
	stop  context.CancelFunc
}

// enter joins the lookers; leave must be called once.
func (h *hub) enter(ctx context.Context) (s *stage, leave func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now == nil {
		ctx, cancel := context.WithCancel(ctx)
		h.now = &stage{fresh: make(chan struct{}), stop: cancel}
		go h.now.run(ctx, h.service.Frames())
	}
	s = h.now
	s.users++
	return s, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if s.users--; s.users == 0 {
			s.stop()
			h.now = nil // the next looker starts with the newest frame of then
		}
	}
}

// run encodes what the reader gives until nobody looks.
func (s *stage) run(ctx context.Context, r Reader) {
	for {
		f, err := r.Next(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.put(faultLine(err))
			return
		}
		body, err := frames.encode(f)
		if err != nil {
			s.put(faultLine(err))
			continue
		}
		line := make([]byte, 0, len(body)+len(framePrefix)+2)
		line = append(append(line, framePrefix...), body...)
		s.put(append(line, "}\n"...))
	}
}

func (s *stage) put(line []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	s.line = line
	close(s.fresh)
	s.fresh = make(chan struct{})
}

// newest is the newest line, its number, and what is closed when there is a newer one.
func (s *stage) newest() ([]byte, uint64, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.line, s.seq, s.fresh
}

// The lines of the stream: one object with one field each.
const (
	framePrefix   = `{"frame":`
	sessionPrefix = `{"session":`
	beatPrefix    = `{"beat":`
	faultPrefix   = `{"error":`
)

// beat is a line that says only that the runner lives.
type beat struct {
	At  time.Time `json:"at"`
	Seq uint64    `json:"seq"` // how many frames this console's service had since somebody looks
}

func beatLine(at time.Time, seq uint64) []byte {
	b, _ := json.Marshal(beat{at.UTC(), seq}) // two plain fields
	return append(append([]byte(beatPrefix), b...), "}\n"...)
}

func faultLine(err error) []byte {
	b, _ := json.Marshal(faultOf(err)) // strings only
	return append(append([]byte(faultPrefix), b...), "}\n"...)
}

// lost is what a console is told whose runner ends.
func lost() error {
	return &sources.Error{Op: "follow", Target: "runner", Kind: sources.ErrUnreachable, Fix: "the runner is ending"}
}
