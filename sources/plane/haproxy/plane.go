package haproxy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

// settle is how long a written weight needs to be effective: it counts from the next request on.
const settle = time.Second

// Plane is a backend of HAProxy, on all its members. It may be used by many goroutines at once.
type Plane struct {
	conf    Config
	sockets []*socket
	now     func() time.Time

	watches plane.Watches
	// begun and ended count the writes: a reading that was begun while one was under way may be of before it.
	begun, ended atomic.Int64

	mu   sync.Mutex
	seen []sight // the last different readings, oldest first
}

var _ sources.Plane = (*Plane)(nil)

// New returns the plane of a checked config. It connects to nothing yet.
func New(c Config, now func() time.Time) (*Plane, error) {
	if err := c.Validate(); err != nil {
		return nil, &sources.Error{Op: "config", Target: "traffic", Kind: sources.ErrInvalid, Cause: err}
	}
	p := &Plane{conf: c, now: now}
	for _, raw := range c.Sockets {
		s, err := newSocket(raw, c)
		if err != nil {
			return nil, err
		}
		p.sockets = append(p.sockets, s)
	}
	return p, nil
}

// Caps asks the members which shares their servers allow.
func (p *Plane) Caps(ctx context.Context) (sources.Caps, error) {
	members, errs := p.readAll(ctx)
	return p.caps(members, errs)
}

func (p *Plane) caps(members []member, errs []error) (sources.Caps, error) {
	c := sources.Caps{Kind: "haproxy", Writes: true, Settle: settle, Members: len(p.sockets)}
	r, err := p.merge(members, errs)
	static := ""
	for i, m := range members {
		if errs[i] != nil {
			continue
		}
		c.Finest = max(c.Finest, finest(m))
		if staticAlgorithm(m.algorithm) {
			static = m.algorithm
		}
	}
	says := []string{"HAProxy does not compare before it writes: the last writer wins"}
	if static != "" {
		c.Shares = []sources.Share{0, sources.Whole}
		says = append(says, "balance "+static+" takes 0 % and 100 % only")
	}
	if r.File.Known {
		says = append(says, fmt.Sprintf("set by runtime only: a reload returns to %v", r.File))
	}
	c.Note = sources.NewText(strings.Join(says, "; "))
	return c, err
}

// sight is a reading in full, under its Rev: a [sources.Reading] has no room for all that choosing weights needs.
type sight struct {
	rev     string
	members []member
}

// mostSeen is how many readings an operator may have before eyes while planning.
const mostSeen = 8

func (p *Plane) remember(rev string, members []member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = slices.DeleteFunc(p.seen, func(s sight) bool { return s.rev == rev })
	p.seen = append(p.seen, sight{rev, members})
	if len(p.seen) > mostSeen {
		p.seen = slices.Delete(p.seen, 0, 1)
	}
}

func (p *Plane) remembered(rev string) ([]member, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.seen {
		if s.rev == rev {
			return s.members, true
		}
	}
	return nil, false
}

// staticAlgorithm tells the algorithms that ignore weights other than 0 and the file's own (configuration manual,
// "balance"). Hashing algorithms are static too unless hash-type says consistent, which the runtime API does not tell.
func staticAlgorithm(name string) bool { return name == "static-rr" || name == "first" }

// hashAlgorithm tells the algorithms that spread keys and not requests.
func hashAlgorithm(name string) bool {
	switch name, _, _ := strings.Cut(name, "("); name {
	case "source", "uri", "url_param", "hdr", "rdp-cookie", "hash":
		return true
	}
	return false
}
