package themes

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed *.toml
var files embed.FS

// Theme is one set of inks. Name is how a person asks for it, About one line on whom it is for, Dark the background it
// was drawn for.
type Theme struct {
	Name  string `toml:"-"`
	About string `toml:"about"`
	Dark  bool   `toml:"dark"`
	Tones Tones  `toml:"tones"`
}

// Tones holds the ink of every tone of the screen; package ui/cell says what each tone means.
type Tones struct {
	Plain         Ink `toml:"plain"`
	Dim           Ink `toml:"dim"`
	Title         Ink `toml:"title"`
	Head          Ink `toml:"head"`
	Rule          Ink `toml:"rule"`
	Accent        Ink `toml:"accent"`
	Key           Ink `toml:"key"`
	Good          Ink `toml:"good"`
	Warn          Ink `toml:"warn"`
	Bad           Ink `toml:"bad"`
	Unknown       Ink `toml:"unknown"`
	Note          Ink `toml:"note"`
	Stale         Ink `toml:"stale"`
	GoodBadge     Ink `toml:"good_badge"`
	WarnBadge     Ink `toml:"warn_badge"`
	BadBadge      Ink `toml:"bad_badge"`
	UnknownBadge  Ink `toml:"unknown_badge"`
	Legacy        Ink `toml:"legacy"`
	Candidate     Ink `toml:"candidate"`
	LegacyBand    Ink `toml:"legacy_band"`
	CandidateBand Ink `toml:"candidate_band"`
	Limit         Ink `toml:"limit"`
	Axis          Ink `toml:"axis"`
	Tick          Ink `toml:"tick"`
	Cursor        Ink `toml:"cursor"`
	Prod          Ink `toml:"prod"`
	Env           Ink `toml:"env"`
	Selected      Ink `toml:"selected"`
	Match         Ink `toml:"match"`
}

// header is read first: it names the theme that a file starts from.
type header struct {
	Base string `toml:"base"`
}

// file is the whole of a theme file.
type file struct {
	header
	Theme
}

// Names lists the built-in themes, dark first, as the theme key walks through them.
func Names() []string {
	return []string{"dark", "light", "high-contrast", "colour-blind", "tritan", "ansi16", "ansi16-light", "mono"}
}

// Load returns a built-in theme. An unknown name is an error that lists the known ones.
func Load(name string) (Theme, error) {
	if !slices.Contains(Names(), name) {
		return Theme{}, fmt.Errorf("load theme %s: no such theme, there are %s", name, strings.Join(Names(), ", "))
	}
	data, err := files.ReadFile(name + ".toml")
	if err != nil {
		return Theme{}, fmt.Errorf("load theme %s: %w", name, err)
	}
	return Parse(name+".toml", data)
}

// Parse reads a theme file. What it leaves out, a whole tone or one attribute of it, comes from its base, and from
// nothing (the terminal's own ink) without one. Every error names the file and the line.
func Parse(filename string, data []byte) (Theme, error) {
	var head header
	if err := toml.Unmarshal(data, &head); err != nil {
		return Theme{}, located(filename, err)
	}
	var f file
	if head.Base != "" {
		base, err := Load(head.Base)
		if err != nil {
			return Theme{}, fmt.Errorf("parse theme %s: base: %w", filename, err)
		}
		f.Theme = base
	}
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return Theme{}, located(filename, err)
	}
	f.Name = strings.TrimSuffix(path.Base(filename), ".toml")
	return f.Theme, nil
}

// located turns a decoder's error into one line with the place in the file.
func located(filename string, err error) error {
	if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok && len(strict.Errors) > 0 {
		first := &strict.Errors[0]
		line, _ := first.Position()
		return fmt.Errorf("parse theme %s: line %d: unknown key %q", filename, line, strings.Join(first.Key(), "."))
	}
	if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ := bad.Position()
		return fmt.Errorf("parse theme %s: line %d: %s", filename, line, strings.TrimPrefix(bad.Error(), "toml: "))
	}
	return fmt.Errorf("parse theme %s: %w", filename, err)
}
