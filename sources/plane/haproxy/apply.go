package haproxy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

// maxLine bounds one line of joined commands, well below HAProxy's buffer (tune.bufsize, 16 kB).
const maxLine = 4000

// Apply sends the change's commands once, joined by ";" for each arm of a member. Ramping up, it first compares what is
// set with what the change was planned from (ErrConflict), then writes member after member, reads the first of them back
// before it goes on to the others, and stops at the first failure. A rollback goes to all members at once and carries on at failures; it is refused on one ground only: that
// legacy has no weight there and this change would not give it any.
func (p *Plane) Apply(ctx context.Context, c sources.Change) (sources.Receipt, error) {
	rc := sources.Receipt{Change: c, SentAt: p.now()}
	for _, w := range c.Writes {
		if _, ok := parseCommand(w.Request); !ok {
			return rc, &sources.Error{Op: "write", Target: w.Member, Kind: sources.ErrInvalid, Cause: fmt.Errorf("%q is no command of this plane", w.Request)}
		}
	}
	p.begun.Add(1)
	defer p.ended.Add(1)
	var err error
	if c.Intent.Verb == sources.RollBack {
		rc.Answer, err = p.rollBack(ctx, c.Writes)
	} else {
		rc.Answer, err = p.rampTo(ctx, c)
	}
	if slices.ContainsFunc(rc.Answer, func(a sources.Answer) bool { return a.Err == nil }) || c.NoOp {
		p.watch(ctx, c)
	}
	return rc, err
}

func (p *Plane) rampTo(ctx context.Context, c sources.Change) ([]sources.Answer, error) {
	members, errs := p.readAll(ctx)
	now, err := p.merge(members, errs)
	if err != nil {
		return nil, err
	}
	if want := c.Intent.Expect.Rev; want != "" && want != now.Rev {
		was := sources.Reading{Configured: c.From}
		if members, ok := p.remembered(want); ok {
			was.Members = asMembers(members)
		}
		return nil, conflict(was, now)
	}
	var answers []sources.Answer
	for i, s := range p.sockets {
		mine := of(c.Writes, s.member)
		got := p.send(ctx, s, mine, false)
		answers = append(answers, got...)
		errs[i] = failure(s.member, got)
		if ahead := len(answers) == len(mine) && len(mine) > 0 && len(answers) < len(c.Writes); errs[i] == nil && ahead {
			errs[i] = p.took(ctx, s, mine)
		}
		if errs[i] != nil {
			return answers, plane.Failed("write", errs)
		}
	}
	return answers, nil
}

// took reads one member back right after its write: the first of a fleet goes ahead of the others, and what it did not
// take they are not sent.
func (p *Plane) took(ctx context.Context, s *socket, writes []sources.Write) error {
	m, err := p.readMember(ctx, s)
	if err != nil {
		return err
	}
	for _, w := range writes {
		a, _ := parseCommand(w.Request)
		if slices.ContainsFunc(m.servers, func(s server) bool { return s.name == a.server && a.there(s.weight, s.drained()) }) {
			continue
		}
		return &sources.Error{
			Op: "write", Target: s.member, Kind: sources.ErrIgnored, Sent: true, Cause: fmt.Errorf("it took %q and does not have it: the other members were left as they are", w.Request),
			Fix: "see who else writes there, or whether an agent check does",
		}
	}
	return nil
}

func (p *Plane) rollBack(ctx context.Context, writes []sources.Write) ([]sources.Answer, error) {
	got, errs := make([][]sources.Answer, len(p.sockets)), make([]error, len(p.sockets))
	var wg sync.WaitGroup
	for i, s := range p.sockets {
		mine := of(writes, s.member)
		if len(mine) == 0 {
			continue
		}
		wg.Go(func() {
			if err := p.legacyHasWeight(ctx, s, mine); err != nil {
				got[i] = unsent(mine, err, p.now())
			} else {
				got[i] = p.send(ctx, s, mine, true)
			}
			errs[i] = failure(s.member, got[i])
		})
	}
	wg.Wait()
	return slices.Concat(got...), plane.Failed("write", errs)
}

func unsent(writes []sources.Write, err error, at time.Time) []sources.Answer {
	answers := make([]sources.Answer, len(writes))
	for i, w := range writes {
		answers[i] = sources.Answer{Write: w, At: at, Err: err}
	}
	return answers
}

// legacyHasWeight looks once more before the candidate loses its own: had somebody promoted it meanwhile, the backend would
// be left without any. Before it is drained, legacy must have a server that takes requests.
func (p *Plane) legacyHasWeight(ctx context.Context, s *socket, writes []sources.Write) error {
	if slices.ContainsFunc(writes, func(w sources.Write) bool { return w.Arm == sources.Legacy }) {
		return nil
	}
	m, err := p.readMember(ctx, s)
	if err != nil {
		return err
	}
	drains := slices.ContainsFunc(writes, func(w sources.Write) bool { a, _ := parseCommand(w.Request); return a.state == stateDrain })
	if drains && !takes(m, sources.Legacy) {
		return lastOne(s.member, "draining")
	}
	if total(m.weights(sources.Legacy)) == 0 {
		return &sources.Error{
			Op: "write", Target: s.member, Kind: sources.ErrConflict, Cause: errors.New("legacy has no weight any more: the backend would be left without a server"),
			Fix: "read and plan again",
		}
	}
	return nil
}

// send writes runs of commands of the same arm and kind; each run is one line, so that a failure is known before the other
// arm is touched, or a server is made ready whose weight was refused. goOn carries on after a failure.
func (p *Plane) send(ctx context.Context, s *socket, writes []sources.Write, goOn bool) []sources.Answer {
	var answers []sources.Answer
	for len(writes) > 0 {
		n := runOf(writes)
		commands := make([]string, n)
		for i, w := range writes[:n] {
			commands[i] = w.Request
		}
		texts, err := s.write(ctx, commands)
		for i, w := range writes[:n] {
			a := sources.Answer{Write: w, At: p.now(), Err: err}
			if i < len(texts) {
				a.Text, a.Err = sources.NewText(texts[i]), nil
				if texts[i] != "" {
					a.Err = refusal("write", s.member, texts[i])
				}
			}
			answers = append(answers, a)
		}
		if failure(s.member, answers) != nil && !goOn {
			return answers
		}
		writes = writes[n:]
	}
	return answers
}

// runOf counts the writes that go into the next line.
func runOf(writes []sources.Write) int {
	size := 0
	first, _ := parseCommand(writes[0].Request)
	for i, w := range writes {
		size += len(w.Request) + 2
		if a, _ := parseCommand(w.Request); w.Arm != writes[0].Arm || (a.state == "") != (first.state == "") || i > 0 && size > maxLine {
			return i
		}
	}
	return len(writes)
}

// of returns the writes of one member, in their order.
func of(writes []sources.Write, member string) []sources.Write {
	var mine []sources.Write
	for _, w := range writes {
		if w.Member == member {
			mine = append(mine, w)
		}
	}
	return mine
}

// failure joins a member's failed answers into one error of the gravest kind: an unknown outcome before a known one.
func failure(member string, answers []sources.Answer) error {
	var gravest *sources.Error
	failed, sent := 0, false
	for _, a := range answers {
		e, ok := errors.AsType[*sources.Error](a.Err)
		sent = sent || !ok || e.Sent
		if !ok {
			continue
		}
		failed++
		if gravest == nil || errors.Is(e, sources.ErrAmbiguous) {
			gravest = e
		}
	}
	if gravest == nil {
		return nil
	}
	e := *gravest
	e.Target, e.Sent = member, sent
	if len(answers) > 1 {
		e.Cause = fmt.Errorf("%d of %d commands failed: %w", failed, len(answers), gravest.Cause)
	}
	return &e
}
