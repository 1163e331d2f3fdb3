package envoy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rampart/sources"
	"rampart/sources/plane"
)

// Apply sends each write once. Ramping up it first compares what is set with what the change was planned from, then
// writes member after member, reads the first of them back before it goes on, and stops at the first failure. A rollback goes to all members at once and carries on.
func (p *Plane) Apply(ctx context.Context, c sources.Change) (sources.Receipt, error) {
	rc := sources.Receipt{Change: c, SentAt: p.now()}
	for _, w := range c.Writes {
		if !strings.HasPrefix(w.Request, verb+"/runtime_modify?") || p.adminOf(w.Member) == nil {
			return rc, &sources.Error{Op: "write", Target: w.Member, Kind: sources.ErrInvalid, Cause: fmt.Errorf("%q is no write of this plane", w.Request)}
		}
	}
	var errs []error
	if c.Intent.Verb == sources.RollBack {
		rc.Answer, errs = p.everywhere(ctx, c.Writes)
	} else {
		now, err := p.Read(ctx)
		if err == nil {
			err = plane.Still(now, c)
		}
		if err != nil {
			return rc, err
		}
		rc.Answer, errs = p.inTurn(ctx, c)
	}
	if slices.ContainsFunc(rc.Answer, func(a sources.Answer) bool { return a.Err == nil }) || c.NoOp {
		if r, err := p.Read(ctx); err == nil { // a failure is none of the change's: the next Confirm starts the count
			p.memory.Applied(c, r)
		}
	}
	return rc, plane.Failed("write", errs)
}

func (p *Plane) adminOf(member string) *admin {
	i := slices.IndexFunc(p.admins, func(a *admin) bool { return a.member == member })
	if i < 0 {
		return nil
	}
	return p.admins[i]
}

func (p *Plane) everywhere(ctx context.Context, writes []sources.Write) ([]sources.Answer, []error) {
	answers, errs := make([]sources.Answer, len(writes)), make([]error, len(p.admins))
	var wg sync.WaitGroup
	for i, w := range writes {
		wg.Go(func() { answers[i] = p.send(ctx, w) })
	}
	wg.Wait()
	for i, a := range answers {
		errs[i] = a.Err
	}
	return answers, errs
}

func (p *Plane) inTurn(ctx context.Context, c sources.Change) ([]sources.Answer, []error) {
	var answers []sources.Answer
	errs := make([]error, len(p.admins))
	for i, w := range c.Writes {
		answers = append(answers, p.send(ctx, w))
		errs[i] = answers[i].Err
		if errs[i] == nil && i == 0 && len(c.Writes) > 1 {
			errs[i] = p.took(ctx, w.Member, c.To)
		}
		if errs[i] != nil {
			break
		}
	}
	return answers, errs
}

// took reads one member back right after its write: the first of a fleet goes ahead of the others, and what it did not
// take they are not sent.
func (p *Plane) took(ctx context.Context, member string, to sources.Split) error {
	m, err := p.readMember(ctx, p.adminOf(member))
	if err != nil {
		return err
	}
	if is := shareOf(m.set, m.at); !is.Equal(to) {
		return &sources.Error{
			Op: "write", Target: member, Kind: sources.ErrIgnored, Sent: true, Fix: "see who else writes there",
			Cause: fmt.Errorf("it said OK to %v and has %v: the other members were left as they are", to, is),
		}
	}
	return nil
}

func (p *Plane) send(ctx context.Context, w sources.Write) sources.Answer {
	text, err := p.adminOf(w.Member).write(ctx, w.Request)
	return sources.Answer{Write: w, Text: text, At: p.now(), Err: err}
}
