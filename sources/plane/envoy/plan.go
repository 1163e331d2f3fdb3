package envoy

import (
	"context"
	"fmt"

	"rampart/sources"
	"rampart/sources/plane"
)

// verb begins every write.
const verb = "POST "

// Plan names one write for each member that is not there yet. Only a rollback is planned without those that could not
// be read; it is sent to them too.
func (p *Plane) Plan(ctx context.Context, r sources.Reading, in sources.Intent) (sources.Change, error) {
	caps, _ := p.Caps(ctx)
	c, err := plane.Draft(r, in, caps)
	if err != nil {
		return sources.Change{}, err
	}
	if err := dormant(r, c); err != nil {
		return sources.Change{}, err
	}
	for _, m := range r.Members {
		switch {
		case m.Err != nil && in.Verb != sources.RollBack:
			return sources.Change{}, &sources.Error{Op: "plan", Target: m.Name, Kind: sources.ErrPartial, Cause: m.Err}
		case m.Err != nil || !m.Configured.Equal(c.To):
			c.Writes = append(c.Writes, sources.Write{Member: m.Name, Arm: sources.Candidate, Request: p.request(c.To.Candidate)})
		}
	}
	c.NoOp = len(c.Writes) == 0
	c.Notes = planNotes(r, c, caps)
	return c, nil
}

// dormant refuses to raise a share that another layer overrides: nothing would move now, and all of it on the day on
// which that layer lets go.
func dormant(r sources.Reading, c sources.Change) error {
	set, used := r.Configured, r.Effective
	if c.Intent.Verb == sources.RollBack || !set.Known || !used.Known || set.Equal(used) || c.To.Candidate <= set.Candidate {
		return nil
	}
	return &sources.Error{
		Op: "plan", Target: "split", Kind: sources.ErrConflict, Fix: "take the keys out of the layer above first",
		Cause: fmt.Errorf("a layer above overrides what is set: %v is in use, %v is set, and %v would lie in wait", used, set, c.To),
	}
}

// request writes both weights at once, in percents where whole ones do.
func (p *Plane) request(to sources.Share) string {
	unit := finest
	if percent := sources.Whole / 100; to%percent == 0 {
		unit = percent
	}
	return fmt.Sprintf("%s/runtime_modify?%s=%d&%s=%d", verb, p.conf.key(sources.Candidate), to/unit, p.conf.key(sources.Legacy), (sources.Whole-to)/unit)
}

func planNotes(r sources.Reading, c sources.Change, caps sources.Caps) []sources.Note {
	var notes []sources.Note
	add := func(kind sources.NoteKind, format string, args ...any) {
		notes = append(notes, sources.Note{Kind: kind, Text: sources.Textf(format, args...), At: r.At})
	}
	if up, all := r.Up(sources.Legacy); up == 0 && c.To.Candidate < sources.Whole {
		add(sources.NoteWarning, "legacy has no healthy host on %d members", all)
	}
	if up, all := r.Up(sources.Candidate); up == 0 && c.To.Candidate > 0 {
		add(sources.NoteWarning, "the candidate has no healthy host on %d members", all)
	}
	if r.File.Known && !r.File.Equal(c.To) {
		add(sources.NoteWarning, "set by runtime only: a restart returns to %v", r.File)
	}
	notes = append(notes, r.Notes...)
	add(sources.NoteInfo, "%v", caps.Note)
	return notes
}
