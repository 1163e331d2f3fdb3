package plane

import (
	"sync"
	"time"

	"rampart/sources"
)

// Watches remember the changes that a plane applied and the counters that its servers had then, so that what was routed
// since can be told. The zero value remembers nothing; many goroutines may use it at once.
type Watches struct {
	mu    sync.Mutex
	of    map[string]*watch // by the intent's ID and its way: each way has to show itself
	order []string          // its keys, oldest first
}

type watch struct {
	Watched
	base   map[string]int64 // requests of each server when the change was made
	counts sources.Epochs   // whose counters these are
	unread map[string]bool  // members that could not be read then: theirs count from when they can
	held   sources.Epochs   // who the members were when each was last seen to hold
}

// Watched is what is remembered of one change.
type Watched struct {
	Quiet sources.ByArm[int64] // routed since the change when the candidate last got one
	Held  bool                 // it was seen to hold
	Shown bool                 // and traffic to show it
}

// mostWatched bounds the memory of changes; the oldest is forgotten, and counted anew when somebody still asks.
const mostWatched = 32

// nameOf is what a change is remembered by.
func nameOf(c sources.Change) string { return c.Intent.ID + " " + string(c.Intent.Way) }

// Begin takes the counters right after a write: what is routed from here on is routed by it.
func (w *Watches) Begin(c sources.Change, r sources.Reading) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin(c, r)
}

func (w *Watches) begin(c sources.Change, r sources.Reading) *watch {
	is := &watch{base: map[string]int64{}, unread: map[string]bool{}, counts: r.Epochs(), held: r.Epochs()}
	for _, m := range r.Members {
		if m.Err != nil {
			is.unread[m.Name] = true
		}
	}
	for _, s := range r.Servers {
		is.base[s.Member+" "+s.Name] = s.Counters.Requests
	}
	id := nameOf(c)
	if old, ok := w.of[id]; ok {
		is.Held, is.Shown, is.held = old.Held, old.Shown, old.held.With(r)
	} else {
		w.order = append(w.order, id)
	}
	if w.of == nil {
		w.of = map[string]*watch{}
	}
	w.of[id] = is
	if len(w.order) > mostWatched {
		delete(w.of, w.order[0])
		w.order = w.order[1:]
	}
	return is
}

// at is the watch of a change, begun here where nobody did; the lock is held.
func (w *Watches) at(c sources.Change, r sources.Reading) *watch {
	if is, ok := w.of[nameOf(c)]; ok {
		return is
	}
	return w.begin(c, r)
}

// join takes the counters of members that are read, and of servers that are told, for the first time: what they routed
// before the change is not its.
// Those that began anew count from nothing, and what the process before had counted is forgotten: a new count that has
// passed it would seem to fall back.
func (is *watch) join(r sources.Reading) {
	for _, name := range is.counts.Moved(r) {
		for _, s := range r.Servers {
			if s.Member == name || len(r.Members) == 0 {
				delete(is.base, s.Member+" "+s.Name)
			}
		}
	}
	is.counts = is.counts.With(r)
	for _, s := range r.Servers {
		if is.unread[s.Member] || is.base[s.Member+" "+s.Name] < 0 {
			is.base[s.Member+" "+s.Name] = s.Counters.Requests
		}
	}
	for _, m := range r.Members {
		if m.Err == nil {
			delete(is.unread, m.Name)
		}
	}
}

// Moved names the members that began anew since they were last seen to hold a change; a member that was never seen is
// taken as it is found first.
func (w *Watches) Moved(c sources.Change, r sources.Reading) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at(c, r).held.Moved(r)
}

// Routed are the requests since a change by the servers' own counters. Those of another process count from its start,
// which is after the change.
func (w *Watches) Routed(c sources.Change, r sources.Reading) sources.ByArm[int64] {
	w.mu.Lock()
	defer w.mu.Unlock()
	is := w.at(c, r)
	is.join(r)
	var out sources.ByArm[int64]
	for _, s := range r.Servers {
		n := s.Counters.Requests
		if base, ok := is.base[s.Member+" "+s.Name]; ok && base <= n {
			n -= base
		}
		if to := out.Ptr(s.Arm); to != nil {
			*to += n
		}
	}
	return out
}

// Look notes what was routed since a change, however it was counted, and returns what is remembered of it.
func (w *Watches) Look(c sources.Change, r sources.Reading, routed sources.ByArm[int64]) Watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	is := w.at(c, r)
	if routed.Candidate != is.Quiet.Candidate {
		is.Quiet = routed
	}
	return is.Watched
}

// Recall returns what is remembered of a change where not all could be counted: that less was routed is not what was seen
// then, and a proof under way goes on with the next look.
func (w *Watches) Recall(c sources.Change, r sources.Reading) Watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at(c, r).Watched
}

// Hold notes that a change was seen to hold on all members: from then on it can be reverted. What began anew and holds
// all the same is no cause of what comes later.
func (w *Watches) Hold(c sources.Change, r sources.Reading) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if is, ok := w.of[nameOf(c)]; ok {
		is.Held, is.held = true, is.held.With(r)
	}
}

// Show notes that traffic showed a change.
func (w *Watches) Show(c sources.Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if is, ok := w.of[nameOf(c)]; ok {
		is.Shown = true
	}
}

// Seen is the split that requests show; not known while there are none.
func Seen(routed sources.ByArm[int64], at time.Time) sources.Split {
	n := routed.Legacy + routed.Candidate
	if n <= 0 {
		return sources.Split{}
	}
	return sources.SplitAt(sources.ShareOf(float64(routed.Candidate)/float64(n)), at)
}
