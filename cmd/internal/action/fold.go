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
	next   uint64 // the first entry not yet read
	err    error  // why the journal could not be read to its end
	held   string
	unlock map[string]unlocked // by actor
	open   map[string]pending  // intents without a known outcome, by ID
	said   []string            // what became of those that were found open
}

// unlocked is an actor's right to ramp up for a while.
type unlocked struct {
	By     string    `json:"by"`
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
}

// pending is an intent whose outcome is not in the journal.
type pending struct {
	id, verb, actor string
	at              time.Time
	data            intentData
}

func newFold() fold {
	return fold{next: 1, unlock: map[string]unlocked{}, open: map[string]pending{}}
}

// catchUp reads what was appended since, by whatever process. Only this desk's context and service count.
func (d *Desk) catchUp(ctx context.Context) {
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
		if e.Seq < d.fold.next {
			continue // another catch-up was faster
		}
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
		p := pending{id: e.IntentID, verb: e.Verb, actor: e.Actor, at: e.Time}
		_ = json.Unmarshal(e.Data, &p.data) // a later version's record: the intent is open all the same
		f.open[e.IntentID] = p
	case sources.EntryReceipt:
		f.receipt(e)
	case sources.EntryRung, sources.EntryRefusal, sources.EntryReverted:
		delete(f.open, e.IntentID)
	case sources.EntryNote, sources.EntryCall, sources.EntrySession: // they change nothing here
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

func (f *fold) receipt(e sources.Entry) {
	switch e.Verb {
	case sources.Hold.String():
		f.held = fmt.Sprintf("held by %s since %s", e.Actor, e.Time.UTC().Format(time.TimeOnly))
		if e.Text != "" {
			f.held += ": " + e.Text
		}
	case sources.Resume.String():
		f.held = ""
	}
	var r receiptData
	if json.Unmarshal(e.Data, &r) == nil && r.Known {
		delete(f.open, e.IntentID)
	}
}

// unlockedUntil is the unlocking of an actor that still holds, if any.
func (d *Desk) unlockedUntil(actor string) (unlocked, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u, ok := d.fold.unlock[actor]
	return u, ok && d.cfg.Now().Before(u.Until)
}

// Unlocked tells who may ramp up longest now, until when and why; ok is false when nobody may, or when this environment
// asks for no unlocking.
func (d *Desk) Unlocked() (by string, until time.Time, reason string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	var last unlocked
	for _, u := range d.fold.unlock {
		if now.Before(u.Until) && u.Until.After(last.Until) {
			last = u
		}
	}
	return last.By, last.Until, last.Reason, !last.Until.IsZero()
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
