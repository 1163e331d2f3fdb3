package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/judge"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// mostSeen bounds the SEEN line and the ticks of charts.
const mostSeen = 64

// build makes a frame of what is known. The caller holds the lock; nothing that the frame holds is changed afterwards.
func (e *Engine) build() *frame.Frame {
	now := e.cfg.Clock.Now()
	svc := e.cfg.Service
	b := e.book
	verdict := judge.Decide(e.input(now))
	e.noticeCall(verdict)
	b.verdict = &verdict
	f := &frame.Frame{
		At: now, Context: svc.Context, Env: svc.Env, Service: svc.Name, Step: svc.Step,
		Rollout: b.rollout, Verdict: verdict, Rows: append(b.rows(verdict), labelRows(e.said)...), Drift: drifts(b.drift, e.said.Features), Said: e.said, Cells: b.latencyCells(),
		Plan: svc.Plan, Traffic: e.traf.view(e.cfg.PlaneName, e.asked(), e.held()), Logs: e.logsView(now),
		Ticks: newestTicks(e.traf.ticks), Alerting: e.alarms.now, Sources: e.health(now), Audit: e.audit, Session: e.cfg.Session,
		Queries: append(b.queries(), e.logQueries()...), Waiting: e.waiting(), Unread: e.unread(),
	}
	f.Seen = events(f.Ticks)
	if e.cfg.Desk != nil {
		f.Actions, f.Unlock, f.Ramp = e.cfg.Desk.Progress(), e.cfg.Desk.Unlocked(), e.cfg.Desk.Ramp()
	}
	return f
}

// completion returns what adds to a frame of now what takes long to make, and memory to hold. The caller holds the lock; what is
// returned needs none.
func (e *Engine) completion() func(*frame.Frame) {
	charts, explain := e.book.charts, e.book.ev.Explanation()
	return func(f *frame.Frame) {
		e.logs.Looked()
		if charts != nil {
			f.Charts = charts()
		}
		f.Verdict.Explanation = explain()
	}
}

// logsSeen is all that the view of the logs depends on.
type logsSeen struct {
	turn     int // of the log book
	requests sources.ByArm[int64]
	slot     time.Time // the block of now: rates are of the last so many minutes
}

// logsView is the log book's view, found anew where it may be another. The plane's frames come in between.
func (e *Engine) logsView(now time.Time) frame.Logs {
	of := logsSeen{e.logTurn, e.book.requests(now), sources.Align(now, e.cfg.Service.Step)}
	if e.logsShown.At.IsZero() || of != e.logsOf {
		e.logsOf, e.logsShown = of, e.logs.View(now, of.requests)
	}
	return e.logsShown
}

// lastCall is the call as it was told last; the zero value: none was yet.
type lastCall struct {
	call analysis.Call
	at   time.Time
}

// noticeCall puts a change of the call on every chart. What the book says while a past is still being read into it is the
// call of some hour ago and nothing that happened: of the time before somebody looked only harm is told, with its time.
func (e *Engine) noticeCall(v analysis.Verdict) {
	if !e.whole || e.behind {
		return
	}
	old := e.told
	e.told = lastCall{v.Call, v.At}
	switch {
	case old.call == v.Call:
	case old.at.IsZero():
		if v.Call == analysis.Worse {
			e.tick(frame.Tick{At: v.Since, Kind: frame.TickCall, Text: sources.NewText(v.Call.Label())})
		}
	default:
		kind := frame.TickCall
		if !judged(old.call) || !judged(v.Call) {
			kind = frame.TickData
		}
		e.tick(frame.Tick{At: turned(old, v), Kind: kind, Text: sources.Textf("%s → %s", old.call.Label(), v.Call.Label())})
	}
}

// turned is when a call became another. What is open again was open since the rollout began, but turned so only now.
func turned(old lastCall, v analysis.Verdict) time.Time {
	if v.Call == analysis.Undecided && v.Since.Before(old.at) {
		return v.At
	}
	return v.Since
}

// judged tells the calls that rest on numbers of both arms from those that say why there are none.
func judged(c analysis.Call) bool {
	return c == analysis.Worse || c == analysis.Safe || c == analysis.Undecided
}

// requests are both arms' requests over the span in which patterns are counted.
func (b *book) requests(now time.Time) sources.ByArm[int64] {
	var out sources.ByArm[int64]
	for _, m := range b.svc.Measures {
		h := b.hist[m.Name]
		if !m.Asked() || h.blocks.len() == 0 {
			continue
		}
		for _, a := range sources.Arms() {
			*out.Ptr(a) = h.within(a, now, logbook.Past).requests
		}
		return out
	}
	return out
}

// newestTicks copies the newest ticks, oldest first.
func newestTicks(ticks []frame.Tick) []frame.Tick {
	ticks = slices.Clone(ticks[max(0, len(ticks)-mostSeen):])
	slices.SortStableFunc(ticks, func(a, b frame.Tick) int { return a.At.Compare(b.At) })
	return ticks
}

// events are the ticks in words, newest first.
func events(ticks []frame.Tick) []frame.Event {
	out := make([]frame.Event, 0, len(ticks))
	for _, t := range slices.Backward(ticks) {
		out = append(out, frame.Event{At: t.At, Text: t.Text})
	}
	return out
}

func (e *Engine) asked() sources.Split {
	if e.cfg.Desk == nil {
		return sources.Split{}
	}
	return e.cfg.Desk.Asked()
}

func (e *Engine) held() string {
	if e.cfg.Desk == nil {
		return ""
	}
	return e.cfg.Desk.Held()
}

func (e *Engine) health(now time.Time) []frame.Source {
	var out []frame.Source
	for _, h := range []*health{&e.met, &e.pla, &e.lgs, &e.alarms.health} {
		if h.state == frame.SourceAbsent {
			continue
		}
		v := h.view(now, e.cfg.Service)
		if h == &e.met && e.behind && v.State == frame.SourceStale { // the past that is read is no news, and no old data either
			v.State, v.Err = frame.SourceWaiting, ""
		}
		out = append(out, v)
	}
	return out
}

// waiting names the sources that have not answered since the start.
func (e *Engine) waiting() []string {
	var out []string
	for _, h := range []*health{&e.met, &e.pla} {
		if h.state == frame.SourceWaiting {
			out = append(out, h.name)
		}
	}
	return out
}

// readJournal takes the newest entries of the journal into the next frame. It reads on from the newest that it has: a
// journal only grows. One that is another by now is read anew.
func (e *Engine) readJournal(ctx context.Context) {
	if e.cfg.Journal == nil {
		return
	}
	const tail = 50
	e.mu.Lock()
	last := slices.Clone(e.audit)
	e.mu.Unlock()
	slices.Reverse(last)
	from := uint64(1)
	if n := len(last); n > 0 {
		from = last[n-1].Seq + 1
	}
	for entry, err := range e.cfg.Journal.Entries(ctx, from) {
		if err != nil {
			if from > 1 && errors.Is(err, sources.ErrInvalid) {
				last = nil // the next look begins at its beginning
			}
			break
		}
		last = append(last, entry)
		if len(last) > 2*tail {
			last = append(last[:0], last[tail:]...)
		}
	}
	last = slices.Clone(last[max(0, len(last)-tail):])
	slices.Reverse(last)
	e.mu.Lock()
	e.audit = last
	e.mu.Unlock()
}
