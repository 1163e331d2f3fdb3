package adapters

import (
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/plane/haproxy"
)

// Shared is what the services of one process, and of one context, look at together: routers that several of them stand
// behind, and the cluster that has their logs. Nil: each looks by itself.
type Shared struct {
	lookout *haproxy.Lookout
	cluster *elastic.Cluster
}

// NewShared is for the services of one context in one process.
func NewShared() *Shared {
	return &Shared{lookout: haproxy.NewLookout(), cluster: elastic.NewCluster()}
}

// Read lets a log source of the context ask together with the others, until leave is called. It comes before the source's
// first use.
func (s *Shared) Read(logs sources.Logs) (leave func()) {
	if e, ok := logs.(*elastic.Source); ok && s != nil {
		return s.cluster.Join(e)
	}
	return func() {}
}

// Watch returns a plane as an engine looks at it, together with others where they share its sockets, until leave is called.
// It comes before the plane's first use. Whoever writes keeps the plane itself, which reads by itself.
func (s *Shared) Watch(p sources.Plane) (w engine.Watcher, leave func()) {
	if h, ok := p.(*haproxy.Plane); ok && s != nil {
		return s.lookout.Join(h)
	}
	return p, func() {}
}
