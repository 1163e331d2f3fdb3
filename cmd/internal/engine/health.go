package engine

import (
	"errors"
	"fmt"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// health keeps how one source is: its failure is state that lasts until it is healed.
type health struct {
	name   string
	target string
	state  frame.SourceState
	since  time.Time
	newest time.Time
	err    error
	retry  time.Time
	notes  []sources.Note
	rtt    time.Duration
}

// ok records an answer and when its newest data were made.
func (h *health) ok(at, newest time.Time, rtt time.Duration, notes []sources.Note) {
	h.turn(frame.SourceLive, at)
	h.err, h.notes, h.rtt, h.retry = nil, notes, rtt, time.Time{}
	if newest.After(h.newest) {
		h.newest = newest
	}
}

// failed records a failure and when the source is asked again.
func (h *health) failed(at time.Time, err error, retry time.Time) {
	state := frame.SourceDown
	if errors.Is(err, sources.ErrNoData) {
		state = frame.SourceEmpty
	}
	h.turn(state, at)
	h.err, h.retry = err, retry
}

func (h *health) turn(s frame.SourceState, at time.Time) {
	if h.state != s {
		h.state, h.since = s, at
	}
}

// view is the health as the frame shows it; a live source with old data is stale: older than two scrapes, and the time that a
// scrape takes to arrive.
func (h *health) view(now time.Time, svc Service) frame.Source {
	v := frame.Source{Name: h.name, Target: h.target, State: h.state, Since: h.since, At: h.newest, RTT: h.rtt, Retry: h.retry, Notes: h.notes}
	if h.err != nil {
		v.Err = sources.Visible(h.err.Error())
	}
	if v.State == frame.SourceLive && !h.newest.IsZero() && now.Sub(h.newest) > 2*svc.Step+svc.settle() {
		v.State = frame.SourceStale
		v.Err = fmt.Sprintf("its newest data are %s old", now.Sub(h.newest).Round(time.Second))
	}
	return v
}

// unread names the measures that the config asks for and that sources which do answer have not told yet: drift and free
// expressions are asked after the blocks, the router's own counters make their first block between two scrapes' ends, and
// log lines are waited for. A source that does not answer is no reason to wait. The caller holds the lock.
func (e *Engine) unread() []string {
	if e.met.state != frame.SourceLive {
		return nil
	}
	var out []string
	for _, m := range e.cfg.Service.Measures {
		if m.Router && e.pla.state == frame.SourceLive && e.book.hist[m.Name].untold() {
			out = append(out, m.Name)
		}
		if m.Logs && (e.lgs.state == frame.SourceLive || e.lgs.state == frame.SourceWaiting) && e.book.hist[m.Name].blocks.len() == 0 {
			out = append(out, m.Name)
		}
	}
	if e.whole {
		return out
	}
	for _, d := range e.cfg.Service.Drift {
		out = append(out, d.Name)
	}
	for _, t := range e.cfg.Service.Thresholds {
		out = append(out, t.Name)
	}
	return out
}
