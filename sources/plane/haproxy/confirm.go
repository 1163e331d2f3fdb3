package haproxy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rampart/sources"
	"rampart/sources/plane"
)

// Confirm reads back once. Configured: every written weight is there and the split is the change's. Effective: the
// servers that are up make that share, to a tenth of it. Observed: the requests routed since the write, by HAProxy's
// own counters, show it (see [plane.Shows]). A change that was configured once and is not any more is ErrReverted.
func (p *Plane) Confirm(ctx context.Context, rc sources.Receipt) (sources.Outcome, error) {
	members, errs := p.readAll(ctx)
	r, err := p.merge(members, errs)
	if err != nil && !errors.Is(err, sources.ErrPartial) {
		return sources.Outcome{Rung: answered(rc), Reading: r}, err
	}
	out := sources.Outcome{Reading: r, Err: err}
	w := p.count(rc.Change, r, &out)
	switch held := holding(rc.Change, r); {
	case !held:
		out.Rung = answered(rc)
		if w.Held {
			out.Err = p.reverted(rc.Change, r, w)
		}
	case err != nil:
		out.Rung = answered(rc)
	case !effective(r, rc.Change.To):
		out.Rung = sources.Configured
		p.watches.Hold(rc.Change)
	default:
		out.Rung = sources.Effective
		p.watches.Hold(rc.Change)
		if plane.Shows(rc.Change.From, r.Effective.Candidate, out.Requests, w.Quiet) {
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

// holding compares what is set with each write, and the split with the change's: a server that joined meanwhile makes
// another share of the same writes. A member that cannot be read is not held against the change.
func holding(c sources.Change, r sources.Reading) bool {
	read := make(map[string]bool, len(r.Members))
	for _, m := range r.Members {
		read[m.Name] = m.Err == nil
	}
	for _, w := range c.Writes {
		name, weight, _ := parseCommand(w.Request)
		if read[w.Member] && !slices.ContainsFunc(r.Servers, func(s sources.Server) bool {
			return s.Member == w.Member && s.Name == name && s.Weight == weight
		}) {
			return false
		}
	}
	for _, m := range r.Members {
		if m.Err == nil && c.To.Known && (!m.Configured.Known || !near(m.Configured.Candidate, c.To.Candidate, c.To.Candidate/20)) {
			return false
		}
	}
	return true
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

func (p *Plane) reverted(c sources.Change, r sources.Reading, w plane.Watched) error {
	cause := fmt.Errorf("the candidate has %v, this change had made it %v", r.Configured, c.To)
	fix := "somebody else writes the weights: ask who before writing again"
	if w.Epoch != r.Epoch {
		cause = fmt.Errorf("HAProxy was started or reloaded and is back at its file: the candidate has %v, this change had made it %v", r.Configured, c.To)
		fix = "write it into HAProxy's file too, then roll back again"
	}
	return &sources.Error{Op: "confirm", Target: c.Intent.Verb.String(), Kind: sources.ErrReverted, Cause: cause, Fix: fix}
}
