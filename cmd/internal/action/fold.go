package action

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rampart/sources"
)

// fold is what the journal says of this service so far. It is kept nowhere else.
type fold struct {
	next     uint64 // the first entry not yet read
	err      error  // why the journal could not be read to its end
	held     string
	unlock   map[string]unlocked // by actor
	open     map[string]pending  // intents without a known outcome, by ID
	asked    []pending           // the newest intents, oldest first
	stands   string              // the intent that was last read back and not undone
	limits   []limit             // the newest changes that revert by themselves, oldest first
	approved []sources.Approval  // the newest, oldest first
	said     []string            // what became of those that were found open
	drained  []put               // what rollbacks drained and nothing made ready since
}

// mostAsked bounds the intents and time limits that are remembered.
const mostAsked = 32

// unlocked is an actor's right to ramp up for a while.
type unlocked struct {
	By     string    `json:"by"`
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
}

// pending is an intent as the journal has it.
type pending struct {
	seq            uint64
	id, verb, text string
	by             Actor
	at             time.Time
	data           intentData
}

func newFold() fold {
	return fold{next: 1, unlock: map[string]unlocked{}, open: map[string]pending{}}
}

// catchUp reads what was appended since, by whatever process. A journal that does not answer in time counts as one that
// cannot be read: that stops a ramp-up and must not hold up a rollback. Nobody waits for the goroutine of a stuck one: it ends
// when the disk answers, and until then no other is begun.
func (d *Desk) catchUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Patience.Journal)
	defer cancel()
	stuck := func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.fold.err = fmt.Errorf("not read within %s", d.cfg.Patience.Journal)
	}
	select {
	case d.reading <- struct{}{}:
	case <-ctx.Done():
		stuck()
		return
	}
	done := make(chan struct{})
	go func() {
		d.read(ctx)
		<-d.reading
		close(done)
	}()
	select {
	case <-done:
		d.tellLimits()
	case <-ctx.Done():
		stuck()
	}
}

// read folds what is new. Only this desk's context and service count.
func (d *Desk) read(ctx context.Context) {
	d.mu.Lock()
	from := d.fold.next
	d.mu.Unlock()
	var entries []sources.Entry
	var failed error
	for e, err := range d.cfg.Journal.Entries(ctx, from) {
		if err != nil {
			failed = err
			break
		}
		entries = append(entries, e)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fold.err = failed
	for _, e := range entries {
		d.fold.next = e.Seq + 1
		if e.Context == d.cfg.Context && e.Service == d.cfg.Service {
			d.fold.take(e)
		}
	}
}

func (f *fold) take(e sources.Entry) {
	switch e.Kind {
	case sources.EntryUnlock:
		var u unlocked
		if json.Unmarshal(e.Data, &u) == nil {
			f.unlock[e.Actor] = u
		}
	case sources.EntryIntent:
		f.intent(e)
	case sources.EntryReceipt:
		f.receipt(e)
	case sources.EntryRung:
		delete(f.open, e.IntentID)
		f.replaced(e.IntentID)
		f.awake(e.IntentID)
		f.stands = e.IntentID
	case sources.EntryRefusal:
		f.over(e.IntentID)
		f.close(e.IntentID, "")
	case sources.EntryReverted:
		f.over(e.IntentID)
		f.undone(e)
		f.roused(e)
	case sources.EntryLapse:
		f.close(e.IntentID, "")
	case sources.EntryConfirm:
		f.close(e.IntentID, e.Via.Of(e.Actor))
	case sources.EntryApproval:
		f.approval(e)
	case sources.EntryNote, sources.EntryCall, sources.EntrySession, sources.EntryRamp: // they change nothing here
	case sources.EntryGap:
		var g gap
		if json.Unmarshal(e.Data, &g) == nil {
			for _, missed := range g.Missed {
				if missed.Context == e.Context && missed.Service == e.Service {
					f.take(missed)
				}
			}
		}
	}
}

// over ends an intent that does not stand, or not any more.
func (f *fold) over(id string) {
	if id == f.stands {
		f.stands = ""
	}
	delete(f.open, id)
}

func (f *fold) intent(e sources.Entry) {
	p := pending{seq: e.Seq, id: e.IntentID, verb: e.Verb, text: e.Text, by: Actor{e.Actor, e.From, e.Via}, at: e.Time}
	_ = json.Unmarshal(e.Data, &p.data) // a later version's record: the intent is open all the same
	f.open[e.IntentID] = p
	if f.asked = append(f.asked, p); len(f.asked) > mostAsked {
		f.asked = f.asked[1:]
	}
	if p.data.Confirm != nil {
		f.limited(p)
	}
	if p.data.Way == sources.Drain {
		f.drain(p)
	}
}

func (f *fold) receipt(e sources.Entry) {
	switch e.Verb {
	case sources.Hold.String():
		f.held = fmt.Sprintf("held by %s since %s", e.Via.Of(e.Actor), e.Time.UTC().Format(time.TimeOnly))
		if e.Text != "" {
			f.held += ": " + e.Text
		}
	case sources.Resume.String():
		f.held = ""
	}
	var r receiptData
	if json.Unmarshal(e.Data, &r) == nil && r.Known {
		delete(f.open, e.IntentID)
		f.awake(e.IntentID)
	}
}

// since is the newest intent of somebody else that the journal took after an entry and before another.
func (f *fold) since(after, before uint64, mine string) (pending, bool) {
	for _, p := range slices.Backward(f.asked) {
		if p.id != mine && p.seq > after && p.seq < before {
			return p, true
		}
	}
	return pending{}, false
}

// Setter is who set a split, by the journal: the newest intent of all, of whatever process, asked for exactly that. It is
// empty where the newest one asked for something else.
func (d *Desk) Setter(ctx context.Context, set sources.Split) string {
	d.catchUp(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.fold.asked) == 0 {
		return ""
	}
	p := d.fold.asked[len(d.fold.asked)-1]
	if !p.data.To.Known || !set.Known || p.data.To.Candidate != set.Candidate {
		return ""
	}
	who := p.by.called() + " at " + p.at.UTC().Format(time.TimeOnly)
	if p.data.Way == sources.Drain {
		who += ", by draining its servers"
	}
	if p.data.Reason != "" {
		who += ": " + sources.Visible(p.data.Reason)
	}
	return who
}

// readUpTo is the newest entry that was read.
func (d *Desk) readUpTo() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fold.next - 1
}

// opened lists the pending intents, oldest first.
func (d *Desk) opened() []pending {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []pending
	for _, p := range d.fold.open {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b pending) int { return a.at.Compare(b.at) })
	return out
}
