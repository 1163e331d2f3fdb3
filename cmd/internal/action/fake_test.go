package action

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"rampart/sources"
)

const percent = sources.Whole / 100

// fakePlane is a router of two arms with 10 legacy servers.
type fakePlane struct {
	mu       sync.Mutex
	share    sources.Share
	rev      int
	legacyUp int
	settle   time.Duration // a second when 0
	down     bool          // no server of the candidate takes requests
	rate     int64         // requests per look
	seen     sources.ByArm[int64]
	held     bool
	applied  []string
	read     func() error // before a reading
	apply    func(n int, set func()) error
	applies  int
	looks    int

	watchOnly bool
	drains    bool          // it has the other way
	agent     sources.Share // what an agent check makes of any share that is set, as long as it is not drained
	drained   bool
	other     bool // somebody makes ready whatever is drained
	epoch     string
	partial   error // a member that cannot be read

	uncounted error // nobody counts requests, and what is effective is not known either
}

func (p *fakePlane) Caps(context.Context) (sources.Caps, error) {
	return sources.Caps{Kind: "fake", Writes: !p.watchOnly, Note: sources.NewText("it can only be watched")}, nil
}

func (p *fakePlane) reading() sources.Reading {
	now := time.Now()
	if p.other {
		p.drained = false
	}
	set := p.share
	if p.drained {
		set = 0
	}
	r := sources.Reading{At: now, Rev: fmt.Sprint(p.rev, set), Epoch: p.epoch, Configured: sources.SplitAt(set, now), Effective: sources.SplitAt(set, now)}
	if p.epoch != "" {
		r.Members = []sources.Member{{Name: "lb1", Epoch: p.epoch, Configured: r.Configured}}
	}
	for i := range 10 {
		r.Servers = append(r.Servers, sources.Server{Name: fmt.Sprint("stable-", i), Arm: sources.Legacy, Up: i < p.legacyUp})
	}
	r.Servers = append(r.Servers, sources.Server{Member: "lb1", Name: "canary-1", Arm: sources.Candidate, Up: !p.down && !p.drained, Drained: p.drained, Agent: p.agent > 0})
	return r
}

func (p *fakePlane) Read(ctx context.Context) (sources.Reading, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.read != nil {
		if err := p.read(); err != nil {
			return sources.Reading{}, err
		}
	}
	if p.partial != nil {
		return p.reading(), p.partial
	}
	return p.reading(), ctx.Err()
}

func (p *fakePlane) Plan(_ context.Context, r sources.Reading, in sources.Intent) (sources.Change, error) {
	to := in.To
	switch in.Verb {
	case sources.RollBack:
		to = 0
	case sources.Promote:
		to = sources.Whole
	}
	in.Expect.Rev = r.Rev
	if in.Way != "" {
		return p.planDrain(r, in)
	}
	c := sources.Change{Intent: in, From: r.Configured, To: sources.SplitAt(to, r.At), Settle: cmp.Or(p.settle, time.Second)}
	c.Inverse = &sources.Intent{Verb: sources.SetSplit, To: r.Configured.Candidate}
	if c.NoOp = c.From.Equal(c.To); !c.NoOp {
		c.Writes = []sources.Write{{Member: "lb1", Arm: sources.Candidate, Request: fmt.Sprintf("set canary-1 %v", to)}}
	}
	ready := sources.Write{Member: "lb1", Arm: sources.Candidate, Request: "ready canary-1"}
	if r.Servers[10].Drained && to > 0 {
		if !slices.Contains(in.Drained, drainWrite) {
			return c, &sources.Error{Op: "plan", Target: "lb1", Kind: sources.ErrInvalid, Cause: errors.New("drained by somebody else")}
		}
		c.Writes, c.Readies = append(c.Writes, ready), 1
	}
	return c, nil
}

var drainWrite = sources.Write{Member: "lb1", Arm: sources.Candidate, Request: "drain canary-1"}

func (p *fakePlane) planDrain(r sources.Reading, in sources.Intent) (sources.Change, error) {
	if !p.drains {
		return sources.Change{}, &sources.Error{Op: "plan", Target: "lb1", Kind: sources.ErrUnsupported, Cause: errors.New("no such way")}
	}
	c := sources.Change{Intent: in, From: r.Configured, To: sources.SplitAt(0, r.At), Settle: time.Second}
	c.Inverse = &sources.Intent{Verb: sources.SetSplit, To: r.Configured.Candidate}
	if c.NoOp = c.From.Candidate == 0; !c.NoOp {
		c.Writes = []sources.Write{drainWrite}
	}
	return c, nil
}

func (p *fakePlane) Apply(_ context.Context, c sources.Change) (sources.Receipt, error) {
	p.mu.Lock()
	p.applies++
	n, apply := p.applies, p.apply
	p.mu.Unlock()
	set := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, w := range c.Writes {
			p.applied = append(p.applied, w.Request)
		}
		if c.Intent.Way == sources.Drain {
			p.drained = true
		} else {
			p.share, p.drained = c.To.Candidate, p.drained && c.Readies == 0
		}
		if p.agent > 0 {
			p.share = p.agent
		}
		p.seen, p.held = sources.ByArm[int64]{}, false
		p.rev++
	}
	rc := sources.Receipt{Change: c, SentAt: time.Now()}
	var err error
	if apply != nil {
		err = apply(n, set)
	} else {
		set()
	}
	for _, w := range c.Writes {
		rc.Answer = append(rc.Answer, sources.Answer{Write: w, At: time.Now(), Err: err})
	}
	return rc, err
}

func (p *fakePlane) Confirm(_ context.Context, rc sources.Receipt) (sources.Outcome, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.looks++
	if p.read != nil {
		if err := p.read(); err != nil {
			return sources.Outcome{}, err
		}
	}
	out := sources.Outcome{Rung: sources.Accepted, Reading: p.reading()}
	if slices.ContainsFunc(rc.Answer, func(a sources.Answer) bool { return a.Err != nil }) {
		out.Rung = sources.Sent
	}
	is := out.Reading.Configured.Candidate
	p.seen.Candidate += int64(float64(p.rate) * is.Fraction())
	p.seen.Legacy += p.rate - int64(float64(p.rate)*is.Fraction())
	if out.Uncounted = p.uncounted; out.Uncounted != nil {
		out.Rung, out.Reading.Effective, out.Reading.Servers, p.held = sources.Configured, sources.Split{}, nil, true
		return out, nil
	}
	out.Requests = p.seen
	switch n := p.seen.Legacy + p.seen.Candidate; {
	case is != rc.Change.To.Candidate:
		if p.drains && rc.Change.Intent.Verb == sources.RollBack && rc.Change.Intent.Way == "" {
			out.Again = "the agent check of canary-1 set its weight again"
		}
		if p.held {
			out.Err = &sources.Error{Op: "confirm", Target: "split", Kind: sources.ErrReverted, Cause: errors.New("somebody set it back")}
		}
	case n >= 135:
		out.Rung, p.held = sources.Observed, true
	default:
		out.Rung, p.held = sources.Effective, true
	}
	return out, nil
}

// do changes the plane behind everyone's back.
func (p *fakePlane) do(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// writes are the requests that the plane has taken.
func (p *fakePlane) writes() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.applied)
}

// fakeJournal is a journal in memory.
type fakeJournal struct {
	mu      sync.Mutex
	entries []sources.Entry
	fail    error
	hang    chan struct{} // not nil: Append waits for it

	readHang chan struct{}       // not nil: Entries waits for it
	broken   error               // ends Entries
	before   func(sources.Entry) // called before an entry is appended
}

func (j *fakeJournal) Append(_ context.Context, e sources.Entry) (sources.Entry, error) {
	j.mu.Lock()
	hang, before := j.hang, j.before
	j.mu.Unlock()
	if before != nil {
		before(e)
	}
	if hang != nil {
		<-hang
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fail != nil {
		return e, j.fail
	}
	e.Seq, e.Time = uint64(len(j.entries)+1), time.Now()
	j.entries = append(j.entries, e)
	return e, nil
}

func (j *fakeJournal) Entries(_ context.Context, from uint64) iter.Seq2[sources.Entry, error] {
	j.mu.Lock()
	all, hang, broken := slices.Clone(j.entries), j.readHang, j.broken
	j.mu.Unlock()
	if hang != nil {
		<-hang
	}
	return func(yield func(sources.Entry, error) bool) {
		for _, e := range all {
			if e.Seq >= from && !yield(e, nil) {
				return
			}
		}
		if broken != nil {
			yield(sources.Entry{}, broken)
		}
	}
}

func (j *fakeJournal) do(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
}

// kinds lists the kinds of the entries, in order.
func (j *fakeJournal) kinds() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []string
	for _, e := range j.entries {
		out = append(out, string(e.Kind))
	}
	return strings.Join(out, " ")
}

// newest is the last entry of a kind.
func (j *fakeJournal) newest(kind sources.EntryKind) sources.Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range slices.Backward(j.entries) {
		if e.Kind == kind {
			return e
		}
	}
	return sources.Entry{}
}

func (j *fakeJournal) text(kind sources.EntryKind) string { return j.newest(kind).Text }

func (j *fakeJournal) data(kind sources.EntryKind) string { return string(j.newest(kind).Data) }
