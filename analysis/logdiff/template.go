package logdiff

import (
	"math"
	"slices"
	"time"

	"rampart/analysis/logtmpl"
	"rampart/analysis/seq"
	"rampart/sources"
)

// template is what is known of one log template in both arms.
type template struct {
	id       logtmpl.ID
	harm     *seq.Errors
	weight   float64 // its part of the wealth
	frozen   float64 // wealth of templates that were joined to it, as it was then
	joined   float64 // their parts of the wealth
	ratio    seq.MantelHaenszel
	interval *seq.Interval
	lines    sources.ByArm[int64] // in closed blocks of known requests, also those that make no evidence
	first    sources.ByArm[time.Time]
	last     time.Time
	past     []cell // newest last
}

// cell is one closed block's lines; blocks without lines have none.
type cell struct {
	block             int64
	legacy, candidate uint32
}

// wealthParts is c of the weights: the first templates get about 1/c each.
const wealthParts = 16

// weightOf is the part of the wealth that the i-th template met gets, i from 0: c/((c+i)(c+i+1)), whose sum is 1.
func weightOf(i int64) float64 {
	at := wealthParts + float64(i)
	return wealthParts / (at * (at + 1))
}

// alone is the ratio that stands for "legacy never writes it".
const alone = 1e6

// bets are those of WORSE on errors with a part set aside for the bet on a template of the candidate alone.
func bets() (start, restart seq.Bets, err error) {
	ratios := []float64{1.1, 1.25, 1.5, 2, 3, 5, 10, alone}
	start, err = seq.NewBets(ratios, betsOf(seq.StartBets(), .25))
	if err != nil {
		return start, restart, err
	}
	restart, err = seq.NewBets(ratios, betsOf(seq.RestartBets(), .1))
	return start, restart, err
}

func betsOf(of seq.Bets, aside float64) []float64 {
	parts := of.Weights()
	for i := range parts {
		parts[i] *= 1 - aside
	}
	return append(parts, aside)
}

// wealth is ln of its part of the wealth times its evidence, with that of the templates joined to it.
func (t *template) wealth() float64 {
	own := math.Log(t.weight) + t.harm.LogHarm()
	if t.frozen == 0 {
		return own
	}
	return own + math.Log1p(math.Exp(math.Log(t.frozen)-own))
}

// part is ln of the wealth that it began with.
func (t *template) part() float64 { return math.Log(t.weight + t.joined) }

// isNew tells whether only the candidate has ever written it.
func (t *template) isNew() bool { return t.lines.Candidate > 0 && t.first.Legacy.IsZero() }

// seen is when the first line of either arm was written.
func (t *template) seen() time.Time {
	l, c := t.first.Legacy, t.first.Candidate
	if l.IsZero() || !c.IsZero() && c.Before(l) {
		return c
	}
	return l
}

// note takes the time of a line.
func (t *template) note(arm sources.Arm, at time.Time) {
	if f := t.first.Ptr(arm); f.IsZero() || at.Before(*f) {
		*f = at
	}
	if at.After(t.last) {
		t.last = at
	}
}

// keep remembers a closed block's lines and forgets those before oldest.
func (t *template) keep(c cell, oldest int64) {
	if c.legacy > 0 || c.candidate > 0 {
		i, found := slices.BinarySearchFunc(t.past, c.block, func(p cell, b int64) int { return int(p.block - b) })
		if found {
			t.past[i].legacy += c.legacy
			t.past[i].candidate += c.candidate
		} else {
			t.past = slices.Insert(t.past, i, c)
		}
	}
	drop := 0
	for drop < len(t.past) && t.past[drop].block < oldest {
		drop++
	}
	t.past = slices.Delete(t.past, 0, drop)
}
