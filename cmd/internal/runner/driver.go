package runner

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/runner/gate"
	"rampart/sources"
)

// gateLimit is how long a step's command may take.
const gateLimit = time.Minute

// Driver drives one service's ramp. Make it with New, start it with Run.
type Driver struct {
	cfg   Config
	knock chan struct{}
	wg    sync.WaitGroup

	reading  sync.Mutex // held during a look; guards the next two
	owed     string     // what the journal could not be told of the ramp
	unmarked error      // why no mark of it could be left either

	mu        sync.Mutex // guards all below
	st        ramp.State
	newest    *frame.Frame
	in        ramp.Input // of the newest look
	inbox     []ramp.Event
	wishes    []*wish
	offers    []*wish         // previewed and not yet wished for
	known     map[string]bool // intents of the desk that were looked at
	confirmed map[string]bool // those of them that somebody has confirmed
	// pending: an earlier process was about to set a share, and whether it did is to be read.
	pending bool
	began   time.Time // of this process, by the wall
	changed chan struct{}
	setter  string // who set a split that is not the ramp's, by the journal
}

// New makes a driver of what the journal says. It asks nobody else yet.
func New(ctx context.Context, cfg Config) (*Driver, error) {
	if err := cfg.Validate(); err != nil {
		return nil, &sources.Error{Op: "open", Target: "driver of " + cfg.Service, Kind: sources.ErrInvalid, Cause: err}
	}
	if cfg.Ask == nil {
		cfg.Ask = gate.Ask
	}
	cfg.Settling = cmp.Or(cfg.Settling, 2*time.Second)
	st, err := StateOf(ctx, cfg.Journal, cfg.Context, cfg.Service)
	if err != nil {
		return nil, fmt.Errorf("open driver of %s: %w", cfg.Service, err)
	}
	d := &Driver{cfg: cfg, st: st, knock: make(chan struct{}, 1), known: map[string]bool{}, confirmed: map[string]bool{}, began: time.Now(), changed: make(chan struct{})}
	d.pending = st.Writing && st.Phase != ramp.RollingBack
	d.inbox = mark{cfg.Mark}.heed(st)
	for _, p := range cfg.Desk.Progress() {
		d.known[p.IntentID] = true
	}
	return d, nil
}

// Run drives until ctx ends.
func (d *Driver) Run(ctx context.Context) error {
	defer d.wg.Wait()
	d.wg.Go(func() { d.read(ctx) })
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-d.knock:
		case <-d.cfg.Desk.Changed():
		case <-tick.C:
		}
		d.look(ctx)
	}
}

// read keeps the newest frame.
func (d *Driver) read(ctx context.Context) {
	for {
		f, err := d.cfg.Frames.Next(ctx)
		if err != nil {
			return
		}
		d.mu.Lock()
		d.newest = f
		d.mu.Unlock()
		d.wake()
	}
}

func (d *Driver) wake() {
	select {
	case d.knock <- struct{}{}:
	default:
	}
}

// post adds what happened to the next look.
func (d *Driver) post(e ramp.Event) {
	d.mu.Lock()
	d.inbox = append(d.inbox, e)
	d.mu.Unlock()
	d.wake()
}

// look takes everything that is known now through the plan once, and does what comes out.
func (d *Driver) look(ctx context.Context) {
	d.reading.Lock()
	defer d.reading.Unlock()
	d.resolve(ctx)
	d.payUp(ctx)
	w := d.nextWish()
	d.stranger(ctx)
	d.mu.Lock()
	if d.newest == nil || d.pending { // what an earlier process did is found out first
		d.mu.Unlock()
		w.answer(sources.Progress{}, d.notYet())
		return
	}
	in := d.input(d.newest)
	in.Events = append(append(in.Events, d.others()...), d.inbox...)
	d.inbox = nil
	if w != nil {
		in.Events = append(in.Events, w.event)
	}
	was := d.st
	st, effects := ramp.Next(d.cfg.Plan, was, in)
	d.st, d.in = st, in
	d.mu.Unlock()
	d.perform(ctx, was, st, effects, w, in)
	if moved(was, st) {
		d.say()
	}
	if w != nil && d.waiting() {
		d.wake() // one wish at a look
	}
}

// moved tells whether there is anything new to show.
func moved(was, is ramp.State) bool {
	return was.Phase != is.Phase || was.Step != is.Step || was.Writing != is.Writing || was.Why != is.Why ||
		was.Question != is.Question || !was.Deadline.Equal(is.Deadline) || len(was.Approvals) != len(is.Approvals)
}

// State is where the ramp stands.
func (d *Driver) State() ramp.State {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.st
}

// Frame is the ramp as consoles show it; nil when there is none.
func (d *Driver) Frame() *frame.Ramp {
	d.mu.Lock()
	defer d.mu.Unlock()
	return frame.RampOf(d.cfg.Plan, d.st, d.in)
}

// Changed is closed when the ramp stands elsewhere.
func (d *Driver) Changed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changed
}

func (d *Driver) say() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.changed)
	d.changed = make(chan struct{})
}

func (d *Driver) notYet() error {
	return &sources.Error{Op: "drive", Target: d.cfg.Service, Kind: sources.ErrNoData, Fix: "the sources have not answered yet: ask again in a moment"}
}
