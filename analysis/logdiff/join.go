package logdiff

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"rampart/analysis/logtmpl"
	"rampart/analysis/seq"
	"rampart/sources"
)

// mostLog keeps the wealth of a joined template within what a float64 can hold.
const mostLog = 600

// settle joins templates that turned out to be one.
func (d *Diff) settle(resolve func(logtmpl.ID) logtmpl.ID) {
	if resolve == nil {
		return
	}
	ids := slices.Sorted(maps.Keys(d.byID))
	for _, id := range ids {
		if into := resolve(id); into != id {
			d.join(d.byID[id], into)
		}
	}
}

// join adds a template to another one. Its wealth stops where it is, which keeps the sum an e-process; its counts of the
// blocks that are remembered go into the other's ratio and interval.
func (d *Diff) join(t *template, into logtmpl.ID) {
	delete(d.byID, t.id)
	o := d.byID[into]
	if o == nil {
		t.id = into
		d.byID[into] = t
		return
	}
	o.frozen += math.Exp(min(t.wealth(), mostLog))
	o.joined += t.weight + t.joined
	for _, a := range sources.Arms() {
		*o.lines.Ptr(a) += t.lines.Of(a)
		if f := t.first.Of(a); !f.IsZero() {
			o.note(a, f)
		}
	}
	if t.last.After(o.last) {
		o.last = t.last
	}
	for _, c := range t.past {
		o.keep(c, 0)
		i, ok := slices.BinarySearchFunc(d.requests, c.block, func(r requests, b int64) int { return cmp.Compare(r.block, b) })
		if !ok || !d.requests[i].judged {
			continue
		}
		n := d.requests[i].n
		d.nodes.Load(float64(n.Legacy), float64(n.Candidate))
		d.describe(o, seq.Block{LegacyN: float64(n.Legacy), CandidateN: float64(n.Candidate), LegacyX: float64(c.legacy), CandidateX: float64(c.candidate)})
	}
}

// evict forgets an eighth of the templates when too many are held: those with the least evidence that were not written
// for longest.
func (d *Diff) evict() {
	if len(d.byID) <= d.cfg.Templates {
		return
	}
	all := slices.SortedFunc(maps.Values(d.byID), func(a, b *template) int {
		return cmp.Or(cmp.Compare(max(a.harm.LogHarm(), 0), max(b.harm.LogHarm(), 0)), a.last.Compare(b.last), cmp.Compare(a.id, b.id))
	})
	for _, t := range all[:max(len(all)/8, len(all)-d.cfg.Templates)] {
		delete(d.byID, t.id)
		d.basis.Evicted++
		if !t.first.Legacy.IsZero() && len(d.known) < knownFactor*d.cfg.Templates {
			d.known[t.id] = t.first.Legacy
		}
	}
}
