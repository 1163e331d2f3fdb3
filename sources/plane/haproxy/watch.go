package haproxy

import (
	"context"

	"rampart/sources"
)

// watch is what the plane remembers of a change that it applied.
type watch struct {
	from       sources.Split        // what was set before
	epoch      string               // the processes whose counters these are
	base       map[string]int64     // requests of each server when the change was made
	quiet      sources.ByArm[int64] // routed since the change when the candidate last got one
	configured bool                 // it was seen to hold
}

// mostWatched bounds the memory of changes; the oldest is forgotten, and counted anew when somebody still asks.
const mostWatched = 32

// watch takes the counters right after a write: what is routed from here on is routed by it. A failure to read them is
// no failure of the change; the next Confirm starts the count instead.
func (p *Plane) watch(ctx context.Context, c sources.Change) {
	members, errs := p.readAll(ctx)
	if r, err := p.merge(members, errs); err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.begin(c, r)
	}
}

// begin starts a count; the lock is held.
func (p *Plane) begin(c sources.Change, r sources.Reading) *watch {
	w := &watch{from: c.From, epoch: r.Epoch, base: map[string]int64{}}
	for _, s := range r.Servers {
		w.base[s.Member+" "+s.Name] = s.Counters.Requests
	}
	id := c.Intent.ID
	if old, ok := p.watched[id]; ok {
		w.configured = old.configured
	} else {
		p.order = append(p.order, id)
	}
	p.watched[id] = w
	if len(p.order) > mostWatched {
		delete(p.watched, p.order[0])
		p.order = p.order[1:]
	}
	return w
}

// count fills in the requests that were routed since the change. Counters of another process count from its start,
// which is after the change.
func (p *Plane) count(c sources.Change, r sources.Reading, out *sources.Outcome) watch {
	p.mu.Lock()
	defer p.mu.Unlock()
	w, ok := p.watched[c.Intent.ID]
	if !ok {
		w = p.begin(c, r)
	}
	for _, s := range r.Servers {
		n := s.Counters.Requests
		if base, ok := w.base[s.Member+" "+s.Name]; ok && base <= n {
			n -= base
		}
		if to := out.Requests.Ptr(s.Arm); to != nil {
			*to += n
		}
	}
	if n := out.Requests.Legacy + out.Requests.Candidate; n > 0 {
		out.Seen = sources.SplitAt(sources.ShareOf(float64(out.Requests.Candidate)/float64(n)), r.At)
	}
	if out.Requests.Candidate != w.quiet.Candidate {
		w.quiet = out.Requests
	}
	return *w
}

func (p *Plane) sawConfigured(c sources.Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w, ok := p.watched[c.Intent.ID]; ok {
		w.configured = true
	}
}
