package haproxy

import (
	"math"
	"slices"

	"rampart/sources"
)

// maxWeight is the largest weight that the runtime API takes (management guide, "set server").
const maxWeight = 256

// distortion is how much a change of proportions within an arm counts against a deviation from the asked share. A
// tenth: a server that gets 10 % more of its arm than its weight promised is as bad as a share that is off by 1 % of
// itself.
const distortion = 0.1

// scaled is one way to write an arm's weights: whole numbers near the wanted proportions.
type scaled struct {
	weights []int
	total   int
	skew    float64 // the largest relative deviation of a server's part of its arm
}

// choice is a pair of weights with the share that it really makes.
type choice struct {
	legacy, candidate []int
	share             sources.Share
}

// choose returns the weights nearest to the asked share, 0 < ask < 1. Ramping up never lowers the candidate's total and
// ramping down never raises it: the writes in between then stay between the two shares (see order). Among equals it
// takes the one that changes the fewest servers and the least, where legacy counts twice.
func choose(m member, ask sources.Share) choice {
	legacy, candidate := m.weights(sources.Legacy), m.weights(sources.Candidate)
	ls := scales(proportions(legacy, m.initial(sources.Legacy)))
	cs := scales(proportions(candidate, m.initial(sources.Candidate)))
	cs = towards(cs, total(candidate), total(candidate) == 0 || shareOf(total(legacy), total(candidate)) <= ask)
	var best choice
	cost, effort := math.Inf(1), math.MaxInt
	for _, l := range ls {
		for _, c := range cs {
			d := miss(l, c, ask)
			if d > cost+1e-12 {
				continue
			}
			e := 2*work(legacy, l.weights) + work(candidate, c.weights)
			if d < cost-1e-12 || e < effort {
				cost, effort = d, e
				best = choice{l.weights, c.weights, shareOf(l.total, c.total)}
			}
		}
	}
	return best
}

// towards leaves the totals that lie in the direction of the change, or all of them when none does.
func towards(all []scaled, total int, up bool) []scaled {
	kept := slices.DeleteFunc(slices.Clone(all), func(c scaled) bool {
		return up && c.total < total || !up && c.total > total
	})
	if len(kept) == 0 {
		return all
	}
	return kept
}

// miss is the relative deviation from the asked share, plus what is lost of the proportions.
func miss(l, c scaled, ask sources.Share) float64 {
	f := ask.Fraction()
	got := float64(c.total) / float64(l.total+c.total)
	return math.Abs(got-f)/min(f, 1-f) + distortion*(l.skew+c.skew)
}

// work counts changed servers first and the sizes of the changes second.
func work(from, to []int) int {
	const aServer = 1 << 20 // more than all sizes together
	n := 0
	for i := range from {
		if from[i] != to[i] {
			n += aServer + max(from[i], to[i]) - min(from[i], to[i])
		}
	}
	return n
}

// proportions are what the servers of an arm have to each other. What is set counts, so that a server which somebody
// drained by weight 0 stays drained; the file's weights count when what is set is them, rounded, or when nothing is
// set. An arm without any weight anywhere is equal.
func proportions(set, file []int) []int {
	if total(set) == 0 {
		if total(file) == 0 {
			return slices.Repeat([]int{1}, len(set))
		}
		return file
	}
	masked := slices.Clone(file)
	for i, w := range set {
		if w == 0 {
			masked[i] = 0
		}
	}
	if total(masked) == 0 {
		return set
	}
	scale := float64(total(set)) / float64(total(masked))
	for i, w := range set {
		if math.Abs(float64(w)-scale*float64(masked[i])) > 1 || (w == 0) != (masked[i] == 0) {
			return set
		}
	}
	return masked
}

// scales lists every way to write the proportions with a largest weight of 1 to 256.
func scales(parts []int) []scaled {
	out := make([]scaled, 0, maxWeight)
	for top := 1; top <= maxWeight; top++ {
		out = append(out, scale(parts, top))
	}
	return out
}

// scale writes the proportions with a largest weight of top. A server that has a part keeps at least weight 1.
func scale(parts []int, top int) scaled {
	sum, most := float64(total(parts)), float64(slices.Max(parts))
	s := scaled{weights: make([]int, len(parts))}
	for i, p := range parts {
		if p > 0 {
			s.weights[i] = max(1, int(math.Round(float64(p)/most*float64(top))))
		}
		s.total += s.weights[i]
	}
	for i, p := range parts {
		if p > 0 {
			s.skew = max(s.skew, math.Abs(float64(s.weights[i])/float64(s.total)/(float64(p)/sum)-1))
		}
	}
	return s
}

// finest is the smallest share above zero that a member's servers can make.
func finest(m member) sources.Share {
	l := scale(proportions(m.weights(sources.Legacy), m.initial(sources.Legacy)), maxWeight)
	c := scale(proportions(m.weights(sources.Candidate), m.initial(sources.Candidate)), 1)
	return shareOf(l.total, c.total)
}

// own are the weights that an arm gets back when it has none: the file's, or 100 for each server.
func own(file []int) []int {
	if total(file) > 0 {
		return file
	}
	return slices.Repeat([]int{100}, len(file))
}
