package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// newest are the newest lines of those that were found, and what of the question was answered here and not by the source.
type newest struct {
	most, matched, read int
	here                []string
	lines               []frame.LogLine
}

// take adds lines. More are kept than are wanted, because they need not come in order.
func (n *newest) take(found []frame.LogLine, read int) {
	n.matched, n.read = n.matched+len(found), n.read+read
	if n.lines = append(n.lines, found...); len(n.lines) > 8*n.most {
		n.lines = slices.Clone(n.sort()[len(n.lines)-4*n.most:])
	}
}

func (n *newest) sort() []frame.LogLine {
	slices.SortStableFunc(n.lines, func(a, b frame.LogLine) int { return a.At.Compare(b.At) })
	return n.lines
}

// sorted are the newest lines in the order of their time.
func (n *newest) sorted() []frame.LogLine { return n.sort()[max(0, len(n.lines)-n.most):] }

func (n *newest) compared() string {
	if len(n.here) == 0 {
		return ""
	}
	return fmt.Sprintf(" of %d read (compared here: %s)", n.read, sources.Visible(strings.Join(n.here, ", ")))
}

// search lets the index look for what it can, and compares the rest here. False: it can look for none of it, or not for all
// lines of a millisecond, and the tail has to be read.
func (t *tailing) search(ctx context.Context, q frame.LogsQuery, into *newest) (bool, error) {
	finder, ok := t.src.(sources.Finder)
	if !ok {
		return false, nil
	}
	now := time.Now()
	r := newest{most: into.most}
	here, asked, err := logbook.Sweep(ctx, finder, logbook.AskedOf(q), sources.Window{From: now.Add(-t.since), To: now}, func(lines []sources.LogLine) error {
		got, err := t.book.Found(lines, q)
		r.take(got, len(lines))
		return err
	})
	if !asked || errors.Is(err, logbook.ErrCrowded) {
		return false, nil
	}
	*into, into.here = r, here
	return true, err
}
