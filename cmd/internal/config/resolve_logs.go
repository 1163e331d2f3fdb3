package config

import (
	"fmt"
	"maps"
	"slices"

	"rampart/analysis/logcat"
	"rampart/analysis/redact"
	"rampart/sources"
)

// Catalog is the kinds of lines that the file asks for: the default ones, replaced where it names the same, and its own
// behind them in the order of their names. The error names the kind.
func (l *Logs) Catalog() (*logcat.Catalog, error) {
	if l == nil || len(l.Categories) == 0 {
		return logcat.Standard(), nil
	}
	rules := logcat.Defaults()
	for _, name := range slices.Sorted(maps.Keys(l.Categories)) {
		c := l.Categories[name]
		rule := logcat.Rule{Name: name, Match: c.Match}
		for _, word := range c.Levels {
			level, ok := levelOf(word)
			if !ok {
				return nil, fmt.Errorf("category %s: no level %q: want error, warn, info, debug or unknown", name, word)
			}
			rule.Levels = append(rule.Levels, level)
		}
		if i := slices.IndexFunc(rules, func(r logcat.Rule) bool { return r.Name == name }); i >= 0 {
			rules[i] = rule
			continue
		}
		rules = append(rules, rule)
	}
	return logcat.New(rules)
}

// Redaction is what is masked, own detectors in the order of their names.
func (m Mask) Redaction() redact.Config {
	out := redact.Config{IP: m.IP}
	for _, k := range m.Off {
		out.Off = append(out.Off, redact.Kind(k))
	}
	for _, name := range slices.Sorted(maps.Keys(m.Patterns)) {
		out.Patterns = append(out.Patterns, redact.Pattern{Name: redact.Kind(name), Regex: m.Patterns[name]})
	}
	return out
}

func levelOf(word string) (sources.Level, bool) {
	for _, l := range sources.Levels() {
		if l.String() == word {
			return l, true
		}
	}
	return 0, false
}
