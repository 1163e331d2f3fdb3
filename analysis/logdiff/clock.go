package logdiff

import "math"

// How sure it must be that a template's lines come by the clock, as a standard deviate of a Poisson count's dispersion
// (about one in two thousand), and from how many blocks and lines on that is asked.
const (
	clockwork   = -3.3
	clockBlocks = 20
	clockLines  = 10
)

// spread adds up counts per block.
type spread struct{ n, sum, squares float64 }

func (s *spread) add(x float64) { s.n, s.sum, s.squares = s.n+1, s.sum+x, s.squares+x*x }

// deviate says how far the dispersion of the counts (variance over mean; 1 for a Poisson count) lies from 1: its chi-squared
// tail as a normal deviate (Wilson and Hilferty 1931). Far below zero the counts are more regular than chance allows.
func (s *spread) deviate() float64 {
	if s.n < clockBlocks || s.sum < clockLines {
		return 0
	}
	k, mean := s.n-1, s.sum/s.n
	dispersion := max(0, s.squares/s.n-mean*mean) * s.n / k / mean
	return (math.Cbrt(dispersion) - (1 - 2/(9*k))) / math.Sqrt(2/(9*k))
}

// byClock tells a template that processes write by the clock and not because of requests: in each arm its lines are more
// regular from block to block than independent requests could make them, while the requests themselves are not; and the
// candidate writes no more of them in the same time than legacy.
//
// Lines of an arm that has as many processes and fewer requests are more per request, for ever and with any evidence: that
// is a fact of the split. Where the candidate writes more of them per minute as well, nothing is taken back, nor where
// legacy writes none.
func (d *Diff) byClock(t *template) bool {
	if t.harm.LogHarm() < math.Ln2 || t.isNew() {
		return false
	}
	var lines, asked [2]spread
	at := 0
	for _, r := range d.requests {
		if !r.judged {
			continue
		}
		for at < len(t.past) && t.past[at].block < r.block {
			at++
		}
		var c cell
		if at < len(t.past) && t.past[at].block == r.block {
			c = t.past[at]
		}
		lines[0].add(float64(c.legacy))
		lines[1].add(float64(c.candidate))
		asked[0].add(float64(r.n.Legacy))
		asked[1].add(float64(r.n.Candidate))
	}
	for i := range lines {
		if lines[i].deviate() > clockwork || asked[i].deviate() <= clockwork {
			return false
		}
	}
	return lines[1].sum <= lines[0].sum
}
