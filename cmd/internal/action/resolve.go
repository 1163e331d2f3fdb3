package action

import (
	"fmt"
	"slices"
	"time"

	"rampart/sources"
)

// resolve finds out what became of the intents that an earlier process left without an outcome, by reading only: what
// was sent or not by somebody who is gone is never sent again. It tries until the plane answers.
//
// It waits until they are older than an action takes, because another process may be at one of them right now.
func (d *Desk) resolve(left []pending) {
	if len(left) == 0 {
		return
	}
	d.tell([]string{fmt.Sprintf("%d actions of an earlier process have no known outcome; the plane will be asked", len(left))})
	if age := max(0, d.cfg.Now().Sub(left[len(left)-1].at)); age < d.cfg.Patience.Observed && !d.sleep(d.ctx, d.cfg.Patience.Observed-age) {
		return
	}
	d.catchUp(d.ctx)
	left = d.stillOpen(left)
	pause := sources.Backoff{First: d.cfg.Patience.Retry, Most: 30 * time.Second, Now: d.cfg.Now}
	for {
		r, err := d.cfg.Plane.Read(d.ctx)
		if err == nil {
			d.settle(left, r)
			return
		}
		d.tell([]string{fmt.Sprintf("%d actions of an earlier process have no known outcome, and the plane cannot be read: %v", len(left), err)})
		if !d.sleep(d.ctx, pause.Failed(err)) {
			return
		}
	}
}

// settle compares each open intent with what is set, says so and journals it.
func (d *Desk) settle(left []pending, r sources.Reading) {
	var said []string
	for _, p := range left {
		says := fmt.Sprintf("%s by %s at %s was cut off: %s; nothing was sent to find out",
			p.verb, p.by.called(), p.at.UTC().Format(time.DateTime), became(p.data.To.Split, r.Configured))
		said = append(said, says)
		e := d.entry(sources.EntryReceipt, p.by, 0, p.id, says)
		e.Verb, e.Data = p.verb, record(receiptData{Known: true})
		_ = d.rec.may(d.ctx, e) // it is kept for the gap
	}
	d.catchUp(d.ctx)
	d.tell(said)
}

// became compares what was asked with what is set, as far as that is known.
func became(asked, is sources.Split) string {
	switch {
	case !is.Known:
		return fmt.Sprintf("the plane does not know what the candidate has, asked was %v", asked)
	case asked.Equal(is):
		return fmt.Sprintf("the candidate has %v, and the asked %v is what is set", is, asked)
	}
	return fmt.Sprintf("the candidate has %v, and the asked %v is not what is set", is, asked)
}

func (d *Desk) stillOpen(left []pending) []pending {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(left, func(p pending) bool { _, open := d.fold.open[p.id]; return !open })
}

func (d *Desk) tell(said []string) {
	d.mu.Lock()
	d.fold.said = said
	d.mu.Unlock()
	d.wake()
}
