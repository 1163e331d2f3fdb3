package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rampart/sources"
)

// Report is what Verify found.
type Report struct {
	Entries     uint64
	First, Last time.Time
	Head        string   // the hash of the last good entry: note it elsewhere
	Broken      *Broken  // the first thing that is wrong; nil: the journal is whole
	Mended      []Mended // where it was broken before and goes on since, oldest first
	Gaps        []Gap    // when entries could not be written and were told later, oldest first
}

// Broken is the first place at which a journal is not what was written.
type Broken struct {
	File   string // the full file that it stands in; empty: the one that is written
	Line   int    // from 1; one more than there are when something is missing at the end
	Reason string
	at     int64 // where its good part ends, in bytes
}

// Error names the line and the reason.
func (b *Broken) Error() string {
	if b.File != "" {
		return fmt.Sprintf("line %d of %s: %s", b.Line, b.File, b.Reason)
	}
	return fmt.Sprintf("line %d: %s", b.Line, b.Reason)
}

// Verify reads a whole journal and its head file. The error says why it could not be read; what is wrong with it stands
// in the report.
func Verify(ctx context.Context, path string) (Report, error) {
	c, err := openChain(ctx, path)
	if err != nil {
		return Report{}, err
	}
	r, err := c.verify(ctx)
	return r, place("read", path, errors.Join(err, c.close()))
}

func (c *chain) verify(ctx context.Context) (Report, error) {
	var r Report
	before, last := origin, origin
	for e, err := range c.entries(ctx) {
		if broken, ok := errors.AsType[*Broken](err); ok {
			r.Broken = broken
			return r, nil
		}
		if err != nil {
			return r, err
		}
		if r.Entries == 0 {
			r.First = e.Time
		}
		if m, ok := mendedBy(e); ok {
			r.Mended = append(r.Mended, m)
		} else if e.Kind == sources.EntryGap {
			r.Gaps = append(r.Gaps, Gap{e.Seq, e.Time, e.Text})
		}
		before, last = last, link{e.Seq, e.Hash}
		r.Entries, r.Last, r.Head = r.Entries+1, e.Time, e.Hash
	}
	if reason := c.againstHead(before, last); reason != "" {
		r.Broken = &Broken{Line: int(r.Entries) + 1, Reason: reason, at: c.size}
	}
	return r, nil
}

// againstHead finds what was cut off at the end. The head may be behind by one entry: a crash may come between the line
// and the head.
func (c *chain) againstHead(before, last link) string {
	switch {
	case errors.Is(c.headErr, errNoHead) && last == origin && c.size == 0:
		return "" // the disk was full before the first entry: an empty file is no more than none
	case c.headErr != nil:
		return fmt.Sprintf("the end cannot be proved: %v", c.headErr)
	case c.head.seq > last.seq:
		return fmt.Sprintf("entries %d to %d were written and are gone", last.seq+1, c.head.seq)
	case c.head != last && c.head != before:
		return fmt.Sprintf("the head file names entry %d with another hash than the last entries have", c.head.seq)
	}
	return ""
}
