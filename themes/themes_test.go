package themes_test

import (
	"reflect"
	"strings"
	"testing"

	"rampart/themes"
)

func TestLoad_EveryBuiltInThemeGivesEveryToneAnInkOfItsOwn(t *testing.T) {
	for _, name := range themes.Names() {
		theme, err := themes.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if theme.Name != name || theme.About == "" {
			t.Errorf("theme %s calls itself %q, about %q", name, theme.Name, theme.About)
		}
		for tone, ink := range inks(theme) {
			if tone != "Plain" && ink == theme.Tones.Plain {
				t.Errorf("theme %s draws %s as plain text", name, tone)
			}
		}
	}
}

func TestLoad_UnknownNameListsTheKnownOnes(t *testing.T) {
	_, err := themes.Load("neon")
	if err == nil || !strings.Contains(err.Error(), "dark, light") {
		t.Fatalf("got %v", err)
	}
}

func TestParse_SaysTheLineOfAMistake(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"unknown tone", "base = \"dark\"\n[tones]\nbda = { fg = \"red\" }\n", `mine.toml: line 3: unknown key "tones.bda"`},
		{"unknown attribute", "[tones]\n\nbad = { fg = \"red\", blink = true }\n", `line 3: unknown key "tones.bad.blink"`},
		{"unknown top key", "colour = 1\n", `line 1: unknown key "colour"`},
		{"bad colour", "[tones]\nplain = {}\nbad = { fg = \"#12\" }\n", `line 3: colour "#12": want #rrggbb`},
		{"index too large", "[tones]\nbad = { fg = \"256\" }\n", `line 2: colour "256"`},
		{"wrong type", "dark = \"yes\"\n", `line 1: `},
		{"not TOML", "[tones\n", `line 1: `},
		{"unknown base", "base = \"neon\"\n", `base: load theme neon`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := themes.Parse("mine.toml", []byte(c.file))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestParse_APersonsThemeChangesOnlyWhatItNames(t *testing.T) {
	base, err := themes.Load("light")
	if err != nil {
		t.Fatal(err)
	}
	mine, err := themes.Parse("/home/me/mine.toml", []byte("base = \"light\"\n[tones]\nbad = { fg = \"bright-red\" }\ngood = { fg = \"#ABCDEF\" }\n"))
	if err != nil {
		t.Fatal(err)
	}
	if mine.Name != "mine" || mine.Dark {
		t.Errorf("got name %q, dark %v", mine.Name, mine.Dark)
	}
	if mine.Tones.Bad.Fg != "9" || !mine.Tones.Bad.Bold || mine.Tones.Good.Fg != "#abcdef" {
		t.Errorf("got bad %+v, good %+v", mine.Tones.Bad, mine.Tones.Good)
	}
	if mine.Tones.Warn != base.Tones.Warn {
		t.Errorf("warn changed to %+v", mine.Tones.Warn)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("base = \"dark\"\n[tones]\nbad = { fg = \"#ff0000\", bold = true }\n"))
	f.Add([]byte("[tones.bad]\nfg = 3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := themes.Parse("f.toml", data); err != nil && !strings.Contains(err.Error(), "f.toml") {
			t.Fatalf("the error does not name the file: %v", err)
		}
	})
}

// inks yields each tone's field name and ink.
func inks(theme themes.Theme) map[string]themes.Ink {
	out := map[string]themes.Ink{}
	v := reflect.ValueOf(theme.Tones)
	for i := range v.NumField() {
		out[v.Type().Field(i).Name] = v.Field(i).Interface().(themes.Ink)
	}
	return out
}
