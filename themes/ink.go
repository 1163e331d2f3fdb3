package themes

import (
	"fmt"
	"strconv"
	"strings"
)

// Ink says how one tone is drawn. The zero value is the terminal's own foreground on its own background.
type Ink struct {
	Fg        Colour `toml:"fg"`
	Bg        Colour `toml:"bg"`
	Bold      bool   `toml:"bold"`
	Faint     bool   `toml:"faint"`
	Italic    bool   `toml:"italic"`
	Underline bool   `toml:"underline"`
	Reverse   bool   `toml:"reverse"`
}

// Colour is "" (the terminal's own), "#rrggbb", or a palette index "0" to "255". Files may also name the first sixteen
// ("red", "bright-red"), which are kept as their index.
type Colour string

// IsHex tells a colour that needs more than a palette to be drawn as meant.
func (c Colour) IsHex() bool { return strings.HasPrefix(string(c), "#") }

// RGB returns the parts of a hex colour; ok is false for a palette colour, whose look only the terminal knows.
func (c Colour) RGB() (r, g, b uint8, ok bool) {
	if !c.IsHex() {
		return 0, 0, 0, false
	}
	n, err := strconv.ParseUint(string(c[1:]), 16, 24)
	if err != nil {
		return 0, 0, 0, false
	}
	return uint8(n >> 16), uint8(n >> 8), uint8(n), true
}

// UnmarshalText reads a colour as a theme file spells it.
func (c *Colour) UnmarshalText(text []byte) error {
	s := strings.ToLower(string(text))
	switch {
	case s == "" || s == "default":
		*c = ""
		return nil
	case isHex(s):
		*c = Colour(s)
		return nil
	}
	if i, ok := palette(s); ok {
		*c = Colour(strconv.Itoa(i))
		return nil
	}
	return fmt.Errorf("colour %q: want #rrggbb, 0 to 255, or a name such as red or bright-red", s)
}

func isHex(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	_, err := strconv.ParseUint(s[1:], 16, 24)
	return err == nil
}

// palette gives the index of a named or numbered palette colour.
func palette(s string) (int, bool) {
	if i, err := strconv.Atoi(s); err == nil {
		return i, i >= 0 && i <= 255
	}
	names := [...]string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
	base, bright := strings.CutPrefix(s, "bright-")
	for i, name := range names {
		if name != base {
			continue
		}
		if bright {
			i += len(names)
		}
		return i, true
	}
	return 0, false
}
