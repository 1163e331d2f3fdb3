package ramp

import (
	"slices"
	"strings"

	"rampart/sources"
)

// apart takes in a fleet whose members can all be read and do not agree: there is no split then, and what one of them has
// is judged as what all have is. A write goes to all of them, so what one has more is taken back only while none has less.
func (t *turn) apart() {
	age := t.now.Sub(t.in.Split.At)
	least := sources.Reading{Members: t.in.Members}.Least()
	if len(t.in.Members) < 2 || !least.Known || age < 0 || age > oldSplit {
		return
	}
	switch {
	case t.st.Phase == RolledBack:
		if over := t.strays(t.above); len(over) > 0 && t.reloaded() && t.in.Lease {
			t.rollBack(PlaneAnew, "a reload of the plane gave the candidate "+said(over)+" again", "")
		}
	case t.st.Phase == RollingBack:
		if t.now.Sub(t.st.Wrote) >= unread {
			t.st.Writing = false // it is asked for again
		}
	case !t.st.Phase.Climbing(), t.st.Writing, !t.st.Set.Known, !t.in.Split.At.After(t.st.Since):
	default:
		t.strayed(least)
	}
}

// strayed judges members that have another share than the ramp's.
func (t *turn) strayed(least sources.Split) {
	under, over := t.strays(t.below), t.strays(t.above)
	switch {
	case len(under) > 0:
		t.found(discovery{share: least, has: said(append(under, over...)), reloaded: t.reloaded()})
	case len(over) > 0:
		t.found(discovery{
			share: over[0].Configured, has: said(over), reloaded: t.reloaded(),
			back: min(t.st.Set.Candidate, least.Candidate), // what others have less is what rounding to their weights makes
		})
	}
}

// strays are the members that have less, or more, than the ramp has set.
func (t *turn) strays(astray func(sources.Share) bool) (out []sources.Member) {
	for _, m := range t.in.Members {
		if astray(m.Configured.Candidate) {
			out = append(out, m)
		}
	}
	return out
}

func (t *turn) below(s sources.Share) bool {
	set := t.st.Set.Candidate
	return s < set && (s == 0 || set-s > t.slack())
}

func (t *turn) above(s sources.Share) bool {
	set := t.st.Set.Candidate
	return s > set && (set == 0 || s == sources.Whole || s-set > t.slack())
}

// slack is how far a member may be off for the weights that it has: a tenth of the smaller arm, as for a change that is
// read back.
func (t *turn) slack() sources.Share {
	return min(t.st.Set.Candidate, sources.Whole-t.st.Set.Candidate) / 10
}

// said is what some members have: "20 % on lb1 and 0 % on lb2".
func said(members []sources.Member) string {
	var out []string
	for _, m := range members {
		out = append(out, m.Configured.String()+" on "+sources.Visible(m.Name))
	}
	return strings.Join(out, " and ")
}

// unsplit says why the split is not known.
func (t *turn) unsplit() string {
	switch {
	case len(t.in.Members) < 2 || t.in.Split.Known:
		return "the split was not read for " + Span(oldSplit)
	case slices.ContainsFunc(t.in.Members, func(m sources.Member) bool { return m.Err != nil }):
		return "the split is not known: " + sources.ByMember(t.in.Members)
	}
	return "the members do not agree on the split: " + sources.ByMember(t.in.Members) + "; set one share on all of them, or roll back"
}
