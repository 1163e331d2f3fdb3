package logtmpl

import "slices"

// Miner finds the templates of a stream of lines. Create it with [New].
type Miner struct {
	cfg      Config
	known    signatures
	families map[uint64][]*group
	ids      map[ID]*group // groups that stand, and groups that were joined to them
	aliases  []ID          // of the joined ones, oldest first
	standing int
	born     uint64
	counts   Counts
	retire   func(*group) // told before a group is forgotten; may be nil

	rec   record
	kin   []kin
	alike []*group
}

// Counts tells what a miner has seen.
type Counts struct {
	Lines     uint64 `json:"lines"`
	Templates int    `json:"templates"` // held now
	Joined    uint64 `json:"joined"`    // templates that turned out to be one with an older one
	Evicted   uint64 `json:"evicted"`   // templates forgotten because the bound was reached
}

// New returns an empty miner. The error is of kind sources.ErrInvalid.
func New(cfg Config) (*Miner, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	return &Miner{
		cfg:      cfg,
		known:    newSignatures(cfg.Signatures),
		families: map[uint64][]*group{},
		ids:      map[ID]*group{},
	}, nil
}

// longestLine bounds what is read of a line: templates are told apart by how lines begin.
const longestLine = 8 << 10

// Add takes one line, without its line end, and returns the id of its template; isNew tells that no earlier line had it.
// The line is not kept.
func (m *Miner) Add(line []byte) (id ID, isNew bool) {
	g, isNew := m.add(line)
	return g.id, isNew
}

func (m *Miner) add(line []byte) (g *group, isNew bool) {
	line = line[:min(len(line), longestLine)]
	m.counts.Lines++
	hash := scan(line, nil)
	if g = m.known.find(hash); g == nil {
		m.rec.reset()
		scan(line, &m.rec)
		g, isNew = m.place(tokenize(line, m.rec.atoms))
		m.known.put(hash, g)
	}
	g.lines++
	g.used = m.counts.Lines
	return g, isNew
}

// place finds or makes the group of a template.
func (m *Miner) place(tokens []token) (g *group, isNew bool) {
	whole, shape := identity(tokens)
	if g = m.ids[ID(whole)]; g != nil && !g.standing().gone {
		return g.standing(), false
	}
	m.born++
	fresh := &group{id: ID(whole), born: m.born, used: m.counts.Lines, shape: shape, tokens: tokens}
	m.ids[fresh.id] = fresh
	m.families[shape] = append(m.families[shape], fresh)
	m.standing++
	g = m.settle(fresh)
	m.evict(g)
	return g, g == fresh
}

// join makes one group of several by making variables of the places in d; the oldest survives.
func (m *Miner) join(d *places, groups ...*group) *group {
	keep := slices.MinFunc(groups, func(a, b *group) int { return int(int64(a.born) - int64(b.born)) })
	keep.generalize(d, groups)
	m.families[keep.shape] = slices.DeleteFunc(m.families[keep.shape], func(g *group) bool {
		return g != keep && slices.Contains(groups, g)
	})
	for _, g := range groups {
		if g == keep {
			continue
		}
		keep.lines += g.lines
		keep.used = max(keep.used, g.used)
		g.into, g.tokens = keep, nil
		m.standing--
		m.counts.Joined++
		m.alias(g.id)
	}
	return keep
}

// alias keeps the id of a joined group resolvable, for as many of them as templates are held.
func (m *Miner) alias(id ID) {
	m.aliases = append(m.aliases, id)
	if len(m.aliases) <= m.cfg.Templates {
		return
	}
	half := len(m.aliases) / 2
	for _, old := range m.aliases[:half] {
		if g := m.ids[old]; g != nil && g.id != old || g != nil && g.into != nil {
			delete(m.ids, old)
		}
	}
	m.aliases = append(m.aliases[:0], m.aliases[half:]...)
}

// evict forgets the least recently used eighth when too many templates stand; spare is in use.
func (m *Miner) evict(spare *group) {
	if m.standing <= m.cfg.Templates {
		return
	}
	var all []*group
	for _, family := range m.families {
		all = append(all, family...)
	}
	slices.SortFunc(all, func(a, b *group) int { return int(int64(a.used) - int64(b.used)) })
	for _, g := range all[:max(1, len(all)/8)] {
		if g != spare {
			m.forget(g)
		}
	}
}

func (m *Miner) forget(g *group) {
	if m.retire != nil {
		m.retire(g)
	}
	g.gone = true
	delete(m.ids, g.id)
	m.standing--
	m.counts.Evicted++
	family := slices.DeleteFunc(m.families[g.shape], func(o *group) bool { return o == g })
	if len(family) == 0 {
		delete(m.families, g.shape)
		return
	}
	m.families[g.shape] = family
}
