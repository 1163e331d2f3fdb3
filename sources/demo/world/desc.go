package world

import (
	"cmp"
	"slices"
)

// Track is the value of the label that tells the two arms apart in every signal.
type Track uint8

// The tracks of the ramp; the zero value is no track at all.
const (
	NoTrack Track = iota
	Stable
	Canary
	trackCount
)

// String gives the label's value as it stands in metrics and logs.
func (t Track) String() string {
	switch t {
	case Stable:
		return "stable"
	case Canary:
		return "canary"
	case NoTrack, trackCount:
	}
	return "none"
}

// Label is one name and value of a series.
type Label struct{ Name, Value string }

// Desc names one series of the world for good: a store may keep what it likes under its ID, which is dense and starts at 0.
type Desc struct {
	ID     int
	Name   string
	Labels []Label // sorted by name, shared, never changed
}

// Sample is one line of a pod's metrics page.
type Sample struct {
	Desc  *Desc
	Value float64
}

// registry hands out the IDs; one per world.
type registry struct{ next int }

// desc makes a series from the labels of its target and its own.
func (r *registry) desc(name string, target []Label, own ...Label) *Desc {
	all := append(slices.Clone(target), own...)
	slices.SortFunc(all, func(a, b Label) int { return cmp.Compare(a.Name, b.Name) })
	d := &Desc{ID: r.next, Name: name, Labels: all}
	r.next++
	return d
}
