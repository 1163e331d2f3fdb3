package plane

import (
	"errors"
	"fmt"
	"slices"

	"rampart/sources"
)

// Undone explains a change that held once and does not any more, in a plane's own words.
type Undone struct {
	Reloaded string // "HAProxy was started or reloaded"; empty: it cannot be told
	File     string // what it is back at then, such as "its file"; empty: it is not known where it begins
	Keep     string // what to do about it: "write it into HAProxy's file too, then roll back again"
	Ask      string // what to do where somebody else wrote: "ask who before writing again"
}

// Reverted is the error. gone are the members that do not hold any more, moved those that began anew since they were last
// seen to: each is explained by its own process alone, because a reload of one says nothing of what is set at another.
func (u Undone) Reverted(c sources.Change, r sources.Reading, gone []sources.Member, moved []string) error {
	var causes []error
	var reloaded, written bool
	for _, m := range gone {
		cause := fmt.Errorf("the candidate has %v, this change had made it %v", m.Configured, c.To)
		switch back := atFile(r, m.Name); {
		case u.Reloaded == "" || !slices.Contains(moved, m.Name):
			written = true
		case !back:
			written = true
			cause = fmt.Errorf("%s, and was written since: %w", u.Reloaded, cause)
		case u.File == "":
			reloaded = true
			cause = fmt.Errorf("%s: %w", u.Reloaded, cause)
		default:
			reloaded = true
			cause = fmt.Errorf("%s and is back at %s: %w", u.Reloaded, u.File, cause)
		}
		if len(r.Members) > 1 {
			cause = fmt.Errorf("%s: %w", m.Name, cause)
		}
		causes = append(causes, cause)
	}
	e := &sources.Error{Op: "confirm", Target: c.Intent.Verb.String(), Kind: sources.ErrReverted, Cause: all(causes), Fix: u.Ask}
	switch {
	case reloaded && written:
		e.Fix = u.Ask + "; " + u.Keep
	case reloaded:
		e.Fix = u.Keep
	}
	return e
}

// all says several causes in one line.
func all(causes []error) error {
	if len(causes) == 0 {
		return errors.New("it is not set any more")
	}
	out := causes[0]
	for _, cause := range causes[1:] {
		out = fmt.Errorf("%w; %w", out, cause)
	}
	return out
}

// atFile tells whether all that a member tells of its weights is what its file says. A plane that tells no weights does
// not contradict it, and neither does a weight that an agent check makes of the file's.
func atFile(r sources.Reading, member string) bool {
	return !slices.ContainsFunc(r.Servers, func(s sources.Server) bool {
		return s.Member == member && s.Weight >= 0 && s.Initial >= 0 && s.Weight != s.Initial && !s.Agent
	})
}
