package logtmpl

import (
	"cmp"
	"slices"
)

// Merge takes over the templates of another miner with their line counts, as if its lines had been added here. Ids that
// the other one gave out can be resolved here afterwards. The other one is left as it was.
func (m *Miner) Merge(other *Miner) {
	var all []*group
	for _, family := range other.families {
		all = append(all, family...)
	}
	slices.SortFunc(all, func(a, b *group) int { return cmp.Compare(a.born, b.born) })
	m.counts.Lines += other.counts.Lines
	ours := make(map[*group]*group, len(all))
	for _, o := range all {
		g, _ := m.place(slices.Clone(o.tokens))
		g.lines += o.lines
		g.used = m.counts.Lines
		ours[o] = g
		m.adopt(o.id, g)
	}
	for _, id := range other.aliases {
		if g := other.ids[id]; g != nil && ours[g.standing()] != nil {
			m.adopt(id, ours[g.standing()])
		}
	}
}

// adopt lets a foreign id lead to a group, unless it is known here.
func (m *Miner) adopt(id ID, g *group) {
	if m.ids[id] == nil {
		m.ids[id] = g.standing()
		m.alias(id)
	}
}
