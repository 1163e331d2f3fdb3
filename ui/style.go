package ui

import (
	"fmt"
	"os"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"rampart/themes"
	"rampart/ui/cell"
	"rampart/ui/style"
)

// defaultTheme and lightTheme are used where nobody asked for one: the second once the terminal said that its
// background is light.
const (
	defaultTheme = "dark"
	lightTheme   = "light"
)

// Screen is what a session's terminal can show.
func Screen(env Env) style.Screen {
	s := style.Detect(env.Environ, style.Auto)
	if env.NoColor {
		s.Profile = min(s.Profile, colorprofile.ASCII)
	}
	if env.ASCII {
		s.Glyphs = cell.ASCII
	}
	return s
}

// Colors are the options that keep Bubble Tea's own idea of the terminal's colours the same as ours.
func Colors(env Env) []tea.ProgramOption {
	return []tea.ProgramOption{tea.WithColorProfile(Screen(env).Profile)}
}

// CheckTheme reports what a console would refuse of the theme that a config names.
func CheckTheme(name string) error {
	_, err := stylesOf(name, style.Screen{})
	return err
}

// stylesOf makes the styles of a theme by its name or file.
func stylesOf(name string, s style.Screen) (*style.Styles, error) {
	if strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".toml") {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("theme: %w", err)
		}
		t, err := themes.Parse(name, data)
		if err != nil {
			return nil, err
		}
		return style.New(t, s)
	}
	t, err := themes.Load(name)
	if err != nil {
		return nil, err
	}
	return style.New(t, s)
}

// setTheme turns to a theme, or says why not.
func (m *Model) setTheme(name string) error {
	s, err := stylesOf(name, m.screen)
	if err != nil {
		return err
	}
	m.styles, m.theme, m.env.Theme = s, name, name
	return nil
}

// nextTheme turns to the theme after this one.
func (m *Model) nextTheme() tea.Cmd {
	names := themes.Names()
	name := names[(slices.Index(names, m.theme)+1)%len(names)]
	if err := m.setTheme(name); err != nil {
		return m.fail(err)
	}
	return m.say("theme " + name)
}

// background suits the theme to a light terminal, where nobody chose one.
func (m *Model) background(msg tea.BackgroundColorMsg) {
	if m.env.Theme != "" || msg.IsDark() {
		return
	}
	if s, err := stylesOf(lightTheme, m.screen); err == nil {
		m.styles, m.theme = s, lightTheme
	}
}
