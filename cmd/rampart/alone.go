package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"rampart/analysis/frame"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/wire"
	"rampart/sources"
	"rampart/ui"
)

var (
	_ ui.Feed     = (*alone)(nil)
	_ ui.Operator = (*alone)(nil)
	_ ui.Ask      = (*alone)(nil)
)

// alone is a console on a runner that rolls back by itself where the runner does not answer, and does nothing else by
// itself. The journal is the same file, so that the runner finds what was done when it comes back.
type alone struct {
	*wire.Client
	open func(service string) (*session, error)
	// opening is held while one of our own is opened or ended, which reads files: frames do not wait for it.
	opening sync.Mutex

	mu     sync.Mutex                // guards all below
	own    map[string]*session       // by service
	mine   map[string]*session       // by the preview's id
	asked  map[string]sources.Action // rollbacks that the runner previewed, by the preview's id
	last   *frame.Frame
	inbox  chan *frame.Frame
	failed chan error
	turned chan struct{} // closed and replaced when there is another desk of our own
	start  sync.Once
}

// aside makes a console of a runner; without a config it cannot act alone.
func (g *globals) aside(c *config.Config, client *wire.Client) *alone {
	a := &alone{
		Client: client, own: map[string]*session{}, mine: map[string]*session{}, asked: map[string]sources.Action{}, inbox: make(chan *frame.Frame), failed: make(chan error, 1), turned: make(chan struct{}),
	}
	a.open = func(service string) (*session, error) {
		if c == nil {
			return nil, &sources.Error{Op: "roll back", Target: service, Kind: sources.ErrUnsupported, Fix: "without the runner it takes a config: -c FILE"}
		}
		x, err := c.Choose(config.Choice{Context: g.context, Service: service})
		if err != nil {
			return nil, err
		}
		return g.planeOnly(c, x)
	}
	return a
}

// writesAlone is said wherever a runner is passed by.
const writesAlone = "this process writes by itself"

// planeOnly opens a service for a rollback that waits for nobody: the plane and the journal are all that it takes. The
// journal is the runner's own file, so that the runner finds what was done when it comes back.
func (g *globals) planeOnly(c *config.Config, x config.Chosen) (*session, error) {
	x.Context.Prometheus, x.Context.Elasticsearch = nil, nil
	s, err := g.open(c, x, sessionFlags{})
	if err == nil && s.seat == nil {
		s.close()
		return nil, usage(fmt.Errorf("rollback %s: the service has no traffic plane in %s: %w", s.name, c.Path, sources.ErrUnsupported))
	}
	return s, err
}

// Preview asks the runner, and for a rollback plans here when there is no answer in time.
func (a *alone) Preview(ctx context.Context, act sources.Action) (sources.Preview, error) {
	if act.Verb != sources.RollBack {
		return a.Client.Preview(ctx, act)
	}
	soon, cancel := context.WithTimeout(ctx, wire.Answer)
	p, err := a.previewThere(soon, act)
	cancel()
	if !wire.Unanswered(err) || ctx.Err() != nil {
		return p, err
	}
	own, bad := a.previewAlone(ctx, act, err)
	if bad == nil && own.Change.From.Known {
		return own, nil
	}
	if p, err = a.previewThere(ctx, act); err == nil { // nothing can be done from here, so the runner may take its time
		return p, nil
	}
	return own, bad
}

// previewThere asks the runner, and remembers what it planned.
func (a *alone) previewThere(ctx context.Context, act sources.Action) (sources.Preview, error) {
	p, err := a.Client.Preview(ctx, act)
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.asked[p.ID] = act
	}
	return p, err
}

// previewAlone plans a rollback here, because the runner did not answer.
func (a *alone) previewAlone(ctx context.Context, act sources.Action, why error) (sources.Preview, error) {
	s, err := a.desk(act.Service)
	if err != nil {
		return sources.Preview{}, fmt.Errorf("%w; and alone: %w", why, err)
	}
	p, err := s.seat.Preview(ctx, act)
	if err != nil {
		return p, err
	}
	p.Warnings = append([]sources.Note{{Kind: sources.NoteUnreachable, Text: sources.NewText("the runner does not answer: " + writesAlone)}}, p.Warnings...)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.mine[p.ID] = s
	return p, nil
}

// Do does what was previewed, where it was previewed. A rollback that the runner previewed and does not take in time,
// because it died or hangs since, is planned anew on what the plane says and done here: it was confirmed once, and nobody
// is asked again.
func (a *alone) Do(ctx context.Context, previewID, word string) (sources.Progress, error) {
	a.mu.Lock()
	s := a.mine[previewID]
	act, rollback := a.asked[previewID]
	a.mu.Unlock()
	if s != nil {
		return s.seat.Do(ctx, previewID, word)
	}
	if !rollback {
		return a.Client.Do(ctx, previewID, word)
	}
	soon, cancel := context.WithTimeout(ctx, wire.Answer)
	p, err := a.Client.Do(soon, previewID, word)
	cancel()
	if !wire.Unanswered(err) || ctx.Err() != nil {
		return p, err
	}
	own, bad := a.previewAlone(ctx, act, err)
	if bad != nil {
		return p, bad
	}
	if !own.Change.From.Known { // the plane is not seen from here, and the runner may well have taken it: its frames will tell
		return p, err
	}
	return a.Do(ctx, own.ID, own.Confirm.Word)
}

// desk is the one of our own for a service.
func (a *alone) desk(service string) (*session, error) {
	a.opening.Lock()
	defer a.opening.Unlock()
	a.mu.Lock()
	s := a.own[service]
	a.mu.Unlock()
	if s != nil {
		return s, nil
	}
	s, err := a.open(service)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.own[service] = s
	close(a.turned)
	a.turned = make(chan struct{})
	return s, nil
}

// Next returns the runner's next frame, or the last one again when an action of our own has come further.
func (a *alone) Next(ctx context.Context) (*frame.Frame, error) {
	a.start.Do(func() { go a.pump() })
	for {
		changed, turned := a.watched()
		select {
		case f := <-a.inbox:
			return a.with(f), nil
		case err := <-a.failed:
			a.failed <- err // it stays so
			return nil, err
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-turned:
		case <-changed:
			if a.last != nil {
				return a.with(a.last), nil
			}
		}
	}
}

// pump reads the runner's frames until the client's life ends.
func (a *alone) pump() {
	for {
		f, err := a.Client.Next(context.Background())
		if err != nil {
			a.failed <- err
			return
		}
		select {
		case a.inbox <- f:
		case <-a.Done():
			a.failed <- context.Canceled
			return
		}
	}
}

// watched is what changes beside the runner: the desk of the service that is shown, if it is our own, and which it is.
func (a *alone) watched() (changed, turned <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last != nil && a.own[a.last.Service] != nil {
		changed = a.own[a.last.Service].desk.Changed()
	}
	return changed, a.turned
}

// with adds our own actions to a frame that does not know them.
func (a *alone) with(f *frame.Frame) *frame.Frame {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = f
	s := a.own[f.Service]
	if s == nil {
		return f
	}
	var own []sources.Progress
	for _, p := range s.desk.Progress() {
		if !slices.ContainsFunc(f.Actions, func(q sources.Progress) bool { return q.IntentID == p.IntentID }) {
			own = append(own, p)
		}
	}
	more := *f
	more.Actions = append(own, f.Actions...)
	if len(own) > 0 {
		readBack(&more.Traffic, own[0])
	}
	return &more
}

// readBack is the split as an action of our own found it, which is newer than what the runner said last.
func readBack(t *frame.Traffic, p sources.Progress) {
	for _, r := range p.Rungs {
		if r.At.Before(t.ReadAt) {
			continue
		}
		to := sources.SplitAt(p.Change.To.Candidate, r.At)
		switch r.Rung {
		case sources.Sent:
			t.Asked = to
		case sources.Configured:
			t.Set = to
		case sources.Effective:
			t.Effective = to
		case sources.Observed:
			t.Seen = p.Seen
		case sources.RungNone, sources.Accepted:
		}
		if r.Rung >= sources.Configured {
			t.ReadAt = r.At
		}
	}
}

// close waits for what is half-way here.
func (a *alone) close() {
	a.opening.Lock()
	defer a.opening.Unlock()
	a.mu.Lock()
	own := slices.Collect(maps.Values(a.own))
	a.mu.Unlock()
	for _, s := range own {
		s.close()
	}
}
