package themes_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"rampart/themes"
)

// The backgrounds that the themes are drawn for: a usual dark terminal's and a usual light one's.
const (
	nightBackground = themes.Colour("#161b22")
	paperBackground = themes.Colour("#ffffff")
)

type rgb [3]float64

// linear undoes the sRGB transfer curve (IEC 61966-2-1).
func linear(c themes.Colour) rgb {
	r, g, b, _ := c.RGB()
	var out rgb
	for i, v := range [3]uint8{r, g, b} {
		s := float64(v) / 255
		if s <= 0.04045 {
			out[i] = s / 12.92
		} else {
			out[i] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return out
}

// contrast is the ratio of WCAG 2.1, "contrast ratio": 1 to 21.
func contrast(a, b themes.Colour) float64 {
	la, lb := luminance(linear(a)), luminance(linear(b))
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c rgb) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

// leastContrast is what a tone needs that is not a word: 4.5 is asked of words (WCAG 2.1, 1.4.3).
func leastContrast(tone string) float64 {
	switch tone {
	case "Rule", "LegacyBand", "CandidateBand":
		return 1.5
	case "Stale", "Axis":
		return 3.5
	}
	return 4.5
}

func TestContrast_WordsCanBeReadAtNight(t *testing.T) {
	for _, name := range themes.Names() {
		theme, err := themes.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		background := paperBackground
		if theme.Dark {
			background = nightBackground
		}
		readable(t, name, theme, background, func(c themes.Colour) themes.Colour { return c })
		readable(t, name+" in 256 colours", theme, background, nearestOf256)
	}
}

// readable fails for each tone that cannot be read on a background, or in a selected row.
func readable(t *testing.T, name string, theme themes.Theme, background themes.Colour, seen func(themes.Colour) themes.Colour) {
	t.Helper()
	for tone, ink := range inks(theme) {
		if !ink.Fg.IsHex() {
			continue
		}
		under, want := background, leastContrast(tone)
		if ink.Bg.IsHex() {
			under = seen(ink.Bg)
		}
		if got := contrast(seen(ink.Fg), under); got < want {
			t.Errorf("%s: %s has contrast %.1f, want %.1f", name, tone, got, want)
		}
		if onRow := theme.Tones.Selected.Bg; onRow.IsHex() && !ink.Bg.IsHex() && want >= 3.5 {
			if got, want := contrast(seen(ink.Fg), seen(onRow)), min(3, want-.7); got < want {
				t.Errorf("%s: %s on a selected row has contrast %.1f, want %.1f", name, tone, got, want)
			}
		}
	}
}

// nearestOf256 is the colour that stands for another where there are 256, as over most SSH connections.
func nearestOf256(c themes.Colour) themes.Colour {
	r, g, b, _ := colorprofile.ANSI256.Convert(lipgloss.Color(string(c))).RGBA()
	return themes.Colour(fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8))
}

func TestContrast_SixteenColoursCanBeReadOnAnOldConsole(t *testing.T) {
	palettes := map[string][]themes.Colour{
		"xterm": {
			"#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
			"#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
		},
		"vga": {
			"#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
			"#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
		},
	}
	for palette, colours := range palettes {
		of := func(c, other themes.Colour) themes.Colour {
			if i, err := strconv.Atoi(string(c)); err == nil {
				return colours[i]
			}
			return other
		}
		for name, ground := range map[string]themes.Colour{"ansi16": "#000000", "ansi16-light": "#ffffff"} {
			theme, err := themes.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			for tone, ink := range inks(theme) {
				if ink.Fg == "" || leastContrast(tone) < 4.5 || tone == "Tick" {
					continue
				}
				if got := contrast(of(ink.Fg, ground), of(ink.Bg, ground)); got < 3.9 {
					t.Errorf("%s, %s: %s has contrast %.1f, want 3.9", palette, name, tone, got)
				}
			}
		}
	}
}

// Matrices for complete loss of one cone type, on linear RGB: Machado, Oliveira, Fernandes, "A physiologically-based
// model for simulation of color vision deficiency", IEEE TVCG 15(6), 2009, severity 1.0.
func sights() map[string][3]rgb {
	return map[string][3]rgb{
		"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	}
}

func TestColourBlind_MeaningsStayApart(t *testing.T) {
	for name, eyes := range map[string][]string{"colour-blind": {"protanopia", "deuteranopia"}, "tritan": {"tritanopia"}} {
		theme, err := themes.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		tones := theme.Tones
		pairs := map[string][2]themes.Colour{
			"good and bad":                    {tones.Good.Fg, tones.Bad.Fg},
			"good and warn":                   {tones.Good.Fg, tones.Warn.Fg},
			"warn and bad":                    {tones.Warn.Fg, tones.Bad.Fg},
			"legacy and candidate":            {tones.Legacy.Fg, tones.Candidate.Fg},
			"candidate and limit":             {tones.Candidate.Fg, tones.Limit.Fg},
			"the badges of good and bad":      {tones.GoodBadge.Bg, tones.BadBadge.Bg},
			"the stripes of prod and another": {tones.Prod.Bg, tones.Env.Bg},
		}
		for _, eye := range eyes {
			for what, pair := range pairs {
				if d := apart(pair[0], pair[1], sights()[eye]); d < 25 {
					t.Errorf("%s, %s: %s are only %.0f apart", name, eye, what, d)
				}
			}
		}
	}
}

// apart is the CIE 1976 colour difference as an eye of the given sight has it; 2.3 is just noticeable.
func apart(a, b themes.Colour, sight [3]rgb) float64 {
	la, lb := lab(see(linear(a), sight)), lab(see(linear(b), sight))
	return math.Sqrt(sq(la[0]-lb[0]) + sq(la[1]-lb[1]) + sq(la[2]-lb[2]))
}

func sq(x float64) float64 { return x * x }

func see(c rgb, sight [3]rgb) rgb {
	var out rgb
	for i, row := range sight {
		out[i] = min(1, max(0, row[0]*c[0]+row[1]*c[1]+row[2]*c[2]))
	}
	return out
}

// lab converts linear sRGB to CIE L*a*b* under D65 (CIE 15:2004).
func lab(c rgb) rgb {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.95047)
	y := f(luminance(c))
	z := f((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.08883)
	return rgb{116*y - 16, 500 * (x - y), 200 * (y - z)}
}
