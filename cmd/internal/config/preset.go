package config

import (
	"maps"
	"slices"

	"rampart/sources"
	"rampart/sources/prom/preset"
)

// allMeasures are those of the preset, each replaced by one of the same name in the file. A measure is replaced whole:
// half a measure of each would be one that nobody wrote.
func (s Service) allMeasures() map[string]Measure {
	out := map[string]Measure{}
	if p, ok := preset.Of(s.Preset); ok {
		for _, m := range p.Measures {
			out[m.Name] = Measure{Counter: m.Counter, Bad: m.Bad, Histogram: m.Histogram, Above: Duration(m.Above), Scale: m.Scale}
		}
	}
	maps.Copy(out, s.Measures)
	return out
}

// presetSelect are the labels that the preset's own metrics need beside the service's, in whichever measure they stand.
// Other metrics of the service do not have them and would not be found; a label that the service chose itself stays.
func (s Service) presetSelect(m Measure) []sources.Matcher {
	p, ok := preset.Of(s.Preset)
	if !ok || !exports(p, m) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Select), func(sel sources.Matcher) bool {
		_, chosen := s.Select[sel.Label]
		return chosen
	})
}

// exports tells whether a measure reads a metric of the preset.
func exports(p preset.Preset, m Measure) bool {
	return slices.ContainsFunc(p.Measures, func(of preset.Measure) bool {
		return m.Counter != "" && m.Counter == of.Counter || m.Histogram != "" && m.Histogram == of.Histogram
	})
}

// presets are the names that may be written, for a hint.
func presets() map[string]bool {
	out := map[string]bool{}
	for _, p := range preset.All() {
		out[p.Name] = true
	}
	return out
}
