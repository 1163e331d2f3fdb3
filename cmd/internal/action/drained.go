package action

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// put is one write by which a rollback drained a server, and the process that it was sent to.
type put struct {
	id    string // of the intent
	write sources.Write
	epoch string
	by    string // who, when and why
}

// drain remembers what a rollback was about to drain.
func (f *fold) drain(p pending) {
	for i, request := range p.data.Writes {
		if i >= len(p.data.Members) {
			return
		}
		w := sources.Write{Member: p.data.Members[i], Arm: sources.Candidate, Request: request}
		f.drained = slices.DeleteFunc(f.drained, func(q put) bool { return q.write == w })
		f.drained = append(f.drained, put{p.id, w, p.data.Epochs[w.Member], p.by.called() + " at " + p.at.UTC().Format(time.DateTime) + ", because " + sources.Visible(p.data.Because)})
	}
}

// awake forgets what was drained once a change that gives the candidate a share was taken: it made ready what it found.
// Whatever is drained after that is somebody else's doing.
func (f *fold) awake(id string) {
	for _, p := range slices.Backward(f.asked) {
		if p.id == id {
			if p.data.To.Known && p.data.To.Candidate > 0 {
				f.drained = nil
			}
			return
		}
	}
}

// roused forgets what a rollback drained where that was undone: whoever drains those servers after that is somebody else. Where
// an entry does not tell the members, all are forgotten: they are somebody's to ask about, rather than made ready wrongly.
func (f *fold) roused(e sources.Entry) {
	var found rungData
	_ = json.Unmarshal(e.Data, &found) // a later version's record: it tells no members
	f.drained = slices.DeleteFunc(f.drained, func(q put) bool {
		return q.id == e.IntentID && (found.Awake == nil || slices.Contains(found.Awake, q.write.Member))
	})
}

// awakeOn are the members whose candidate has a share, or no server that is drained; nil where a reading names no members. One
// that cannot be read tells nothing.
func awakeOn(r sources.Reading) []string {
	if len(r.Members) == 0 {
		return nil
	}
	out, asleep := []string{}, drainedIn(r)
	for _, m := range r.Members {
		drained := slices.ContainsFunc(asleep, func(s sources.Server) bool { return s.Member == m.Name })
		if m.Err == nil && (!drained || m.Configured.Known && m.Configured.Candidate > 0) {
			out = append(out, m.Name)
		}
	}
	return out
}

// drained is what rollbacks from here drained, on the processes that still run: a new one has forgotten it, and what is
// drained there was by somebody else.
func (d *Desk) drained(r sources.Reading) []sources.Write {
	d.mu.Lock()
	defer d.mu.Unlock()
	epochs := r.Epochs()
	var out []sources.Write
	for _, q := range d.fold.drained {
		if q.epoch == epochs[q.write.Member] {
			out = append(out, q.write)
		}
	}
	return out
}

// drainer is who drained last what a change makes ready; empty where it makes nothing ready.
func (d *Desk) drainer(c sources.Change) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.Readies == 0 || len(d.fold.drained) == 0 {
		return ""
	}
	return d.fold.drained[len(d.fold.drained)-1].by
}

// Drained says how many of the candidate's servers are drained in a reading, by whom, when and why: whoever begins again has to
// know. It is empty where none is. The journal is asked, because another process may have drained them.
func (d *Desk) Drained(ctx context.Context, r sources.Reading) string {
	if len(drainedIn(r)) == 0 {
		return ""
	}
	d.catchUp(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fold.tellDrained(r)
}

// drainedIn are the servers of the candidate that are drained.
func drainedIn(r sources.Reading) []sources.Server {
	return slices.DeleteFunc(slices.Clone(r.Servers), func(s sources.Server) bool { return s.Arm != sources.Candidate || !s.Drained })
}

// tellDrained is one sentence where all members were drained by the same rollback, and otherwise names them.
func (f *fold) tellDrained(r sources.Reading) string {
	asleep, epochs := drainedIn(r), r.Epochs()
	if len(asleep) == 0 {
		return ""
	}
	var by []string
	on := map[string][]string{}
	for _, s := range asleep {
		who := "nobody that the journal knows of: ask who before it is made ready by hand"
		for _, q := range f.drained {
			if q.write.Member == s.Member && q.epoch == epochs[s.Member] {
				who = q.by
			}
		}
		if !slices.Contains(by, who) {
			by = append(by, who)
		}
		if !slices.Contains(on[who], s.Member) {
			on[who] = append(on[who], sources.Visible(s.Member))
		}
	}
	_, all := r.Up(sources.Candidate)
	said := fmt.Sprintf("%d of %d servers drained by ", len(asleep), all)
	if len(by) == 1 {
		return said + by[0]
	}
	for i, who := range by {
		by[i] = who + " (on " + strings.Join(on[who], ", ") + ")"
	}
	return said + strings.Join(by, ", and by ")
}
