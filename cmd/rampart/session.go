package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"sync"
	"sync/atomic"
	"time"

	"rampart/analysis/dossier"
	"rampart/analysis/frame"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/cmd/internal/engine/past"
	"rampart/cmd/internal/recorder"
	"rampart/cmd/internal/runner"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
	"rampart/sources/audit"
	"rampart/sources/prom"
	"rampart/ui"
)

// sessionFlags are what a subcommand chose beyond the globals.
type sessionFlags struct {
	since time.Duration
	clock engine.Clock
	demo  string // the scenario, in the demo
	// runner says that this process stays, and counts for its ramp.
	runner bool
	tally  *runner.Tally
	ramp   func() *frame.Ramp
	plan   *frame.Plan // that is driven here, when it is not the config's
	// group is what the services of this process read their metrics from; nil: the session makes one.
	group *prom.Group
	// turns are in which these services read their pasts; nil: there are no others.
	turns *past.Turns
	// shared is what these services look at together; nil: there are no others.
	shared *adapters.Shared
	// many says that there are more of them than may hold as many log lines as one alone does.
	many bool
}

// session is one service under observation: its engine, and its desk when it has a plane.
type session struct {
	name    string
	chosen  config.Chosen
	cfg     *config.Config
	service engine.Service
	clock   engine.Clock
	engine  *engine.Engine
	group   *prom.Group // nil: no metrics
	plane   sources.Plane
	journal *audit.Journal
	actor   action.Actor
	role    sources.Role
	// readOnly: nothing is written from here.
	readOnly bool

	desk *action.Desk
	seat *action.Seat
	// hand is who acts for the console's operator: the seat, or the ramp that is driven here.
	hand ui.Operator
	// other tells who drives the service instead of this process, and what can be done; empty: nobody is known to.
	other  func() (who, do string)
	others atomic.Pointer[elsewhere]
	// beside run as long as the engine does.
	beside []func(ctx context.Context)
	stop   []func()
	// patience is how long close waits for an action that is half-way.
	patience time.Duration
	// failed is told when the engine broke down. A console ends with it and gives the terminal back; elsewhere it is loud.
	failed func(error)
}

// open makes everything that the service needs. It asks no source yet.
func (g *globals) open(c *config.Config, x config.Chosen, f sessionFlags) (*session, error) {
	s := newSession(c, x, f)
	s.actor, s.readOnly = whoAmI(g.env), g.readOnly || x.Context.ReadOnly
	ec := engine.Config{
		Service: s.service, Turns: f.turns, Clock: s.clock,
		Session: frame.Session{Actor: s.actor.Name, ReadOnly: s.readOnly, Demo: f.demo},
	}
	if f.since > 0 {
		ec.Since = s.clock.Now().Add(-f.since)
	}
	if err := s.openSources(&ec, f); err != nil {
		return nil, usage(err)
	}
	g.openJournal(s, &ec)
	if at, err := statedir.For(g.env, x.Name); err == nil && ec.Metrics != nil {
		r := recorder.New(at.Dossiers())
		ec.Record = bothOf(func(h dossier.Header, b *dossier.Block) { r.Add(statedir.FileName(h.ID), h, b) }, f.tally)
		s.stop = append(s.stop, r.Close)
	}
	if s.plane != nil && !f.runner {
		s.beside = append(s.beside, s.lookAround)
	}
	if err := s.openDesk(f.runner); err != nil {
		return nil, err
	}
	ec.Session.Role = s.role
	if s.desk != nil {
		ec.Desk = deskView{s.desk, x.Context.Env, f.ramp}
	}
	s.engine = engine.New(ec)
	return s, nil
}

// newSession knows its service, and nothing of what is around it.
func newSession(c *config.Config, x config.Chosen, f sessionFlags) *session {
	s := &session{name: x.Services[0], chosen: x, cfg: c, clock: f.clock, group: f.group, patience: finishDeadline, failed: func(err error) { panic(err) }}
	if s.clock.Now == nil {
		s.clock = engine.Clock{Now: time.Now}
	}
	s.service = c.Engine(x, s.name)
	if f.plan != nil {
		s.service.Plan = f.plan
	}
	s.other = func() (who, do string) {
		if e := s.others.Load(); e != nil {
			return e.who, e.do
		}
		return "", ""
	}
	return s
}

// openSources makes what the engine reads, as the config says.
func (s *session) openSources(ec *engine.Config, f sessionFlags) (err error) {
	svc, x := s.cfg.File.Services[s.name], s.chosen
	if s.group == nil {
		if s.group, err = adapters.Group(s.cfg, x); err != nil {
			return err
		}
	}
	metrics := s.join()
	logs, settings, err := adapters.Logs(x.Context, svc, s.clock.Now)
	if err != nil {
		return err
	}
	settings.Sparing = f.many
	ec.Metrics, ec.Logs, ec.LogQuery = metrics, logs, settings
	s.stop = append(s.stop, f.shared.Read(logs))
	if s.plane, err = adapters.Plane(svc.Traffic, metrics, s.service, s.clock.Now); err != nil {
		return err
	}
	if s.plane != nil {
		w, leave := f.shared.Watch(s.plane)
		ec.Plane, ec.PlaneName = w, svc.Traffic.Kind
		s.stop = append(s.stop, leave)
	}
	ec.Alarms, err = adapters.Alarms(svc.Notify, s.name)
	return err
}

// openJournal says so when there is none to be had, and the service goes on without.
func (g *globals) openJournal(s *session, ec *engine.Config) {
	var err error
	if s.journal, err = adapters.Journal(g.env, s.chosen.Name, s.clock.Now); err != nil {
		fmt.Fprintf(g.err, "rampart: %v: actions cannot be recorded; ramping up is refused\n", err)
	}
	if s.journal == nil {
		return
	}
	if rotate := int64(s.cfg.File.Audit.Rotate); rotate > 0 {
		s.journal.RotateAt(rotate)
	}
	ec.Journal = s.journal
}

// join gives the session its seat among the services that are read together.
func (s *session) join() sources.Metrics {
	if s.group == nil {
		return nil
	}
	src, leave := s.group.Join(s.service.Target)
	s.stop = append(s.stop, leave)
	return src
}

// bothOf hands each block to the dossier and to what a ramp counts.
func bothOf(write func(dossier.Header, *dossier.Block), t *runner.Tally) func(dossier.Header, *dossier.Block) {
	if t == nil {
		return write
	}
	return func(h dossier.Header, b *dossier.Block) {
		write(h, b)
		t.Add(h, b)
	}
}

// openDesk makes the only place that writes. Its context is its own: closing a console never stops a rollback half-way.
func (s *session) openDesk(lives bool) error {
	s.role = sources.Promoter
	if s.readOnly {
		s.role = sources.Viewer
	}
	if s.plane == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	desk, err := action.New(ctx, action.Config{
		Plane: s.plane, Journal: journalOrBroken(s.journal), Now: s.clock.Now, Context: s.chosen.Name, Service: s.name, Env: s.chosen.Context.Env,
		ReadOnly: s.readOnly, Roles: s.cfg.File.Roles, Look: s.look, Lives: lives,
	})
	if err != nil {
		cancel()
		return err
	}
	s.desk, s.seat = desk, desk.Seat(s.actor)
	s.hand, s.role = s.seat, s.seat.Role()
	s.stop = append(s.stop, func() { cancel(); desk.Wait() })
	return nil
}

// look tells the desk what the engine knows now; it never waits.
func (s *session) look() action.Look {
	if s.engine == nil {
		return action.Look{}
	}
	f := s.engine.Newest()
	if f == nil {
		return action.Look{}
	}
	out := action.Look{Identity: sources.ByArm[sources.Text]{Legacy: f.Rollout.Legacy, Candidate: f.Rollout.Candidate}}
	if l, c := f.Traffic.Rate.Legacy, f.Traffic.Rate.Candidate; l.Known && c.Known {
		out.Rates = &sources.ByArm[float64]{Legacy: l.V, Candidate: c.V}
	}
	p, _ := s.cfg.Ramp(s.name)
	out.Doubts, out.Ceilings, out.Cautions = doubts(f, p, s.clock.Now()), ceilings(f, p), cautions(f)
	if who, do := s.other(); who != "" {
		out.Doubts = append(out.Doubts, action.Doubt{Why: s.name + " is driven by " + who, Do: do})
	}
	return out
}

// start runs the engine until the returned function is called; the desk's changes become frames.
func (s *session) start(ctx context.Context) func() {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.engine.Run(ctx); err != nil {
			s.failed(err)
		}
	})
	if s.desk != nil {
		wg.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case <-s.desk.Changed():
					s.engine.Poke()
				}
			}
		})
	}
	for _, f := range s.beside {
		wg.Go(func() { f(ctx) })
	}
	return func() { cancel(); wg.Wait() }
}

const (
	// finishDeadline bounds how long a leaving process waits for an action that is half-way.
	finishDeadline = 30 * time.Second
	// unsentDeadline is enough for a write that is under way at the very moment at which its caller stops waiting.
	unsentDeadline = 2 * time.Second
)

// close waits for actions that are half-way and ends the desk.
func (s *session) close() {
	if s.desk != nil {
		ctx, cancel := context.WithTimeout(context.Background(), s.patience)
		_ = s.desk.Finish(ctx)
		cancel()
	}
	for _, f := range s.stop {
		f()
	}
}

// whoAmI names the actor and where they sit, for the journal. On a shared account it is a claim, not a proof.
func whoAmI(env func(string) string) action.Actor {
	name := env("RAMPART_ACTOR")
	if u, err := user.Current(); name == "" && err == nil {
		name = u.Username
	}
	host, _ := os.Hostname()
	from := host
	if ssh := env("SSH_CONNECTION"); ssh != "" {
		from += " over ssh"
	}
	return action.Actor{Name: name, From: from}
}
