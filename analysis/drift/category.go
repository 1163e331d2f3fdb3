package drift

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"unicode/utf8"

	"rampart/analysis/stat"
	"rampart/sources"
)

const (
	// keepCategories is how many names one side keeps; twice as many may be there in between.
	keepCategories = 200
	// nameBytes is the longest name kept; a longer one is cut.
	nameBytes = 256
	// listed is how many new or vanished categories a report names.
	listed = 10
)

// Categories counts the names that a categorical feature took on one side. The zero value is empty and ready. It keeps
// the heaviest names and adds the rest up, so that a feature of user ids cannot fill the memory (Misra, Gries 1982, with
// the counts of what was dropped kept in Other).
type Categories struct {
	counts  map[sources.Text]float64
	other   float64
	missing Amount
}

// Add counts n requests with a name. The name is kept in its visible form and cut after 256 bytes.
func (c *Categories) Add(name sources.Text, n float64) {
	if n <= 0 || !finite(n) {
		return
	}
	if c.counts == nil {
		c.counts = map[sources.Text]float64{}
	}
	c.counts[visible(name)] += n
	if len(c.counts) > 2*keepCategories {
		c.prune()
	}
}

// AddMissing counts n requests without a value; 0 says that missing values are counted and there are none.
func (c *Categories) AddMissing(n float64) {
	if n >= 0 && finite(n) {
		c.missing = Of(c.missing.V + n)
	}
}

// Merge adds another side's counts.
func (c *Categories) Merge(d Categories) {
	for _, name := range d.names() {
		c.Add(name, d.counts[name])
	}
	c.other += d.other
	if d.missing.Known {
		c.AddMissing(d.missing.V)
	}
}

// N is how many requests had a value.
func (c Categories) N() float64 {
	n := c.other
	for _, name := range c.names() {
		n += c.counts[name]
	}
	return n
}

// Count is how many requests had the name, at least: a name that was dropped and came again lost its earlier ones.
func (c Categories) Count(name sources.Text) float64 { return c.counts[visible(name)] }

// Other is how many requests had names that were dropped.
func (c Categories) Other() float64 { return c.other }

// Missing is how many requests came without a value.
func (c Categories) Missing() Amount { return c.missing }

// names are the names kept, the heaviest first; equal ones by name.
func (c Categories) names() []sources.Text {
	return slices.SortedFunc(maps.Keys(c.counts), func(a, b sources.Text) int {
		return cmp.Or(cmp.Compare(c.counts[b], c.counts[a]), cmp.Compare(a.String(), b.String()))
	})
}

// prune keeps the heaviest names.
func (c *Categories) prune() {
	for _, name := range c.names()[keepCategories:] {
		c.other += c.counts[name]
		delete(c.counts, name)
	}
}

func visible(name sources.Text) sources.Text {
	s := name.String()
	if len(s) <= nameBytes {
		return sources.NewText(s)
	}
	cut := nameBytes
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return sources.NewText(s[:cut] + "…")
}

// Category is a name that one side alone has.
type Category struct {
	Name sources.Text
	// Count is how many requests had it, Share of all with a value on that side.
	Count, Share float64
	// Chance is how probable it is that all of them fell on that side if both arms take it alike.
	Chance float64
}

// CompareCategories measures how far the candidate's categories lie from legacy's. Distances that need an order are not
// known.
func CompareCategories(legacy, candidate Categories, o Options) Report {
	r := newReport(Categorical, o)
	nA, nB := legacy.N(), candidate.N()
	r.Missing = compareShare(legacy.missing, candidate.missing, nA+legacy.missing.V, nB+candidate.missing.V, "missing values are not counted")
	r.Zero = Share{Why: "categories have no zero"}
	names, a, b := aligned(legacy, candidate)
	r.Binning = fmt.Sprintf("%d categories", len(names))
	r.Sides = sources.ByArm[Side]{
		Legacy:    Side{N: nA, Names: names, Shares: sharesOf(a, nA)},
		Candidate: Side{N: nB, Names: names, Shares: sharesOf(b, nB)},
	}
	if nA == 0 || nB == 0 {
		r.unknownAll("no values on one side")
		return r
	}
	r.Appeared = only(candidate, legacy, nB, nA)
	r.Gone = only(legacy, candidate, nA, nB)
	if legacy.other+candidate.other > 0 {
		r.note(sources.NoteSampled, "more than %d categories: the rest is one cell, and what looks new may only be rare", keepCategories)
	}
	r.fillCategories(a, b, o)
	return r
}

func (r *Report) fillCategories(a, b []float64, o Options) {
	s := pooledShape(a, b, stat.PoolRest)
	if s.merged > 0 {
		r.Binning += fmt.Sprintf(", %d rare ones merged for PSI and JS", s.merged)
	}
	r.PSI, r.JS = s.psi(), s.js(o.base())
	r.W1, r.KS = unknown("categories have no order"), unknown("categories have no order")
	tv, err := stat.TotalVariation(a, b)
	if err != nil {
		r.TV = failed(err)
		return
	}
	r.TV = known(tv.Value, Of(nullTV(pooledShares(a, b), inverseN(tv.N[0], tv.N[1]))), tv.Basis)
}

// rest stands for the names that were dropped.
func rest() sources.Text { return sources.NewText("(other)") }

// aligned lays both sides over the same names, the heaviest first, dropped ones last.
func aligned(a, b Categories) (names []sources.Text, rowA, rowB []float64) {
	var both Categories
	both.counts = maps.Clone(a.counts)
	if both.counts == nil {
		both.counts = map[sources.Text]float64{}
	}
	for name, n := range b.counts {
		both.counts[name] += n
	}
	names = both.names()
	for _, name := range names {
		rowA, rowB = append(rowA, a.counts[name]), append(rowB, b.counts[name])
	}
	if a.other+b.other > 0 {
		names, rowA, rowB = append(names, rest()), append(rowA, a.other), append(rowB, b.other)
	}
	return names, rowA, rowB
}

// only lists the names that one side has and the other has not, the least probable first. Each request falls on the
// first side with its share of all requests, so x of them all do with that share to the power of x.
func only(a, b Categories, nA, nB float64) []Category {
	var found []Category
	for _, name := range a.names() {
		if b.counts[name] > 0 {
			continue
		}
		n := a.counts[name]
		found = append(found, Category{Name: name, Count: n, Share: n / nA, Chance: math.Pow(nA/(nA+nB), n)})
	}
	slices.SortStableFunc(found, func(x, y Category) int { return cmp.Compare(x.Chance, y.Chance) })
	return found[:min(len(found), listed)]
}

func sharesOf(counts []float64, n float64) []float64 {
	shares := make([]float64, len(counts))
	for k, v := range counts {
		if n > 0 {
			shares[k] = v / n
		}
	}
	return shares
}
