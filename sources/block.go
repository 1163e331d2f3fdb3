package sources

import "time"

// Counts is what one arm did within one block: whole requests, never rates.
type Counts struct {
	// Requests is how many requests were finished.
	Requests int64
	// Errors is how many of them the measure calls bad. At most Requests.
	Errors int64
	// Cells are the requests of each histogram cell, not cumulated, one more than the edges; nil when the measure
	// has no histogram. They add up to Requests.
	Cells []int64
}

// Stratum is a part of one block in which both arms can be compared fairly: one combination of the strata labels.
type Stratum struct {
	// Key is the joined label values ("/rank"), or "" when there are no strata.
	Key string
	// Counts of each arm; nil where the arm was not scraped in this block. An arm that was scraped and had no
	// request has counts of zero.
	Counts ByArm[*Counts]
}

// Block is the counts of both arms over one scrape interval. It ends at a multiple of the step since 1970, and a
// counter's value there is its last raw sample at or before it.
type Block struct {
	End    time.Time
	Strata []Stratum
}

// Sum adds up the strata of an arm, or returns nil when the arm was scraped in none of them.
func (b Block) Sum(a Arm) *Counts {
	var sum *Counts
	for _, s := range b.Strata {
		c := s.Counts.Of(a)
		if c == nil {
			continue
		}
		if sum == nil {
			sum = &Counts{}
		}
		sum.Add(*c)
	}
	return sum
}

// Add adds other requests of the same arm, cell by cell.
func (c *Counts) Add(d Counts) {
	c.Requests += d.Requests
	c.Errors += d.Errors
	if c.Cells == nil && d.Cells != nil {
		c.Cells = make([]int64, len(d.Cells))
	}
	for i := range min(len(c.Cells), len(d.Cells)) {
		c.Cells[i] += d.Cells[i]
	}
}
