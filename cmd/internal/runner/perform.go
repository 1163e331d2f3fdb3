package runner

import (
	"context"
	"errors"
	"fmt"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/runner/gate"
	"rampart/sources"
)

// perform does what came out of a look, in its order. w is the wish that the look was about, or nil.
func (d *Driver) perform(ctx context.Context, was, st ramp.State, effects []ramp.Effect, w *wish, in ramp.Input) {
	var unwritten error
	for _, e := range effects {
		switch e := e.(type) {
		case ramp.Record:
			owed := d.owed
			unwritten = d.record(ctx, st, e.Text)
			if unwritten != nil && w != nil && w.event.Kind == ramp.Start {
				d.owed = owed
				mark{d.cfg.Mark}.clear() // nothing began that another runner could go on with
				d.unbegun(was)
				w.answer(sources.Progress{}, unwritten)
				return
			}
		case ramp.SetShare:
			if unwritten != nil {
				d.post(ramp.Event{Kind: ramp.Refused, Why: sources.Visible(unwritten.Error())})
				continue
			}
			d.set(ctx, e, w, in)
			w = nil // it is answered by what it began
		case ramp.RollBack:
			d.rollBack(ctx, e, st.Cause == ramp.PlaneAnew)
		case ramp.RunGate:
			d.gate(ctx, st, e)
		case ramp.Ask:
			d.cfg.tell(sources.Notice{Key: "ramp/ask", Kind: sources.NoticeApproval, Severity: sources.SeverityWarning, Title: d.cfg.Service + ": the ramp asks", Text: e.What})
		case ramp.Notify:
			d.cfg.tell(sources.Notice{Key: "ramp", Kind: sources.NoticeRamp, Title: d.cfg.Service + ": " + e.What})
		case ramp.Over:
			d.cfg.tell(sources.Notice{Key: "ramp", Kind: sources.NoticeRamp, Severity: severityOf(e.Phase), Title: fmt.Sprintf("%s: the ramp is %s", d.cfg.Service, word(e.Phase)), Text: e.Why})
		}
	}
	d.settle(w, was, st, effects, unwritten)
}

// unbegun takes a start back that the journal did not take: a ramp that no restart would know of must not be told as begun.
func (d *Driver) unbegun(was ramp.State) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.st = was
}

func severityOf(p ramp.Phase) sources.Severity {
	switch p {
	case ramp.RolledBack:
		return sources.SeverityCritical
	case ramp.Ended, ramp.Held, ramp.Asking:
		return sources.SeverityWarning
	case ramp.Idle, ramp.Running, ramp.Frozen, ramp.RollingBack, ramp.Promoted:
	}
	return sources.SeverityInfo
}

func word(p ramp.Phase) string {
	switch p {
	case ramp.RolledBack:
		return "rolled back"
	case ramp.RollingBack:
		return "rolling back"
	case ramp.Idle, ramp.Running, ramp.Asking, ramp.Held, ramp.Frozen, ramp.Ended, ramp.Promoted:
	}
	return p.String()
}

// record journals where the ramp stands now.
func (d *Driver) record(ctx context.Context, st ramp.State, text string) error {
	err := d.cfg.Desk.PlanOf(action.Actor{Name: st.Starter}).Record(ctx, sources.EntryRamp, text, st)
	if err == nil {
		d.paid()
	} else {
		d.owed = text
		d.unmarked = mark{d.cfg.Mark}.leave(st)
		err = fmt.Errorf("the ramp is not journalled: %w", err)
		d.cfg.tell(sources.Notice{Key: "journal", Kind: sources.NoticeRamp, Severity: sources.SeverityCritical, Title: d.cfg.Service + ": " + sources.Visible(err.Error())})
	}
	return err
}

// payUp journals where the ramp stands once the journal can be written again: what it was not told of, such as that
// somebody stopped the ramp, the next runner would not know.
func (d *Driver) payUp(ctx context.Context) {
	if d.owed == "" || d.cfg.Desk.JournalAlarm() != "" { // what the desk could not write goes first
		return
	}
	st := d.State()
	if d.cfg.Desk.PlanOf(action.Actor{Name: st.Starter}).Record(ctx, sources.EntryRamp, d.owed+" (written late)", st) == nil {
		d.paid()
	}
}

// paid notes that the journal has where the ramp stands.
func (d *Driver) paid() {
	d.owed, d.unmarked = "", nil
	mark{d.cfg.Mark}.clear()
}

// set asks the desk for a share of the plan, and follows it.
func (d *Driver) set(ctx context.Context, e ramp.SetShare, w *wish, in ramp.Input) {
	track, err := d.begin(ctx, e, w, in)
	if err != nil {
		d.post(ramp.Event{Kind: ramp.Refused, By: e.By, Why: sources.Visible(err.Error())})
		w.answer(sources.Progress{}, err)
		return
	}
	w.answer(track.Progress(), nil)
	d.wg.Go(func() { d.follow(ctx, track) })
}

// begin has a share set as it was previewed to a person who asked for it, or anew for the plan. Without the lease nothing is.
func (d *Driver) begin(ctx context.Context, e ramp.SetShare, w *wish, in ramp.Input) (*action.Track, error) {
	if err := d.cfg.Lease.Held(); err != nil {
		return nil, err
	}
	if w != nil && w.preview.Change.Intent.ID != "" {
		return w.seat.Start(ctx, w.preview.ID, w.word)
	}
	verb := sources.Step
	has := sources.Reading{Configured: in.Split, Members: in.Members}.Least()
	if has.Known && (e.To < has.Candidate || e.To == has.Candidate && !in.Split.Known) { // it takes back what a reload raised, which no doubt may hold up
		verb = sources.SetSplit
	}
	seat := d.cfg.Desk.PlanOf(action.Actor{Name: e.By})
	p, err := seat.Preview(ctx, sources.Action{
		Service: d.cfg.Service, Verb: verb, To: e.To, Reason: e.Why, Confirm: e.Confirm,
		Seen: sources.Precondition{Split: in.Split, Identity: in.Identity},
	})
	if err == nil && p.Confirm.Refuse != "" {
		err = &sources.Error{Op: "step", Target: d.cfg.Service, Kind: sources.ErrConflict, Cause: errors.New(p.Confirm.Refuse)}
	}
	if err != nil {
		return nil, err
	}
	return seat.Start(ctx, p.ID, "")
}

// follow tells the plan how a share that was asked for fares until it is set. What comes after that the plan reads with
// each look, and with it the share: of a change that was undone this only knows that it was.
func (d *Driver) follow(ctx context.Context, t *action.Track) {
	written := false
	for p := range t.All(ctx) {
		if !written && p.Rung >= sources.Configured {
			written = true
			d.post(ramp.Event{Kind: ramp.Written, To: p.Change.To.Candidate})
		}
		if p.Done && !written {
			d.post(ramp.Event{Kind: ramp.Refused, Why: failure(p)})
		}
	}
}

// failure is why an action did not come as far as it should.
func failure(p sources.Progress) string {
	if p.Err == nil {
		return "it was never read back"
	}
	return sources.Visible(p.Err.Error())
}

// rollBack asks the desk for 0 %, unless a rollback is on its way already. One that was read back before the plane began anew
// is not: whoever follows it only looks, and may not have seen yet that it was undone.
func (d *Driver) rollBack(ctx context.Context, e ramp.RollBack, anew bool) {
	for _, p := range d.cfg.Desk.Progress() {
		if p.Action.Verb == sources.RollBack && !p.Done && (!anew || p.Rung < sources.Configured) {
			return
		}
	}
	seat := d.cfg.Desk.Rule()
	p, err := seat.Preview(ctx, sources.Action{Service: d.cfg.Service, Verb: sources.RollBack, Reason: e.Why})
	if err == nil {
		_, err = seat.Start(ctx, p.ID, p.Confirm.Word)
	}
	if err != nil {
		d.cfg.tell(sources.Notice{
			Key: "rollback", Kind: sources.NoticeRung, Severity: sources.SeverityCritical,
			Title: d.cfg.Service + ": the rollback was refused", Text: sources.Visible(err.Error()),
		})
	}
}

// gate asks a step's command; its answer is an event.
func (d *Driver) gate(ctx context.Context, st ramp.State, e ramp.RunGate) {
	q := gate.Question{
		Command: e.Command, Environ: d.cfg.Environ, Context: d.cfg.Context, Service: d.cfg.Service,
		Step: e.Step + 1, Share: st.Share, Limit: gateLimit,
	}
	if e.Step+1 < len(d.cfg.Plan.Steps) {
		q.Next = d.cfg.Plan.Steps[e.Step+1].To
	}
	d.wg.Go(func() {
		a, err := d.cfg.Ask(ctx, q)
		switch {
		case err != nil:
			d.post(ramp.Event{Kind: ramp.GateError, Why: sources.Visible(err.Error())})
		case a.Yes:
			d.post(ramp.Event{Kind: ramp.GateYes, Why: a.Said.String()})
		default:
			d.post(ramp.Event{Kind: ramp.GateNo, Why: a.Said.String()})
		}
	})
}
