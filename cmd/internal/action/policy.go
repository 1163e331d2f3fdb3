package action

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rampart/sources"
)

// mostUnlocked bounds an unlocking: what is open for longer is not locked.
const mostUnlocked = time.Hour

// needs is the least role that may do an action.
func needs(v sources.Verb, rampsUp bool) sources.Role {
	switch {
	case v == sources.RollBack, v == sources.Hold:
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
	case sources.Step, sources.Promote, sources.Resume:
	}
	return true
}

// forbidden says why an actor may not do an action at all, by role, lock, hold and doubt; empty when nothing forbids it.
// loud are the rules that break-glass leaves aside.
func (d *Desk) forbidden(who Actor, a sources.Action, now sources.Split) (why string, loud []string) {
	role, up := d.cfg.role(who.Name), rampsUp(a, now)
	d.mu.Lock()
	unable := d.unable
	d.mu.Unlock()
	switch {
	case d.cfg.ReadOnly:
		return "this console is read-only", nil
	case unable != "" && a.Verb != sources.Hold && a.Verb != sources.Resume:
		return unable, nil
	}
	if need := needs(a.Verb, up); role < need {
		return fmt.Sprintf("%s has the role %s; %s takes %s", sources.Visible(who.Name), role, a.Verb, need), nil
	}
	if !up {
		return "", nil
	}
	u, open := d.unlockedUntil(who.Name)
	if d.cfg.Env == "prod" && !open {
		return "ramping up in prod is locked: unlock it first, with a reason (:unlock 10m REASON)", nil
	}
	against := d.against(a)
	if role >= sources.Breakglass && open {
		for _, rule := range against {
			loud = append(loud, fmt.Sprintf("break-glass by %s (%s) leaves aside: %s", sources.Visible(who.Name), u.Reason, rule))
		}
		return "", loud
	}
	return strings.Join(against, "; "), nil
}

// against are the reasons not to ramp up now.
func (d *Desk) against(a sources.Action) []string {
	var out []string
	d.mu.Lock()
	if d.fold.held != "" && a.Verb != sources.Resume {
		out = append(out, d.fold.held)
	}
	if d.fold.err != nil {
		out = append(out, "the journal cannot be read: "+d.fold.err.Error())
	}
	d.mu.Unlock()
	if alarm := d.rec.alarm(); alarm != "" {
		out = append(out, alarm)
	}
	return append(out, d.cfg.look().Doubts...)
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
		if was.IsZero() || is.IsZero() || was == is {
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
		moved = fmt.Sprintf("the candidate has %v now, the screen showed %v", r.Configured, a.Seen.Split)
	case a.Seen.Rev != "" && a.Seen.Rev != r.Rev:
		moved = "weights, servers or processes are not those on the screen"
	}
	if a.Verb == sources.RollBack {
		return stop, join(moved, shown)
	}
	return join(moved, stop), shown
}

func (d *Desk) unlock(ctx context.Context, who Actor, span time.Duration, reason string) error {
	deny := func(why string) error {
		return &sources.Error{Op: "unlock", Target: d.cfg.Service, Kind: sources.ErrDenied, Cause: fmt.Errorf("%s", why)}
	}
	switch role := d.cfg.role(who.Name); {
	case d.cfg.ReadOnly:
		return deny("this console is read-only")
	case role < sources.Promoter:
		return deny(fmt.Sprintf("%s has the role %s; unlocking takes promoter", sources.Visible(who.Name), role))
	case strings.TrimSpace(reason) == "":
		return deny("say why: :unlock 10m REASON")
	case span <= 0 || span > mostUnlocked:
		return deny(fmt.Sprintf("unlock for up to %s", mostUnlocked))
	}
	u := unlocked{By: who.Name, Until: d.cfg.Now().Add(span).UTC().Round(0), Reason: sources.Visible(reason)}
	e := d.entry(sources.EntryUnlock, who, 0, "", fmt.Sprintf("ramping up unlocked until %s: %s", u.Until.Format(time.TimeOnly), u.Reason))
	e.Data = record(u)
	if err := d.rec.must(ctx, e); err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	d.catchUp(ctx)
	d.wake()
	return nil
}
