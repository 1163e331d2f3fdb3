package logtmpl

import (
	"cmp"
	"math/bits"
	"slices"
)

// The number of different values that make a place a variable, by its role. The smaller ones are where names are
// expected; [insistent] is for words that say what happened and for the first word of a line.
const (
	distinctNamed = 3
	distinctProse = 5
	insistent     = 24
	// mostKin bounds how many templates of a family are compared with a new one, newest first.
	mostKin = 128
)

// places is a set of token indices.
type places [maxTokens/64 + 1]uint64

func (p *places) add(i int)      { p[i/64] |= 1 << (i % 64) }
func (p *places) has(i int) bool { return p[i/64]&(1<<(i%64)) != 0 }

func (p *places) within(o *places) bool {
	for i := range p {
		if p[i]&^o[i] != 0 {
			return false
		}
	}
	return true
}

func (p *places) size() (n int) {
	for _, w := range p {
		n += bits.OnesCount64(w)
	}
	return n
}

// kin is a template of the same shape and how it differs from the one at hand.
type kin struct {
	g        *group
	differs  places
	n        int  // places that differ
	same     int  // constant words that both have
	absorbed bool // wherever they differ, one of them has a variable and the other a word that may be one
}

// compare tells how two groups of one family differ.
func compare(a, b *group) (k kin, ok bool) {
	if len(a.tokens) != len(b.tokens) {
		return k, false
	}
	k.g, k.absorbed = b, true
	for i := range a.tokens {
		s, t := &a.tokens[i], &b.tokens[i]
		switch {
		case s.kind == variable && t.kind == variable:
		case s.kind != t.kind && s.place() && t.place():
			k.differs.add(i)
			k.absorbed = k.absorbed && absorbs(s, t)
		case s.text == t.text && s.kind == t.kind:
			if s.kind == word && hasLetter(s.text) {
				k.same++
			}
		case s.place() && t.place():
			k.differs.add(i)
			k.absorbed = false
		default:
			return k, false
		}
	}
	k.n = k.differs.size()
	return k, true
}

// absorbs tells whether a variable may swallow the word of the other template without further evidence.
func absorbs(s, t *token) bool {
	w, v := s, t
	if s.kind == variable {
		w, v = t, s
	}
	if v.words || w.role == value || w.role == named {
		return true
	}
	return w.role != first && !saysWhatHappened(w.text)
}

// settle lets a new or changed group join its kin, and returns the group that holds its lines in the end.
func (m *Miner) settle(g *group) *group {
	for {
		all := m.kinOf(g)
		next := m.joinAbsorbing(g, all)
		if next == nil {
			next = m.joinVarying(g, all)
		}
		if next == nil {
			return g
		}
		g = next
	}
}

// kinOf compares g with its family, the nearest first.
func (m *Miner) kinOf(g *group) []kin {
	m.kin = m.kin[:0]
	family := m.families[g.shape]
	for i := len(family) - 1; i >= 0 && len(m.kin) < mostKin; i-- {
		if family[i] == g {
			continue
		}
		if k, ok := compare(g, family[i]); ok {
			m.kin = append(m.kin, k)
		}
	}
	slices.SortStableFunc(m.kin, func(a, b kin) int { return cmp.Compare(a.n, b.n) })
	return m.kin
}

// joinAbsorbing joins g with one group that differs only where one of the two has a variable.
func (m *Miner) joinAbsorbing(g *group, all []kin) *group {
	for i := range all {
		k := &all[i]
		if k.n == 0 || k.absorbed && k.same >= 1 && k.n <= max(1, k.same/2) && (k.same >= 2 || onlyValues(g, k)) {
			return m.join(&k.differs, g, k.g)
		}
	}
	return nil
}

func onlyValues(g *group, k *kin) bool {
	for i := range g.tokens {
		if k.differs.has(i) && g.tokens[i].role != value {
			return false
		}
	}
	return true
}

// joinVarying joins g with all groups that differ from it in some places only, when those places vary enough. Where more
// than half as many words vary as stay, twice the usual number of values is asked for.
func (m *Miner) joinVarying(g *group, all []kin) *group {
	for i := range all {
		k := &all[i]
		if k.same < 1 || k.n > k.same {
			continue
		}
		m.alike = append(m.alike[:0], g)
		for j := range all {
			if all[j].differs.within(&k.differs) {
				m.alike = append(m.alike, all[j].g)
			}
		}
		factor := 1
		if k.n > max(1, k.same/2) {
			factor = 2
		}
		if len(m.alike) >= distinctNamed && varies(&k.differs, m.alike, factor) {
			return m.join(&k.differs, m.alike...)
		}
	}
	return nil
}

// varies tells whether every place in d takes enough different values among the groups, factor times as many as usual.
func varies(d *places, alike []*group, factor int) bool {
	for i := range alike[0].tokens {
		if d.has(i) && !placeVaries(i, alike, factor) {
			return false
		}
	}
	return true
}

func placeVaries(i int, alike []*group, factor int) bool {
	var seen [insistent]string
	n, telling := 0, 0
	for _, g := range alike {
		t := &g.tokens[i]
		w := t.text
		if t.kind == variable {
			w = "\x00"
		}
		if slices.Contains(seen[:n], w) {
			continue
		}
		if saysWhatHappened(w) {
			telling++
		}
		seen[n] = w
		n++
		if n == len(seen) {
			return true
		}
	}
	switch role := alike[0].tokens[i].role; {
	case role == first || 2*telling >= n:
		return false
	case role == named:
		return n >= factor*distinctNamed
	}
	return n >= factor*distinctProse
}
