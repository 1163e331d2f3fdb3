package drift

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"

	"rampart/sources"
)

const (
	profileKind    = "profile"
	profileVersion = 1
	// profileBytes is the largest file that is read: 10 000 features of some hundred buckets stay below it.
	profileBytes = 64 << 20
)

// profileJSON is the file. Fields are written in this order, features by name, buckets by index: equal profiles are
// equal bytes.
type profileJSON struct {
	Kind     string        `json:"kind"`
	Version  int           `json:"version"`
	Name     string        `json:"name"`
	From     time.Time     `json:"from"`
	To       time.Time     `json:"to"`
	Accuracy float64       `json:"accuracy"`
	Features []featureJSON `json:"features"`
}

type featureJSON struct {
	Name       string         `json:"name"`
	Form       string         `json:"form"`
	Zero       Amount         `json:"zero"`
	Missing    Amount         `json:"missing"`
	Sum        Amount         `json:"sum"`
	Least      Amount         `json:"least,omitzero"`
	Most       Amount         `json:"most,omitzero"`
	Negative   []bucketJSON   `json:"negative,omitempty"`
	Positive   []bucketJSON   `json:"positive,omitempty"`
	Edges      []float64      `json:"edges,omitempty"`
	Counts     []float64      `json:"counts,omitempty"`
	Categories []categoryJSON `json:"categories,omitempty"`
	Other      float64        `json:"other,omitzero"`
}

// bucketJSON is [index, count].
type bucketJSON [2]float64

type categoryJSON struct {
	Name  sources.Text `json:"name"`
	Count float64      `json:"count"`
}

// Save writes the profile as one JSON object.
func (p *Profile) Save(w io.Writer) error {
	file := profileJSON{Kind: profileKind, Version: profileVersion, Name: p.Name, From: p.From, To: p.To, Accuracy: accuracy}
	file.Features = []featureJSON{}
	for _, name := range p.Features() {
		file.Features = append(file.Features, p.features[name].wire(name))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(file); err != nil {
		return fmt.Errorf("save profile: %w", err)
	}
	return nil
}

func (f feature) wire(name string) featureJSON {
	j := featureJSON{Name: name, Form: f.form()}
	switch {
	case f.sketch != nil:
		s := f.sketch
		j.Zero, j.Missing, j.Sum = Of(s.zero), Of(s.missing), Of(s.sum)
		j.Least, j.Most = s.least, s.most
		j.Negative, j.Positive = wireBuckets(s.negative), wireBuckets(s.positive)
	case f.cells != nil:
		c := f.cells
		j.Zero, j.Missing, j.Sum, j.Edges, j.Counts = c.Zero, c.Missing, c.Sum, c.Edges, c.Counts
	default:
		j.Missing, j.Other = f.names.missing, f.names.other
		for _, name := range f.names.names() {
			j.Categories = append(j.Categories, categoryJSON{name, f.names.counts[name]})
		}
	}
	return j
}

func wireBuckets(m map[int]float64) []bucketJSON {
	var out []bucketJSON
	for _, i := range slices.Sorted(maps.Keys(m)) {
		out = append(out, bucketJSON{float64(i), m[i]})
	}
	return out
}

// Load reads a profile and refuses what does not hold together: fields it does not know, another version, counts that
// are no counts, a torn end, bytes behind the end, or more than 64 MiB.
func Load(r io.Reader) (*Profile, error) {
	limited := &io.LimitedReader{R: r, N: profileBytes + 1}
	decoder := json.NewDecoder(limited)
	decoder.DisallowUnknownFields()
	var file profileJSON
	err := decoder.Decode(&file)
	if limited.N <= 0 {
		return nil, fmt.Errorf("load profile: %w: larger than %d bytes", ErrProfile, profileBytes)
	}
	if err != nil {
		return nil, fmt.Errorf("load profile: %w: %s", ErrProfile, sources.Visible(err.Error()))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("load profile: %w: something stands behind its end", ErrProfile)
	}
	p, err := file.profile()
	if err != nil {
		return nil, fmt.Errorf("load profile: %w", err)
	}
	return p, nil
}

func (file profileJSON) profile() (*Profile, error) {
	switch {
	case file.Kind != profileKind:
		return nil, fmt.Errorf("%w: kind is %q, want %q", ErrProfile, sources.Visible(file.Kind), profileKind)
	case file.Version != profileVersion:
		return nil, fmt.Errorf("%w: version is %d, want %d", ErrProfile, file.Version, profileVersion)
	case file.Accuracy != accuracy:
		return nil, fmt.Errorf("%w: accuracy is %g, want %g", ErrProfile, file.Accuracy, accuracy)
	case file.To.Before(file.From):
		return nil, fmt.Errorf("%w: it ends before it begins", ErrProfile)
	}
	p := &Profile{Name: file.Name, From: file.From, To: file.To}
	for i, j := range file.Features {
		f, err := j.feature()
		if err != nil {
			return nil, fmt.Errorf("feature %d %s: %w", i+1, sources.Visible(j.Name), err)
		}
		if _, twice := p.features[j.Name]; twice {
			return nil, fmt.Errorf("feature %d %s: %w: it stands twice", i+1, sources.Visible(j.Name), ErrProfile)
		}
		if _, err := p.feature(j.Name, f.form(), func() *feature { return f }); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (j featureJSON) feature() (*feature, error) {
	for name, a := range map[string]Amount{"zero": j.Zero, "missing": j.Missing, "other": Of(j.Other)} {
		if a.V < 0 {
			return nil, fmt.Errorf("%w: %s is %g", ErrProfile, name, a.V)
		}
	}
	sketched := j.Least.Known || j.Most.Known || len(j.Negative)+len(j.Positive) > 0
	celled := len(j.Edges)+len(j.Counts) > 0
	named := len(j.Categories) > 0 || j.Other != 0
	if sketched && j.Form != "values" || celled && j.Form != "cells" || named && j.Form != "categories" {
		return nil, fmt.Errorf("%w: it has fields of another form than %q", ErrProfile, sources.Visible(j.Form))
	}
	switch j.Form {
	case "values":
		return j.values()
	case "cells":
		c := Cells{Edges: j.Edges, Counts: j.Counts, Zero: j.Zero, Missing: j.Missing, Sum: j.Sum}
		if err := c.Check(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrProfile, err)
		}
		return &feature{cells: &c}, nil
	case "categories":
		return j.categories()
	default:
		return nil, fmt.Errorf("%w: form %q, want values, cells or categories", ErrProfile, sources.Visible(j.Form))
	}
}

func (j featureJSON) values() (*feature, error) {
	s := &Sketch{zero: j.Zero.V, missing: j.Missing.V, sum: j.Sum.V, least: j.Least, most: j.Most}
	if !j.Sum.Known {
		s.sum = math.Inf(1) // as after an overflow: stays not known
	}
	var err error
	if s.positive, err = readBuckets(j.Positive); err != nil {
		return nil, err
	}
	if s.negative, err = readBuckets(j.Negative); err != nil {
		return nil, err
	}
	filled := s.N() > 0
	if !finite(s.N()) || filled != s.least.Known || filled != s.most.Known || s.least.V > s.most.V {
		return nil, fmt.Errorf("%w: counts, least and most do not fit together", ErrProfile)
	}
	return &feature{sketch: s}, nil
}

func readBuckets(in []bucketJSON) (map[int]float64, error) {
	if len(in) == 0 {
		return nil, nil
	}
	out := make(map[int]float64, len(in))
	for k, b := range in {
		i := int(b[0])
		switch {
		case float64(i) != b[0] || i < leastBucket || i > mostBucket:
			return nil, fmt.Errorf("%w: there is no bucket %g", ErrProfile, b[0])
		case k > 0 && b[0] <= in[k-1][0]:
			return nil, fmt.Errorf("%w: bucket %g is out of order", ErrProfile, b[0])
		case !(b[1] > 0):
			return nil, fmt.Errorf("%w: bucket %g holds %g", ErrProfile, b[0], b[1])
		}
		out[i] = b[1]
	}
	return out, nil
}

func (j featureJSON) categories() (*feature, error) {
	c := &Categories{other: j.Other, missing: j.Missing}
	for _, k := range j.Categories {
		if !(k.Count > 0) {
			return nil, fmt.Errorf("%w: category %s holds %g", ErrProfile, k.Name, k.Count)
		}
		if c.Count(k.Name) > 0 {
			return nil, fmt.Errorf("%w: category %s stands twice", ErrProfile, k.Name)
		}
		c.Add(k.Name, k.Count)
	}
	if !finite(c.N()) {
		return nil, fmt.Errorf("%w: the counts sum to more than a number holds", ErrProfile)
	}
	return &feature{names: c}, nil
}
