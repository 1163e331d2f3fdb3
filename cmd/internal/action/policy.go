package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// needs is the least role that may do an action.
func needs(v sources.Verb, rampsUp bool) sources.Role {
	switch {
	case v == sources.RollBack, v == sources.Hold, v == sources.Stop: // a ramp that is stopped leaves the share as it is
		return sources.Operator
	case rampsUp:
		return sources.Promoter
	}
	return sources.Operator
}

// rampsUp tells whether an action may give the candidate more than it has. A split that is not known might be any.
func rampsUp(a sources.Action, now sources.Split) bool {
	switch a.Verb {
	case sources.RollBack, sources.Hold:
		return false
	case sources.SetSplit:
		return !now.Known || a.To > now.Candidate
	case sources.Step, sources.Promote, sources.Resume, sources.Start, sources.Stop: // the last two are the runner's
	}
	return true
}

// forbidden says why an actor may not do an action at all, by role, lock, hold and doubt; empty when nothing forbids it.
// loud are the rules that break-glass leaves aside.
func (d *Desk) forbidden(who Actor, a sources.Action, now sources.Split) (why string, loud []string) {
	up := rampsUp(a, now)
	d.mu.Lock()
	unable := d.unable
	d.mu.Unlock()
	if unable != "" && a.Verb != sources.Hold && a.Verb != sources.Resume {
		return unable, nil
	}
	if why := d.lacks(who, a.Verb.String(), needs(a.Verb, up)); why != "" || !up {
		return why, nil
	}
	u, open := d.unlockedUntil(who.Name)
	if d.locked(who, open) {
		return lockedUp, nil
	}
	look := d.cfg.look()
	against := slices.Concat(d.against(a), look.Doubts, above(a, look.Ceilings))
	if d.roleOf(who) >= sources.Breakglass && open && who.via == sources.ByHand {
		for _, rule := range against {
			loud = append(loud, fmt.Sprintf("break-glass by %s (%s) leaves aside: %s", sources.Visible(who.Name), u.Reason, rule.Why))
		}
		return "", loud
	}
	return sentences(against), nil
}

// above lists the ceilings that an action would go through. Resuming sets nothing: what comes after it is asked anew.
func above(a sources.Action, ceilings []Ceiling) []Doubt {
	to := a.To
	switch a.Verb {
	case sources.Promote:
		to = sources.Whole
	case sources.SetSplit, sources.Step:
	case sources.RollBack, sources.Hold, sources.Resume, sources.Start, sources.Stop:
		return nil
	}
	var out []Doubt
	for _, c := range ceilings {
		if to > c.Most {
			out = append(out, Doubt{c.Why, c.Do})
		}
	}
	return out
}

// lockedUp is what stands in the way of ramping up in prod.
const lockedUp = "ramping up in prod is locked: unlock it first, with a reason (:unlock 10m REASON)"

// locked tells whether unlocking is missing. A plan was unlocked when it was started.
func (d *Desk) locked(who Actor, open bool) bool {
	return d.cfg.Env == "prod" && !open && who.via != sources.ByPlan
}

// roleOf is what an actor may do. A rule is no person: it may take traffic away, whatever people may.
func (d *Desk) roleOf(who Actor) sources.Role {
	switch {
	case d.cfg.ReadOnly:
		return sources.Viewer
	case who.via == sources.ByRule:
		return sources.Operator
	}
	return RoleOf(d.cfg.Roles, who.Name)
}

// lacks says which role an actor would need; empty when theirs is enough.
func (d *Desk) lacks(who Actor, doing string, need sources.Role) string {
	role := d.roleOf(who)
	switch {
	case role >= need:
		return ""
	case d.cfg.ReadOnly:
		return "this console is read-only"
	}
	return fmt.Sprintf("%s has the role %s; %s takes %s", who.called(), role, doing, need)
}

// mayRamp is what is asked once, when a ramp is started.
func (d *Desk) mayRamp(ctx context.Context, who Actor) error {
	d.catchUp(ctx)
	why := d.lacks(who, sources.Start.String(), sources.Promoter)
	if _, open := d.unlockedUntil(who.Name); why == "" && d.locked(who, open) {
		why = lockedUp
	}
	if why == "" {
		why = sentences(d.against(sources.Action{}))
	}
	if why == "" {
		return nil
	}
	err := &sources.Error{Op: "start", Target: "ramp of " + d.cfg.Service, Kind: sources.ErrDenied, Cause: errors.New(why)}
	d.denied(who, sources.Start.String(), err.Error())
	return err
}

// against are the reasons not to ramp up now that the journal knows.
func (d *Desk) against(a sources.Action) []Doubt {
	var out []Doubt
	d.mu.Lock()
	if d.fold.held != "" && a.Verb != sources.Resume {
		out = append(out, Doubt{d.fold.held, "resume it first (H, rampart ramp resume)"})
	}
	d.mu.Unlock()
	if why := d.unreadable(); why != "" {
		out = append(out, Doubt{why, "rampart audit verify says where it is broken"})
	}
	if l, open := d.openLimit(""); open && a.Verb != sources.Resume {
		out = append(out, Doubt{fmt.Sprintf("the change to %v by %s reverts at %s unless it is confirmed", l.to, l.by.called(), l.at.UTC().Format(time.TimeOnly)), "confirm it first (:confirm)"})
	}
	if alarm := d.rec.alarm(); alarm != "" {
		out = append(out, Doubt{alarm, "make room for it, or give it back the right to be written; it is then written by itself"})
	}
	return out
}

// strangers compares who the arms are with who they were on the screen. Another legacy stops everything: rolling back
// to somebody else is no rollback. Another candidate stops what ramps up and is only shown to a rollback.
func (d *Desk) strangers(a sources.Action, planes sources.ByArm[sources.Text]) (stop, shown string) {
	now := d.cfg.look().Identity
	for _, arm := range sources.Arms() {
		was, is := a.Seen.Identity.Of(arm), now.Of(arm)
		if p := planes.Of(arm); !p.IsZero() {
			is = p
		}
		if was.IsZero() || is.IsZero() || was.String() == is.String() { // what came over a wire is in its visible form
			continue
		}
		say := fmt.Sprintf("%s is %s now, the screen showed %s", arm, is, was)
		if arm == sources.Legacy || a.Verb != sources.RollBack {
			stop = strings.TrimPrefix(stop+"; "+say, "; ")
		} else {
			shown = say
		}
	}
	return stop, shown
}

// compare holds what was on the screen against what is. It tells what stops the action, and what is only shown.
func (d *Desk) compare(a sources.Action, r sources.Reading) (stop, shown string) {
	stop, shown = d.strangers(a, r.Identity)
	moved := ""
	switch {
	case a.Seen.Split.Known && !a.Seen.Split.Equal(r.Configured):
		moved = fmt.Sprintf("the candidate has %v now%s, the screen showed %v", r.Configured, d.setBy(r.Configured), a.Seen.Split)
	case a.Seen.Rev != "" && a.Seen.Rev != r.Rev:
		moved = "weights, servers or processes are not those on the screen"
	}
	if a.Verb == sources.RollBack {
		return stop, join(moved, shown)
	}
	return join(moved, stop), shown
}
