package protocol

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

// Road carries one request and its answer. Its error is a [sources.Error] whose Sent says whether the request may have
// arrived; an error that the other end told comes from [Decode] as it is.
type Road interface {
	Ask(ctx context.Context, r Request) (Answer, error)
}

// Plane speaks the protocol over a road. It may be used by many goroutines at once and owns none beyond a call.
type Plane struct {
	kind, name string // "exec" and the command, "webhook" and the URL
	road       Road
	now        func() time.Time
	memory     plane.Memory

	mu    sync.Mutex
	calls []string
	caps  sources.Caps
	known bool
}

var _ sources.Plane = (*Plane)(nil)

// New returns a plane. name is what its writes are sent to; count sees requests where readings have no counters, or nil.
func New(kind, name string, road Road, count plane.Count, now func() time.Time) *Plane {
	return &Plane{kind: kind, name: name, road: road, now: now, memory: plane.Memory{Count: count, Reloaded: "it was started anew in between"}}
}

// Caps asks once and remembers the answer. Who does not know the call can read and apply.
func (p *Plane) Caps(ctx context.Context) (sources.Caps, error) {
	p.mu.Lock()
	caps, known := p.caps, p.known
	p.mu.Unlock()
	if known {
		return caps, nil
	}
	a, err := p.ask(ctx, Request{Call: CallCaps}, func(a Answer) bool { return a.Caps != nil })
	switch {
	case errors.Is(err, sources.ErrUnsupported):
		a.Caps = &Caps{}
	case err != nil:
		return sources.Caps{}, err
	}
	caps = a.Caps.as(p.kind)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls, p.caps, p.known = a.Caps.Calls, caps, true
	return caps, nil
}

func (c Caps) as(kind string) sources.Caps {
	out := sources.Caps{
		Kind: kind, Finest: max(1, share(c.Finest)), Even: true, Writes: !c.ReadOnly, Guarded: c.Guarded, Durable: c.Durable,
		Settle: seconds(c.Settle), Members: max(1, c.Members), Note: c.Note,
	}
	if out.Settle == 0 {
		out.Settle = time.Second
	}
	for _, s := range c.Shares {
		out.Shares = append(out.Shares, share(s))
	}
	slices.Sort(out.Shares)
	return out
}

// can tells whether caps listed a call; caps are known.
func (p *Plane) can(call string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.calls, call)
}

// Read asks what is set now.
func (p *Plane) Read(ctx context.Context) (sources.Reading, error) {
	a, err := p.ask(ctx, Request{Call: CallRead}, hasRead)
	if err != nil {
		return sources.Reading{At: p.now()}, err
	}
	return p.reading(*a.Read), nil
}

func hasRead(a Answer) bool { return a.Read != nil }

func (p *Plane) reading(d Read) sources.Reading {
	at := p.now()
	split := func(percent *float64) sources.Split {
		if percent == nil {
			return sources.Split{}
		}
		return sources.SplitAt(share(*percent), at)
	}
	r := sources.Reading{
		At: at, Rev: d.Rev, Epoch: d.Epoch, Identity: d.Identity,
		Configured: split(d.Set), Effective: split(d.Effective), File: split(d.Reload),
	}
	for _, s := range d.Servers {
		r.Servers = append(r.Servers, sources.Server{
			Member: s.Member, Name: s.Name, Arm: s.Arm, Up: s.Up, State: s.State, Weight: weight(s.Weight), Initial: weight(s.Initial),
			Counters: counters(s),
		})
	}
	for _, n := range d.Notes {
		r.Notes = append(r.Notes, sources.Note{Kind: sources.NoteInfo, Text: n, At: at})
	}
	if r.Rev == "" {
		d.Servers, d.Notes, d.Effective = nil, nil, nil
		b, _ := json.Marshal(d) // shares were checked: nothing in it can fail
		sum := sha256.Sum256(b)
		r.Rev = hex.EncodeToString(sum[:8])
	}
	return r
}

// counters are those that the protocol has.
func counters(s Server) sources.RouterCounters {
	told := func(n *int64) int64 {
		if n == nil {
			return sources.Untold
		}
		return *n
	}
	return sources.RouterCounters{
		Requests: told(s.Requests), Errors: told(s.Errors),
		ConnectionErrors: sources.Untold, ResponseErrors: sources.Untold, Retries: sources.Untold, Redispatches: sources.Untold,
	}
}

// weight is negative where none was told.
func weight(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

// ask sends a call and wants a part in its answer.
func (p *Plane) ask(ctx context.Context, r Request, want func(Answer) bool) (Answer, error) {
	r.Version = Version
	a, err := p.road.Ask(ctx, r)
	if err == nil && !want(a) {
		err = &sources.Error{Op: r.Call, Target: p.name, Kind: sources.ErrInvalid, Cause: errors.New("the answer lacks what the call asks for"), Sent: true}
	}
	return a, err
}
