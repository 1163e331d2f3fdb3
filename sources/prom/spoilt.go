package prom

import (
	"math"
	"slices"

	"rampart/sources"
)

// moments are instants in milliseconds since 1970, in order and each once.
type moments []int64

// first is the first moment after one instant and until another.
func (m moments) first(after, until int64) (int64, bool) {
	i, _ := slices.BinarySearch(m, after+1)
	if i == len(m) || m[i] > until {
		return 0, false
	}
	return m[i], true
}

// within tells whether there is a moment after one instant and until another.
func (m moments) within(after, until int64) bool {
	_, ok := m.first(after, until)
	return ok
}

// ordered brings moments into order as they were noted: series after series, replica after replica.
func (m moments) ordered() moments {
	slices.Sort(m)
	return slices.Compact(m)
}

// drop takes note of a sample that no counter can hold.
func (c *collector) drop(kid *child, at int64) {
	c.tally.dropped(kid.arm, at)
	c.spoil(kid.arm, at)
	kid.spoilt = append(kid.spoilt, at)
}

// spoil notes that an arm showed the metric and that what it showed cannot be counted. That is not the silence of an arm
// that had no request yet: its counts are not known.
func (c *collector) spoil(arm sources.Arm, at ...int64) {
	times := c.spoilt.Ptr(arm)
	*times = append(*times, at...)
}

// firstShown is when any replica first saw the child after one instant, as a number or none, and until another.
func (c *child) firstShown(after, until int64) int64 {
	first, ok := c.spoilt.first(after, until)
	if !ok {
		first = until
	}
	for _, sc := range c.scrapes {
		if at, ok := moments(sc.parts[math.Inf(1)].at).first(after, first); ok {
			first = at
		}
	}
	return first
}

// silence leaves a child out; when it was no number is still known of its process.
func (c *collector) silence(kid *child) {
	if len(kid.spoilt) > 0 {
		c.mute = append(c.mute, kid)
	}
}

// order makes what was noted of the children ready to be looked at.
func (c *collector) order() {
	for _, kid := range c.children {
		kid.spoilt = kid.spoilt.ordered()
	}
}

// maker is a process of an arm.
type maker struct {
	arm     sources.Arm
	process string
}

func (c *child) maker() maker { return maker{c.arm, c.process} }

// doubts are the children that were no number at some time, and whom that concerns.
type doubts struct {
	sheets []*sheet
	asked  map[maker]bool // the processes that count requests
}

// doubts finds the children that were no number at some time; as a rule there are none.
func (s *scene) doubts(sheets []sheet) doubts {
	var out doubts
	for i := range sheets {
		if len(sheets[i].spoilt) > 0 {
			out.sheets = append(out.sheets, &sheets[i])
		}
	}
	if len(out.sheets) == 0 {
		return out
	}
	out.asked = map[maker]bool{}
	for i := range sheets {
		if sheets[i].requests {
			out.asked[sheets[i].maker()] = true
		}
	}
	return out
}

// halved are those of whom a block cannot be told.
type halved struct {
	makers map[maker]bool
	arms   sources.ByArm[bool] // whole
}

func (h halved) has(sh *sheet) bool {
	return h.arms.Of(sh.arm) || len(h.makers) > 0 && h.makers[sh.maker()]
}

// hush takes an arm whose other processes had no request for one that is not known: those that are not told of may have
// had them all.
func (h halved) hush(scraped *sources.ByArm[bool], strata map[string]*sources.Stratum) {
	var left sources.ByArm[bool]
	for m := range h.makers {
		*left.Ptr(m.arm) = true
	}
	for _, arm := range sources.Arms() {
		if !left.Of(arm) {
			continue
		}
		requests := int64(0)
		for _, st := range strata {
			if c := st.Counts.Of(arm); c != nil {
				requests += c.Requests
			}
		}
		*scraped.Ptr(arm) = scraped.Of(arm) && requests > 0
	}
}

// halved finds the processes that one of their series tells nothing of in a block, for it was no number. What their other
// series count is left out as well: the requests without the failed ones would be a rate of errors that nobody had. Where
// somebody else than who counts the requests counts the errors, it is the whole arm whose rate is not known.
func (s *scene) halved(d doubts, b int, k int16) halved {
	var out halved
	for _, sh := range d.sheets {
		if !s.doubtful(sh, b, k) {
			continue
		}
		if m := sh.maker(); d.asked[m] {
			if out.makers == nil {
				out.makers = map[maker]bool{}
			}
			out.makers[m] = true
		} else {
			*out.arms.Ptr(sh.arm) = true
		}
	}
	return out
}

// doubtful tells whether a child has no whole increase in a block because it was no number in it or before. What it hid in
// one block comes with the next that it tells: that one spans both, which others do not. Nothing that lies before the
// block's lookback matters, so that every window tells the same.
func (s *scene) doubtful(sh *sheet, b int, k int16) bool {
	span := sh.span[b]
	switch {
	case span == hidden:
		return true
	case span == k && k > 0:
		return false
	}
	from := s.oldest(b)
	if span <= longest {
		from = max(from, s.from+int64(b-max(1, int(span)))*s.step)
	}
	return sh.spoilt.within(from, s.from+int64(b+1)*s.step)
}
