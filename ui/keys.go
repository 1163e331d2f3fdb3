package ui

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rampart/ui/panel"
	"rampart/ui/panel/part"
)

// disabledKey is what the config says for a verb that no key shall do.
const disabledKey = "<disabled>"

// keymap maps keys to verbs for one session.
type keymap struct {
	bindings []binding
	table    []binding // the verbs with the keys that they have where nobody chose others
}

// CheckKeys reports what a console would refuse of the keys that a config gives: verbs that there are not, and keys taken
// twice. Whoever checks a config asks here, so that the refusal does not wait for the night that somebody is paged.
func CheckKeys(own map[string][]string) error {
	_, err := newKeymap(own, nil)
	return err
}

// newKeymap is the table of verbs with a session's own keys and extras. It reports unknown verbs and keys taken twice.
func newKeymap(own map[string][]string, extras []Extra) (*keymap, error) {
	m := &keymap{bindings: verbs(), table: verbs()}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(own)) {
		keys := own[name]
		i := slices.IndexFunc(m.bindings, func(b binding) bool { return string(b.verb) == name })
		if i < 0 {
			wrong = append(wrong, fmt.Errorf("keys: there is no verb %q", name))
			continue
		}
		m.bindings[i].keys = nil
		for _, k := range keys {
			if k != disabledKey {
				m.bindings[i].keys = append(m.bindings[i].keys, keyName(k))
			}
		}
	}
	for _, x := range extras {
		m.bindings = append(m.bindings, extraBinding(x))
	}
	return m, errors.Join(append(wrong, m.conflicts()...)...)
}

// conflicts reports keys that mean two things in one place.
func (m *keymap) conflicts() []error {
	var out []error
	for i, a := range m.bindings {
		for _, b := range m.bindings[i+1:] {
			for _, k := range a.keys {
				if slices.Contains(b.keys, k) && a.where.meets(b.where) {
					out = append(out, fmt.Errorf("keys: %q is both %s and %s", shownKey(k), a.verb, b.verb))
				}
			}
		}
	}
	return out
}

// find returns what a key does in a panel. What belongs to the panel goes before what holds everywhere.
func (m *keymap) find(k tea.Key, p panel.Panel) (binding, bool) {
	name := k.String()
	var found binding
	ok := false
	for _, b := range m.bindings {
		if !slices.Contains(b.keys, name) || !b.where.in(p) {
			continue
		}
		if !ok || b.where.special() {
			found, ok = b, true
		}
	}
	return found, ok
}

// named returns a verb's binding.
func (m *keymap) named(v Verb) (binding, bool) {
	i := slices.IndexFunc(m.bindings, func(b binding) bool { return b.verb == v })
	if i < 0 {
		return binding{}, false
	}
	return m.bindings[i], true
}

// quitsNow tells the key that always leaves, whatever is open.
func (m *keymap) quitsNow(k tea.Key) bool {
	return k.Keystroke() == "ctrl+c"
}

// keysOf are a verb's keys as people write them.
func (b binding) shown() string {
	out := make([]string, len(b.keys))
	for i, k := range b.keys {
		out[i] = shownKey(k)
	}
	return strings.Join(out, " ")
}

// rows are the help's: what acts first, what is special to a place next, how to move last. The numbered panels share a
// row.
func (m *keymap) rows() []part.KeyRow {
	var out []part.KeyRow
	for _, place := range []where{acting, extras, everywhere, charts, inLogs, moving} {
		for _, b := range m.bindings {
			switch {
			case b.where != place || len(b.keys) == 0:
			case b.isPanel() && len(out) > 0 && strings.HasPrefix(out[len(out)-1].Does, panelsHelp):
				last := &out[len(out)-1]
				last.Keys += " " + b.shown()
				last.Does += ", " + strings.TrimPrefix(b.help, panelHelp)
			case b.isPanel():
				out = append(out, part.KeyRow{Where: place.String(), Keys: b.shown(), Does: panelsHelp + strings.TrimPrefix(b.help, panelHelp)})
			default:
				out = append(out, part.KeyRow{Where: place.String(), Keys: b.shown(), Does: b.help})
			}
		}
	}
	return out
}

// KeyTable is the table of keys as Markdown, for the README: where, keys, the verb's name in config and palette, what it
// does. The numbered panels share a row, as they do in the help, and so does what moves.
func KeyTable() string {
	var b strings.Builder
	b.WriteString("| where | keys | verb | what it does |\n|---|---|---|---|\n")
	for all := verbs(); len(all) > 0; {
		n := 1
		for n < len(all) && sharesRow(all[0], all[n]) {
			n++
		}
		b.WriteString(keyRow(all[:n]))
		all = all[n:]
	}
	return b.String()
}

// sharesRow tells whether two verbs stand in one row: what moves does, and the numbered panels do.
func sharesRow(a, b binding) bool {
	return a.where == moving && b.where == moving || a.isPanel() && b.isPanel()
}

// keyRow is the row of one verb, or of some that share it, in the same order in each column.
func keyRow(shared []binding) string {
	var keys, words, helps []string
	for _, x := range shared {
		own := make([]string, len(x.keys))
		for i, k := range x.keys {
			own[i] = "`" + strings.ReplaceAll(shownKey(k), "|", `\|`) + "`"
		}
		keys, words, helps = append(keys, strings.Join(own, " ")), append(words, "`"+string(x.verb)+"`"), append(helps, x.help)
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", shared[0].where, strings.Join(keys, ", "), strings.Join(words, ", "), strings.Join(helps, ", "))
}

// keyName turns a key as people write it into the library's name: "ctrl-r" is "ctrl+r", "pgdn" is "pgdown".
func keyName(s string) string {
	s = strings.TrimSpace(s)
	for _, mod := range []string{"ctrl", "alt", "shift", "meta", "super"} {
		s = strings.ReplaceAll(s, mod+"-", mod+"+")
	}
	switch s {
	case "pgdn":
		return "pgdown"
	case "return":
		return "enter"
	case "escape":
		return "esc"
	case "":
		return "space"
	}
	return s
}

// shownKey is a key as people write it.
func shownKey(k string) string {
	switch k {
	case "left":
		return "←"
	case "right":
		return "→"
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "pgdown":
		return "pgdn"
	}
	for _, mod := range []string{"ctrl", "alt", "shift"} {
		k = strings.ReplaceAll(k, mod+"+", mod+"-")
	}
	return k
}
