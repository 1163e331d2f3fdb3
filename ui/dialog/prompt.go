package dialog

import (
	tea "charm.land/bubbletea/v2"

	"rampart/ui/cell"
)

// Choice is something that could be typed.
type Choice struct{ Text, Help string }

// mostChoices is how many completions are shown above the line.
const mostChoices = 8

// Prompt is one line to type at the foot of the screen, with completions above it and a history.
type Prompt struct {
	Label    string
	Hint     string                     // what may be typed, while there is nothing
	Complete func(text string) []Choice // nil: nothing is completed
	History  []string                   // oldest first
	Wrong    string                     // why the last answer was refused
	Field    Field
	past     int // how far back in the history; 0: not
	chosen   int // the completion chosen with tab, from 1; 0: none
	typed    string
}

// Text is what stands in the line.
func (p *Prompt) Text() string { return p.Field.String() }

// Paste puts text in as if it had been typed.
func (p *Prompt) Paste(s string) { p.edited(); p.Field.Insert(s) }

// Key takes a key.
func (p *Prompt) Key(k tea.Key) Answer {
	switch s := k.Keystroke(); s {
	case "enter":
		return Go
	case "esc":
		return Leave
	case "up", "ctrl+p":
		p.remember(1)
	case "down", "ctrl+n":
		p.remember(-1)
	case "tab":
		p.complete(1)
	case "shift+tab":
		p.complete(-1)
	case "backspace":
		if p.Text() == "" {
			return Leave
		}
		p.edited()
		p.Field.Key(k)
	default:
		if p.Field.Key(k) {
			p.edited()
		}
	}
	return Stay
}

func (p *Prompt) edited() { p.Wrong, p.chosen, p.past = "", 0, 0 }

func (p *Prompt) remember(by int) {
	to := p.past + by
	if to < 0 || to > len(p.History) {
		return
	}
	p.past, p.chosen = to, 0
	if to == 0 {
		p.Field.Set("")
		return
	}
	p.Field.Set(p.History[len(p.History)-to])
}

func (p *Prompt) complete(by int) {
	if p.chosen == 0 {
		p.typed = p.Text()
	}
	all := p.choices()
	if len(all) == 0 {
		return
	}
	p.chosen = (p.chosen-1+by+len(all))%len(all) + 1
	if by < 0 && p.chosen == 0 {
		p.chosen = len(all)
	}
	p.Field.Set(all[p.chosen-1].Text)
	if len(all) == 1 {
		p.chosen = 0
	}
}

func (p *Prompt) choices() []Choice {
	if p.Complete == nil {
		return nil
	}
	if p.chosen > 0 {
		return p.Complete(p.typed)
	}
	return p.Complete(p.Text())
}

// View draws the line, and above it what it could become, in at most h rows of w columns. The cursor stands in the last
// row, in the column that is returned.
func (p *Prompt) View(w, h int) (cell.Grid, int) {
	all := p.choices()
	first := max(0, min(p.chosen-mostChoices, len(all)-mostChoices))
	all = all[first:min(len(all), first+mostChoices, first+max(h-1, 0))]
	g := cell.New(w, len(all)+1)
	for i, c := range all {
		tone := cell.Plain
		if p.chosen == first+i+1 {
			tone = cell.Selected
		}
		at := g.Put(1, i, cell.Say(tone, c.Text))
		g.Put(max(at+2, 22), i, cell.Say(cell.Dim, c.Help).Clip(max(w-max(at+2, 22), 0)))
	}
	y := len(all)
	x := g.Put(0, y, cell.Say(cell.Key, p.Label))
	line, at := p.Field.View(max(w-x-1, 1))
	end := g.Put(x, y, line)
	switch {
	case p.Wrong != "":
		g.Put(end+2, y, cell.Say(cell.Bad, p.Wrong).Clip(max(w-end-2, 0)))
	case p.Text() == "" && p.Hint != "":
		g.Put(end+1, y, cell.Say(cell.Dim, p.Hint).Clip(max(w-end-1, 0)))
	}
	return g, min(x+at, max(w-1, 0))
}
