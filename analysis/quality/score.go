package quality

import (
	"math"
	"slices"

	"rampart/analysis/drift"
)

// quality adds up one arm's labelled predictions.
type quality struct {
	followed, labelled int64
	delay              drift.Sketch // seconds
	right, judged      int64        // names that were right
	table              table
	loss               moments // -ln of the chance that was given to what happened
	off, square        moments // |error| and its square
	scored             []scored
	at                 int
}

// table is the two by two table of a binary task.
type table struct{ hit, falseAlarm, missed, quiet int64 }

// scored is a score with whether it was a yes.
type scored struct {
	score float64
	yes   bool
}

// mostScored is how many of the newest labelled scores the area under the curve rests on.
const mostScored = 8192

// surest bounds the loss of a single prediction: a chance of 0 for what happened would be infinitely wrong.
const surest = 1e-15

// score takes one labelled prediction; false when its task cannot compare the two.
func (q *quality) score(c LabelsConfig, said, label entry) bool {
	switch c.Task {
	case Numeric:
		return q.number(said.number, label.number)
	case Classes:
		if said.name == noName {
			return false
		}
		q.name(said.name == label.name)
		return true
	case Binary:
	}
	return q.binary(c, said, label.name == isYes)
}

func (q *quality) name(right bool) {
	q.judged++
	if right {
		q.right++
	}
}

func (q *quality) number(score, y float64) bool {
	if !finite(y) || !finite(score) {
		return false
	}
	q.off.add(math.Abs(score - y))
	q.square.add((score - y) * (score - y))
	return true
}

func (q *quality) binary(c LabelsConfig, p entry, yes bool) bool {
	known := finite(p.number)
	if !known && p.name == noName {
		return false
	}
	said := p.number >= c.Threshold
	if p.name != noName {
		said = p.name == isYes
	}
	q.name(said == yes)
	q.table.add(said, yes)
	if !known {
		return true
	}
	q.keep(scored{p.number, yes})
	if p.number < 0 || p.number > 1 {
		return true // no chance, so there is no loss; ranks are fine
	}
	chance := p.number
	y := 0.0
	if yes {
		y = 1
	} else {
		chance = 1 - chance
	}
	q.loss.add(-math.Log(max(surest, chance)))
	q.off.add(math.Abs(p.number - y))
	q.square.add((p.number - y) * (p.number - y))
	return true
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func (c LabelsConfig) positive(text string) bool {
	if c.Positive != "" {
		return text == c.Positive
	}
	return text == "1" || text == "1.0" || text == "true"
}

func (t *table) add(said, yes bool) {
	switch {
	case said && yes:
		t.hit++
	case said:
		t.falseAlarm++
	case yes:
		t.missed++
	default:
		t.quiet++
	}
}

func (q *quality) keep(s scored) {
	if len(q.scored) < mostScored {
		q.scored = append(q.scored, s)
		return
	}
	q.scored[q.at] = s
	q.at = (q.at + 1) % mostScored
}

// moments are running mean and squared deviations (Welford 1962).
type moments struct {
	n          int64
	mean, spun float64
}

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.spun += d * (x - m.mean)
}

// estimate is the mean with its normal 95 % interval.
func (m moments) estimate() Estimate {
	if m.n == 0 {
		return Estimate{}
	}
	e := Estimate{V: m.mean, N: m.n, Known: true}
	if m.n > 1 {
		half := 1.959963984540054 * math.Sqrt(m.spun/float64(m.n-1)/float64(m.n))
		e.Lo, e.Hi, e.Interval = m.mean-half, m.mean+half, true
	}
	return e
}

// auc is the chance that a yes scores above a no, ties counted half, with the interval of Hanley and McNeil 1982. Not known
// without both.
func auc(all []scored) Estimate {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b scored) int {
		switch {
		case a.score < b.score:
			return -1
		case a.score > b.score:
			return 1
		}
		return 0
	})
	var u, below, yes float64 // u counts pairs, below the noes at lower scores
	for i := 0; i < len(all); {
		j, ties := i, [2]float64{}
		for ; j < len(all) && all[j].score == all[i].score; j++ {
			if all[j].yes {
				ties[1]++
			} else {
				ties[0]++
			}
		}
		u += ties[1] * (below + ties[0]/2)
		below, yes, i = below+ties[0], yes+ties[1], j
	}
	if below == 0 || yes == 0 {
		return Estimate{}
	}
	a := u / (below * yes)
	q1, q2 := a/(2-a), 2*a*a/(1+a)
	se := math.Sqrt(max(0, (a*(1-a)+(yes-1)*(q1-a*a)+(below-1)*(q2-a*a))/(yes*below)))
	return Estimate{V: a, Lo: max(0, a-1.959963984540054*se), Hi: min(1, a+1.959963984540054*se), Interval: true, N: int64(len(all)), Known: true}
}
