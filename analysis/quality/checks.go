package quality

import (
	"hash/maphash"
	"math"
	"slices"
	"time"

	"rampart/analysis/seq"
	"rampart/analysis/stat"
	"rampart/sources"
)

// Checks counts violations per arm. Make it with NewChecks.
type Checks struct {
	step      time.Duration
	watermark time.Time
	first     time.Time // the begin of the first closed block
	checks    []*checked
	late      sources.ByArm[int64]
}

// checked is one check with its counts.
type checked struct {
	Check
	values   sources.ByArm[int64] // lines, with and without a value
	broken   sources.ByArm[Breaks]
	bad      sources.ByArm[int64]
	open     map[int64]*seq.Block // by the nanosecond at which a block ends
	evidence *seq.Errors
	seen     sources.ByArm[*repeats]
}

// Breaks counts values by how they break a check.
type Breaks [Repeated + 1]int64

// Of is how many values break the check so.
func (b Breaks) Of(v Violation) int64 {
	if int(v) >= len(b) {
		return 0
	}
	return b[v]
}

// Result is what one check found.
type Result struct {
	Check  Check
	Lines  sources.ByArm[int64] // with and without a value
	Bad    sources.ByArm[int64] // lines that break the check
	Breaks sources.ByArm[Breaks]
	Share  sources.ByArm[Share] // of lines that break the check
	Missed sources.ByArm[Share] // of lines without a value
	// LogE is the evidence that the candidate breaks it more often than MaxRatio times legacy (than legacy when 0), true at
	// every look. Ratio is the rate over legacy's, with its confidence sequence.
	LogE          float64
	Ratio, Lo, Hi float64
	Known, Open   bool // the ratio is known; it has no upper limit yet
	Blocks        int
}

// Share is a part of N, with its 95 % score interval (Wilson 1927). Nothing is known at N 0.
type Share struct {
	V, Lo, Hi float64
	N         int64
}

func shareOf(hits, n int64) Share {
	if n == 0 {
		return Share{}
	}
	p := stat.Proportion{Hits: float64(hits), N: float64(n)}
	lo, hi, err := stat.Wilson(p, .95)
	if err != nil {
		return Share{}
	}
	return Share{V: p.Share(), Lo: lo, Hi: hi, N: n}
}

// mostOpen bounds the blocks that wait for the watermark.
const mostOpen = 256

// NewChecks starts without counts. Lines are judged in blocks of step.
func NewChecks(step time.Duration, checks []Check) (*Checks, error) {
	c := &Checks{step: step}
	for _, one := range checks {
		if err := one.Validate(); err != nil {
			return nil, err
		}
		k := &checked{Check: one, open: map[int64]*seq.Block{}}
		margin := max(0, one.MaxRatio-1)
		k.evidence = seq.NewErrors(seq.ErrorsConfig{HarmMargin: margin, SafeMargin: margin + .5, Audit: true})
		if one.Unique {
			seed := maphash.MakeSeed()
			k.seen = sources.ByArm[*repeats]{Legacy: newRepeats(seed), Candidate: newRepeats(seed)}
		}
		c.checks = append(c.checks, k)
	}
	return c, nil
}

// Value is what a line has in a field.
type Value struct {
	Text  sources.Text
	Known bool
}

// Add takes a line's values, one for each check in their order. A line behind the watermark is counted as late only.
func (c *Checks) Add(arm sources.Arm, at time.Time, values []Value) {
	if arm != sources.Legacy && arm != sources.Candidate || len(values) != len(c.checks) {
		return
	}
	if at.Before(c.watermark) {
		*c.late.Ptr(arm)++
		return
	}
	end := sources.Align(at, c.step).Add(c.step).UnixNano()
	for i, v := range values {
		c.checks[i].add(arm, end, v)
	}
}

func (k *checked) add(arm sources.Arm, end int64, v Value) {
	*k.values.Ptr(arm)++
	bad := false
	if !v.Known {
		k.broken.Ptr(arm)[Missing]++
		bad = k.Required
	} else {
		if why := k.Check.broken(v.Text); why != 0 {
			k.broken.Ptr(arm)[why]++
			bad = true
		}
		if k.Unique && k.seen.Of(arm).again(v.Text) {
			k.broken.Ptr(arm)[Repeated]++
			bad = true
		}
	}
	if bad {
		*k.bad.Ptr(arm)++
	}
	b := k.open[end]
	if b == nil {
		if len(k.open) >= mostOpen {
			return // of blocks far ahead of the watermark: counted, and no evidence
		}
		b = &seq.Block{}
		k.open[end] = b
	}
	count(b, arm, bad)
}

func count(b *seq.Block, arm sources.Arm, bad bool) {
	n, x := &b.LegacyN, &b.LegacyX
	if arm == sources.Candidate {
		n, x = &b.CandidateN, &b.CandidateX
	}
	*n++
	if bad {
		*x++
	}
}

// Advance closes the blocks that ended by the watermark, in their order. A block without lines of both arms says nothing.
func (c *Checks) Advance(watermark time.Time) {
	if !watermark.After(c.watermark) {
		return
	}
	c.watermark = sources.Align(watermark, c.step)
	for _, k := range c.checks {
		var ends []int64
		for end := range k.open {
			if end <= c.watermark.UnixNano() {
				ends = append(ends, end)
			}
		}
		slices.Sort(ends)
		for _, end := range ends {
			begin := time.Unix(0, end).Add(-c.step)
			if c.first.IsZero() || begin.Before(c.first) {
				c.first = begin
			}
			if b := k.open[end]; b.LegacyN > 0 && b.CandidateN > 0 {
				k.evidence.Add(*b, begin.Sub(c.first))
			}
			delete(k.open, end)
		}
	}
}

// Late is how many lines came behind the watermark.
func (c *Checks) Late() sources.ByArm[int64] { return c.late }

// Results are the checks with what they found, in their order.
func (c *Checks) Results() []Result {
	var out []Result
	for _, k := range c.checks {
		r := Result{Check: k.Check, Lines: k.values, Bad: k.bad, Breaks: k.broken, LogE: k.evidence.LogHarm(), Blocks: k.evidence.Lines()}
		for _, a := range sources.Arms() {
			*r.Share.Ptr(a) = shareOf(k.bad.Of(a), k.values.Of(a))
			*r.Missed.Ptr(a) = shareOf(k.broken.Of(a).Of(Missing), k.values.Of(a))
		}
		if r.Ratio, r.Known = k.evidence.Ratio(); r.Known {
			var bounded bool
			r.Lo, r.Hi, bounded = k.evidence.Interval(.05)
			r.Open = !bounded || math.IsInf(r.Hi, 0)
		}
		out = append(out, r)
	}
	return out
}

// mostValues is how many of the newest values of an arm are remembered to find those that come again.
const mostValues = 1 << 16

// repeats remembers hashes of the newest values.
type repeats struct {
	seed maphash.Seed
	seen map[uint64]struct{}
	ring []uint64
	at   int
}

func newRepeats(seed maphash.Seed) *repeats { return &repeats{seed: seed, seen: map[uint64]struct{}{}} }

// again tells whether a value came before, and remembers it. Two different values share a hash once in 10^14 pairs.
func (r *repeats) again(v sources.Text) bool {
	h := maphash.String(r.seed, v.String())
	if _, ok := r.seen[h]; ok {
		return true
	}
	r.seen[h] = struct{}{}
	if len(r.ring) < mostValues {
		r.ring = append(r.ring, h)
		return false
	}
	delete(r.seen, r.ring[r.at])
	r.ring[r.at] = h
	r.at = (r.at + 1) % mostValues
	return false
}
