package file

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"rampart/sources"
	"rampart/sources/plane"
	"rampart/sources/process"
)

// Apply replaces the file under its lock, checks and reloads. What was refused is put back, and the error says so.
func (p *Plane) Apply(ctx context.Context, c sources.Change) (sources.Receipt, error) {
	rc := sources.Receipt{Change: c, SentAt: p.now()}
	unlock, err := p.lock(ctx)
	if err != nil {
		return rc, err
	}
	defer unlock()
	was, err := p.read()
	if err == nil {
		err = plane.Still(p.reading(was), c)
	}
	if err != nil {
		return rc, err
	}
	if c.NoOp {
		p.memory.Applied(c, p.reading(was))
		return rc, nil
	}
	said, err := p.change(ctx, was, c)
	for _, w := range c.Writes {
		rc.Answer = append(rc.Answer, sources.Answer{Write: w, Text: said, At: p.now(), Err: err})
	}
	if now, bad := p.read(); err == nil && bad == nil {
		p.memory.Applied(c, p.reading(now))
	}
	return rc, err
}

// change does all three steps; the lock is held.
func (p *Plane) change(ctx context.Context, was content, c sources.Change) (sources.Text, error) {
	path, err := filepath.EvalSymlinks(p.conf.Path)
	if err != nil {
		return sources.Text{}, p.failed("write", err, false)
	}
	b := was.b
	if was.split.share != c.To.Candidate {
		b = was.split.edit(c.To.Candidate)
		if err := replace(path, b); err != nil {
			return sources.Text{}, p.failed("write", err, false)
		}
	}
	checked, err := p.run(ctx, p.conf.Check)
	if err != nil {
		return checked, p.putBack(path, was, sources.ErrInvalid, fmt.Errorf("%s refused it: %w", p.conf.Check[0], err))
	}
	loaded, err := p.run(ctx, p.conf.Reload)
	switch {
	case err == nil && len(p.conf.Reload) > 0:
		p.stamp(hash(b))
	case err != nil && c.Intent.Verb == sources.RollBack:
		return loaded, &sources.Error{
			Op: "reload", Target: p.conf.Path, Kind: sources.ErrUnreachable, Sent: true,
			Cause: fmt.Errorf("the file has nothing for the candidate and stays so, but %s failed: %w", p.conf.Reload[0], err), Fix: "reload the router by hand",
		}
	case err != nil:
		return loaded, p.putBack(path, was, sources.ErrUnreachable, fmt.Errorf("%s failed: %w", p.conf.Reload[0], err))
	}
	return loaded, nil
}

// putBack restores the old content after a refusal. When even that fails, only a read can tell what stands there.
func (p *Plane) putBack(path string, was content, kind, cause error) error {
	e := &sources.Error{Op: "write", Target: p.conf.Path, Kind: kind, Cause: fmt.Errorf("%w; the old content was put back", cause)}
	if err := replace(path, was.b); err != nil {
		e.Kind, e.Sent, e.Fix = sources.ErrAmbiguous, true, "put the old content back by hand before anything reloads"
		e.Cause = fmt.Errorf("%w; AND THE OLD CONTENT COULD NOT BE PUT BACK: %w", cause, err)
	}
	return e
}

// run runs a command of the config, if there is one. What it said comes back as text, and with its failure.
func (p *Plane) run(ctx context.Context, argv []string) (sources.Text, error) {
	if len(argv) == 0 {
		return sources.Text{}, nil
	}
	// A file that was replaced is checked and loaded, or put back, whatever becomes of the caller.
	got, err := process.Run(context.WithoutCancel(ctx), process.Command{Argv: argv, Timeout: p.conf.Timeout})
	if err != nil {
		return got.Aside, process.With(err, got.Aside)
	}
	return got.Aside, nil
}

// lock takes the file's lock, and waits for it no longer than a command may take.
func (p *Plane) lock(ctx context.Context) (unlock func(), err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, p.conf.Timeout, errors.New("somebody else holds its lock"))
	defer cancel()
	unlock, err = flock(ctx, p.stampPath())
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, p.failed("lock", err, false)
	}
	return unlock, nil
}
