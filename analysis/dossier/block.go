package dossier

import (
	"strconv"
	"time"
)

// MaxCount is the largest count that is taken; sums over a rollout stay exact.
const MaxCount = 1 << 46

// Counts are one arm's requests in one measure.
type Counts struct {
	// Known is false where this measure was not scraped.
	Known    bool
	Requests int64
	Errors   int64   // for the kind Errors
	Cells    []int64 // for the kind Latency: not cumulated, one more than the edges
}

// Arm is one side of a block. Counts stand in the order of the header's measures.
type Arm struct {
	Scraped bool
	Counts  []Counts
}

// Block is both arms over one scrape, ending at End.
type Block struct {
	End        time.Time
	Share      float64 // the candidate's configured share
	ShareKnown bool    // false where it changed within the block or is not known
	Legacy     Arm
	Candidate  Arm
	// Strata split the requests, as by route, in ascending order of their keys; none: they are not split.
	Strata []Stratum
}

// NewBlock makes a block with room for the counts of a header's measures.
func (h *Header) NewBlock() *Block {
	return &Block{Legacy: h.newArm(), Candidate: h.newArm()}
}

func (h *Header) newArm() Arm {
	a := Arm{Counts: make([]Counts, len(h.Measures))}
	for i, m := range h.Measures {
		if m.Kind == Latency {
			a.Counts[i].Cells = make([]int64, len(m.Edges)+1)
		}
	}
	return a
}

// clear forgets what the block holds and keeps its room.
func (b *Block) clear() {
	b.End, b.Share, b.ShareKnown = time.Time{}, 0, false
	b.Legacy.clear()
	b.Candidate.clear()
	b.Strata = b.Strata[:0]
}

func (a *Arm) clear() {
	a.Scraped = false
	for i := range a.Counts {
		cells := a.Counts[i].Cells
		clear(cells)
		a.Counts[i] = Counts{Cells: cells}
	}
}

// CheckBlock tells the first thing that is wrong with a block under this header, when the block before ended at last
// (zero: there was none).
func (h *Header) CheckBlock(b *Block, last time.Time) error {
	if b.End.IsZero() {
		return bad("t", "missing")
	}
	if !b.End.After(last) {
		return bad("t", "%s is not after the block before, %s", stamp(b.End), stamp(last))
	}
	if b.ShareKnown && !(b.Share >= 0 && b.Share <= 1) {
		return bad("share", "%v is not from 0 to 1", b.Share)
	}
	if err := h.checkArm("legacy", &b.Legacy); err != nil {
		return err
	}
	if err := h.checkArm("candidate", &b.Candidate); err != nil || len(b.Strata) == 0 {
		return err
	}
	return h.checkStrata(b)
}

func (h *Header) checkArm(name string, a *Arm) error {
	if !a.Scraped {
		return nil
	}
	if len(a.Counts) != len(h.Measures) {
		return bad(name, "counts of %d measures: the header has %d", len(a.Counts), len(h.Measures))
	}
	for i := range h.Measures {
		if !a.Counts[i].Known {
			continue
		}
		if field, cause := h.Measures[i].check(&a.Counts[i]); field != "" {
			at := name + "."
			if !h.slot(i) {
				at += h.Measures[i].Name + "."
			}
			return bad(at+field, "%s", cause)
		}
	}
	return nil
}

// check names the field that is wrong with a measure's counts, and why.
func (m *Measure) check(c *Counts) (field, cause string) {
	if c.Requests < 0 || c.Requests > MaxCount {
		return "requests", number(c.Requests) + " is not a count"
	}
	if m.Kind == Errors {
		if c.Errors < 0 || c.Errors > c.Requests {
			return "errors", number(c.Errors) + " of " + number(c.Requests) + " requests"
		}
		return "", ""
	}
	if len(c.Cells) != len(m.Edges)+1 {
		return "latency", strconv.Itoa(len(c.Cells)) + " cells for " + strconv.Itoa(len(m.Edges)) + " edges: want one more"
	}
	left := c.Requests
	for _, n := range c.Cells {
		if n < 0 || n > left {
			return "latency", "the cells do not add up to " + number(c.Requests) + " requests"
		}
		left -= n
	}
	if left != 0 {
		return "latency", "the cells leave out " + number(left) + " of " + number(c.Requests) + " requests"
	}
	return "", ""
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// stamp is how times are written.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
