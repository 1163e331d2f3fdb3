package logtmpl

import (
	"cmp"
	"slices"
)

// Merge takes over the templates of another miner with their line counts, as if its lines had been added here. Ids of
// the other one that stood can be resolved here afterwards. The other one is left as it was.
func (m *Miner) Merge(other *Miner) {
	var all []*group
	for _, family := range other.families {
		all = append(all, family...)
	}
	slices.SortFunc(all, func(a, b *group) int { return cmp.Compare(a.born, b.born) })
	m.counts.Lines += other.counts.Lines
	for _, o := range all {
		g, _ := m.place(slices.Clone(o.tokens))
		g.lines += o.lines
		g.used = m.counts.Lines
		if m.ids[o.id] == nil {
			m.ids[o.id] = g
			m.alias(o.id)
		}
	}
}
