package adapters

import (
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/plane/haproxy"
)

// Shared is what the services of one process look at together: routers that several of them stand behind. Nil: each looks by
// itself.
type Shared struct{ lookout *haproxy.Lookout }

// NewShared is for the services of one process.
func NewShared() *Shared { return &Shared{lookout: haproxy.NewLookout()} }

// Watch returns a plane as an engine looks at it, together with others where they share its sockets, until leave is called.
// It comes before the plane's first use. Whoever writes keeps the plane itself, which reads by itself.
func (s *Shared) Watch(p sources.Plane) (w engine.Watcher, leave func()) {
	if h, ok := p.(*haproxy.Plane); ok && s != nil {
		return s.lookout.Join(h)
	}
	return p, func() {}
}
