package logtmpl

// group is the lines of one template.
type group struct {
	id     ID
	born   uint64 // the number of its birth; the oldest survives when groups are joined
	lines  uint64
	used   uint64 // the miner's line count when it was last used
	into   *group // the group it was joined to
	gone   bool   // evicted
	shape  uint64
	tokens []token
	index  uint32 // of a report's row, counted from 1
}

// standing follows joins to the group that holds the lines now.
func (g *group) standing() *group {
	for g.into != nil {
		if g.into.into != nil {
			g.into = g.into.into
		}
		g = g.into
	}
	return g
}

func (g *group) unlessGone() *group {
	if g.gone {
		return nil
	}
	return g
}

// generalize makes variables of the places in d.
func (g *group) generalize(d *places, others []*group) {
	for i := range g.tokens {
		if !d.has(i) {
			continue
		}
		t := &g.tokens[i]
		text := t.text
		if t.kind != variable {
			text = ""
		}
		for _, o := range others {
			if p := o.tokens[i]; p.kind == variable && !t.empty && (text == "" || text == p.text) {
				text = p.text
			} else if p.kind == variable {
				text = anything
			}
		}
		if t.kind != variable || text == "" {
			text = anything
		}
		t.kind, t.text, t.empty, t.words = variable, text, false, true
	}
}
