package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/account"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/wire"
	"rampart/sources"
)

// firstFrame is how long a runner that answers may take to know anything.
const firstFrame = 15 * time.Second

// spoken is a runner that was called, and what it shows.
type spoken struct {
	*wire.Client
	shown *frame.Frame
}

// speak calls the runner of the chosen service. ctx is the call's life.
func (g *globals) speak(ctx context.Context) (*spoken, error) {
	c, x, err := g.load()
	if err != nil {
		return nil, err
	}
	if g.service == "" && len(x.Services) > 1 {
		return nil, usage(errors.New("ramp: say which with --service"))
	}
	address, err := socketOf(g.env, c, x, x.Services[0])
	if err != nil {
		return nil, usage(err)
	}
	client, err := g.dial(ctx, address, x.Services[0])
	if err != nil {
		return nil, started(err, address, c, x)
	}
	soon, cancel := context.WithTimeout(ctx, firstFrame)
	defer cancel()
	shown, err := client.Next(soon)
	if err != nil {
		return nil, &sources.Error{Op: "ask", Target: address, Kind: sources.ErrNoData, Cause: err}
	}
	return &spoken{client, shown}, nil
}

// rampDo previews an action, asks, does it and follows it.
func (g *globals) rampDo(ctx context.Context, f rampFlags, v sources.Verb, to sources.Share) error {
	life, leave := context.WithCancel(ctx)
	defer leave()
	r, err := g.speak(life)
	if err != nil {
		return err
	}
	p, err := r.Preview(ctx, sources.Action{
		Service: r.shown.Service, Verb: v, To: r.shareOf(v, to), Reason: f.reason, Confirm: f.within, Seen: r.shown.Shown(),
	})
	if err != nil {
		return err
	}
	d := account.Planned(r.shown.Context, p)
	d.DryRun = f.dryRun
	switch {
	case f.output == "json":
	case f.dryRun:
		printPreview(g.out, r.shown.Context, p)
	default:
		printPreview(g.err, r.shown.Context, p)
	}
	if p.Confirm.Refuse != "" {
		if !f.dryRun { // so that the audit knows who tried
			_, _ = r.Do(ctx, p.ID, p.Confirm.Word)
		}
		return g.deed(f, d, &exitError{exitRefused, errors.New(v.String() + " " + r.shown.Service + ": " + p.Confirm.Refuse)})
	}
	if f.dryRun {
		return g.deed(f, d, nil)
	}
	word, err := g.confirm(ctx, v.String(), f.yes, p.Confirm)
	if err != nil {
		return err
	}
	pr, err := r.Do(ctx, p.ID, word)
	if err == nil {
		pr, err = g.rampFollow(ctx, f, r, v, pr)
	}
	return g.deed(f, d.Done(pr, err), err)
}

// shareOf is the share that a verb asks for: the one that was typed, or the verb's own.
func (r *spoken) shareOf(v sources.Verb, typed sources.Share) sources.Share {
	switch v {
	case sources.Promote:
		return sources.Whole
	case sources.Step:
		return r.shown.NextStep()
	case sources.SetSplit, sources.RollBack, sources.Hold, sources.Resume, sources.Start, sources.Stop:
	}
	return typed
}

// deed prints what became of it for programs; for people it was printed as it happened.
func (g *globals) deed(f rampFlags, d account.Deed, err error) error {
	if f.output != "json" {
		return err
	}
	if err != nil {
		d.Error = sources.Visible(err.Error())
	}
	return errors.Join(err, json.NewEncoder(g.out).Encode(d))
}

// rampFollow prints the rungs that the runner's frames tell, until traffic shows the last. What writes nothing is over
// when it was answered.
func (g *globals) rampFollow(ctx context.Context, f rampFlags, r *spoken, v sources.Verb, p sources.Progress) (sources.Progress, error) {
	s := g.streams
	if f.output == "json" {
		s.out = s.err
	}
	c := &climb{streams: &s, at: func() sources.Progress { return p }}
	if p.Done && len(p.Change.Writes) == 0 && p.Err == nil && !p.Change.NoOp {
		if p.Unnoted != "" {
			fmt.Fprintf(s.out, "%s %s: done, not written down: %s\n", stamp(p.Began), p.Action.Verb, sources.Visible(p.Unnoted))
			return p, nil
		}
		fmt.Fprintf(s.out, "%s %s: done and written down\n", stamp(p.Began), p.Action.Verb)
		return p, nil
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	for {
		c.print()
		switch {
		case p.Rung >= sources.Observed:
			return p, nil
		case p.Done:
			return p, unseen(v, p)
		}
		now, err := r.Next(ctx)
		if err != nil {
			return p, unseen(v, p)
		}
		i := slices.IndexFunc(now.Actions, func(q sources.Progress) bool { return q.IntentID == p.IntentID })
		if i >= 0 && len(now.Actions[i].Rungs) >= len(p.Rungs) { // a frame may be older than the answer
			p = now.Actions[i]
		}
	}
}

// unseen is how a verb ended that traffic did not show: failed, taken over by something else, or simply not seen in time.
func unseen(v sources.Verb, p sources.Progress) error {
	where := fmt.Sprintf("%s %s", subcommand(v), sources.Visible(p.Action.Service))
	switch by := p.Taken; {
	case by.Verb == sources.RollBack && p.Rung == sources.RungNone:
		return &exitError{exitRefused, fmt.Errorf("%s: not sent: %s rolled back before it was%s", where, sources.Visible(by.By), because(by.Why))}
	case by.Verb == sources.RollBack:
		return &exitError{exitUnknown, fmt.Errorf("%s: rolled back by %s after it was %s%s; see where it stands with: rampart ramp status",
			where, sources.Visible(by.By), p.Rung, because(by.Why))}
	case by.Verb != 0:
		return &exitError{exitUnknown, fmt.Errorf("%s: %s, then taken over by %s; see where it stands with: rampart ramp status", where, p.Rung, sources.Visible(by.String()))}
	case p.Done && p.Err != nil:
		return p.Err
	}
	return &exitError{exitUnknown, fmt.Errorf("%s: %s, not observed in traffic; look again with: rampart ramp status", where, p.Rung)}
}

// because is a reason behind a sentence; empty where there is none.
func because(why string) string {
	if why == "" {
		return ""
	}
	return ", because " + sources.Visible(why)
}

// rampApprove says yes to a share of the candidate that is shown.
func (g *globals) rampApprove(ctx context.Context, f rampFlags, to sources.Share) error {
	life, leave := context.WithCancel(ctx)
	defer leave()
	r, err := g.speak(life)
	if err != nil {
		return err
	}
	if f.dryRun && (to == 0 || f.holds > action.Longest) {
		return &exitError{exitRefused, fmt.Errorf("approve %s: say a share above 0 %%, and hold it for up to %s", r.shown.Service, ramp.Span(action.Longest))}
	}
	a := sources.Approval{Candidate: r.shown.Shown().Identity.Candidate, To: to, Until: r.Now().Add(f.holds), Reason: f.reason}
	return g.rampSay(ctx, f, r, "approve", fmt.Sprintf("%s for candidate %s until %s", to, a.Candidate, stamp(a.Until)), func() error { return r.Approve(ctx, a) })
}

// rampConfirm keeps what would revert by itself.
func (g *globals) rampConfirm(ctx context.Context, f rampFlags) error {
	life, leave := context.WithCancel(ctx)
	defer leave()
	r, err := g.speak(life)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(r.shown.Actions, func(p sources.Progress) bool { return p.Deadline.Open() })
	if i < 0 {
		if f.dryRun {
			if why := lacking(r.shown.Session, "confirm"); why != "" {
				return &exitError{exitRefused, fmt.Errorf("confirm %s: %s", r.shown.Service, why)}
			}
		} else if err := r.Confirm(ctx, "none"); errors.Is(err, sources.ErrDenied) { // who may not is told that first
			return err
		}
		return &exitError{exitRefused, fmt.Errorf("confirm %s: no change is waiting to be confirmed", r.shown.Service)}
	}
	p := r.shown.Actions[i]
	what := fmt.Sprintf("%s by %s stays; otherwise it goes back to %s at %s", p.Change.To, sources.Visible(p.Via.Of(p.Actor)), p.Deadline.Back, stamp(p.Deadline.At))
	return g.rampSay(ctx, f, r, "confirm", what, func() error { return r.Confirm(ctx, p.IntentID) })
}

// rampUnlock allows whoever asks to ramp up for a while.
func (g *globals) rampUnlock(ctx context.Context, f rampFlags, length string) error {
	d, err := time.ParseDuration(length)
	switch {
	case err != nil || d <= 0:
		return usage(fmt.Errorf("unlock: %q: want a time such as 10m", sources.Visible(length)))
	case f.reason == "":
		return usage(errors.New("unlock: say why with --reason"))
	}
	life, leave := context.WithCancel(ctx)
	defer leave()
	r, err := g.speak(life)
	if err != nil {
		return err
	}
	if f.dryRun && d > action.MostUnlocked {
		return &exitError{exitRefused, fmt.Errorf("unlock %s: unlock for up to %s", r.shown.Service, ramp.Span(action.MostUnlocked))}
	}
	return g.rampSay(ctx, f, r, "unlock", "ramping up for "+ramp.Span(d), func() error { return r.Unlock(ctx, d, f.reason) })
}

// lacking says why the runner would refuse somebody an unlocking, an approval or a confirmation for want of a role; empty: it
// would not. It goes by the role that the runner gave this console, and asks for nothing: of a dry run no journal has a line.
func lacking(who frame.Session, doing string) string {
	switch {
	case who.Role >= sources.Promoter:
		return ""
	case who.ReadOnly:
		return "this console is read-only"
	}
	return fmt.Sprintf("%s has the role %s; %s takes %s", sources.Visible(who.Actor), who.Role, doing, sources.Promoter)
}

// rampSay asks once and does what has no rungs.
func (g *globals) rampSay(ctx context.Context, f rampFlags, r *spoken, op, what string, do func() error) error {
	d := account.Deed{Version: account.Version, Verb: op, Context: r.shown.Context, Service: r.shown.Service, DryRun: f.dryRun}
	if f.output != "json" {
		fmt.Fprintf(g.err, "%s %s in context %s: %s\n", op, sources.Visible(r.shown.Service), r.shown.Context, what)
	}
	if f.dryRun {
		if why := lacking(r.shown.Session, op); why != "" {
			return g.deed(f, d, &exitError{exitRefused, fmt.Errorf("%s %s: %s", op, r.shown.Service, why)})
		}
		return g.deed(f, d, nil)
	}
	if _, err := g.confirm(ctx, op, f.yes, sources.Confirmation{}); err != nil {
		return err
	}
	err := do()
	if err == nil && f.output != "json" {
		fmt.Fprintf(g.out, "%s: done and written down\n", op)
	}
	return g.deed(f, d, err)
}
