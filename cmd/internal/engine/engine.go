package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/cmd/internal/engine/past"
	"rampart/cmd/internal/engine/predictions"
	"rampart/sources"
)

// Watcher is the part of a plane that an engine may use: it looks and never writes.
type Watcher interface {
	Caps(ctx context.Context) (sources.Caps, error)
	Read(ctx context.Context) (sources.Reading, error)
}

// Desk tells the engine what the operator's desk is doing, so that frames can show it.
type Desk interface {
	Progress() []sources.Progress
	Unlocked() frame.Unlock
	Held() string
	// Drained says by whom and why servers of the candidate are drained in a reading; empty: none is.
	Drained(ctx context.Context, r sources.Reading) string
	Asked() sources.Split
	// Ramp is the ramp that this process drives; nil: it drives none.
	Ramp() *frame.Ramp
}

// Config is what an engine is made of. Metrics is needed; the rest may be nil.
type Config struct {
	Service   Service
	Metrics   sources.Metrics
	Logs      sources.Logs
	LogQuery  LogSettings
	Plane     Watcher
	PlaneName string
	Journal   sources.Journal
	Desk      Desk
	Alarms    Alarms
	Record    func(dossier.Header, *dossier.Block) // takes each block as it was judged; nil: nobody does
	Turns     *past.Turns                          // of all services in this process; nil: there are no others
	Clock     Clock
	Since     time.Time // narrows the evidence; zero: from the rollout's first request
	Session   frame.Session
}

// Engine observes one service. Make it with New, start it with Run.
type Engine struct {
	cfg   Config
	board *board
	again chan struct{} // knocks at the metrics loop
	look  chan struct{} // knocks at the plane loop

	mu   sync.Mutex // guards all below
	book *book
	due  time.Time // when the metrics are asked for next
	traf *traffic
	logs *logbook.Book
	// logTurn counts how often the log book got something; logsShown is the view of the log book that the last frames held.
	logTurn   int
	logsOf    logsSeen
	logsShown frame.Logs

	preds *predictions.Book // nil: nothing of predictions is asked of the logs
	said  frame.Predictions
	// checkResults are the checks of predictions that have a limit.
	checkResults []analysis.GuardResult
	met          health
	pla          health
	lgs          health
	alarms       alarms
	audit        []sources.Entry
	whole        bool // all that the config asks of the metrics source was asked at least once
	behind       bool // the book ends before the newest block that could be had: a long past is being read
	told         lastCall
}

// New makes an engine; it asks nobody yet.
func New(cfg Config) *Engine {
	e := &Engine{cfg: cfg, board: newBoard(), again: make(chan struct{}, 1), look: make(chan struct{}, 1)}
	e.book = newBook(cfg.Service, cfg.Record)
	e.traf = newTraffic(cfg.Service.Step)
	e.logs = newLogbook(cfg)
	if e.preds = newPredictions(cfg); e.preds != nil {
		e.said = e.preds.View() // what is asked is known before anything was answered
	}
	e.met = health{name: "prometheus", state: absentIf(cfg.Metrics == nil)}
	e.pla = health{name: cfg.PlaneName, state: absentIf(cfg.Plane == nil)}
	e.lgs = health{name: "elasticsearch", state: absentIf(cfg.Logs == nil)}
	e.alarms = newAlarms(cfg.Alarms)
	return e
}

func absentIf(absent bool) frame.SourceState {
	if absent {
		return frame.SourceAbsent
	}
	return frame.SourceWaiting
}

// Run observes until the context ends. The first frame is published before anything is asked.
func (e *Engine) Run(ctx context.Context) error {
	e.publish()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(guarded(ctx, e.metricsLoop))
	if e.cfg.Plane != nil {
		g.Go(guarded(ctx, e.planeLoop))
	}
	if e.cfg.Logs != nil {
		g.Go(guarded(ctx, e.logsLoop))
	}
	if e.cfg.Alarms != nil {
		g.Go(guarded(ctx, e.alertsLoop))
	}
	if err := g.Wait(); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// guarded turns a panic of a loop into an error with its stack, so that whoever owns the terminal can give it back
// before anybody reads what happened.
func guarded(ctx context.Context, loop func(context.Context) error) func() error {
	return func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("engine: panic: %v\n%s", p, debug.Stack())
			}
		}()
		return loop(ctx)
	}
}

// Refresh asks all sources again now.
func (e *Engine) Refresh() {
	knock(e.again)
	knock(e.look)
}

// Poke publishes a frame although no source said anything new, as when an action came further.
func (e *Engine) Poke() {
	knock(e.look)
	e.publish()
}

func knock(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// publish makes a frame of what is known and puts it up.
func (e *Engine) publish() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.board.put(e.build(), e.completion())
}
