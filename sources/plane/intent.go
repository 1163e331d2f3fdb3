package plane

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rampart/sources"
)

// Target is the candidate's share that an intent asks for. Verbs that set no share are ErrUnsupported, as are ways that
// only some planes have; shares above the whole are ErrInvalid.
func Target(in sources.Intent) (sources.Share, error) {
	if in.Way != "" {
		return 0, &sources.Error{Op: "plan", Target: in.Verb.String(), Kind: sources.ErrUnsupported, Cause: fmt.Errorf("it has no way %q to move traffic", string(in.Way))}
	}
	switch in.Verb {
	case sources.RollBack:
		return 0, nil
	case sources.Promote:
		return sources.Whole, nil
	case sources.SetSplit, sources.Step:
		if in.To > sources.Whole {
			return 0, &sources.Error{Op: "plan", Target: in.Verb.String(), Kind: sources.ErrInvalid, Cause: fmt.Errorf("a share of %v", in.To)}
		}
		return in.To, nil
	case sources.Hold, sources.Resume, sources.Start, sources.Stop:
	}
	return 0, &sources.Error{Op: "plan", Target: in.Verb.String(), Kind: sources.ErrUnsupported, Cause: errors.New("a share knows no such verb")}
}

// Holds compares what the operator saw with a reading: ErrConflict says what became of it.
func Holds(r sources.Reading, e sources.Precondition) error {
	var cause error
	switch {
	case e.Split.Known && !e.Split.Equal(r.Configured):
		cause = fmt.Errorf("the candidate has %v, the screen showed %v", r.Configured, e.Split)
	case e.Rev != "" && e.Rev != r.Rev:
		cause = errors.New("what divides the traffic is not what was on the screen")
	default:
		return nil
	}
	return &sources.Error{Op: "plan", Target: "split", Kind: sources.ErrConflict, Cause: cause, Fix: "look again and ask again"}
}

// Still compares the reading right before a write with what the change was planned from. A rollback is never refused
// for what moved meanwhile: nothing for the candidate is what was wanted whatever it has now.
func Still(now sources.Reading, c sources.Change) error {
	want := c.Intent.Expect.Rev
	if c.Intent.Verb == sources.RollBack || want == "" || want == now.Rev {
		return nil
	}
	return &sources.Error{
		Op: "compare", Target: "split", Kind: sources.ErrConflict, Fix: "look again and ask again",
		Cause: fmt.Errorf("the candidate has %v, it had %v when this was planned", now.Configured, c.From),
	}
}

// Draft is the change that an intent asks of a plane, without its writes: refused as [Target], [Holds] and [Settable] say.
// An intent that named no reading is bound to this one.
func Draft(r sources.Reading, in sources.Intent, caps sources.Caps) (sources.Change, error) {
	target, err := Target(in)
	if err == nil {
		err = Holds(r, in.Expect)
	}
	if err == nil {
		err = Settable(caps, target)
	}
	if err != nil {
		return sources.Change{}, err
	}
	if in.Expect.Rev == "" {
		in.Expect.Rev = r.Rev
	}
	to := sources.SplitAt(target, r.At)
	return sources.Change{Intent: in, From: r.Configured, To: to, Settle: caps.Settle, Inverse: Inverse(r, to, in)}, nil
}

// Settable refuses a share that the plane cannot make, and names those around it that it can. Nothing can always be made,
// and all wherever the plane lists no shares.
func Settable(caps sources.Caps, target sources.Share) error {
	switch {
	case target == 0 || slices.Contains(caps.Shares, target):
	case caps.Shares != nil:
		return unsupported(fmt.Errorf("%s is none of its shares", exact(target)), "it takes "+either(caps.Shares...))
	case caps.Finest > 0 && target%caps.Finest != 0 && target != sources.Whole:
		down := target / caps.Finest * caps.Finest
		return unsupported(fmt.Errorf("%s is finer than its steps of %s", exact(target), exact(caps.Finest)), "it takes "+either(down, min(down+caps.Finest, sources.Whole)))
	}
	return nil
}

// exact is a share with all its digits: one that is too fine for a plane must not read as one that is not.
func exact(s sources.Share) string { return strconv.FormatFloat(s.Percent(), 'f', -1, 64) + " %" }

// either lists shares as one says them: 0 %, 10 % or 100 %.
func either(shares ...sources.Share) string {
	var out strings.Builder
	for i, s := range shares {
		switch {
		case i > 0 && i == len(shares)-1:
			out.WriteString(" or ")
		case i > 0:
			out.WriteString(", ")
		}
		out.WriteString(exact(s))
	}
	return out.String()
}

func unsupported(cause error, fix string) error {
	return &sources.Error{Op: "plan", Target: "split", Kind: sources.ErrUnsupported, Cause: cause, Fix: fix}
}

// Inverse is the way back, valid while the split is what the change made of it; nil when what is set is not known.
func Inverse(now sources.Reading, to sources.Split, in sources.Intent) *sources.Intent {
	if !now.Configured.Known {
		return nil
	}
	back := sources.Intent{Verb: sources.SetSplit, To: now.Configured.Candidate, Expect: sources.Precondition{Split: to, Identity: in.Expect.Identity}}
	switch back.To {
	case 0:
		back.Verb = sources.RollBack
	case sources.Whole:
		back.Verb = sources.Promote
	}
	return &back
}
