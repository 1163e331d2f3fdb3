package logring

import "slices"

// Query asks for lines in one direction.
type Query struct {
	From  Pos              // where to start, not included; zero: from the end of the ring where the walk begins
	Keep  func(*Line) bool // which lines; nil: all. It must not keep the line's bytes
	Limit int              // lines in the page at most; 0: none, matches are only counted
	Scan  int              // lines looked at in this step at most; 0: all
}

// Page is the answer to one step of a query.
type Page struct {
	Lines   []Held
	Matches int  // lines kept by the query in this step; with a Limit, those in Lines
	Scanned int  // lines looked at
	Next    Pos  // the From of the next step
	Done    bool // the walk has reached the other end of the ring
}

// Held is a line with its position. Its bytes are a copy: good for as long as the page.
type Held struct {
	Pos
	Line
}

// Older walks from new to old. It stops when the page is full, enough lines were looked at or none are left.
func (r *Ring) Older(q Query) Page {
	c, ok := r.index.before(q.From)
	return r.walk(q, c, ok, -1)
}

// Newer walks from old to new.
func (r *Ring) Newer(q Query) Page {
	c, ok := r.index.after(q.From)
	return r.walk(q, c, ok, +1)
}

func (r *Ring) walk(q Query, c cursor, ok bool, by int) Page {
	page := Page{Next: q.From}
	var l Line
	for ; ok; c, ok = r.index.step(c, 0) {
		for held := r.index.blocks[c.block].held(); c.i >= 0 && c.i < len(held); c.i += by {
			if q.Scan > 0 && page.Scanned == q.Scan || q.Limit > 0 && len(page.Lines) == q.Limit {
				return page
			}
			e := &held[c.i]
			page.Scanned++
			page.Next = e.pos
			if r.read(e, &l); q.Keep != nil && !q.Keep(&l) {
				continue
			}
			page.Matches++
			if q.Limit > 0 {
				page.Lines = append(page.Lines, Held{e.pos, l.clone()})
			}
		}
	}
	page.Done = true
	return page
}

func (l Line) clone() Line {
	l.Text, l.Doc = slices.Clone(l.Text), slices.Clone(l.Doc)
	return l
}
