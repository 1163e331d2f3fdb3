package file

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rampart/sources"
	"rampart/sources/plane"
)

// Plan names the new numbers, the check and the reload. A file that is right and is not known to be loaded is loaded.
func (p *Plane) Plan(ctx context.Context, r sources.Reading, in sources.Intent) (sources.Change, error) {
	caps, err := p.Caps(ctx)
	if err != nil {
		return sources.Change{}, err
	}
	c, err := plane.Draft(r, in, caps)
	if err != nil {
		return sources.Change{}, err
	}
	said := r.File.Equal(c.To)
	c.NoOp = said && (len(p.conf.Reload) == 0 || r.Effective.Equal(c.To))
	if c.NoOp {
		return c, nil
	}
	if !said {
		c.Writes = append(c.Writes, p.write(fmt.Sprintf("in %s: candidate %v, legacy %v", p.conf.Format, c.To.Candidate, sources.Whole-c.To.Candidate)))
	}
	for _, command := range [][]string{p.conf.Check, p.conf.Reload} {
		if len(command) > 0 {
			c.Writes = append(c.Writes, p.write(strings.Join(command, " ")))
		}
	}
	c.Notes = []sources.Note{{Kind: sources.NoteInfo, Text: caps.Note, At: r.At}}
	return c, nil
}

func (p *Plane) write(request string) sources.Write {
	return sources.Write{Member: p.conf.Path, Arm: sources.Candidate, Request: request}
}

// Confirm reads the file back once, and counts requests by the metrics.
func (p *Plane) Confirm(ctx context.Context, rc sources.Receipt) (sources.Outcome, error) {
	r, err := p.Read(ctx)
	if err != nil {
		return sources.Outcome{Rung: plane.Answered(rc), Reading: r}, err
	}
	if !rc.Change.To.Known {
		return sources.Outcome{}, errors.New("confirm: a change without a share")
	}
	return p.memory.Look(ctx, rc, r, nil), nil
}
