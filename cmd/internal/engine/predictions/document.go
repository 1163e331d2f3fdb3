package predictions

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"rampart/analysis/logring"
	"rampart/analysis/quality"
	"rampart/sources"
)

// document is the line that is being read: one pass over it finds every field that the config names, because most lines
// have few of them and each would be looked for to the document's end.
type document struct {
	paths *logring.Paths
	at    map[string]int // of a field, in found
	found [][]byte
}

func newDocument(c Config) document {
	named := map[string]bool{c.ID: true, c.Label: true, c.Name: true, c.Score: true, c.Took: true}
	for field := range c.Where {
		named[field] = true
	}
	for _, in := range c.Inputs {
		named[in.Field] = true
	}
	for _, r := range c.Checks {
		named[r.Field] = true
	}
	if c.Pairs != nil {
		for _, field := range c.Pairs.Fields {
			named[field] = true
		}
	}
	if t := c.Teams; t != nil {
		named[t.Query], named[t.Team], named[t.Event] = true, true, true
	}
	delete(named, "")
	names := slices.Sorted(maps.Keys(named))
	d := document{paths: logring.NewPaths(names...), at: map[string]int{}}
	for i, name := range names {
		d.at[name] = i
	}
	return d
}

// open takes up the next document.
func (d *document) open(doc []byte) { d.found = d.paths.Find(d.found[:0], doc) }

// longest bounds a value: what is longer is cut, since no check and no class needs it.
const longest = 1 << 10

// value is a field of the config. JSON's null, an empty text and a field that is not there are no value.
func (d *document) value(field string) quality.Value {
	i, ok := d.at[field]
	if !ok || len(d.found[i]) == 0 || string(d.found[i]) == "null" {
		return quality.Value{}
	}
	s := logring.Text(d.found[i])
	if s == "" || s == "null" {
		return quality.Value{}
	}
	if len(s) > longest {
		s = strings.Clone(strings.ToValidUTF8(s[:longest], ""))
	}
	return quality.Value{Text: sources.NewText(s), Known: true}
}

// number is a value as a number; NaN when it is none.
func number(v quality.Value) float64 {
	if !v.Known {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(v.Text.String(), 64)
	if err != nil || math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}
