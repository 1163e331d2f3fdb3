package action

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"rampart/sources"
)

// soon is how long a plane may take without a word about it.
const soon = 5 * time.Second

// offer is a preview that somebody may confirm.
type offer struct {
	preview sources.Preview
	actor   Actor
	has     sources.Split  // what the candidate has: of a fleet that does not agree the least, and what is above that is raised
	stop    string         // what was not as on the screen
	loud    []string       // rules that break-glass leaves aside
	at      time.Time      // when it was previewed
	seq     uint64         // how far the journal had been read then
	limit   limit          // when it reverts by itself; with an ID: the change that it reverts
	track   *Track         // once it was confirmed
	told    bool           // the journal has it that the actor may not
	epochs  sources.Epochs // the plane's processes when it was planned last
}

func (d *Desk) preview(ctx context.Context, who Actor, a sources.Action) (sources.Preview, error) {
	if a.Service != "" && a.Service != d.cfg.Service {
		return sources.Preview{}, &sources.Error{Op: "preview", Target: a.Service, Kind: sources.ErrInvalid, Cause: fmt.Errorf("this is the desk of %s", d.cfg.Service)}
	}
	d.catchUp(ctx)
	o := &offer{actor: who, at: d.cfg.Now(), seq: d.readUpTo(), preview: sources.Preview{ID: rand.Text(), Action: a}}
	if a.Verb != sources.Hold && a.Verb != sources.Resume {
		if err := d.planned(ctx, o); err != nil {
			return sources.Preview{}, err
		}
	}
	p := &o.preview
	if a.Verb != sources.RollBack {
		p.Expires = d.cfg.Now().Add(d.cfg.Patience.Offer)
	}
	o.told = d.barred(who, a, o.has) != "" && !d.cfg.ReadOnly
	forbidden, loud := d.forbidden(who, a, o.has)
	limited, say := d.limiting(a, p.Change)
	p.Confirm.Refuse = join(join(forbidden, o.stop), limited)
	if say != "" {
		p.Warnings = append(p.Warnings, sources.Note{Kind: sources.NoteInfo, Text: sources.NewText(say), At: d.cfg.Now()})
	}
	for _, say := range append(loud, d.JournalAlarm(), d.unreadable()) {
		if say != "" {
			p.Warnings = append([]sources.Note{{Kind: sources.NoteWarning, Text: sources.NewText(say), At: d.cfg.Now()}}, p.Warnings...)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.offers = append(d.offers, o); len(d.offers) > mostKept {
		d.offers = d.offers[1:]
	}
	return o.preview, nil
}

// planned fills in what the plane would do. Only a rollback goes on without having read it.
func (d *Desk) planned(ctx context.Context, o *offer) error {
	p := &o.preview
	a := p.Action
	r, err := d.cfg.Plane.Read(ctx)
	unread := err != nil && r.Rev == ""
	switch {
	case err != nil && a.Verb != sources.RollBack, unread && !blind(err):
		return fmt.Errorf("preview: %w", err)
	case unread:
		p.Change = sources.Change{Intent: d.intent(o), To: sources.SplitAt(0, d.cfg.Now())}
		p.Warnings = warn(p.Warnings, r, "the plane cannot be read now (%v): the rollback will be tried until it can", err)
		return nil
	}
	o.has = r.Least()
	o.stop, p.Replan = d.compare(a, r)
	in := d.intent(o)
	in.Drained = d.drained(r)
	if p.Change, err = d.cfg.Plane.Plan(ctx, r, in); err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	o.stop = join(o.stop, empty(r, p.Change))
	if who := d.drainer(p.Change); who != "" {
		p.Warnings = warn(p.Warnings, r, "the candidate was drained by %s: it is made ready", who)
	}
	for _, say := range crowded(r, p.Change) {
		p.Warnings = warn(p.Warnings, r, "%s", say)
	}
	if p.Change.From.Known && p.Change.To.Known && p.Change.To.Candidate > p.Change.From.Candidate {
		for _, say := range d.cfg.look().Cautions {
			p.Warnings = warn(p.Warnings, r, "%s", say)
		}
	}
	p.Warnings, p.Settle = append(p.Warnings, p.Change.Notes...), p.Change.Settle
	if p.Settle > soon {
		p.Warnings = append(p.Warnings, sources.Note{Kind: sources.NoteInfo, At: r.At, Text: sources.Textf("this plane takes about %s: effective by %s",
			span(p.Settle), d.cfg.Now().Add(p.Settle).UTC().Format(time.TimeOnly))})
	}
	p.Servers, p.Rates = servers(r), d.rates(r, p.Change)
	p.Confirm.Word, p.Confirm.Why = wordOf(o.actor, a.Verb, p.Change, r)
	return nil
}

// intent is the wish as the plane is told it. What was on the screen is compared here and not by the plane, because a
// rollback is planned again where a ramp is refused.
func (d *Desk) intent(o *offer) sources.Intent {
	a := o.preview.Action
	in := sources.Intent{ID: o.preview.ID, Verb: a.Verb, To: a.To, Actor: o.actor.Name, Reason: sources.Visible(a.Reason)}
	in.Expect.Identity = a.Seen.Identity
	if a.Verb != sources.RollBack {
		in.NotAfter = d.cfg.Now().Add(d.cfg.Patience.Offer)
	}
	return in
}

func servers(r sources.Reading) sources.ByArm[[2]int] {
	var out sources.ByArm[[2]int]
	for _, a := range sources.Arms() {
		up, all := r.Up(a)
		*out.Ptr(a) = [2]int{up, all}
	}
	return out
}

// rates spreads the measured requests over the servers that are up, before and after.
func (d *Desk) rates(r sources.Reading, c sources.Change) sources.ByArm[sources.ServerRates] {
	var out sources.ByArm[sources.ServerRates]
	measured := d.cfg.look().Rates
	if measured == nil || !c.To.Known {
		return out
	}
	whole := measured.Legacy + measured.Candidate
	after := sources.ByArm[float64]{Legacy: whole * (1 - c.To.Candidate.Fraction()), Candidate: whole * c.To.Candidate.Fraction()}
	for _, a := range sources.Arms() {
		up, _ := r.Up(a)
		if a == sources.Candidate {
			up += c.Readies
		}
		if up > 0 {
			*out.Ptr(a) = sources.ServerRates{Before: measured.Of(a) / float64(up), After: after.Of(a) / float64(up), Known: true}
		}
	}
	return out
}

func warn(notes []sources.Note, r sources.Reading, format string, args ...any) []sources.Note {
	return append(notes, sources.Note{Kind: sources.NoteWarning, Text: sources.Textf(format, args...), At: r.At})
}

func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "; " + b
}
