package plane

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"rampart/sources"
)

// Memory follows the changes that a plane applied. Its zero value counts by the servers of the readings only.
type Memory struct {
	// Count is asked where the readings have no counters; nil: requests are then never seen.
	Count Count
	// Reloaded explains a change that did not outlive its plane's process, such as "nginx is back at its file".
	Reloaded string

	mu      sync.Mutex
	watched map[string]*watch // by the intent's ID
	order   []string          // its keys, oldest first
}

// watch is what is remembered of one change.
type watch struct {
	epoch      string               // whose counters these are
	base       map[string]int64     // requests of each server when the change was made
	quiet      sources.ByArm[int64] // routed since the change when the candidate last got one
	configured bool                 // it was seen to hold
}

// mostWatched bounds the memory of changes; the oldest is forgotten, and counted anew when somebody still asks.
const mostWatched = 32

// Applied takes the counters right after a write: what is routed from here on is routed by it.
func (m *Memory) Applied(c sources.Change, r sources.Reading) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.begin(c, r)
}

// begin starts a count; the lock is held.
func (m *Memory) begin(c sources.Change, r sources.Reading) *watch {
	w := &watch{epoch: r.Epoch, base: map[string]int64{}}
	for _, s := range r.Servers {
		w.base[s.Member+" "+s.Name] = s.Counters.Requests
	}
	id := c.Intent.ID
	if old, ok := m.watched[id]; ok {
		w.configured = old.configured
	} else {
		m.order = append(m.order, id)
	}
	if m.watched == nil {
		m.watched = map[string]*watch{}
	}
	m.watched[id] = w
	if len(m.order) > mostWatched {
		delete(m.watched, m.order[0])
		m.order = m.order[1:]
	}
	return w
}

// Look says how far a change has come by a reading. unread is why some members are not in it, or nil. A change that was
// configured once and is not any more is ErrReverted.
func (m *Memory) Look(ctx context.Context, rc sources.Receipt, r sources.Reading, unread error) sources.Outcome {
	out := sources.Outcome{Reading: r, Err: unread, Rung: Answered(rc)}
	c := rc.Change
	uncounted := m.count(ctx, rc, r, &out)
	m.mu.Lock()
	defer m.mu.Unlock()
	w, ok := m.watched[c.Intent.ID]
	if !ok {
		w = m.begin(c, r)
	}
	if n := out.Requests; n.Candidate != w.quiet.Candidate {
		w.quiet = n
	}
	switch {
	case !holding(c, r):
		if w.configured {
			out.Err = m.reverted(c, r, w)
		}
		return out
	case unread != nil:
		return out
	}
	w.configured = true
	out.Rung = rung(c, r, out.Requests, w.quiet)
	if out.Rung < sources.Observed && uncounted != nil {
		out.Reading.Notes = append(out.Reading.Notes, sources.Note{Kind: sources.NoteUnreachable, Text: sources.NewText(uncounted.Error()), At: r.At})
	}
	return out
}

// count fills in the requests that were routed since the change. Counters of another process count from its start,
// which is after the change.
func (m *Memory) count(ctx context.Context, rc sources.Receipt, r sources.Reading, out *sources.Outcome) error {
	switch {
	case len(r.Servers) > 0:
		m.countServers(rc.Change, r, out)
	case m.Count != nil:
		got, err := m.Count(ctx, rc.SentAt)
		if err != nil {
			return fmt.Errorf("count requests: %w", err)
		}
		out.Requests = got.Requests
	}
	if n := out.Requests.Legacy + out.Requests.Candidate; n > 0 {
		out.Seen = sources.SplitAt(sources.ShareOf(float64(out.Requests.Candidate)/float64(n)), r.At)
	}
	return nil
}

func (m *Memory) countServers(c sources.Change, r sources.Reading, out *sources.Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w, ok := m.watched[c.Intent.ID]
	if !ok {
		w = m.begin(c, r)
	}
	for _, s := range r.Servers {
		n := s.Counters.Requests
		if base, ok := w.base[s.Member+" "+s.Name]; ok && base <= n {
			n -= base
		}
		if to := out.Requests.Ptr(s.Arm); to != nil {
			*to += n
		}
	}
}

func (m *Memory) reverted(c sources.Change, r sources.Reading, w *watch) error {
	cause := fmt.Errorf("the candidate has %v, this change had made it %v", r.Configured, c.To)
	fix := "somebody else writes the split: ask who before writing again"
	if w.epoch != r.Epoch && m.Reloaded != "" {
		cause, fix = fmt.Errorf("%s; %w", m.Reloaded, cause), "write it there too, then roll back again"
	}
	return &sources.Error{Op: "confirm", Target: c.Intent.Verb.String(), Kind: sources.ErrReverted, Cause: cause, Fix: fix}
}

// Answered is how far a change has come by its answers alone.
func Answered(rc sources.Receipt) sources.Rung {
	switch {
	case len(rc.Answer) == 0 && !rc.Change.NoOp:
		return sources.RungNone
	case slices.ContainsFunc(rc.Answer, func(a sources.Answer) bool { return a.Err != nil }):
		for _, a := range rc.Answer {
			if e, ok := errors.AsType[*sources.Error](a.Err); !ok || e.Sent {
				return sources.Sent
			}
		}
		return sources.RungNone
	}
	return sources.Accepted
}

// holding compares what is set with the change. A member that cannot be read is not held against it.
func holding(c sources.Change, r sources.Reading) bool {
	if !c.To.Known {
		return false
	}
	read := 0
	for _, m := range r.Members {
		if m.Err != nil {
			continue
		}
		if read++; !m.Configured.Equal(c.To) {
			return false
		}
	}
	return read > 0 || r.Configured.Equal(c.To)
}

// rung is how far a change has come that is set. What is effective may be a tenth off the share, or of what legacy keeps
// of it, for a server that is down makes another share of the same wish.
func rung(c sources.Change, r sources.Reading, got, quiet sources.ByArm[int64]) sources.Rung {
	want, is := c.To.Candidate, r.Effective.Candidate
	if off := max(want, is) - min(want, is); r.Effective.Known && off > min(want, sources.Whole-want)/10 {
		return sources.Configured
	}
	if Shows(c.From, want, got, quiet) {
		return sources.Observed
	}
	if !r.Effective.Known {
		return sources.Configured
	}
	return sources.Effective
}
