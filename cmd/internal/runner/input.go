package runner

import (
	"context"
	"errors"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

// stalest is how old a reading of the plane may be to act on.
const stalest = 15 * time.Second

// holder is who has the lease, and whether it is this process; empty where nobody is known to have it.
func (d *Driver) holder() (string, bool) {
	err := d.cfg.Lease.Held()
	if err == nil {
		return d.cfg.Lease.Holder().String(), true
	}
	if other, ok := errors.AsType[*lease.Held](err); ok {
		return other.By.String(), false
	}
	return "", false
}

// input is all that is known now. It may be asked any number of times; what happened once is told by [Driver.others]. The
// lock is held.
func (d *Driver) input(f *frame.Frame) ramp.Input {
	now := d.cfg.Now()
	in := ramp.Input{
		At: now, Verdict: f.Verdict, Fresh: fresh(f, now),
		Samples: d.cfg.Tally.Since(d.st.Since), Recent: d.cfg.Tally.Recent(d.cfg.Plan.Rules, d.whole()),
		Split: f.Traffic.Set, Members: f.Traffic.Fleet(), SplitBy: f.Traffic.By.String(), File: f.Traffic.File, Epoch: f.Traffic.Epoch, Identity: identity(f),
		Alert: f.Alerting.Firing(), Held: d.cfg.Desk.Held(),
	}
	in.Holder, in.Lease = d.holder()
	if in.SplitBy == "" {
		in.SplitBy = d.setter
	}
	if alarm := d.cfg.Desk.JournalAlarm(); alarm != "" {
		in.Doubts = append(in.Doubts, alarm)
	}
	for _, p := range d.cfg.Desk.Progress() {
		if !p.Done && p.Rung < sources.Configured {
			in.Settle = max(in.Settle, p.Change.Settle)
		}
	}
	in.Events = d.approvals(in)
	return in
}

// whole is when the first block ends that lies within the ramp as a whole. The lock is held.
func (d *Driver) whole() time.Time {
	if d.st.Started.IsZero() {
		return time.Time{}
	}
	return d.st.Started.Add(d.cfg.Step)
}

// stranger asks the journal who set a split that is not the ramp's, where the plane does not tell: another process's
// rollback, or the watchdog's while no runner was here.
func (d *Driver) stranger(ctx context.Context) {
	d.mu.Lock()
	f, st := d.newest, d.st
	d.mu.Unlock()
	who := ""
	if f != nil && st.Phase.Climbing() && !st.Writing && f.Traffic.Set.Known && f.Traffic.Set.Candidate != st.Set.Candidate {
		who = d.cfg.Desk.Setter(ctx, f.Traffic.Set)
	}
	d.mu.Lock()
	d.setter = who
	d.mu.Unlock()
}

// fresh tells whether what is known is new enough to act on.
func fresh(f *frame.Frame, now time.Time) bool {
	switch f.Verdict.Call {
	case analysis.CallUnknown, analysis.Stale, analysis.NoData:
		return false
	case analysis.Worse, analysis.Safe, analysis.Undecided, analysis.NoCandidateTraffic:
	}
	read := f.Traffic.Set.Known && now.Sub(f.Traffic.ReadAt) <= max(stalest, f.Step)
	return read && slices.ContainsFunc(f.Sources, func(s frame.Source) bool { return s.Name == "prometheus" && s.State == frame.SourceLive })
}

// identity is who the arms are: by the plane where it tells, by the rollout otherwise.
func identity(f *frame.Frame) sources.ByArm[sources.Text] {
	who := sources.ByArm[sources.Text]{Legacy: f.Rollout.Legacy, Candidate: f.Rollout.Candidate}
	for _, a := range sources.Arms() {
		if t := f.Traffic.Identity.Of(a); !t.IsZero() {
			*who.Ptr(a) = t
		}
	}
	return who
}

// approvals are those in the journal that the ramp has not heard of: whoever gave them may sit at another process.
func (d *Driver) approvals(in ramp.Input) []ramp.Event {
	var out []ramp.Event
	for _, s := range d.cfg.Plan.Steps {
		for _, a := range d.cfg.Desk.Approved(in.Identity.Candidate, s.To) {
			if !slices.ContainsFunc(d.st.Approvals, func(b ramp.Approval) bool { return b.To == a.To && b.By == a.By && b.Until.Equal(a.Until) }) {
				out = append(out, ramp.Event{Kind: ramp.ApproveTo, By: a.By, Why: a.Reason, To: a.To, Candidate: a.Candidate, Until: a.Until})
			}
		}
	}
	return out
}

// others are the desk's actions that are not the plan's: what somebody did by hand, and what their time limits did. Each
// is told once, to a look and to no preview.
func (d *Driver) others() []ramp.Event {
	var out []ramp.Event
	for _, p := range slices.Backward(d.cfg.Desk.Progress()) {
		if p.Deadline.Confirmed != "" && !d.confirmed[p.IntentID] {
			d.confirmed[p.IntentID] = true
			out = append(out, ramp.Event{Kind: ramp.Confirm, By: p.Deadline.Confirmed})
		}
		if d.known[p.IntentID] || p.Rung < sources.Accepted && !p.Done {
			continue
		}
		d.known[p.IntentID] = true
		by := p.Via.Of(p.Actor)
		switch {
		case p.Rung == sources.RungNone || p.Via == sources.ByPlan || d.past(p):
		case p.Via == sources.ByDeadline:
			out = append(out, ramp.Event{Kind: ramp.Reverted, By: by, Why: "it was not confirmed in time", To: p.Change.To.Candidate})
		case p.Action.Verb == sources.RollBack && p.Via == sources.ByHand:
			out = append(out, ramp.Event{Kind: ramp.Abort, By: by, Why: sources.Visible(p.Action.Reason)})
		case p.Action.Verb == sources.SetSplit && p.Change.To.Known:
			out = append(out, ramp.Event{Kind: ramp.SomebodySet, By: by, Why: sources.Visible(p.Action.Reason), To: p.Change.To.Candidate})
		case p.Action.Verb == sources.Resume:
			out = append(out, ramp.Event{Kind: ramp.Resume, By: by, Why: sources.Visible(p.Action.Reason)})
		}
	}
	return out
}

// past tells another process's rollback that the desk shows only because somebody undid it: nobody asks for it now, and
// without a ramp, or by one that began after it, the split is not to be taken back for it. People are told of it by the
// desk. The lock is held.
func (d *Driver) past(p sources.Progress) bool {
	return p.Done && errors.Is(p.Err, sources.ErrReverted) && (!d.st.Phase.Live() || p.Began.Before(d.st.Started))
}
