package plane

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rampart/sources"
)

// Memory follows the changes that a plane applied. Its zero value counts by the servers of the readings only.
type Memory struct {
	// Count is asked where the readings do not say how many requests all servers had; nil: requests are then never seen.
	Count Count
	// Reloaded and File explain a change that did not outlive its plane's process: "Envoy was restarted", and what it is back
	// at then. Empty: the plane has no process that is known.
	Reloaded, File string

	watches Watches
}

// Applied takes the counters right after a write: what is routed from here on is routed by it.
func (m *Memory) Applied(c sources.Change, r sources.Reading) { m.watches.Begin(c, r) }

// Look says how far a change has come by a reading. unread is why some members are not in it, or nil. A change that was
// configured once and is not any more is ErrReverted.
func (m *Memory) Look(ctx context.Context, rc sources.Receipt, r sources.Reading, unread error) sources.Outcome {
	out := sources.Outcome{Reading: r, Err: unread, Rung: Answered(rc)}
	c := rc.Change
	out.Uncounted = m.count(ctx, rc, r, unread, &out)
	w := m.watches.Recall(c, r)
	if out.Uncounted == nil {
		w = m.watches.Look(c, r, out.Requests)
	}
	switch gone := lost(c, r); {
	case len(gone) > 0 || !c.To.Known:
		if w.Held {
			out.Err = m.undone().Reverted(c, r, gone, m.watches.Moved(c, r))
		}
		return out
	case unread != nil:
		return out
	}
	m.watches.Hold(c, r)
	out.Rung = rung(c, r, out.Requests, w.Quiet)
	if out.Rung < sources.Observed && out.Uncounted != nil && m.Count != nil {
		out.Reading.Notes = append(out.Reading.Notes, sources.Note{Kind: sources.NoteUnreachable, Text: sources.NewText(out.Uncounted.Error()), At: r.At})
	}
	return out
}

// count fills in the requests that were routed since the change, or says why they are not known.
func (m *Memory) count(ctx context.Context, rc sources.Receipt, r sources.Reading, unread error, out *sources.Outcome) error {
	untold := r.Uncounted()
	switch {
	case untold == "":
		out.Requests = m.watches.Routed(rc.Change, r)
		if unread != nil {
			return Uncounted(unread)
		}
	case m.Count != nil:
		got, err := m.Count(ctx, rc.SentAt)
		if err != nil {
			return fmt.Errorf("count requests: %w", err)
		}
		out.Requests = got.Requests
	case len(r.Servers) > 0:
		return fmt.Errorf("%s, and no metrics count requests", untold)
	default:
		return errors.New("there are neither counters of the plane nor metrics that count requests")
	}
	out.Seen = Seen(out.Requests, r.At)
	return nil
}

func (m *Memory) undone() Undone {
	return Undone{
		Reloaded: m.Reloaded, File: m.File, Keep: "write it there too, then roll back again",
		Ask: "somebody else writes the split: ask who before writing again",
	}
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

// lost are the members on which something else is set than the change's split. One that cannot be read is not held
// against it; a plane without members is one.
func lost(c sources.Change, r sources.Reading) []sources.Member {
	members := slices.DeleteFunc(slices.Clone(r.Members), func(m sources.Member) bool { return m.Err != nil })
	if len(members) == 0 {
		members = []sources.Member{{Epoch: r.Epoch, Configured: r.Configured}}
	}
	return slices.DeleteFunc(members, func(m sources.Member) bool { return m.Configured.Equal(c.To) })
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
