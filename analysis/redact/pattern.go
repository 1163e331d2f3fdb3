package redact

import (
	"bytes"
	"cmp"
	"slices"
)

// findPatterns adds what the configured patterns find to hits. Where hits overlap, all of their bytes are one hit of the
// kind that starts first; a match that touches a placeholder is none.
func (r *Redactor) findPatterns(hits []Hit, b []byte) []Hit {
	found := len(hits)
	for i := range r.patterns {
		p := &r.patterns[i]
		if !bytes.Contains(b, p.prefix) {
			continue
		}
		for _, at := range p.re.FindAllIndex(b, -1) {
			if at[0] < at[1] && !r.touchesPlaceholder(b, at[0], at[1]) {
				hits = append(hits, Hit{p.name, at[0], at[1]})
			}
		}
	}
	if len(hits) == found {
		return hits
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.From, b.From) })
	out := hits[:1]
	for _, h := range hits[1:] {
		if last := &out[len(out)-1]; h.From < last.To {
			last.To = max(last.To, h.To)
			continue
		}
		out = append(out, h)
	}
	return out
}

// touchesPlaceholder tells whether a placeholder overlaps b[from:to].
func (r *Redactor) touchesPlaceholder(b []byte, from, to int) bool {
	for i := max(0, from-mostLen); i < to; i++ {
		if b[i] != opening[0] {
			continue
		}
		if end := r.placeholderAt(b, i); end > from {
			return true
		}
	}
	return false
}
