package drift

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"rampart/sources"
)

// ErrProfile is the kind of every complaint about a profile that cannot be read or does not fit.
var ErrProfile = errors.New("not a usable profile")

const (
	// mostFeatures is how many features a profile may hold.
	mostFeatures = 10_000
	// nameLimit is the longest feature name in bytes.
	nameLimit = 512
)

// Profile is how the features of a model were distributed at some time: what `now` is compared with when there is no
// legacy to compare with, or when both arms have moved. The zero value is empty and ready.
type Profile struct {
	// Name says whose profile it is.
	Name string
	// From and To are the first and last instant it covers.
	From, To time.Time

	features map[string]*feature
}

// feature is one of three forms: values in a sketch, cells of a histogram as scraped, or categories.
type feature struct {
	sketch *Sketch
	cells  *Cells
	names  *Categories
}

func (f feature) form() string {
	switch {
	case f.sketch != nil:
		return "values"
	case f.cells != nil:
		return "cells"
	default:
		return "categories"
	}
}

// Features are the names in ascending order.
func (p *Profile) Features() []string { return slices.Sorted(maps.Keys(p.features)) }

// Values is the sketch of a numeric feature, made when it is new. It fails when the feature is held in another form.
func (p *Profile) Values(name string) (*Sketch, error) {
	f, err := p.feature(name, "values", func() *feature { return &feature{sketch: new(Sketch)} })
	if err != nil {
		return nil, err
	}
	return f.sketch, nil
}

// Categories are the names of a categorical feature, made when it is new. It fails when the feature is held in another
// form.
func (p *Profile) Categories(name string) (*Categories, error) {
	f, err := p.feature(name, "categories", func() *feature { return &feature{names: new(Categories)} })
	if err != nil {
		return nil, err
	}
	return f.names, nil
}

// AddCells adds a histogram as it was scraped. Cells that were added before and these are merged to their common edges.
func (p *Profile) AddCells(name string, c Cells) error {
	if err := c.Check(); err != nil {
		return fmt.Errorf("profile %s: %w", sources.Visible(name), err)
	}
	fresh := false
	f, err := p.feature(name, "cells", func() *feature {
		fresh = true
		own := c.clone()
		return &feature{cells: &own}
	})
	if err != nil || fresh {
		return err
	}
	a, b, _, err := Common(*f.cells, c)
	if err != nil {
		return fmt.Errorf("profile %s: %w", sources.Visible(name), err)
	}
	sum := a.plus(b)
	f.cells = &sum
	return nil
}

func (p *Profile) feature(name, form string, fresh func() *feature) (*feature, error) {
	if f, ok := p.features[name]; ok {
		if f.form() != form {
			return nil, fmt.Errorf("profile %s: %w: it holds %s, not %s", sources.Visible(name), ErrProfile, f.form(), form)
		}
		return f, nil
	}
	switch {
	case name == "" || len(name) > nameLimit:
		return nil, fmt.Errorf("profile: %w: a feature name must have 1 to %d bytes, has %d", ErrProfile, nameLimit, len(name))
	case len(p.features) >= mostFeatures:
		return nil, fmt.Errorf("profile: %w: more than %d features", ErrProfile, mostFeatures)
	case p.features == nil:
		p.features = map[string]*feature{}
	}
	f := fresh()
	p.features[name] = f
	return f, nil
}

// Merge adds another profile: the same as if all traffic had been seen by one, but for categories beyond the heaviest.
// It either merges all features or, on an error, none.
func (p *Profile) Merge(o *Profile) error {
	merged := &Profile{features: map[string]*feature{}}
	for _, side := range []*Profile{p, o} {
		for _, name := range side.Features() {
			if err := merged.add(name, side.features[name]); err != nil {
				return fmt.Errorf("merge: %w", err)
			}
		}
	}
	p.features = merged.features
	p.cover(o.From, o.To)
	return nil
}

// add merges one feature in, whatever its form, without sharing memory.
func (p *Profile) add(name string, f *feature) error {
	switch {
	case f.sketch != nil:
		s, err := p.Values(name)
		if err == nil {
			s.Merge(*f.sketch)
		}
		return err
	case f.cells != nil:
		return p.AddCells(name, *f.cells)
	default:
		c, err := p.Categories(name)
		if err == nil {
			c.Merge(*f.names)
		}
		return err
	}
}

// cover widens the time the profile covers.
func (p *Profile) cover(from, to time.Time) {
	if p.From.IsZero() || !from.IsZero() && from.Before(p.From) {
		p.From = from
	}
	if to.After(p.To) {
		p.To = to
	}
}

// Diff compares every feature of two profiles, the reference on the legacy side, in the order of their names.
func Diff(reference, now *Profile, o Options) []Report {
	o.Reference = Saved
	names := slices.Compact(slices.Sorted(slices.Values(append(reference.Features(), now.Features()...))))
	reports := make([]Report, len(names))
	for i, name := range names {
		o.Feature = name
		reports[i] = diffFeature(reference.features[name], now.features[name], o)
	}
	return reports
}

func diffFeature(a, b *feature, o Options) Report {
	switch {
	case a == nil || b == nil:
		return oneSided(a, b, o)
	case a.names != nil && b.names != nil:
		return CompareCategories(*a.names, *b.names, o)
	case a.names != nil || b.names != nil:
		r := newReport(0, o)
		r.unknownAll("held as " + a.form() + " before and as " + b.form() + " now")
		return r
	case a.sketch != nil && b.sketch != nil:
		return compareSketches(*a.sketch, *b.sketch, o)
	case a.sketch != nil:
		return Compare(a.sketch.Cells(b.cells.Edges), *b.cells, o)
	case b.sketch != nil:
		return Compare(*a.cells, b.sketch.Cells(a.cells.Edges), o)
	default:
		return Compare(*a.cells, *b.cells, o)
	}
}

func oneSided(a, b *feature, o Options) Report {
	there, why := a, "gone: only the saved profile has it"
	if a == nil {
		there, why = b, "new: the saved profile lacks it"
	}
	kind := Numeric
	if there.names != nil {
		kind = Categorical
	}
	r := newReport(kind, o)
	r.unknownAll(why)
	return r
}

// compareSketches takes PSI and Jensen-Shannon over the reference's deciles, and the other two over a grid fine enough
// for them.
func compareSketches(a, b Sketch, o Options) Report {
	edges := a.Deciles()
	r := Compare(a.Cells(edges), b.Cells(edges), o)
	r.Binning += " at the deciles of the reference"
	if grid := fineGrid(a, b); len(grid) > 1 && a.N() > 0 && b.N() > 0 {
		fine := Compare(a.Cells(grid), b.Cells(grid), o)
		r.W1, r.KS = fine.W1, fine.KS
	}
	return r
}

// fineGrid is the percentiles of both sides between the outermost buckets.
func fineGrid(sides ...Sketch) []float64 {
	var grid []float64
	for _, s := range sides {
		all := s.buckets()
		if len(all) == 0 {
			continue
		}
		grid = append(grid, all[0].lo, all[len(all)-1].hi)
		for i := 1; i < 100; i++ {
			grid = append(grid, s.Quantile(float64(i)/100).V)
		}
	}
	slices.Sort(grid)
	return slices.Compact(grid)
}
