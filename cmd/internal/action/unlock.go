package action

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// MostUnlocked bounds an unlocking: what is open for longer is not locked.
const MostUnlocked = time.Hour

func (d *Desk) unlock(ctx context.Context, who Actor, span time.Duration, reason string) error {
	deny := func(why string) error {
		d.denied(who, "unlock", why)
		return &sources.Error{Op: "unlock", Target: d.cfg.Service, Kind: sources.ErrDenied, Cause: fmt.Errorf("%s", why)}
	}
	switch why := d.lacks(who, "unlock", sources.Promoter); {
	case why != "":
		return deny(why)
	case who.via != sources.ByHand:
		return deny("it takes a person")
	case strings.TrimSpace(reason) == "":
		return deny("say why: :unlock 10m REASON")
	case span <= 0 || span > MostUnlocked:
		return deny(fmt.Sprintf("unlock for up to %s", MostUnlocked))
	}
	u := unlocked{By: who.Name, Until: d.cfg.Now().Add(span).UTC().Round(0), Reason: sources.Visible(reason)}
	e := d.entry(sources.EntryUnlock, who, 0, "", fmt.Sprintf("ramping up unlocked until %s: %s", u.Until.Format(time.TimeOnly), u.Reason))
	e.Data = record(u)
	if err := d.rec.must(ctx, e); err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	d.catchUp(ctx)
	d.wake()
	return nil
}

// unlockedUntil is the unlocking of an actor that still holds, if any.
func (d *Desk) unlockedUntil(actor string) (unlocked, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u, ok := d.fold.unlock[actor]
	return u, ok && d.holds(u)
}

// Glass is an unlocking of somebody who may leave rules aside.
type Glass struct {
	By, Reason string
	Until      time.Time
}

// BrokenGlass lists the unlockings that hold now of those whose role leaves rules aside, by name.
func (d *Desk) BrokenGlass() []Glass {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []Glass
	for actor, u := range d.fold.unlock {
		if d.holds(u) && !d.cfg.ReadOnly && RoleOf(d.cfg.Roles, actor) >= sources.Breakglass {
			out = append(out, Glass{By: sources.Visible(actor), Reason: u.Reason, Until: u.Until})
		}
	}
	slices.SortFunc(out, func(a, b Glass) int { return strings.Compare(a.By, b.By) })
	return out
}

// Unlocked tells who may ramp up longest now, until when and why; ok is false when nobody may, or when this environment
// asks for no unlocking.
func (d *Desk) Unlocked() (by string, until time.Time, reason string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var last unlocked
	for _, u := range d.fold.unlock {
		if d.holds(u) && u.Until.After(last.Until) {
			last = u
		}
	}
	return last.By, last.Until, last.Reason, !last.Until.IsZero()
}
