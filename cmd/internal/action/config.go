package action

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"rampart/sources"
)

// Config is what a desk is made of. Plane, Journal and Now are needed.
type Config struct {
	Plane   sources.Plane
	Journal sources.Journal
	Now     func() time.Time
	// Elapsed is the time since some instant by a clock that nobody sets. Nil: by what passes between two instants of Now,
	// which time.Now counts that way.
	Elapsed  func() time.Duration
	Context  string // as in the config file; stands in every entry
	Service  string
	Env      string // "prod" asks for unlocking before anything that ramps up
	ReadOnly bool
	// Roles by the actor's name; "*" is everybody else, and a viewer when it is missing. Nil: everyone is a promoter,
	// because whoever may open the socket may write to it anyway.
	Roles map[string]sources.Role
	// Look tells what is known of the arms now. Nil: nothing.
	Look     func() Look
	Patience Patience
	// Lives says that this process stays: it may promise to revert a change by itself, and keeps what an earlier process
	// promised. A console does not: it ends when somebody closes it.
	Lives bool
}

// Look is what the observing side knows at one instant. The desk never waits for it.
type Look struct {
	// Rates are the requests per second of each arm; nil: not known.
	Rates *sources.ByArm[float64]
	// Identity is who the arms are now; a zero text: not known.
	Identity sources.ByArm[sources.Text]
	// Doubts are reasons not to ramp up now: stale data, a freeze. They never stop a rollback.
	Doubts []Doubt
	// Ceilings are reasons not to go above a share now, such as an alert that fires.
	Ceilings []Ceiling
	// Cautions are told to whoever ramps up by hand, who may go on.
	Cautions []string
}

// Ceiling is the most that the candidate may be given now, and why.
type Ceiling struct {
	Most sources.Share
	Why  string
	Do   string // see [Doubt]
}

// Doubt is a reason not to ramp up now, and what whoever is refused for it can do instead. The two are apart because
// break-glass leaves the reason aside, and needs no advice.
type Doubt struct {
	Why string
	Do  string // empty: the reason says it
}

// String is both, as a refusal says them.
func (d Doubt) String() string {
	if d.Do == "" {
		return d.Why
	}
	return d.Why + ": " + d.Do
}

func sentences(all []Doubt) string {
	out := make([]string, len(all))
	for i, d := range all {
		out[i] = d.String()
	}
	return strings.Join(out, "; ")
}

// Patience is how long the desk waits for what. Zero fields take the defaults. A plane that settles slowly is given more:
// three times its settling to be read back and observed, nine times to be undone.
type Patience struct {
	Configured time.Duration // to be read back, before it is called ignored; 5 s
	Observed   time.Duration // to be seen in traffic, before the alarm; 30 s
	Watch      time.Duration // for somebody who undoes it; 10 min
	Poll       time.Duration // between two looks until then; 500 ms, later four times as long
	Retry      time.Duration // before the second try of a rollback that did not reach its plane; 500 ms, doubling up to 15 s
	Journal    time.Duration // for one entry to be on disk, before the journal counts as stuck; 2 s
	Offer      time.Duration // how long a preview of a ramp-up may be confirmed; 2 min
}

func (p Patience) filled() Patience {
	return Patience{
		Configured: cmp.Or(p.Configured, 5*time.Second),
		Observed:   cmp.Or(p.Observed, 30*time.Second),
		Watch:      cmp.Or(p.Watch, 10*time.Minute),
		Poll:       cmp.Or(p.Poll, 500*time.Millisecond),
		Retry:      cmp.Or(p.Retry, 500*time.Millisecond),
		Journal:    cmp.Or(p.Journal, 2*time.Second),
		Offer:      cmp.Or(p.Offer, 2*time.Minute),
	}
}

// Validate tells what is missing.
func (c Config) Validate() error {
	switch {
	case c.Plane == nil:
		return errors.New("a desk needs a traffic plane")
	case c.Journal == nil:
		return errors.New("a desk needs a journal")
	case c.Now == nil:
		return errors.New("a desk needs a clock")
	}
	return nil
}

func (c Config) look() Look {
	if c.Look == nil {
		return Look{}
	}
	return c.Look()
}

// RoleOf is what somebody may do by hand where people have these roles; see Config.Roles.
func RoleOf(roles map[string]sources.Role, actor string) sources.Role {
	if roles == nil {
		return sources.Promoter
	}
	if r, ok := roles[actor]; ok {
		return r
	}
	return roles["*"]
}
