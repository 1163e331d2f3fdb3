package engine

import (
	"context"
	"fmt"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// lookbacks are the spans searched for a rollout's beginning, until it lies inside.
func lookbacks() []time.Duration { return []time.Duration{2 * time.Hour, 8 * time.Hour, mostPast} }

// findRollout finds which candidate is being ramped and since when. A new identity begins a new rollout.
func (e *Engine) findRollout(ctx context.Context, end time.Time) error {
	q := e.cfg.Service.Identity
	if q == nil {
		return nil
	}
	e.mu.Lock()
	known, last := e.book.found, e.book.last
	e.mu.Unlock()
	if known && !last.IsZero() {
		return e.watchIdentity(ctx, *q, sources.Window{From: last.Add(-2 * q.Step), To: end})
	}
	for _, back := range lookbacks() {
		w := sources.Window{From: end.Add(-back), To: end}
		ids, err := e.identities(ctx, *q, w)
		if err != nil {
			return err
		}
		candidate, ok := newestIdentity(ids, sources.Candidate, sources.Text{})
		if ok && !candidate.From.After(w.From.Add(q.Step)) && back < mostPast {
			continue
		}
		e.begin(ids, candidate, ok)
		return nil
	}
	return nil
}

func (e *Engine) identities(ctx context.Context, q sources.IdentityQuery, w sources.Window) ([]sources.Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, askDeadline)
	defer cancel()
	return e.cfg.Metrics.Identities(ctx, q, w)
}

// watchIdentity notices a new candidate version in the newest blocks, and the legacy's when it was not seen before.
func (e *Engine) watchIdentity(ctx context.Context, q sources.IdentityQuery, w sources.Window) error {
	ids, err := e.identities(ctx, q, w)
	if err != nil {
		return err
	}
	e.mu.Lock()
	known := e.book.rollout
	e.mu.Unlock()
	if candidate, ok := newestIdentity(ids, sources.Candidate, known.Candidate); ok && candidate.Version != known.Candidate {
		e.begin(ids, candidate, true)
		return nil
	}
	if legacy, ok := newestIdentity(ids, sources.Legacy, known.Legacy); ok {
		e.meet(legacy)
	}
	return nil
}

// meet takes the legacy's version where it differs from the one known: its first series may come after the candidate's,
// and it may be deployed anew. What is compared stays: a rollout is its candidate's.
func (e *Engine) meet(legacy sources.Identity) {
	e.mu.Lock()
	defer e.mu.Unlock()
	old := e.book.rollout.Legacy
	if old == legacy.Version {
		return
	}
	e.book.rollout.Legacy, e.book.started.Legacy = legacy.Version, legacy.Started
	if !old.IsZero() {
		e.tick(frame.Tick{At: legacy.From, Kind: frame.TickVersion, Text: sources.Textf("legacy %s → %s", old, legacy.Version)})
	}
}

// begin opens a new rollout in the book.
func (e *Engine) begin(ids []sources.Identity, candidate sources.Identity, known bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	legacy, _ := newestIdentity(ids, sources.Legacy, e.book.rollout.Legacy)
	old := e.book.rollout.Candidate
	e.book.started = sources.ByArm[time.Time]{Legacy: legacy.Started, Candidate: candidate.Started}
	e.book.begin(analysis.Rollout{
		ID:      fmt.Sprintf("%s-%s-%d", e.cfg.Service.Name, candidate.Version, candidate.From.Unix()),
		Service: e.cfg.Service.Name, Legacy: legacy.Version, Candidate: candidate.Version, Since: candidate.From,
	}, known)
	if !old.IsZero() {
		e.tick(frame.Tick{At: candidate.From, Kind: frame.TickVersion, Text: sources.Textf("candidate %s → %s: a new rollout", old, candidate.Version)})
	}
}

// newestIdentity is the version of an arm that began last. Of several that began together, as all do that began before
// the window, it is the one known already, so that two versions side by side do not take turns; else the greater text.
func newestIdentity(ids []sources.Identity, a sources.Arm, known sources.Text) (sources.Identity, bool) {
	var best sources.Identity
	found := false
	for _, id := range ids {
		if id.Arm != a {
			continue
		}
		later := id.From.After(best.From) || id.From.Equal(best.From) && best.Version != known &&
			(id.Version == known || id.Version.String() > best.Version.String())
		if !found || later {
			best, found = id, true
		}
	}
	return best, found
}

// tick remembers what happened, for charts and the SEEN line. The caller holds the lock.
func (e *Engine) tick(t frame.Tick) {
	e.traf.tick(t)
}
