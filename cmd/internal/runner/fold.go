package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

// Standing folds a journal into where one service's ramp stands. It keeps the newest state and no entry; whoever goes on
// reading gives it what is new. It is for one goroutine.
type Standing struct {
	Context, Service string
	State            ramp.State
}

// Take reads one more entry. Only the service's own count.
func (s *Standing) Take(e sources.Entry) error {
	if e.Kind != sources.EntryRamp || e.Context != s.Context || e.Service != s.Service {
		return nil
	}
	var now ramp.State
	if err := json.Unmarshal(e.Data, &now); err != nil {
		return fmt.Errorf("read journal entry %d: %w", e.Seq, err)
	}
	s.State = now
	return nil
}

// StateOf is where the journal says that a service's ramp stands. A journal that is broken ends with an error that says
// where: a ramp does not go on from a place that nobody can vouch for.
func StateOf(ctx context.Context, j sources.Journal, in, service string) (ramp.State, error) {
	s := Standing{Context: in, Service: service}
	for e, err := range j.Entries(ctx, 1) {
		if err == nil {
			err = s.Take(e)
		}
		if err != nil {
			return ramp.State{}, err
		}
	}
	return s.State, nil
}

// resolve finds out, by reading only, whether the share that an earlier process was about to set was set.
func (d *Driver) resolve(ctx context.Context) {
	d.mu.Lock()
	st, waiting := d.st, !d.pending || time.Since(d.began) < d.cfg.Settling
	d.mu.Unlock()
	if waiting {
		return
	}
	p, err := d.cfg.Desk.PlanOf(action.Actor{Name: st.Starter}).Preview(ctx, sources.Action{Service: d.cfg.Service, Verb: sources.Step, To: st.Share})
	if err != nil {
		return // the plane does not answer yet: the ramp waits
	}
	e := ramp.Event{Kind: ramp.Unsent, Why: fmt.Sprintf("the runner ended before %v was set: the candidate has %v", st.Share, p.Change.From)}
	if p.Change.NoOp {
		e = ramp.Event{Kind: ramp.Written, To: p.Change.From.Candidate, Why: "found set after a restart"}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pending = false
	d.inbox = append(d.inbox, e)
}
