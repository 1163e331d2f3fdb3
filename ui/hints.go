package ui

import (
	"slices"

	"rampart/ui/panel"
	"rampart/ui/panel/part"
)

// hints are the footer's keys: rolling back first, then what this session has beside, then what matters in the panel.
// A key is shown as this session has it, and dim where it does nothing now.
func (m *Model) hints() []part.Hint {
	out := []part.Hint{m.hint("rollback", "roll back")}
	for _, x := range m.env.Extras {
		out = append(out, part.Hint{Key: x.Key, Does: x.Help})
	}
	for _, h := range m.now.Hints() {
		if b, ok := m.keys.usual(h.Key, m.now); ok {
			h = m.hint(b.verb, h.Does)
		}
		if h.Key != "" && !slices.ContainsFunc(out, func(o part.Hint) bool { return o.Key == h.Key }) {
			out = append(out, h)
		}
	}
	return out
}

// hint is a verb with the first key that does it in this session.
func (m *Model) hint(v Verb, does string) part.Hint {
	b, ok := m.keys.named(v)
	if !ok || len(b.keys) == 0 {
		return part.Hint{}
	}
	return part.Hint{Key: shownKey(b.keys[0]), Does: does, Off: b.disabled(m.live, m.session())}
}

// usual finds the verb that a key does in a panel where nobody chose others.
func (m *keymap) usual(shown string, p panel.Panel) (binding, bool) {
	for _, b := range m.table {
		if len(b.keys) > 0 && shownKey(b.keys[0]) == shown && b.where.in(p) {
			return b, true
		}
	}
	return binding{}, false
}
