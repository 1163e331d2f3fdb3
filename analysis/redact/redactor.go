package redact

import (
	"regexp"
	"slices"

	"rampart/sources"
)

// Redactor finds and masks. Create it with [New]; it never changes afterwards.
type Redactor struct {
	off      map[Kind]bool
	ip       bool
	patterns []pattern
	names    map[string]bool // of all kinds that this redactor writes
	longest  int             // placeholder, in bytes
}

type pattern struct {
	name   Kind
	re     *regexp.Regexp
	prefix []byte // every match starts with it; may be empty
}

// New compiles a configuration. The error is of kind sources.ErrInvalid.
func New(cfg Config) (*Redactor, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	r := &Redactor{off: map[Kind]bool{IP: !cfg.IP}, names: map[string]bool{}}
	for _, k := range cfg.Off {
		r.off[k] = true
	}
	r.ip = !r.off[IP]
	for _, k := range builtin {
		r.name(k)
	}
	for _, p := range cfg.Patterns {
		re := regexp.MustCompile(p.Regex)
		prefix, _ := re.LiteralPrefix()
		r.patterns = append(r.patterns, pattern{p.Name, re, []byte(prefix)})
		r.name(p.Name)
	}
	return r, nil
}

func (r *Redactor) name(k Kind) {
	r.names[string(k)] = true
	r.longest = max(r.longest, len(placeholder(k)))
}

// MaxLen is the most bytes that masking n bytes can give.
func (r *Redactor) MaxLen(n int) int { return n * r.longest }

// Mask returns the text with every hit replaced, and counts the hits. A text without any comes back as it is.
func (r *Redactor) Mask(t sources.Text, tally Tally) sources.Text {
	raw := t.Raw()
	if raw == "" {
		return t
	}
	out := r.AppendMasked(nil, []byte(raw), tally)
	if string(out) == raw {
		return t
	}
	return sources.NewText(string(out))
}

// mostPasses bounds how often a masked text is looked at again: a hit can free its neighbour ("1234" beside "567").
const mostPasses = 4

// AppendMasked appends src to dst with every hit replaced, and counts the hits.
func (r *Redactor) AppendMasked(dst, src []byte, tally Tally) []byte {
	hits := r.Find(nil, src)
	if len(hits) == 0 {
		return append(dst, src...)
	}
	start := len(dst)
	dst = appendMasked(dst, src, hits, tally)
	for range mostPasses - 1 {
		if hits = r.Find(hits[:0], dst[start:]); len(hits) == 0 {
			break
		}
		once := slices.Clone(dst[start:])
		dst = appendMasked(dst[:start], once, hits, tally)
	}
	return dst
}

func appendMasked(dst, src []byte, hits []Hit, tally Tally) []byte {
	from := 0
	for _, h := range hits {
		dst = append(dst, src[from:h.From]...)
		dst = append(dst, placeholder(h.Kind)...)
		tally.add(h.Kind)
		from = h.To
	}
	return append(dst, src[from:]...)
}

// Find appends the hits in b to dst, in order and without overlap.
func (r *Redactor) Find(dst []Hit, b []byte) []Hit {
	base := len(dst)
	s := scanner{r: r, b: b, hits: dst, base: base}
	s.run()
	if len(r.patterns) == 0 {
		return s.hits
	}
	return append(s.hits[:base], r.findPatterns(s.hits[base:], b)...)
}
