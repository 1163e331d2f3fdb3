package runner

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

// wish is what a person asks of the ramp itself: begin, take the next step, go to the end, stop.
type wish struct {
	event   ramp.Event
	preview sources.Preview
	who     action.Actor
	seat    *action.Seat
	word    string
	done    chan grant
}

// grant is what became of a wish.
type grant struct {
	progress sources.Progress
	err      error
}

// answer tells whoever waits. A wish that is not there, or was answered, takes it silently.
func (w *wish) answer(p sources.Progress, err error) {
	if w == nil {
		return
	}
	select {
	case w.done <- grant{p, err}:
	default:
	}
}

// eventOf is the event that a verb wishes for; 0: it is not the ramp's.
func eventOf(v sources.Verb) ramp.EventKind {
	switch v {
	case sources.Start:
		return ramp.Start
	case sources.Step:
		return ramp.StepNow
	case sources.Promote:
		return ramp.Promote
	case sources.Stop:
		return ramp.Stop
	case sources.SetSplit, sources.RollBack, sources.Hold, sources.Resume:
	}
	return 0
}

// preview tells what the ramp would do about a wish, by asking the plan and changing nothing.
func (d *Driver) preview(ctx context.Context, who action.Actor, seat *action.Seat, a sources.Action) (sources.Preview, error) {
	d.mu.Lock()
	if d.newest == nil {
		d.mu.Unlock()
		return sources.Preview{}, d.notYet()
	}
	st, in := d.st, d.input(d.newest)
	d.mu.Unlock()
	e := ramp.Event{Kind: eventOf(a.Verb), By: who.Name, Why: sources.Visible(a.Reason)}
	in.Events = append(in.Events, e)
	p := sources.Preview{ID: rand.Text(), Action: a}
	if p.Confirm.Refuse = seat.Lacks(a.Verb); p.Confirm.Refuse != "" { // before anything that the ramp says: it is not theirs to ask
		d.keep(&wish{event: e, preview: p, who: who, seat: seat, done: make(chan grant, 1)})
		return p, nil
	}
	next, effects := ramp.Next(d.cfg.Plan, st, in)
	i := slices.IndexFunc(effects, func(e ramp.Effect) bool { _, ok := e.(ramp.SetShare); return ok })
	switch {
	case i >= 0 && a.Verb != sources.Start:
		a.To = effects[i].(ramp.SetShare).To
		a.Confirm = cmp.Or(a.Confirm, d.cfg.Plan.Confirm)
		var err error
		if p, err = seat.Preview(ctx, a); err != nil {
			return p, err
		}
	case !granted(a.Verb, st, next):
		p.Confirm.Refuse = refusal(a.Verb, next, effects)
	}
	if a.Verb == sources.Start && p.Confirm.Refuse == "" {
		d.first(ctx, who, &p, next, in.At)
		if why := harmed(st, next); why != "" {
			p.Warnings = append(p.Warnings, sources.Note{Kind: sources.NoteWarning, Text: sources.NewText(why), At: in.At})
		}
		p.Warnings = append(p.Warnings, sources.Note{Kind: sources.NoteInfo, Text: sources.NewText("the plan: " + d.cfg.Plan.String()), At: in.At})
		p.Confirm.Refuse = d.unfit(ctx)
		if err := seat.MayRamp(ctx); err != nil {
			p.Confirm.Refuse = sources.Visible(err.Error())
		}
	}
	d.keep(&wish{event: e, preview: p, who: who, seat: seat, done: make(chan grant, 1)})
	return p, nil
}

// harmed says that a ramp would begin on the candidate that the last one took down for harm. Without traffic it has no call,
// so that nothing else says so, and what was counted of it counts on.
func harmed(last, next ramp.State) string {
	if last.Phase != ramp.RolledBack || !last.Cause.Harm() || last.Identity != next.Identity {
		return ""
	}
	return fmt.Sprintf("%s is the candidate that the last ramp rolled back (%s): what was counted of it may roll it back at once; another version begins a new rollout",
		sources.Visible(next.Identity.Candidate), last.Cause)
}

// first shows what a start writes, and nothing that comes later: its first step, at once or when what it waits for has come.
// Where the candidate has that share already, nothing is written by it, and when something will be is said.
func (d *Driver) first(ctx context.Context, who action.Actor, p *sources.Preview, next ramp.State, at time.Time) {
	i, steps := max(next.Step, 0), d.cfg.Plan.Steps
	note := func(format string, args ...any) {
		p.Warnings = append(p.Warnings, sources.Note{Kind: sources.NoteInfo, Text: sources.Textf(format, args...), At: at})
	}
	if !next.Writing && next.Step >= 0 {
		note("nothing is written now: the candidate has %v, and the ramp begins in step %d, %s (%s)", next.Share, i+1, steps[i].String(), next.Why)
		return
	}
	if !next.Writing {
		defer func() { note("not at once: %s", next.Why) }()
	}
	step, err := d.cfg.Desk.PlanOf(who).Preview(ctx, sources.Action{Service: d.cfg.Service, Verb: sources.Step, To: steps[i].To, Confirm: d.cfg.Plan.Confirm})
	if err != nil {
		return // the plane does not answer now: the ramp waits for it by itself
	}
	p.Change, p.Servers, p.Rates, p.Warnings = step.Change, step.Servers, step.Rates, step.Warnings
	p.Change.Intent = sources.Intent{}
}

// refusal says why a wish has no effect, and what can be done about it.
func refusal(v sources.Verb, st ramp.State, effects []ramp.Effect) string {
	why := ramp.Declined(effects)
	switch {
	case !st.Phase.Live() && v != sources.Start:
		return "no ramp runs: start one first (:ramp start)"
	case st.Phase.Live() && v == sources.Start:
		return fmt.Sprintf("a ramp that %s started is %s already: go on with it, or stop it first (:ramp stop)", sources.Visible(st.Starter), word(st.Phase))
	case why != "":
		return why
	case st.Why != "":
		return st.Why
	}
	return "it has no effect on a ramp that is " + word(st.Phase)
}

// keep remembers what was previewed, the newest few.
func (d *Driver) keep(w *wish) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.offers = append(d.offers, w); len(d.offers) > 32 {
		d.offers = d.offers[1:]
	}
}

// offered takes a previewed wish out, if it is the same actor who asks.
func (d *Driver) offered(who action.Actor, id string) *wish {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.offers, func(w *wish) bool { return w.preview.ID == id && w.who == who })
	if i < 0 {
		return nil
	}
	w := d.offers[i]
	d.offers = slices.Delete(d.offers, i, i+1)
	return w
}

// do makes a wish and waits for what became of it.
func (d *Driver) do(ctx context.Context, w *wish, word string) (sources.Progress, error) {
	if why := w.preview.Confirm.Refuse; why != "" {
		return sources.Progress{}, &sources.Error{Op: w.preview.Action.Verb.String(), Target: d.cfg.Service, Kind: sources.ErrConflict, Cause: errors.New(why)}
	}
	if w.event.Kind == ramp.Start {
		if err := w.seat.MayRamp(ctx); err != nil {
			return sources.Progress{}, err
		}
	}
	if why := w.seat.Lacks(w.preview.Action.Verb); why != "" {
		return sources.Progress{}, &sources.Error{Op: w.preview.Action.Verb.String(), Target: d.cfg.Service, Kind: sources.ErrDenied, Cause: errors.New(why)}
	}
	w.word = word
	d.mu.Lock()
	d.wishes = append(d.wishes, w)
	d.mu.Unlock()
	d.wake()
	select {
	case g := <-w.done:
		return g.progress, g.err
	case <-ctx.Done():
		return sources.Progress{}, context.Cause(ctx)
	}
}

func (d *Driver) nextWish() *wish {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.wishes) == 0 {
		return nil
	}
	w := d.wishes[0]
	d.wishes = d.wishes[1:]
	return w
}

// waiting tells whether there are more.
func (d *Driver) waiting() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.wishes) > 0
}

// granted tells whether a ramp that stood at was and stands at st did what a verb without a write asks. That something moved
// is no sign of it: a share may have been read back in the same look.
func granted(v sources.Verb, was, st ramp.State) bool {
	switch v {
	case sources.Start:
		return !was.Phase.Live() && st.Phase.Live()
	case sources.Stop:
		return was.Phase.Live() && !st.Phase.Live()
	case sources.Step, sources.Promote, sources.SetSplit, sources.RollBack, sources.Hold, sources.Resume:
	}
	return false
}

// settle answers a wish that began no write of its own: by where the ramp stands now, and whether the journal has it.
func (d *Driver) settle(w *wish, was, st ramp.State, effects []ramp.Effect, unwritten error) {
	if w == nil {
		return
	}
	a := w.preview.Action
	if !granted(a.Verb, was, st) {
		w.answer(sources.Progress{}, &sources.Error{Op: a.Verb.String(), Target: d.cfg.Service, Kind: sources.ErrConflict, Cause: errors.New(refusal(a.Verb, st, effects))})
		return
	}
	now := d.cfg.Now()
	p := sources.Progress{
		IntentID: w.preview.ID, Action: a, Actor: w.event.By, Began: now, Rung: sources.Effective, Done: true,
		Rungs: []sources.RungTime{{Rung: sources.Effective, At: now}},
	}
	if unwritten != nil {
		p.Unnoted = sources.Visible(unwritten.Error()) + d.heirs()
		p.Alarm, p.Next = p.Unnoted, "make room: it is written as soon as it can"
	}
	w.answer(p, nil)
}

// heirs says what a runner that is started meanwhile knows of what the journal does not have.
func (d *Driver) heirs() string {
	if d.unmarked != nil {
		return "; a runner that is started before it is written DOES NOT KNOW and goes on with the ramp: keep this one running (no mark could be left: " + sources.Visible(d.unmarked.Error()) + ")"
	}
	return "; a mark beside the lease tells a runner that is started before it is written"
}
