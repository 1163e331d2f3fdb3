package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine/past"
	"rampart/cmd/internal/notifier"
	"rampart/cmd/internal/runner/claim"
	"rampart/cmd/internal/runner/lease"
	"rampart/cmd/internal/wire"
	"rampart/sources"
	"rampart/sources/audit"
	"rampart/sources/prom"
)

// running is the process that owns the writes.
type running struct {
	g        *globals
	since    time.Time
	address  string // where it listens
	services []*driven
	group    *prom.Group // whom all services read their metrics from; nil: there are none
	turns    *past.Turns
	shared   *adapters.Shared
	claims   *claim.Claims
	keys     map[string][]string // of each service's plane
	many     bool                // see sessionFlags
	notifier *notifier.Notifier
	told     []*adapters.Receiver
}

// mostWhole is how many services hold log lines for as long as one alone does: 256 MiB of them by default.
const mostWhole = 16

// openRunner takes the leases first: whoever does not get them all touches nothing.
func (g *globals) openRunner(ctx context.Context, c *config.Config, x config.Chosen, names []string, f runFlags) (*running, error) {
	at, err := ownSocket(g.env, c, x, names)
	if err != nil {
		return nil, usage(err)
	}
	r := &running{g: g, since: time.Now(), address: at, turns: past.NewTurns(), shared: adapters.NewShared(), claims: claimsOf(c), many: len(names) > mostWhole}
	to, err := adapters.Receivers(c, names, g.err)
	if err != nil {
		return nil, usage(err)
	}
	r.told, r.notifier = to, notifier.New(notifier.Config{To: adapters.Notifiers(to), Now: time.Now})
	x.Services = names
	if r.group, err = adapters.Group(c, x); err != nil {
		return nil, usage(err)
	}
	if r.keys, err = keysOf(ctx, c, names); err != nil {
		return nil, usage(err)
	}
	for _, name := range names {
		if err := r.open(ctx, c, x, name, f); err != nil {
			r.close()
			return nil, err
		}
	}
	return r, nil
}

func (r *running) open(ctx context.Context, c *config.Config, x config.Chosen, name string, f runFlags) error {
	plan, err := planOf(c, name, f.plan)
	if err != nil {
		return usage(err)
	}
	if f.steal != "" {
		if err := r.g.entitled(ctx, c, x, name, "steal", sources.Operator); err != nil {
			return err
		}
	}
	held, err := r.g.takeRight(ctx, r.claims, r.keys[name], x, name, f.steal, r.address)
	if by, other := errors.AsType[*lease.Held](err); other {
		where := "rampart attach"
		if by.By.User != "" && by.By.Socket != "" { // whose state folder is another one
			where += " with that socket"
		}
		return fmt.Errorf("%w (%s opens a console on that one; rampart run --steal REASON takes over)", err, where)
	}
	if err != nil {
		return err
	}
	one := x
	one.Services = []string{name}
	drive := func() (*driven, error) {
		return r.g.drive(ctx, c, one, plan, held, sessionFlags{since: f.since, group: r.group, turns: r.turns, shared: r.shared, many: r.many}, r.notifier.Tell)
	}
	d, err := drive()
	if _, broken := errors.AsType[*audit.Broken](err); broken && len(r.services) == 0 {
		if err = r.mendAtStart(ctx, c, x, name); err == nil {
			d, err = drive()
		}
	}
	if err != nil {
		return errors.Join(err, held.Release())
	}
	r.services = append(r.services, d) // from here on close gives it back
	if f.steal != "" {
		return d.seat.Record(ctx, sources.EntrySession, held.Story(f.steal), nil)
	}
	return nil
}

// serve drives and lends to consoles until ctx ends, or the started ramp does.
func (r *running) serve(ctx context.Context, address string, f runFlags) error {
	path, err := pathOf(address)
	if err != nil {
		return usage(err)
	}
	l, err := lend(ctx, path, f)
	if err != nil {
		return err
	}
	if r.g.env("GOGC") == "" { // hundreds of services are mostly what is held: as much again for garbage is too much
		debug.SetGCPercent(runnerGarbage)
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	defer r.work(ctx, fail, l)()
	fmt.Fprintf(r.g.err, "rampart: runner of %s listens at %s\n", r.names(), path)
	if f.start {
		err = r.services[0].rideOut(ctx, r.g.streams, r.notifier.Tell)
		fail(err)
		if _, told := byHangup(ctx); told {
			return &exitError{exitInterrupted, err}
		}
		return err
	}
	<-ctx.Done()
	if s, told := byHangup(ctx); told { // which is how it ends when all is well
		fmt.Fprintf(r.g.err, "rampart: told to end: %s\n", s)
		for _, d := range r.services {
			if says := orphaned(d.name, d.plan, d.driver.State()); says != "" {
				fmt.Fprintf(r.g.err, "rampart: %s\n", says)
			}
		}
		return nil
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// orphaned says what becomes of a ramp whose runner is told to end: a watchdog does not ask why it went. Empty: nothing does.
func orphaned(name string, p ramp.Plan, st ramp.State) string {
	share := max(st.Share, st.Set.Candidate)
	if p.Watchdog == 0 || !st.Phase.Live() || share == 0 {
		return ""
	}
	return fmt.Sprintf("%s: its ramp is %s at %s, and nobody judges it now: a watchdog sets 0 %% in %s unless a runner is back by then; to keep the share, end the ramp there (rampart ramp stop)",
		sources.Visible(name), st.Phase, share, ramp.Span(p.Watchdog))
}

// lend opens the socket that consoles attach to.
func lend(ctx context.Context, path string, f runFlags) (net.Listener, error) {
	mode, err := strconv.ParseUint(f.mode, 8, 32)
	if err != nil || mode > 0o777 {
		return nil, usage(fmt.Errorf("run: --socket-mode %q is no mode such as 0660", f.mode))
	}
	if f.steal != "" {
		return wire.TakeOver(ctx, path, fs.FileMode(mode))
	}
	return wire.Listen(ctx, path, fs.FileMode(mode))
}

// work starts all that goes on until ctx ends; what it returns waits for the end of it.
func (r *running) work(ctx context.Context, fail context.CancelCauseFunc, l net.Listener) (wait func()) {
	var wg sync.WaitGroup
	var stops []func()
	wg.Go(func() { r.notifier.Run(ctx) })
	wg.Go(func() { adapters.Remind(ctx, r.told) })
	wg.Go(func() { r.beat(ctx) })
	for _, d := range r.services {
		d.failed = fail
		stops = append(stops, d.start(ctx))
		wg.Go(func() { d.tellChanges(ctx, r.notifier.Tell) })
		wg.Go(func() { d.warnMisfits(ctx, r.g.err) })
	}
	wg.Go(func() {
		if err := wire.Serve(ctx, l, r); err != nil {
			fail(err)
		}
	})
	return func() {
		for _, stop := range slices.Backward(stops) {
			stop()
		}
		wg.Wait()
	}
}

// beat says each second that this process lives, as long as a lease is its own.
func (r *running) beat(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	lost, late := map[string]bool{}, map[string]string{}
	for _, d := range r.services {
		late[d.name] = d.lease.Late()
	}
	for {
		for _, d := range r.services {
			switch err := d.lease.Held(); {
			case err == nil:
				lost[d.name] = false
				_ = d.lease.Beat(time.Now()) // what cannot be told is missed by who waits for it
			case !lost[d.name]:
				lost[d.name] = true
				r.tellLost(ctx, d, err)
			}
			now := d.lease.Late()
			if late[d.name] != "" && now == "" && !lost[d.name] {
				fmt.Fprintf(r.g.err, "rampart: %s: let go by now by %s\n", d.name, late[d.name])
			}
			late[d.name] = now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// tellLost says that a lease is somebody else's now, also in this journal: who took it may write another one.
func (r *running) tellLost(ctx context.Context, d *driven, why error) {
	fmt.Fprintf(r.g.err, "rampart: %s: %v: this runner raises nothing of it any more\n", d.name, why)
	if d.seat != nil {
		_ = d.seat.Record(ctx, sources.EntrySession, "the lease was lost: "+sources.Visible(why.Error()), nil) // it is lost all the same
	}
}

// close waits for what is half-way and gives the leases back.
func (r *running) close() {
	for _, d := range r.services {
		d.close()
		_ = d.lease.Release() // the process ends
	}
}

func (r *running) names() string {
	var names []string
	for _, d := range r.services {
		names = append(names, d.name)
	}
	return strings.Join(names, ", ")
}
