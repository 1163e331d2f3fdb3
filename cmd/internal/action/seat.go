package action

import (
	"context"
	"time"

	"rampart/sources"
)

// Actor is who asks, and from where: host, tty, socket peer.
type Actor struct {
	Name, From string
	via        sources.Via // how; only a desk sets it
}

// called names the actor with the way, as entries and sentences show it.
func (a Actor) called() string { return a.via.Of(a.Name) }

// The actors of what happens by a rule and without anybody.
const (
	ruler    = "rampart"
	watchdog = "rampart watchdog"
)

// Seat is a desk as one actor has it.
type Seat struct {
	desk  *Desk
	actor Actor
}

// Seat returns the desk as one actor sees it who acts by hand.
func (d *Desk) Seat(a Actor) *Seat {
	a.via = sources.ByHand
	return &Seat{desk: d, actor: a}
}

// PlanOf returns the seat from which a running ramp plan acts for the one who started it. Unlocking is not asked again:
// it was asked when the ramp was started ([Seat.MayRamp]), and a ramp lasts longer than any unlocking. Everything else
// stands between the plan and a ramp-up as it would for that person, whose role is looked up anew each time, except
// that break-glass leaves nothing aside for a plan. The journal names the person and that it was the plan.
func (d *Desk) PlanOf(a Actor) *Seat {
	a.via = sources.ByPlan
	return &Seat{desk: d, actor: a}
}

// Rule returns the seat of what happens without anybody: automatic rollback. Its actor is "rampart", which may roll back
// and hold, whatever the config says of people.
func (d *Desk) Rule() *Seat { return &Seat{desk: d, actor: Actor{Name: ruler, via: sources.ByRule}} }

// Watchdog returns the seat of the process that takes traffic away when the runner is gone. It may what [Desk.Rule] may,
// and has a name of its own, so that the runner that comes back can say who did it.
func (d *Desk) Watchdog() *Seat {
	return &Seat{desk: d, actor: Actor{Name: watchdog, via: sources.ByRule}}
}

// Role is what the actor may do.
func (s *Seat) Role() sources.Role { return s.desk.roleOf(s.actor) }

// Preview plans an action and changes nothing. What stands in the way is said in Confirm.Refuse; an error means that it
// cannot be planned at all. A rollback whose plane cannot be read has a preview too: it will be tried until it can.
func (s *Seat) Preview(ctx context.Context, a sources.Action) (sources.Preview, error) {
	return s.desk.preview(ctx, s.actor, a)
}

// Do starts what was previewed and returns once it is journalled and sent, refused, or to be tried again. The word is
// the one that the preview asks for, empty when it asks for none. Doing the same preview twice is doing it once.
func (s *Seat) Do(ctx context.Context, previewID, word string) (sources.Progress, error) {
	t, err := s.Start(ctx, previewID, word)
	if err != nil {
		return sources.Progress{}, err
	}
	return t.Progress(), nil
}

// Start is Do for those who follow one action on their own.
func (s *Seat) Start(ctx context.Context, previewID, word string) (*Track, error) {
	return s.desk.do(ctx, s.actor, previewID, word)
}

// Confirm says that a change that reverts by itself shall stay. The ID is the one of its progress; empty means the only
// one that is open. It is an error when the journal did not take it, or when its time was over first.
func (s *Seat) Confirm(ctx context.Context, intentID string) error {
	return s.desk.confirm(ctx, s.actor, intentID)
}

// Approve lets one candidate have one share until the approval's end; an hour when it has none. It takes a person who
// may ramp up, and is refused when the candidate is another one by now.
func (s *Seat) Approve(ctx context.Context, a sources.Approval) error {
	return s.desk.approve(ctx, s.actor, a)
}

// MayRamp tells whether the actor may start a ramp now: role, unlocking, hold and journal, but none of the doubts about
// the data, for which a ramp waits by itself. A refusal is journalled.
func (s *Seat) MayRamp(ctx context.Context) error { return s.desk.mayRamp(ctx, s.actor) }

// Lacks says which role the actor would need for a verb that somebody else than the desk does, as a runner does what is a
// ramp's; empty when theirs is enough. A refusal is journalled.
func (s *Seat) Lacks(v sources.Verb) string {
	return s.desk.barred(s.actor, sources.Action{Verb: v}, sources.Split{})
}

// Refused journals that something else than an action was refused to the actor, such as reading without masks.
func (s *Seat) Refused(what string, why error) {
	s.desk.denied(s.actor, what, sources.Visible(why.Error()))
}

// Unlock allows the actor to ramp up for a while. It is journalled with its reason.
func (s *Seat) Unlock(ctx context.Context, d time.Duration, reason string) error {
	return s.desk.unlock(ctx, s.actor, d, reason)
}

// Note writes an operator's remark into the journal.
func (s *Seat) Note(ctx context.Context, text string) error {
	return s.desk.rec.must(ctx, s.desk.entry(sources.EntryNote, s.actor, 0, "", sources.Visible(text)))
}

// Record writes an entry of another kind than those that the desk keeps itself, such as [sources.EntryRamp], in the
// actor's name. Data is what encoding/json makes of it; nil for none.
func (s *Seat) Record(ctx context.Context, kind sources.EntryKind, text string, data any) error {
	e := s.desk.entry(kind, s.actor, 0, "", sources.Visible(text))
	if data != nil {
		e.Data = record(data)
	}
	return s.desk.rec.must(ctx, e)
}
