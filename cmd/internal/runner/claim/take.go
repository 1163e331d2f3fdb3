package claim

import (
	"context"
	"errors"
	"slices"
	"time"

	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

const (
	// tries is how often a name is asked for that is free whenever one looks who has it.
	tries = 5
	// yielding is how long a holder may take to let go when it is asked.
	yielding = 2 * time.Second
	// patience is how long somebody may take to say anything.
	patience = 500 * time.Millisecond
)

// take binds a key's name if nobody has it and nobody waits for it.
func (s *stake) take(ctx context.Context, service string) error {
	name, heir := nameOf(s.key)
	for range tries {
		d, err := open(name, s.who, s.may)
		if err == nil {
			c, err := ring(ctx, heir)
			c.close()
			if errors.Is(err, errFree) {
				s.main = d
				return nil
			}
			d.close()
			return &lease.Held{Target: service, By: c.by}
		}
		if !taken(err) {
			return failed("take", service, err)
		}
		c, err := ring(ctx, heir) // who waits for a name took it from who has it
		if errors.Is(err, errFree) {
			c, err = ring(ctx, name)
		}
		c.close()
		if !errors.Is(err, errFree) { // else it ended between the two
			return &lease.Held{Target: service, By: c.by}
		}
	}
	return failed("take", service, errors.New("its name goes from hand to hand"))
}

// steal takes a key's name from whoever has it. was is who had it, if anybody. Who does not answer is passed by: the heir's
// name is bound then, and the name itself is waited for.
func (s *stake) steal(ctx context.Context, service string, until time.Time) (was *lease.Holder, err error) {
	name, heir := nameOf(s.key)
	var silent *caller
	if s.main, was, silent, err = s.oust(ctx, service, name, until); err != nil {
		return was, err
	}
	next, second, mute, err := s.oust(ctx, service, heir, until)
	if second != nil {
		was = second // who had come last
	}
	if err != nil {
		silent.close()
		s.quit()
		return was, err
	}
	if s.main == nil {
		s.heir = next
	} else if next != nil {
		next.close()
	}
	if asked := slices.DeleteFunc([]*caller{silent, mute}, func(c *caller) bool { return c == nil }); len(asked) > 0 {
		s.linger(asked)
	}
	return was, nil
}

// oust asks who has a name to let go and binds it. silent is who does not answer, and the request to them.
func (s *stake) oust(ctx context.Context, service, name string, until time.Time) (d *door, was *lease.Holder, silent *caller, err error) {
	if least := time.Now().Add(patience); until.Before(least) { // another one used the time up
		until = least
	}
	for {
		if d, err = open(name, s.who, s.may); err == nil || !taken(err) {
			if err != nil {
				err = failed("steal", service, err)
			}
			return d, was, nil, err
		}
		c, err := ring(ctx, name)
		if errors.Is(err, errFree) {
			if time.Now().After(until) {
				return nil, was, nil, failed("steal", service, errors.New("its name goes from hand to hand"))
			}
			continue
		}
		was = &c.by
		if !c.through() || c.ask(s.who) != nil {
			return nil, was, c, nil
		}
		l, err := c.hear(until)
		switch {
		case err != nil && time.Now().Before(until) && ctx.Err() == nil: // it ended, or had too many callers
			c.close()
			time.Sleep(again / 10)
		case err != nil, l.Refused != "" && mayEnd(c.peer):
			return nil, was, c, ctx.Err()
		case l.Refused != "":
			c.close()
			return nil, was, nil, &sources.Error{Op: "steal", Target: "lease of " + service, Kind: sources.ErrDenied, Cause: errors.New("held by " + c.by.String() + ", who answers: " + l.Refused)}
		case !l.LetGo:
			return nil, was, c, nil
		default:
			c.close()
		}
	}
}

func failed(op, service string, err error) error {
	return &sources.Error{Op: op, Target: "lease of " + service, Kind: sources.ErrUnreachable, Cause: err}
}
