package action

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/sources"
)

// usualApproval is how long an approval holds when its giver sets no end.
const usualApproval = time.Hour

func (d *Desk) approve(ctx context.Context, who Actor, a sources.Approval) error {
	deny := func(kind error, why string) error {
		if !errors.Is(kind, sources.ErrInvalid) {
			d.denied(who, "approve", why)
		}
		return &sources.Error{Op: "approve", Target: a.To.String() + " of " + d.cfg.Service, Kind: kind, Cause: errors.New(why)}
	}
	now := d.cfg.Now().UTC().Round(0)
	a.By, a.At, a.Reason = who.Name, now, sources.Visible(a.Reason)
	a.Until = cmp.Or(a.Until, now.Add(usualApproval)).UTC().Round(0)
	is := d.cfg.look().Identity.Candidate
	switch why := d.lacks(who, "approve", sources.Promoter); {
	case why != "":
		return deny(sources.ErrDenied, why)
	case who.via != sources.ByHand:
		return deny(sources.ErrDenied, "it takes a person")
	case a.To == 0 || a.To > sources.Whole:
		return deny(sources.ErrInvalid, "say a share above 0 % and up to 100 %")
	case !now.Before(a.Until) || a.Until.Sub(now) > Longest:
		return deny(sources.ErrInvalid, "an approval holds for up to "+span(Longest))
	case !is.IsZero() && is.String() != a.Candidate.String():
		return deny(sources.ErrConflict, fmt.Sprintf("the candidate is %s now, the screen showed %s", is, orUnknown(a.Candidate)))
	}
	e := d.entry(sources.EntryApproval, who, 0, "", fmt.Sprintf("approved: %v for candidate %s until %s", a.To, orUnknown(a.Candidate), a.Until.Format(time.TimeOnly)))
	if a.Reason != "" {
		e.Text += " (" + a.Reason + ")"
	}
	e.Data = record(a)
	if err := d.rec.must(ctx, e); err != nil {
		return fmt.Errorf("approve: %w", err)
	}
	d.catchUp(ctx)
	d.wake()
	return nil
}

// Approved are the approvals of a share for a candidate that hold now, the newest of each giver: where a second person is
// asked for, the first one's hides nobody's. A changed candidate voids what was approved for the one before. What is read is
// the journal as far as this desk knows it; each preview reads it anew.
func (d *Desk) Approved(candidate sources.Text, to sources.Share) []sources.Approval {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []sources.Approval
	now := d.cfg.Now()
	for _, a := range slices.Backward(d.fold.approved) {
		theirs := func(b sources.Approval) bool { return b.By == a.By }
		if !slices.ContainsFunc(out, theirs) && a.Holds(candidate, to, now) && d.terms.left("approval "+a.At.String()+a.By+a.To.String(), a.Until, now, Longest) > 0 {
			out = append(out, a)
		}
	}
	return out
}

func (f *fold) approval(e sources.Entry) {
	var a sources.Approval
	if json.Unmarshal(e.Data, &a) != nil {
		return
	}
	a.By = e.Via.Of(e.Actor)
	if f.approved = append(f.approved, a); len(f.approved) > mostAsked {
		f.approved = f.approved[1:]
	}
}

func orUnknown(t sources.Text) string {
	if t.IsZero() {
		return "of unknown identity"
	}
	return t.String()
}
