package haproxy

import (
	"context"
	"errors"
	"slices"

	"rampart/sources"
	"rampart/sources/plane"
)

// Confirm reads back once. Configured: every written weight and state is there and the split is the change's. Effective: the
// servers that are up make that share, to a tenth of it. Observed: the requests routed since the write, by HAProxy's
// own counters, show it (see [plane.Shows]), and an agent check that could undo it has had its say. A change that was configured once and is not any more is ErrReverted.
func (p *Plane) Confirm(ctx context.Context, rc sources.Receipt) (sources.Outcome, error) {
	members, errs := p.readAll(ctx)
	r, err := p.merge(members, errs)
	if err != nil && !errors.Is(err, sources.ErrPartial) {
		return sources.Outcome{Rung: answered(rc), Reading: r}, err
	}
	out := sources.Outcome{Reading: r, Err: err}
	w := p.count(rc.Change, r, &out)
	switch gone := lost(rc.Change, r); {
	case len(gone) > 0:
		moved := p.watches.Moved(rc.Change, r)
		out.Rung, out.Again = answered(rc), again(rc, r, gone, moved, w.Shown)
		if w.Held {
			out.Err = woken(p.conf.Backend, rc.Change, r, moved, undone().Reverted(rc.Change, r, gone, moved))
		}
	case err != nil:
		out.Rung = answered(rc)
	case !effective(r, rc.Change.To):
		out.Rung = sources.Configured
		p.watches.Hold(rc.Change, r)
	default:
		out.Rung = sources.Effective
		p.watches.Hold(rc.Change, r)
		if plane.Shows(rc.Change.From, r.Effective.Candidate, out.Requests, w.Quiet) && !unheard(rc, r) {
			p.watches.Show(rc.Change)
			out.Rung = sources.Observed
		}
	}
	return out, nil
}

// watch takes the counters right after a write. A failure to read them is no failure of the change; the next Confirm
// starts the count instead.
func (p *Plane) watch(ctx context.Context, c sources.Change) {
	members, errs := p.readAll(ctx)
	if r, err := p.merge(members, errs); err == nil {
		p.watches.Begin(c, r)
	}
}

// count fills in the requests that were routed since the change.
func (p *Plane) count(c sources.Change, r sources.Reading, out *sources.Outcome) plane.Watched {
	out.Requests = p.watches.Routed(c, r)
	if out.Err != nil {
		out.Uncounted = plane.Uncounted(out.Err)
		return p.watches.Recall(c, r)
	}
	out.Seen = plane.Seen(out.Requests, r.At)
	return p.watches.Look(c, r, out.Requests)
}

// answered is how far a change has come by its answers alone.
func answered(rc sources.Receipt) sources.Rung {
	if len(rc.Answer) == 0 && !rc.Change.NoOp {
		return sources.RungNone
	}
	if slices.ContainsFunc(rc.Answer, func(a sources.Answer) bool { return a.Err != nil }) {
		return sources.Sent
	}
	return sources.Accepted
}

// lost are the members that do not hold a change: a written weight or state is not there, or their split is another, as that of a
// server that joined makes it of the same writes. A member that cannot be read is not held against the change.
func lost(c sources.Change, r sources.Reading) []sources.Member {
	return slices.DeleteFunc(slices.Clone(r.Members), func(m sources.Member) bool { return m.Err != nil || holds(c, r, m) })
}

func holds(c sources.Change, r sources.Reading, m sources.Member) bool {
	for _, w := range of(c.Writes, m.Name) {
		a, _ := parseCommand(w.Request)
		if !slices.ContainsFunc(r.Servers, func(s sources.Server) bool {
			return s.Member == m.Name && s.Name == a.server && a.there(s.Weight, s.Drained)
		}) {
			return false
		}
	}
	return !c.To.Known || m.Configured.Known && near(m.Configured.Candidate, c.To.Candidate, c.To.Candidate/20)
}

// effective allows a tenth of the share, or of what legacy keeps of it: with one of twelve legacy servers down, 5 % set
// are 5.4 % in effect, which is the same wish.
func effective(r sources.Reading, to sources.Split) bool {
	if !r.Effective.Known || !to.Known {
		return false
	}
	e, t := r.Effective.Candidate, to.Candidate
	return near(e, t, min(t, sources.Whole-t)/10)
}

// undone explains a change that HAProxy lost: its runtime weights are its process's.
func undone() plane.Undone {
	return plane.Undone{
		Reloaded: "HAProxy was started or reloaded", File: "its file", Keep: "write it into HAProxy's file too, then roll back again",
		Ask: "somebody else writes the weights: ask who before writing again",
	}
}
