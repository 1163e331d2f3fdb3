package haproxy

import (
	"context"
	"strings"
	"sync"

	"rampart/sources"
)

// Lookout is where planes of one process look at the sockets that they share: of all services behind one HAProxy, some
// sixty are read over one connection instead of one each, however many there are. It is safe for many goroutines. It owns one
// goroutine for each socket on which somebody waits, also where that socket hangs.
//
// A reading is begun after whoever gets it asked for it, so it is never older than one that was read alone; only looks of
// the same moment are answered together. A plane's own reads (before a write, after it, and while it is confirmed) are made
// alone and at once, and a look during which the plane wrote is made again, alone.
type Lookout struct {
	mu    sync.Mutex
	posts map[string]*post
}

// NewLookout returns a lookout at which nobody looks yet.
func NewLookout() *Lookout { return &Lookout{posts: map[string]*post{}} }

// Join returns the plane as it is looked at together with the others, until leave is called. It comes before the plane's
// first use: planes of one lookout share their connections over SSH.
func (l *Lookout) Join(p *Plane) (w *Watch, leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w = &Watch{plane: p}
	for _, s := range p.sockets {
		key := strings.Join(append([]string{s.member, s.timeout.String(), p.conf.SSH.Agent}, p.conf.SSH.KnownHosts...), "\x00")
		at := l.posts[key]
		if at == nil {
			at = &post{socket: s, full: make(chan struct{}, 1)}
			l.posts[key] = at
		}
		s.dial = at.socket.dial
		at.count(1)
		w.posts = append(w.posts, at)
	}
	return w, sync.OnceFunc(func() {
		for _, at := range w.posts {
			at.count(-1)
		}
	})
}

// Watch is a plane as it is looked at together with others. It cannot write.
type Watch struct {
	plane *Plane
	posts []*post // of each socket
}

// Caps is the plane's.
func (w *Watch) Caps(ctx context.Context) (sources.Caps, error) {
	members, errs := w.readAll(ctx)
	return w.plane.caps(members, errs)
}

// Read is the plane's.
func (w *Watch) Read(ctx context.Context) (sources.Reading, error) {
	members, errs := w.readAll(ctx)
	return w.plane.merge(members, errs)
}

// readAll reads all members together with others, unless the plane writes meanwhile.
func (w *Watch) readAll(ctx context.Context) ([]member, []error) {
	p := w.plane
	before := p.ended.Load()
	members, errs := p.readEach(func(i int) (member, error) {
		text, err := w.posts[i].ask(ctx, p.conf.Backend)
		return p.understand(p.sockets[i], text, err)
	})
	if p.begun.Load() != before {
		return p.readAll(ctx)
	}
	return members, errs
}
