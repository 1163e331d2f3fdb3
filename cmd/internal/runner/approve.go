package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

// Approve lets one candidate have one share, which a step of the plan waits for or will wait for. Another share is refused
// with those, and so is the word of who began the ramp where the plan asks for a second person: an approval that opens
// nothing would only look like one that does.
func (s *Seat) Approve(ctx context.Context, a sources.Approval) error {
	defer s.driver.wake()
	if why := cmp.Or(s.driver.unawaited(a.To), s.driver.alone(s.who)); why != "" && s.seat.Role() >= sources.Promoter { // others are refused for that first
		s.seat.Refused("approve", errors.New(why))
		return &sources.Error{Op: "approve", Target: a.To.String() + " of " + s.driver.cfg.Service, Kind: sources.ErrConflict, Cause: errors.New(why)}
	}
	return s.seat.Approve(ctx, a)
}

// unawaited says why no step will ever ask for the approval of a share; empty: one does, or it is no share.
func (d *Driver) unawaited(to sources.Share) string {
	if to == 0 || to > sources.Whole {
		return "" // the desk says what a share is
	}
	d.mu.Lock()
	at := 0
	if d.st.Phase.Live() {
		at = d.st.Step
	}
	d.mu.Unlock()
	all, left := awaited(d.cfg.Plan, 0), awaited(d.cfg.Plan, at)
	switch {
	case slices.Contains(left, to):
		return ""
	case len(all) == 0:
		return "no step of the plan waits for an approval"
	case len(left) == 0:
		return "no step of this ramp waits for an approval any more"
	}
	say := make([]string, len(left))
	for i, s := range left {
		say[i] = s.String()
	}
	return fmt.Sprintf("no step waits for an approval of %v: the plan waits for one of %s", to, strings.Join(say, " and of "))
}

// alone says that an approval takes somebody else; empty: theirs counts.
func (d *Driver) alone(who action.Actor) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.cfg.Plan.SecondPerson || !d.st.Phase.Live() || d.st.Starter != who.Name {
		return ""
	}
	return fmt.Sprintf("it takes somebody else than %s, who began this ramp", sources.Visible(who.Name))
}

// awaited are the shares that need a person's yes from a step on: each the one behind a gate.
func awaited(p ramp.Plan, from int) []sources.Share {
	var out []sources.Share
	for i := max(from, 0); i+1 < len(p.Steps); i++ {
		if p.Steps[i].Until == ramp.Approve {
			out = append(out, p.Steps[i+1].To)
		}
	}
	return out
}
