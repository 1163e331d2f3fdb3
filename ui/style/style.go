package style

import (
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"rampart/themes"
	"rampart/ui/cell"
)

// Styles draws grids for one terminal.
type Styles struct {
	theme  themes.Theme
	screen Screen
	styles []lipgloss.Style // by tone
	plain  []string         // the sequence that starts a tone, by tone
	lit    []string         // the same on the ground of a selection
	drawn  []string         // the same for cells of a drawing, without the line under words
}

// reset ends every tone.
const reset = "\x1b[m"

// New makes the styles of a theme on a screen. Where the screen has too few colours for the theme, the theme made for
// that many stands in.
func New(theme themes.Theme, screen Screen) (*Styles, error) {
	theme, err := standIn(theme, screen.Profile)
	if err != nil {
		return nil, err
	}
	s := &Styles{theme: theme, screen: screen}
	ground := inkOf(theme, cell.Selected)
	for _, tone := range cell.Tones() {
		ink := inkOf(theme, tone)
		style := lipglossStyle(ink, screen.Profile)
		s.styles = append(s.styles, style)
		s.plain = append(s.plain, opening(style))
		drawn := s.plain[len(s.plain)-1]
		if ink.Underline {
			drawn = opening(style.Underline(false))
		}
		s.drawn = append(s.drawn, drawn)
		s.lit = append(s.lit, opening(lipglossStyle(onGround(ink, ground), screen.Profile)))
	}
	return s, nil
}

// standIn is the theme to use on a screen of few colours.
func standIn(theme themes.Theme, profile colorprofile.Profile) (themes.Theme, error) {
	switch {
	case profile <= colorprofile.ASCII:
		return themes.Load("mono")
	case profile == colorprofile.ANSI && needsPalette(theme) && theme.Dark:
		return themes.Load("ansi16")
	case profile == colorprofile.ANSI && needsPalette(theme):
		return themes.Load("ansi16-light")
	}
	return theme, nil
}

// needsPalette tells a theme of which sixteen colours would lose something.
func needsPalette(theme themes.Theme) bool {
	for _, tone := range cell.Tones() {
		if ink := inkOf(theme, tone); ink.Fg.IsHex() || ink.Bg.IsHex() {
			return true
		}
	}
	return false
}

// Theme is the theme in use, which may be another than the one asked for.
func (s *Styles) Theme() themes.Theme { return s.theme }

// Screen is what the styles were made for.
func (s *Styles) Screen() Screen { return s.screen }

// Of returns the style of a tone for the few parts that are not made of cells, such as a text field.
func (s *Styles) Of(tone cell.Tone) lipgloss.Style { return s.styles[min(int(tone), len(s.styles)-1)] }

// Render returns the grid as a string of rows, each of the grid's full width.
func (s *Styles) Render(g cell.Grid) string {
	var b strings.Builder
	b.Grow(g.W*g.H*2 + g.H*16)
	for y := range g.H {
		if y > 0 {
			b.WriteByte('\n')
		}
		s.row(&b, g.Row(y))
	}
	return b.String()
}

func (s *Styles) row(b *strings.Builder, row []cell.Cell) {
	open := ""
	for _, c := range row {
		if c.Hidden() {
			continue
		}
		if want := s.opening(c); want != open {
			if open != "" {
				b.WriteString(reset)
			}
			b.WriteString(want)
			open = want
		}
		b.WriteString(s.screen.Glyphs.Draw(c))
	}
	if open != "" {
		b.WriteString(reset)
	}
}

// opening is the sequence that a cell needs.
func (s *Styles) opening(c cell.Cell) string {
	if i := int(c.Tone); i < len(s.plain) {
		if c.Lit {
			return s.lit[i]
		}
		if s.drawn[i] != s.plain[i] && drawing(c.Text) {
			return s.drawn[i]
		}
		return s.plain[i]
	}
	return ""
}

// drawing tells a part of a line, a bar or a chart. A tone that underlines words would put a second line under it.
func drawing(glyph string) bool {
	r, _ := utf8.DecodeRuneInString(glyph)
	return r >= '─' && r <= '▟' || r >= '⠀' && r <= '⣿'
}
