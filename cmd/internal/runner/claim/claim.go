package claim

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

// Config says what a process lets others do.
type Config struct {
	// May tells why a user may not have a claim of this process: neither its own user nor root, who are not asked. Nil:
	// nobody else may. The thief's words are theirs; the peer is the kernel's.
	May func(thief lease.Holder, p Peer) error
}

// Claims are those of one process. They may be used by many goroutines at once.
type Claims struct {
	may    func(lease.Holder, Peer) error
	mu     sync.Mutex
	stakes map[string]*stake // by key
}

// New returns no claim yet.
func New(cfg Config) *Claims {
	c := &Claims{may: cfg.May, stakes: map[string]*stake{}}
	if c.may == nil {
		c.may = func(lease.Holder, Peer) error {
			return errors.New("it lets go to its own user and to root")
		}
	}
	return c
}

// Claim is one service's, held until Release, until the process ends, or until it is let go to somebody who asked.
type Claim struct {
	of      *Claims
	service string

	mu     sync.Mutex
	stakes []*stake
	lost   *lease.Holder
}

// Take takes the free names of a plane's keys. A [*lease.Held] error names who has one. Without keys there is nothing that
// others could drive as well, and the claim is always held.
func (c *Claims) Take(ctx context.Context, service string, keys []string, who lease.Holder) (*Claim, error) {
	claim, _, err := c.all(service, keys, who, func(s *stake) (*lease.Holder, error) { return nil, s.take(ctx, service) })
	return claim, err
}

// Steal takes them from whoever has them, and returns who that was. Holder.Reason says why, and must be given. ErrDenied:
// who has it does not let go to this user.
func (c *Claims) Steal(ctx context.Context, service string, keys []string, who lease.Holder) (*Claim, []lease.Holder, error) {
	if who.Reason == "" {
		return nil, nil, &sources.Error{Op: "steal", Target: "lease of " + service, Kind: sources.ErrInvalid, Fix: "say why"}
	}
	until := time.Now().Add(yielding)
	return c.all(service, keys, who, func(s *stake) (*lease.Holder, error) { return s.steal(ctx, service, until) })
}

// all gets each key's name, or none.
func (c *Claims) all(service string, keys []string, who lease.Holder, get func(*stake) (*lease.Holder, error)) (*Claim, []lease.Holder, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := &Claim{of: c, service: service}
	var from []lease.Holder
	for _, key := range sorted(keys) {
		s := c.stakes[key]
		if s == nil || s.held() != nil {
			s = &stake{key: key, who: who, may: c.may}
			was, err := get(s)
			if was != nil && !slices.Contains(from, *was) {
				from = append(from, *was)
			}
			if err != nil {
				out.giveBack()
				return nil, from, err
			}
			c.stakes[key] = s
		}
		s.shares++
		out.stakes = append(out.stakes, s)
	}
	return out, from, nil
}

// Held is nil while all names are this process's, and says who has one otherwise. What others have asked until now is heard
// before it answers. Of a claim that is lost the rest is given back.
func (c *Claim) Held() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.stakes {
		if by := s.held(); by != nil && c.lost == nil {
			c.lost = by
		}
	}
	if c.lost == nil {
		return nil
	}
	if c.stakes != nil {
		go c.Release() // it waits for who is taking a claim of this process now
	}
	return &lease.Held{Target: c.service, By: *c.lost}
}

// Late are those who have not let go yet, because they do not answer: what they had under way may still come.
func (c *Claim) Late() []lease.Holder {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []lease.Holder
	for _, s := range c.stakes {
		for _, by := range s.waits() {
			if !slices.Contains(out, by) {
				out = append(out, by)
			}
		}
	}
	return out
}

// Release gives the names back that no other claim of this process has.
func (c *Claim) Release() {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.giveBack()
}

// giveBack is Release, with the locks held.
func (c *Claim) giveBack() {
	for _, s := range c.stakes {
		if s.shares--; s.shares > 0 {
			continue
		}
		s.release()
		if c.of.stakes[s.key] == s {
			delete(c.of.stakes, s.key)
		}
	}
	c.stakes = nil
}

// Look tells who drives a plane, whoever that is; ok is false where nobody does. It takes half a second at most for each
// key.
func Look(ctx context.Context, keys []string) (by lease.Holder, ok bool) {
	for _, key := range sorted(keys) {
		name, heir := nameOf(key)
		for _, n := range []string{heir, name} { // who waits for a name took it from who has it
			c, err := ring(ctx, n)
			c.close()
			if !errors.Is(err, errFree) {
				return c.by, true
			}
		}
	}
	return lease.Holder{}, false
}
