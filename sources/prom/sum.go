package prom

import (
	"maps"
	"math/bits"
	"slices"
	"time"

	"rampart/sources"
)

// sheet is one child with its increases, ready to be added up.
type sheet struct {
	*child
	cuts
	cells bool // the increases are a histogram's, cumulated; else one counter
}

// spans are the spans that the children of an arm have in one block, as bits.
type spans struct{ sources.ByArm[uint64] }

// common is the span that is counted in a block: both arms must span the same time, or a catch-up after missing
// scrapes looks like a change of traffic (2 % of them give 14 % false alarms of the share test). It is one scrape
// wherever an arm has that; else the shortest that both have, as after an outage of the server itself.
func (s spans) common() int16 {
	both := s.Legacy & s.Candidate
	switch {
	case (s.Legacy|s.Candidate)&2 != 0:
		return 1
	case both != 0:
		return int16(bits.TrailingZeros64(both))
	case s.Legacy == 0 && s.Candidate != 0:
		return int16(bits.TrailingZeros64(s.Candidate))
	case s.Candidate == 0 && s.Legacy != 0:
		return int16(bits.TrailingZeros64(s.Legacy))
	}
	return 1
}

// sum adds up the children of both arms, block for block.
func (s *scene) sum(sheets []sheet, end time.Time, step time.Duration) []sources.Block {
	blocks := make([]sources.Block, s.n)
	doubts := s.doubts(sheets)
	for b := range blocks {
		blocks[b] = s.total(sheets, doubts, b)
		blocks[b].End = end.Add(-time.Duration(s.n-1-b) * step)
	}
	return blocks
}

// total adds up one block.
func (s *scene) total(sheets []sheet, d doubts, b int) sources.Block {
	k, present := spansOf(sheets, b)
	halved := s.halved(d, b, k)
	strata := map[string]*sources.Stratum{}
	var scraped sources.ByArm[bool]
	width := 0
	for i := range sheets {
		sh := &sheets[i]
		if sh.cells {
			width = sh.width
		}
		switch {
		case sh.span[b] > 0 && halved.has(sh):
			if sh.requests {
				*s.tally.halved.Ptr(sh.arm) += int64(sh.row(b)[sh.width-1])
			}
		case sh.span[b] == k && k > 0:
			s.enter(strata, sh, b)
			if sh.requests {
				*scraped.Ptr(sh.arm) = true
			}
		case sh.span[b] > 0 && sh.requests:
			*s.tally.caughtUp.Ptr(sh.arm) += int64(sh.row(b)[sh.width-1])
		}
	}
	if k > 1 && (scraped.Legacy || scraped.Candidate) {
		s.tally.spans++
	}
	halved.hush(&scraped, strata)
	s.unborn(&scraped, present, sheets, b)
	return s.fill(strata, scraped, width)
}

// spansOf finds the span that is counted in a block, and which arms were scraped in it at all.
func spansOf(sheets []sheet, b int) (k int16, present sources.ByArm[bool]) {
	var seen spans
	for i := range sheets {
		sh := &sheets[i]
		if sh.span[b] != 0 {
			*present.Ptr(sh.arm) = true
		}
		if k := sh.span[b]; sh.requests && k > 0 && k <= longest {
			*seen.Ptr(sh.arm) |= 1 << k
		}
	}
	return seen.common(), present
}

// enter adds one child's increase to its stratum.
func (s *scene) enter(strata map[string]*sources.Stratum, sh *sheet, b int) {
	st := strata[sh.stratum]
	if st == nil {
		st = &sources.Stratum{Key: sh.stratum}
		strata[sh.stratum] = st
	}
	at := st.Counts.Ptr(sh.arm)
	if *at == nil {
		*at = &sources.Counts{}
	}
	c, row := *at, sh.row(b)
	if sh.cells {
		s.enterCells(c, row)
		return
	}
	if sh.requests {
		c.Requests += int64(row[0])
	}
	if sh.bad {
		c.Errors += int64(row[0])
	}
}

// enterCells takes the differences of neighbouring edges. Exporters that do not lock while they are read may show an
// upper edge behind a lower one for a moment; such a cell is empty.
func (s *scene) enterCells(c *sources.Counts, row []float64) {
	if c.Cells == nil {
		c.Cells = make([]int64, len(row))
	}
	below := 0.0
	for i, v := range row {
		if v < below {
			s.tally.inverted++
			v = below
		}
		c.Cells[i] += int64(v - below)
		c.Requests += int64(v - below)
		below = v
	}
}

// unborn finds the arm whose processes were scraped and have not shown the metric so far: it had no request. An arm
// that has shown it before is not taken for idle, nor one that shows what cannot be counted.
func (s *scene) unborn(scraped *sources.ByArm[bool], present sources.ByArm[bool], sheets []sheet, b int) {
	end := s.from + int64(b+1)*s.step
	for _, arm := range sources.Arms() {
		if scraped.Of(arm) || present.Of(arm) || !s.alive(arm, end-s.step, end) || s.shown(arm, sheets, end) || s.spoiltBy(arm, end) {
			continue
		}
		*scraped.Ptr(arm) = true
		*s.tally.unborn.Ptr(arm)++
	}
}

// spoiltBy tells whether an arm showed what is no count within the lookback of a block's end.
func (s *scene) spoiltBy(arm sources.Arm, end int64) bool {
	return s.spoilt.Of(arm).within(end-s.lookback, end)
}

func (s *scene) alive(arm sources.Arm, after, until int64) bool {
	for _, l := range s.lives {
		if l.arm == arm && l.scrapedIn(after, until) {
			return true
		}
	}
	return false
}

// shown tells whether any child of an arm was scraped within the lookback of a block's end.
func (s *scene) shown(arm sources.Arm, sheets []sheet, end int64) bool {
	for i := range sheets {
		if sh := &sheets[i]; sh.arm == arm && sh.scrapedIn(end-s.lookback, end) {
			return true
		}
	}
	return false
}

func (c *child) scrapedIn(after, until int64) bool {
	for _, sc := range c.scrapes {
		for _, p := range sc.parts {
			if i, _ := slices.BinarySearch(p.at, after+1); i < len(p.at) && p.at[i] <= until {
				return true
			}
			break
		}
	}
	return false
}

// fill completes a block: an arm that was scraped has counts in every stratum, one that was not has none.
func (s *scene) fill(strata map[string]*sources.Stratum, scraped sources.ByArm[bool], width int) sources.Block {
	if len(strata) == 0 && (scraped.Legacy || scraped.Candidate) {
		strata[""] = &sources.Stratum{}
	}
	var out sources.Block
	for _, key := range slices.Sorted(maps.Keys(strata)) {
		st := strata[key]
		for _, arm := range sources.Arms() {
			at := st.Counts.Ptr(arm)
			switch {
			case !scraped.Of(arm):
				*at = nil
				continue
			case *at == nil:
				*at = &sources.Counts{}
			}
			if c := *at; width > 0 && c.Cells == nil {
				c.Cells = make([]int64, width)
			} else if c.Errors > c.Requests {
				s.tally.excess++
				c.Errors = c.Requests
			}
		}
		if scraped.Legacy || scraped.Candidate {
			out.Strata = append(out.Strata, *st)
		}
	}
	return out
}
