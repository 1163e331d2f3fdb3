package haproxy

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"rampart/sources"
)

// How long a look waits for others. Services in step come within milliseconds, on a busy machine within tens of them; a
// plane is read every few seconds.
const (
	lookLull     = 20 * time.Millisecond
	lookPatience = 200 * time.Millisecond
)

// post is one socket on which planes look together.
type post struct {
	socket *socket
	full   chan struct{} // holds one when all who look from here wait

	mu      sync.Mutex
	members int     // who look from here
	waiting []*look // who asked since the last exchange began
	manned  bool    // there is a goroutine that answers them
}

// look is one plane that waits for an answer.
type look struct {
	backend string
	text    string
	err     error
	done    chan struct{}
}

func (p *post) count(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.members += n
}

// ask returns what the member says of one backend, as if it had been asked alone.
func (p *post) ask(ctx context.Context, backend string) (string, error) {
	l := p.join(backend)
	if l == nil {
		return p.socket.exchange(ctx, "read", question(backend))
	}
	select {
	case <-l.done:
		return l.text, l.err
	case <-ctx.Done():
		return "", &sources.Error{Op: "read", Target: p.socket.member, Kind: sources.ErrUnreachable, Cause: ctx.Err()}
	}
}

// join waits with the others; nil: there are none.
func (p *post) join(backend string) *look {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.members < 2 {
		return nil
	}
	l := &look{backend: backend, done: make(chan struct{})}
	p.waiting = append(p.waiting, l)
	if len(p.waiting) >= p.members {
		select {
		case p.full <- struct{}{}:
		default:
		}
	}
	if !p.manned {
		p.manned = true
		go p.run()
	}
	return l
}

// run answers until nobody waits.
func (p *post) run() {
	for looks := p.gather(); looks != nil; looks = p.gather() {
		p.answer(looks)
	}
}

// gather returns those who wait once all do, or nobody has come for a lull; nil, and the post is left, when nobody waits.
func (p *post) gather() []*look {
	began := time.Now()
	lull := time.NewTimer(lookLull)
	defer lull.Stop()
	for before := 0; ; {
		p.mu.Lock()
		n := len(p.waiting)
		if n == 0 || n >= p.members || n == before || time.Since(began) >= lookPatience {
			looks := p.waiting
			p.waiting, p.manned = nil, n > 0
			p.mu.Unlock()
			return looks
		}
		p.mu.Unlock()
		select {
		case <-p.full:
		case <-lull.C:
			before = n
			lull.Reset(lookLull)
		}
	}
}

// answer asks for everybody's backend, so many at once as one line takes. What keeps a member from answering one line keeps
// it from the next: nobody waits to see that again.
func (p *post) answer(looks []*look) {
	for len(looks) > 0 {
		now, later := oneLine(looks)
		said, err := p.read(now)
		if err != nil {
			now, later = looks, nil
		}
		for _, l := range now {
			l.text, l.err = said[l.backend], err
			close(l.done)
		}
		looks = later
	}
}

// oneLine parts looks into those that are asked for by the next line and the others.
func oneLine(looks []*look) (now, later []*look) {
	size, known := 0, map[string]bool{}
	for _, l := range looks {
		n := len(asking(l.backend))
		switch {
		case known[l.backend]:
		case size > 0 && size+n > maxLine:
			later = append(later, l)
			continue
		default:
			size, known[l.backend] = size+n, true
		}
		now = append(now, l)
	}
	return now, later
}

// read returns what the member says of each backend. Answers that cannot be told apart are asked for one by one.
func (p *post) read(looks []*look) (map[string]string, error) {
	var backends []string
	for _, l := range looks {
		if !slices.Contains(backends, l.backend) {
			backends = append(backends, l.backend)
		}
	}
	text, err := p.exchange(backends...)
	if err != nil {
		return nil, err
	}
	if said := apart(text, backends); said != nil {
		return said, nil
	}
	said := map[string]string{}
	for _, b := range backends {
		if said[b], err = p.exchange(b); err != nil {
			return nil, err
		}
	}
	return said, nil
}

// exchange asks the member, whoever still waits: its own deadline ends it.
func (p *post) exchange(backends ...string) (string, error) {
	return p.socket.exchange(context.Background(), "read", question(backends...))
}

// apart gives each backend its answer as if it had been asked alone; nil when they are not as many as were asked for. An
// answer ends with an empty line (management guide 9.3).
func apart(text string, backends []string) map[string]string {
	const end = "\n\n"
	answers := strings.SplitAfter(text, end)
	if len(answers) != 2*len(backends)+3 || answers[len(answers)-1] != "" {
		return nil
	}
	said, process := make(map[string]string, len(backends)), answers[2*len(backends)]+answers[2*len(backends)+1]
	for i, b := range backends {
		said[b] = answers[2*i] + answers[2*i+1] + process
	}
	return said
}
