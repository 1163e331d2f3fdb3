package file

import (
	"bytes"
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
	b, stood := was.b, p.loaded()
	if was.split.share != c.To.Candidate {
		b = was.split.edit(c.To.Candidate)
	}
	p.begin(b)
	if !bytes.Equal(b, was.b) {
		if err := replace(path, b); err != nil {
			p.stamp(stood)
			return sources.Text{}, p.failed("write", err, false)
		}
	}
	checked, err := p.run(ctx, p.conf.Check)
	if err != nil {
		return checked, p.refused(ctx, path, was, b, c, stood, fmt.Errorf("%s refused it: %w", p.conf.Check[0], err))
	}
	loaded, proven, err := p.reload(ctx)
	switch {
	case err == nil && proven:
		p.stamp(hash(b))
	case err == nil:
		p.stamp("")
	case err != nil && c.Intent.Verb == sources.RollBack:
		return loaded, p.kept(err, "reload the router by hand")
	case err != nil:
		return loaded, p.putBack(path, was, sources.ErrUnreachable, err)
	}
	return loaded, nil
}

// refused says whose error a check found. One that takes the old content found it in ours, which goes. One that refuses
// the old content too found somebody else's: a rollback then keeps its file, so that whoever mends the other one and
// loads it ends the candidate's traffic, and is tried again until it is loaded.
func (p *Plane) refused(ctx context.Context, path string, was content, b []byte, c sources.Change, stood string, cause error) error {
	e := p.putBack(path, was, sources.ErrInvalid, cause)
	if errors.Is(e, sources.ErrAmbiguous) {
		return e
	}
	again := c.Intent.Verb == sources.RollBack && bytes.Equal(b, was.b) // an earlier try wrote it, and it was never loaded
	if !again {
		p.stamp(stood) // nothing was loaded
	}
	if _, old := p.run(ctx, p.conf.Check); old == nil && !again {
		return e
	}
	const fix = "mend what it names, then it is loaded"
	if c.Intent.Verb == sources.RollBack && replace(path, b) == nil {
		p.begin(b)
		return p.kept(fmt.Errorf("%w; it refuses the old content too, so the error is somebody else's", cause), fix)
	}
	e.Cause, e.Fix = fmt.Errorf("%w; it refuses that too, so the error is somebody else's", e.Cause), fix
	return e
}

// kept is a rollback whose file stands and was not loaded: the next try loads it.
func (p *Plane) kept(cause error, fix string) *sources.Error {
	return &sources.Error{
		Op: "reload", Target: p.conf.Path, Kind: sources.ErrUnreachable, Sent: true, Fix: fix,
		Cause: fmt.Errorf("the file has nothing for the candidate and stays so, but %w", cause),
	}
}

// putBack restores the old content after a refusal. When even that fails, only a read can tell what stands there.
func (p *Plane) putBack(path string, was content, kind, cause error) *sources.Error {
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
