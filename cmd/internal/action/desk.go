package action

import (
	"context"
	"slices"
	"sync"
	"time"

	"rampart/sources"
)

// Desk does what operators ask of one service's plane.
type Desk struct {
	cfg Config
	// ctx is the desk's own and not a caller's: what was begun is finished by the desk, whoever goes away meanwhile.
	ctx context.Context
	rec *recorder
	// reading is held while the journal is read, one at a time.
	reading chan struct{}
	// writing is held while a change is read, planned and sent: one at a time.
	writing chan struct{}
	wg      sync.WaitGroup

	mu      sync.Mutex // guards all below
	offers  []*offer   // newest last
	tracks  []*Track   // newest last
	fold    fold
	unable  string               // why the plane cannot be written to at all
	changed chan struct{}        // closed and replaced at each change
	denials map[denial]time.Time // written a moment ago

	terms *terms // has its own lock
}

// mostKept bounds the offers and the finished actions that a desk remembers.
const mostKept = 32

// New makes a desk that lives as long as ctx. It reads the journal for what is held and unlocked, and then finds out,
// by reading the plane only, what became of actions that an earlier process left open.
func New(ctx context.Context, cfg Config) (*Desk, error) {
	if err := cfg.Validate(); err != nil {
		return nil, &sources.Error{Op: "open", Target: "desk", Kind: sources.ErrInvalid, Cause: err}
	}
	cfg.Patience = cfg.Patience.filled()
	d := &Desk{cfg: cfg, ctx: ctx, reading: make(chan struct{}, 1), writing: make(chan struct{}, 1), changed: make(chan struct{}), fold: newFold(), denials: map[denial]time.Time{}}
	d.terms = newTerms(cfg)
	d.rec = newRecorder(cfg, d.wake)
	d.catchUp(ctx)
	d.wg.Go(func() { d.rec.run(ctx) })
	d.wg.Go(d.ability)
	left := d.opened() // before anything of this desk's own is open
	d.wg.Go(func() { d.resolve(left) })
	if p, ok := d.inherited(); ok {
		d.wg.Go(func() { d.inherit(p) })
	}
	d.restore()
	if cfg.Lives {
		d.wg.Go(d.keep)
	}
	return d, nil
}

// Wait returns when all that was begun has ended. It is called after the desk's context was cancelled.
func (d *Desk) Wait() { d.wg.Wait() }

// Finish returns when nothing is half-way: every action is read back, has failed for good, or ctx is over. A process
// that shall end waits here first.
func (d *Desk) Finish(ctx context.Context) error {
	for {
		changed := d.Changed()
		if !slices.ContainsFunc(d.Progress(), func(p sources.Progress) bool { return !p.Done && p.Rung < sources.Configured }) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Progress returns the actions of this desk, newest first.
func (d *Desk) Progress() []sources.Progress {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]sources.Progress, 0, len(d.tracks))
	for _, t := range slices.Backward(d.tracks) {
		out = append(out, t.Progress())
	}
	return out
}

// Changed is closed at the next change of anything that the desk shows.
func (d *Desk) Changed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changed
}

// Asked is the split that was last asked for here; unknown when nobody did.
func (d *Desk) Asked() sources.Split {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range slices.Backward(d.tracks) {
		switch p := t.Progress(); {
		case t.next.Known:
			return t.next
		case p.Rung > sources.RungNone && p.Change.To.Known: // a hold asks for none
			return p.Change.To
		}
	}
	return sources.Split{}
}

// Held says who holds the ramp and why; empty when nobody does.
func (d *Desk) Held() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fold.held
}

// JournalAlarm says since when and why entries cannot be written; empty when they can.
func (d *Desk) JournalAlarm() string { return d.rec.alarm() }

// unreadable says that the journal is not what was written, or is not there to be read; empty when it was read to its end.
func (d *Desk) unreadable() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fold.err == nil {
		return ""
	}
	return "the journal cannot be read: " + d.fold.err.Error()
}

// Unfinished tells what an earlier process left open, in sentences, and what the plane says of it.
func (d *Desk) Unfinished() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.fold.said)
}

// wake tells everyone who waits that something changed.
func (d *Desk) wake() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.changed)
	d.changed = make(chan struct{})
}

// take waits for the right to write. It returns how to give it back.
func (d *Desk) take(ctx context.Context) (func(), error) {
	select {
	case d.writing <- struct{}{}:
		return func() { <-d.writing }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// ability asks once whether the plane can be written to. Until it has answered, a write is tried.
func (d *Desk) ability() {
	if caps, err := d.cfg.Plane.Caps(d.ctx); err == nil && !caps.Writes {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.unable = caps.Note.String()
	}
}

// entry fills in what all entries of this desk have in common.
func (d *Desk) entry(kind sources.EntryKind, a Actor, verb sources.Verb, id, text string) sources.Entry {
	e := sources.Entry{Kind: kind, Context: d.cfg.Context, Service: d.cfg.Service, Actor: a.Name, Via: a.via, From: a.From, IntentID: id, Text: text}
	if verb != 0 {
		e.Verb = verb.String()
	}
	return e
}
