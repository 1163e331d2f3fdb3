package action

import (
	"fmt"
	"strconv"

	"rampart/sources"
)

// downWord is what must be typed to roll back to a legacy without any server.
const downWord = "down"

// leap is how much more at once takes a typed word when somebody sets it by hand: a quarter of all traffic.
const leap = sources.Whole / 4

// wordOf asks for a typed word where enter alone would be too little attention: for what sends everything to nobody, for
// all traffic, and for a leap. A step of a plan was thought about when the plan was written.
func wordOf(who Actor, v sources.Verb, c sources.Change, r sources.Reading) (word, why string) {
	if word, why = wordDown(v, r); word != "" || who.via != sources.ByHand || c.NoOp || !c.To.Known || v == sources.RollBack {
		return word, why
	}
	from := sources.Share(0)
	if c.From.Known {
		from = c.From.Candidate
	}
	switch to := c.To.Candidate; {
	case to <= from:
	case to == sources.Whole:
		return typed(to), "all traffic goes to the candidate, and nothing is left to compare it with"
	case v != sources.Step && to-from > leap:
		return typed(to), fmt.Sprintf("the candidate gets %v more of all traffic at once", to-from)
	}
	return "", ""
}

// typed is a share as it is typed: "50%".
func typed(to sources.Share) string { return strconv.FormatFloat(to.Percent(), 'f', -1, 64) + "%" }

// wordDown asks for a typed word where a rollback would send everything to nobody.
func wordDown(v sources.Verb, r sources.Reading) (word, why string) {
	up, all := r.Up(sources.Legacy)
	if v != sources.RollBack || up > 0 || all == 0 {
		return "", ""
	}
	return downWord, fmt.Sprintf("no legacy server of %d takes requests: rolling back sends all traffic to nobody", all)
}
