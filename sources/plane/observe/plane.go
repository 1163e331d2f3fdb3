package observe

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

// Config is what the plane knows beside the counters.
type Config struct {
	// Runbook is the command, word by word, that an operator runs to change the split. {percent} and {share} stand for
	// the candidate's share, in percent (5) and as a fraction (0.05); {verb} for what is asked (rollback, set_split,
	// promote). Without one, plans say that there is none.
	Runbook []string `yaml:"runbook,omitempty" json:"runbook,omitempty"`
}

// Plane sees a split in counters. See the package's promise.
type Plane struct {
	conf  Config
	count plane.Count
	now   func() time.Time
}

var _ sources.Plane = (*Plane)(nil)

// settle is how long a command that is run by hand may take to be seen.
const settle = time.Minute

// New returns a plane over counters. With a zero instant, count reads the newest window; otherwise all since then.
func New(c Config, count plane.Count, now func() time.Time) *Plane {
	return &Plane{conf: c, count: count, now: now}
}

// Caps says that nothing can be written.
func (p *Plane) Caps(context.Context) (sources.Caps, error) {
	return sources.Caps{
		Kind: "observe", Finest: 1, Settle: settle,
		Note: sources.NewText("it can only be watched: what divides the traffic is changed by hand, by " + p.command(sources.RollBack, 0)),
	}, nil
}

// Read tells the share of the newest window's requests. It is unknown when there were none.
func (p *Plane) Read(ctx context.Context) (sources.Reading, error) {
	c, err := p.count(ctx, time.Time{})
	if err != nil {
		return sources.Reading{}, fmt.Errorf("read split: %w", err)
	}
	return p.reading(c), nil
}

func (p *Plane) reading(c plane.Counts) sources.Reading {
	r := sources.Reading{At: c.Window.To, Rev: "observed"}
	n := c.Requests.Legacy + c.Requests.Candidate
	if n == 0 {
		r.Notes = []sources.Note{{Kind: sources.NoteInfo, Text: sources.Textf("no request in %v: the split cannot be seen", c.Window), At: r.At}}
		return r
	}
	lo, hi := sources.Wilson(c.Requests.Candidate, n, sources.Z95)
	r.Effective = sources.SplitAt(sources.ShareOf(float64(c.Requests.Candidate)/float64(n)), c.Window.To)
	r.Notes = []sources.Note{{
		Kind: sources.NoteInfo, At: r.At,
		Text: sources.Textf("seen in %d of %d requests (%v to %v, 95 %%), not read from what divides them", c.Requests.Candidate, n, sources.ShareOf(lo), sources.ShareOf(hi)),
	}}
	return r
}

// Plan names the command to run by hand.
func (p *Plane) Plan(_ context.Context, r sources.Reading, in sources.Intent) (sources.Change, error) {
	to, err := plane.Target(in)
	if err != nil {
		return sources.Change{}, err
	}
	if e := in.Expect.Split; e.Known && !e.Equal(r.Configured) {
		return sources.Change{}, &sources.Error{
			Op: "plan", Target: "split", Kind: sources.ErrConflict, Cause: fmt.Errorf("what is set cannot be read here, the screen showed %v", e),
		}
	}
	c := sources.Change{
		Intent: in, From: r.Effective, To: sources.SplitAt(to, p.now()), Settle: settle,
		Writes: []sources.Write{{Member: "by hand", Arm: sources.Candidate, Request: p.command(in.Verb, to)}},
		Notes:  []sources.Note{{Kind: sources.NoteWarning, Text: sources.NewText("nothing is sent: run the command yourself"), At: r.At}},
	}
	if r.Effective.Known {
		c.Inverse = &sources.Intent{Verb: sources.SetSplit, To: r.Effective.Candidate}
	}
	return c, nil
}

// command is what to run, quoted where a shell needs it.
func (p *Plane) command(v sources.Verb, to sources.Share) string {
	if len(p.conf.Runbook) == 0 {
		return "a command of your own: traffic.runbook in the config names none"
	}
	fill := strings.NewReplacer(
		"{percent}", strconv.FormatFloat(to.Percent(), 'f', -1, 64),
		"{share}", strconv.FormatFloat(to.Fraction(), 'f', -1, 64),
		"{verb}", v.String(),
	)
	words := make([]string, len(p.conf.Runbook))
	for i, w := range p.conf.Runbook {
		if words[i] = fill.Replace(w); words[i] == "" || strings.ContainsAny(words[i], " \t\n\"'`$&|;<>()*?[]#~\\!{}") {
			words[i] = "'" + strings.ReplaceAll(words[i], "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// Apply refuses: there is nothing that it could send.
func (p *Plane) Apply(_ context.Context, c sources.Change) (sources.Receipt, error) {
	run := "the command of the plan"
	if len(c.Writes) > 0 {
		run = c.Writes[0].Request
	}
	return sources.Receipt{Change: c}, &sources.Error{
		Op: "write", Target: "traffic", Kind: sources.ErrUnsupported, Cause: errors.New("this traffic can only be watched"), Fix: "run by hand: " + run,
	}
}

// Confirm looks at the requests since the receipt was made: observed when they show the change's share and, for a share
// of nothing, 135 requests passed without the candidate (.95^135 < .001). What is set stays unknown, so no rung between
// lies.
func (p *Plane) Confirm(ctx context.Context, rc sources.Receipt) (sources.Outcome, error) {
	c, err := p.count(ctx, rc.SentAt)
	if err != nil {
		return sources.Outcome{}, fmt.Errorf("confirm split: %w", err)
	}
	out := sources.Outcome{Reading: p.reading(c), Requests: c.Requests}
	out.Seen = out.Reading.Effective
	if shows(c.Requests, rc.Change.To.Candidate) {
		out.Rung = sources.Observed
	}
	return out, nil
}

func shows(got sources.ByArm[int64], want sources.Share) bool {
	n := got.Legacy + got.Candidate
	if n < 135 {
		return false
	}
	switch want {
	case 0:
		return got.Candidate == 0
	case sources.Whole:
		return got.Legacy == 0
	}
	lo, hi := sources.Wilson(got.Candidate, n, sources.Z999)
	return lo <= want.Fraction() && want.Fraction() <= hi
}
