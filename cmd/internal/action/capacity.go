package action

import (
	"fmt"

	"rampart/sources"
)

// When the load of a server is worth a warning, as multiples of what one of legacy's has while all of them share all of
// the traffic: the load that somebody sized them for.
const (
	legacyTight    = 1.25 // a quarter more than that
	candidateTight = 2    // a candidate's servers may be other machines
	legacyGrows    = 4    // as often as now: what was idle for days may have been scaled down
)

// empty refuses to send the candidate traffic while none of its servers takes any. A plane that names no servers is
// believed: the share is then followed like any other.
func empty(r sources.Reading, c sources.Change) string {
	up, all := r.Up(sources.Candidate)
	if all == 0 || up+c.Readies > 0 || !c.To.Known || c.To.Candidate == 0 || c.From.Known && c.To.Candidate <= c.From.Candidate {
		return ""
	}
	return fmt.Sprintf("no candidate server of %d takes requests", all)
}

// crowded tells whose servers may not carry what a change sends them. Nothing of it stops a rollback: it says what to
// look at while it is on its way.
func crowded(r sources.Reading, c sources.Change) []string {
	legacyUp, legacyAll := r.Up(sources.Legacy)
	candidateUp, _ := r.Up(sources.Candidate)
	candidateUp += c.Readies
	if !c.To.Known || legacyAll == 0 {
		return nil
	}
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	part := func(of float64, up int) float64 { return of * float64(legacyAll) / float64(up) }
	to := c.To.Candidate.Fraction()
	if legacyUp > 0 && legacyUp < legacyAll && part(1-to, legacyUp) >= legacyTight {
		say("%d of %d legacy servers take requests: each gets about %.1f times its part of all traffic", legacyUp, legacyAll, part(1-to, legacyUp))
	}
	if rises := !c.From.Known || c.To.Candidate > c.From.Candidate; rises && candidateUp > 0 && part(to, candidateUp) > candidateTight {
		say("each candidate server gets about %.1f times what one of legacy's has with all traffic (%d of the candidate take requests, legacy has %d)",
			part(to, candidateUp), candidateUp, legacyAll)
	}
	if c.From.Known && 1-to >= legacyGrows*(1-c.From.Candidate.Fraction()) && c.To.Candidate < c.From.Candidate {
		say("legacy has %v of the traffic and gets %v: see that it was not scaled down meanwhile", sources.Whole-c.From.Candidate, sources.Whole-c.To.Candidate)
	}
	return out
}
