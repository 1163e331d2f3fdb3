package wire

import (
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"sync"
	"time"

	"rampart/sources"
)

// leaveHeader carries a console's leave to read lines as they came: not in an address, which logs keep.
const leaveHeader = "Rampart-Leave"

// leave lets one console of one user read the lines of one service without masks, until it ends.
type leave struct {
	service, name string
	uid           int
	until         time.Time
}

// leaves are those that were given and are not over. A leave is a word that only its console knows: another console of
// the same user has asked for none, and the journal would not tell that it read.
type leaves struct {
	mu  sync.Mutex
	all map[string]leave
}

func (l *leaves) give(to leave, now time.Time) (word string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.all, func(_ string, x leave) bool { return !now.Before(x.until) })
	word = rand.Text()
	l.all[word] = to
	return word
}

func (l *leaves) end(word string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, word)
}

// holds tells whether a word is the leave of somebody for a service now.
func (l *leaves) holds(word string, p Peer, service string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	x, ok := l.all[word]
	return ok && x.service == service && x.uid == p.UID && x.name == p.Name && now.Before(x.until)
}

// bared answers a question for leave.
type bared struct {
	Until time.Time
	Leave string
}

// unmask gives leave where the host does, or takes it back where no time is asked for.
func (s *server) unmask(w http.ResponseWriter, r *http.Request) {
	q, op, err := s.seat(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	s.leaves.end(r.Header.Get(leaveHeader)) // one at a time
	if q.Unmask.For <= 0 {
		answer(w, baring, &bared{}, nil)
		return
	}
	var b bared
	p, err := peerOf(r, s.host)
	if err == nil {
		b.Until, err = op.Unmask(r.Context(), time.Duration(q.Unmask.For), q.Unmask.Reason)
	}
	if err == nil {
		b.Leave = s.leaves.give(leave{q.Service, p.Name, p.UID, b.Until}, s.now())
	}
	answer(w, baring, &b, err)
}

// mayBare tells whether a request comes with leave for a service.
func (s *server) mayBare(r *http.Request, service string) bool {
	word := r.Header.Get(leaveHeader)
	if word == "" {
		return false
	}
	p, err := peerOf(r, s.host)
	return err == nil && s.leaves.holds(word, p, service, s.now())
}

// noLeave refuses lines as they came.
func noLeave(service string) error {
	return &sources.Error{Op: "show without masks log lines of", Target: sources.Visible(service), Kind: sources.ErrDenied, Fix: "ask for leave first: u"}
}

// Unmask allows this console lines of the current service as they came, for a while. The runner checks the role and
// writes into its journal who asked and why. A time of zero ends it.
func (c *Client) Unmask(ctx context.Context, d time.Duration, reason string) (time.Time, error) {
	if err := c.looksOnly(); err != nil && d > 0 {
		return time.Time{}, err
	}
	b, err := post(ctx, c, "/v1/unmask", request{Unmask: unlock{int64(d), reason}}, baring)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave = b.Leave // none, where it was refused
	return b.Until, err
}

// leaveNow is the leave that this console has, if any.
func (c *Client) leaveNow() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.leave
}
