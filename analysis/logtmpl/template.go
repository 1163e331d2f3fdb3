package logtmpl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rampart/sources"
)

// ID names a template: the hash of the form it was born with, equal in every process that saw that form first.
type ID uint64

// String is 16 hexadecimal digits.
func (id ID) String() string { return fmt.Sprintf("%016x", uint64(id)) }

// MarshalText writes the id as String does.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// Template is what is known of one template.
type Template struct {
	ID    ID           `json:"id"`
	Text  sources.Text `json:"template"`
	Lines uint64       `json:"lines"`
}

// Resolve returns the id of the template that holds the lines of id now; an unknown id comes back as it is.
func (m *Miner) Resolve(id ID) ID {
	if g := m.ids[id]; g != nil {
		return g.standing().id
	}
	return id
}

// Template returns the template of an id, also of one that was joined to another; false when it was evicted or never was.
func (m *Miner) Template(id ID) (Template, bool) {
	g := m.ids[id]
	if g == nil || g.standing().gone {
		return Template{}, false
	}
	return g.standing().template(), true
}

// Templates returns all that are held, those with most lines first.
func (m *Miner) Templates() []Template {
	var all []Template
	for _, family := range m.families {
		for _, g := range family {
			all = append(all, g.template())
		}
	}
	slices.SortFunc(all, func(a, b Template) int {
		return cmp.Or(cmp.Compare(b.Lines, a.Lines), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// Counts tells what the miner has seen so far.
func (m *Miner) Counts() Counts {
	c := m.counts
	c.Templates = m.standing
	return c
}

func (g *group) template() Template {
	return Template{ID: g.id, Text: sources.NewText(g.text()), Lines: g.lines}
}

func (g *group) text() string {
	var b strings.Builder
	for i := range g.tokens {
		if g.tokens[i].gap && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(g.tokens[i].text)
	}
	return b.String()
}
