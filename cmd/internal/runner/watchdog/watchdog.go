// Package watchdog takes the candidate's traffic away when the process that drives its ramp is gone or hangs.
//
// It promises: it sets 0 % and nothing else, once for each ramp and each change; it does so only while the runner's heartbeat
// is missing for longer than the plan allows, the journal says that a ramp lives above 0 %, or that the time of a change which
// nobody confirmed is over, and the plane says so too. All three are asked right before the write. It owns no goroutine.
//
// # Why
//
// The lease's lock says that a process lives and the file's time when it last said so. Where nobody holds the lock the time
// is enough, also for a watchdog that is started after the runner died. A runner that holds it and says nothing hangs, or
// its machine was suspended and the watchdog with it: such a silence counts for as long as the watchdog itself was awake and
// heard none. One that wakes up later reads the plane before it writes, finds less than it set, and ends its ramp. Nothing is
// opened for writing before it is needed, so that a watchdog that has waited for days acts by the journal of that moment.
// Why the runner is away makes no difference: one that was stopped on purpose over a ramp that is held leaves the candidate
// without anybody who would take it down, which is what the plan asks a watchdog for. Whoever wants the share to stay ends the
// ramp first, and where the journal could not take that, the mark that the runner left beside its lease says it.
//
// The journal is read once, and then only what is new, because a watchdog looks each second for as long as nobody starts a runner.
//
// A change that reverts by itself unless it is confirmed was promised to go back, and whoever would do it is gone. Only what
// ramps up reverts, so its inverse always lowers; a watchdog does not set that inverse, though, but 0 %, as everywhere: it has
// nobody to judge by, and one share that it can set is one that it cannot get wrong. It waits for the change's own time as
// well, in which people may still confirm, and leaves a split alone that somebody has set since.
package watchdog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rampart/cmd/internal/action"
	"rampart/cmd/internal/runner"
	"rampart/sources"
)

// Hand writes in the watchdog's name. It is opened for one rollback.
type Hand interface {
	// Share is what the plane says now.
	Share(ctx context.Context) (sources.Split, error)
	// RollBack sets 0 % and returns when it was read back; still is asked last before the write.
	RollBack(ctx context.Context, reason string, still func() error) error
	Close()
}

// Config is what one service's watchdog is made of; all of it is needed but the mark.
type Config struct {
	Context, Service string
	Silence          time.Duration // how long the runner may be away
	Lease            string        // path of the service's lease
	Mark             string        // path of what a runner leaves beside it while the journal cannot be written; empty: nowhere
	Journal          sources.Journal
	Open             func() (Hand, error)
	Now              func() time.Time
	Tell             func(sources.Notice) // told loudly before and after
}

// Dog watches one service. It is for one goroutine.
type Dog struct {
	cfg    Config
	acted  map[string]bool // what was taken down, or is not set any more
	beat   time.Time       // the newest heartbeat
	since  time.Time       // it was the newest all the time from then on
	looked time.Time       // when the last look ended

	next    uint64 // the first entry not yet read; 0: all of the journal is to be read
	ramp    runner.Standing
	changes *action.Ledger
}

// nap is how long a watchdog may look away and still know that there was no heartbeat: it looks each second.
const nap = 5 * time.Second

// New makes a watchdog.
func New(cfg Config) (*Dog, error) {
	if cfg.Silence <= 0 || cfg.Lease == "" || cfg.Journal == nil || cfg.Open == nil || cfg.Now == nil || cfg.Tell == nil {
		return nil, &sources.Error{Op: "open", Target: "watchdog of " + cfg.Service, Kind: sources.ErrInvalid, Cause: errors.New("it needs a time, a lease, a journal, a hand, a clock and somebody to tell")}
	}
	return &Dog{cfg: cfg, acted: map[string]bool{}}, nil
}

// errFine says that there is no reason to act.
var errFine = errors.New("nothing is to be done")

// Look looks once and acts if it must. It tells whether it acted; an error means that it must and could not, and that
// the next look tries again.
func (d *Dog) Look(ctx context.Context) (acted bool, err error) {
	if d.cfg.Now().Sub(d.looked) > nap {
		d.since = d.cfg.Now()
	}
	defer func() { d.looked = d.cfg.Now() }()
	o, err := d.orphan(ctx)
	if err != nil || d.acted[o.id] {
		return false, fine(err)
	}
	hand, err := d.cfg.Open()
	if err != nil {
		return false, err
	}
	defer hand.Close()
	set, err := hand.Share(ctx)
	switch {
	case err != nil:
		return false, fmt.Errorf("watchdog of %s: %w", d.cfg.Service, err)
	case set.Known && !o.has(set): // somebody has set something else since
		d.acted[o.id] = true
		return false, nil
	case o.set.Known && !set.Known:
		return false, &sources.Error{Op: "watchdog of", Target: d.cfg.Service, Kind: sources.ErrUnreachable, Cause: errors.New("what is set is not known")}
	}
	d.tell("the runner is silent: the watchdog sets 0 %", o.reason)
	if err := hand.RollBack(ctx, o.reason, func() error { return d.still(ctx, o) }); err != nil {
		if fine(err) != nil {
			d.tell("the watchdog could not set 0 %", err.Error())
		}
		return false, fine(err)
	}
	d.acted[o.id] = true
	d.tell("the watchdog has set 0 %", o.reason)
	return true, nil
}

func fine(err error) error {
	if errors.Is(err, errFine) {
		return nil
	}
	return err
}

func (d *Dog) tell(title, text string) {
	d.cfg.Tell(sources.Notice{
		Key: d.cfg.Context + "/" + d.cfg.Service + "/watchdog", Kind: sources.NoticeRamp, Severity: sources.SeverityCritical,
		Context: d.cfg.Context, Service: d.cfg.Service, At: d.cfg.Now(), Title: d.cfg.Service + ": " + title, Text: text,
	})
}
