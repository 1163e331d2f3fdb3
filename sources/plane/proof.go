package plane

import (
	"math"

	"rampart/sources"
)

// sure is the probability with which a count must speak.
const sure = 0.999

// Shows tells whether the requests routed since a change prove its share. quiet is what had been routed when the
// candidate last got a request. Nothing for the candidate is proved by a run of requests in which it got none and that
// would be rarer than 1 in 1000 at the share before: 135 after 5 %, since .95^135 < .001. Any other share is proved by
// Wilson's interval (1927) of the candidate's part holding it and not the share before, where the two lie apart.
func Shows(before sources.Split, want sources.Share, got, quiet sources.ByArm[int64]) bool {
	n := got.Legacy + got.Candidate
	switch want {
	case 0:
		return n-quiet.Legacy-quiet.Candidate >= Needed(before)
	case sources.Whole:
		return got.Legacy == 0 && n >= Needed(sources.Split{Candidate: sources.Whole - before.Candidate, Known: before.Known})
	}
	lo, hi := sources.Wilson(got.Candidate, n, sources.Z999)
	if f := want.Fraction(); !(lo <= f && f <= hi) {
		return false
	}
	if b := before.Candidate.Fraction(); before.Known && apart(before.Candidate, want) {
		return b < lo || b > hi
	}
	return n >= Needed(before)
}

// apart tells whether two shares differ by so much that requests can tell them from each other in minutes: a twentieth of
// the smaller arm. What whole weights make of 10 % is 9.91 %, and to see that it became 10 % would take a million
// requests; that what is routed agrees with what was asked for is all that can be seen then.
func apart(a, b sources.Share) bool {
	small := min(a, b, sources.Whole-a, sources.Whole-b)
	return max(a, b)-min(a, b) > small/20
}

// Needed is how many requests without the candidate are rarer than 1 in 1000 at the share before. 135 stand in for a
// share that is not known, and where there was none.
func Needed(before sources.Split) int64 {
	f := before.Candidate.Fraction()
	if !before.Known || f <= 0 || f >= 1 {
		return 135
	}
	return int64(math.Ceil(math.Log(1-sure) / math.Log1p(-f)))
}
