package style_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"
	"pgregory.net/rapid"

	"rampart/themes"
	"rampart/ui/cell"
	"rampart/ui/cell/celltest"
	"rampart/ui/style"
)

func styles(t *testing.T, theme string, screen style.Screen) *style.Styles {
	t.Helper()
	th, err := themes.Load(theme)
	if err != nil {
		t.Fatal(err)
	}
	s, err := style.New(th, screen)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drawn is a cell as it is printed.
func drawn(s *style.Styles, tone cell.Tone, lit bool) string {
	g := cell.New(1, 1)
	g.Write(0, 0, "x", tone)
	if lit {
		g.Light(0, 0, 1, 1)
	}
	return s.Render(g)
}

func TestRender_EachToneDiffersFromPlainInEveryThemeAndWithoutColour(t *testing.T) {
	profiles := []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI, colorprofile.ASCII}
	for _, theme := range themes.Names() {
		for _, profile := range profiles {
			s := styles(t, theme, style.Screen{Profile: profile})
			plain := drawn(s, cell.Plain, false)
			for _, tone := range cell.Tones()[1:] {
				if drawn(s, tone, false) == plain {
					t.Errorf("%s on %s: %s looks like plain text", theme, profile, tone)
				}
			}
			for _, tone := range cell.Tones() {
				if tone != cell.Selected && !filled(tone) && drawn(s, tone, true) == drawn(s, tone, false) {
					t.Errorf("%s on %s: %s does not show that it is selected", theme, profile, tone)
				}
			}
		}
	}
}

// filled tells the tones that have a ground of their own, in one theme or another.
func filled(tone cell.Tone) bool {
	switch tone {
	case cell.GoodBadge, cell.WarnBadge, cell.BadBadge, cell.UnknownBadge, cell.Prod, cell.Env, cell.Match, cell.Cursor:
		return true
	}
	return false
}

func TestRender_GoodWarnBadAndTheArmsDifferInEveryThemeAndWithoutColour(t *testing.T) {
	for _, theme := range themes.Names() {
		for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI, colorprofile.ASCII} {
			s := styles(t, theme, style.Screen{Profile: profile})
			for _, group := range [][]cell.Tone{
				{cell.Good, cell.Warn, cell.Bad}, {cell.Legacy, cell.Candidate}, {cell.GoodBadge, cell.WarnBadge, cell.BadBadge}, {cell.Prod, cell.Env},
			} {
				seen := map[string]cell.Tone{}
				for _, tone := range group {
					if other, ok := seen[drawn(s, tone, false)]; ok {
						t.Errorf("%s on %s: %s looks like %s", theme, profile, tone, other)
					}
					seen[drawn(s, tone, false)] = tone
				}
			}
		}
	}
}

func TestRender_NoColourMeansNoColour(t *testing.T) {
	for _, theme := range themes.Names() {
		none, dumb := styles(t, theme, style.Screen{Profile: colorprofile.ASCII}), styles(t, theme, style.Screen{Profile: colorprofile.NoTTY})
		for _, tone := range cell.Tones() {
			for _, lit := range []bool{false, true} {
				for _, code := range codes(drawn(none, tone, lit)) {
					if code >= 30 {
						t.Errorf("%s: %s has a colour: %d", theme, tone, code)
					}
				}
				if s := drawn(dumb, tone, lit); s != "x" {
					t.Errorf("%s: %s on a dumb terminal: %q", theme, tone, s)
				}
			}
		}
	}
}

// codes are the numbers of all SGR sequences in a text; from 30 on they are colours.
func codes(s string) []int {
	var out []int
	for _, m := range regexp.MustCompile("\x1b\\[([0-9;]*)m").FindAllStringSubmatch(s, -1) {
		for _, n := range strings.Split(m[1], ";") {
			code, _ := strconv.Atoi(n)
			out = append(out, code)
		}
	}
	return out
}

func TestRender_SequencesOnlyWhereTheToneChanges(t *testing.T) {
	g := cell.New(12, 2)
	g.Write(0, 0, "aaaa", cell.Bad)
	g.Write(4, 0, "bbbb", cell.Good)
	g.Write(0, 1, "日本", cell.Bad)
	g.Light(0, 1, 12, 1)
	s := styles(t, "ansi16", style.Screen{Profile: colorprofile.ANSI})
	want := "\x1b[1;91maaaa\x1b[m\x1b[32mbbbb\x1b[m    \n" + "\x1b[1;7m日本\x1b[m\x1b[7m        \x1b[m"
	if got := s.Render(g); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestRender_TheTerminalShowsWhatTheGridHolds(t *testing.T) {
	g := cell.New(30, 3)
	g.Write(0, 0, "▲ errors ×4.0 (1.7–8.2)", cell.Bad)
	g.Write(2, 1, "日本 \x1b[2J é", cell.Good)
	g.Write(0, 2, "⠑⠁█░┄", cell.Candidate)
	g.Light(1, 1, 4, 2)
	screen := vt.NewEmulator(30, 3)
	s := styles(t, "dark", style.Screen{Profile: colorprofile.TrueColor})
	if _, err := screen.WriteString(strings.ReplaceAll(s.Render(g), "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	celltest.Aligned(t, g)
	for y, row := range strings.Split(g.String(), "\n") {
		var got strings.Builder
		for x := range 30 {
			if c := screen.CellAt(x, y); c != nil && c.Width > 0 {
				got.WriteString(c.Content)
			}
		}
		if strings.TrimRight(got.String(), " ") != row {
			t.Errorf("row %d shows %q, want %q", y, got.String(), row)
		}
	}
}

func TestRender_ALineOfAChartIsNotUnderlinedAsAWordIs(t *testing.T) {
	s := styles(t, "mono", style.Screen{Profile: colorprofile.ASCII})
	g := cell.New(4, 1)
	g.Write(0, 0, "no", cell.Warn)
	g.Write(2, 0, "⣿█", cell.Warn)
	if got := s.Render(g); !strings.HasSuffix(got, "mno\x1b[m⣿█") {
		t.Errorf("got %q", got)
	}
}

func TestRender_AnUnknownToneIsPlain(t *testing.T) {
	s := styles(t, "dark", style.Screen{Profile: colorprofile.TrueColor})
	if got := drawn(s, cell.Tone(250), false); got != "x" {
		t.Errorf("got %q", got)
	}
	if s.Of(cell.Tone(250)).Render("x") == "" {
		t.Error("no style for an unknown tone")
	}
}

func TestNew_ATerminalOfSixteenColoursGetsTheThemeMadeForIt(t *testing.T) {
	for profile, want := range map[colorprofile.Profile]string{
		colorprofile.TrueColor: "light", colorprofile.ANSI256: "light", colorprofile.ANSI: "ansi16-light", colorprofile.ASCII: "mono", colorprofile.NoTTY: "mono",
	} {
		if got := styles(t, "light", style.Screen{Profile: profile}).Theme().Name; got != want {
			t.Errorf("%s: %s, want %s", profile, got, want)
		}
	}
	if got := styles(t, "dark", style.Screen{Profile: colorprofile.ANSI}).Theme().Name; got != "ansi16" {
		t.Errorf("dark on sixteen colours: %s", got)
	}
	mine, err := themes.Parse("mine.toml", []byte("base = \"ansi16\"\n[tones]\nbad = { fg = \"bright-red\" }\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := style.New(mine, style.Screen{Profile: colorprofile.ANSI})
	if err != nil {
		t.Fatal(err)
	}
	if s.Theme().Name != "mine" {
		t.Error("a theme of sixteen colours was replaced on a terminal that has them")
	}
}

func TestDetect_ReadsTheTerminalsEnvironment(t *testing.T) {
	for _, c := range []struct {
		name    string
		env     string
		when    style.When
		profile colorprofile.Profile
		glyphs  cell.Glyphs
	}{
		{"usual", "TERM=xterm-256color LANG=en_US.UTF-8", style.Auto, colorprofile.ANSI256, cell.Braille},
		{"true colour", "TERM=xterm-256color COLORTERM=truecolor", style.Auto, colorprofile.TrueColor, cell.Braille},
		{"NO_COLOR=1", "TERM=xterm-256color COLORTERM=truecolor NO_COLOR=1", style.Auto, colorprofile.ASCII, cell.Braille},
		{"NO_COLOR=yes", "TERM=xterm-256color NO_COLOR=yes", style.Auto, colorprofile.ASCII, cell.Braille},
		{"NO_COLOR=0", "TERM=xterm-256color NO_COLOR=0", style.Auto, colorprofile.ASCII, cell.Braille},
		{"NO_COLOR empty", "TERM=xterm-256color NO_COLOR=", style.Auto, colorprofile.ANSI256, cell.Braille},
		{"asked for in spite of NO_COLOR", "TERM=xterm-256color NO_COLOR=1", style.Always, colorprofile.ANSI256, cell.Braille},
		{"not wanted", "TERM=xterm-256color", style.Never, colorprofile.ASCII, cell.Braille},
		{"forced on a dumb terminal", "TERM=dumb CLICOLOR_FORCE=1", style.Auto, colorprofile.ANSI, cell.ASCII},
		{"dumb", "TERM=dumb", style.Auto, colorprofile.NoTTY, cell.ASCII},
		{"no terminal said", "", style.Auto, colorprofile.NoTTY, cell.ASCII},
		{"Linux console", "TERM=linux LANG=en_US.UTF-8", style.Auto, colorprofile.ANSI, cell.ASCII},
		{"not UTF-8", "TERM=xterm LANG=de_DE.ISO-8859-1", style.Auto, colorprofile.ANSI, cell.ASCII},
		{"the C locale", "TERM=xterm-256color LC_ALL=C LANG=en_US.UTF-8", style.Auto, colorprofile.ANSI256, cell.ASCII},
		{"tmux that says so", "TERM=tmux-256color COLORTERM=truecolor", style.Auto, colorprofile.TrueColor, cell.Braille},
		{"tmux under screen's name", "TERM=screen-256color TMUX=/tmp/tmux-0/default,1,0 COLORTERM=24bit", style.Auto, colorprofile.TrueColor, cell.Braille},
		{"GNU screen", "TERM=screen-256color COLORTERM=truecolor", style.Auto, colorprofile.ANSI256, cell.Braille},
		{"NO_COLOR in tmux", "TERM=tmux-256color COLORTERM=truecolor NO_COLOR=1", style.Auto, colorprofile.ASCII, cell.Braille},
		{"C.UTF-8", "TERM=tmux-256color LANG=C.UTF-8", style.Auto, colorprofile.ANSI256, cell.Braille},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := style.Detect(strings.Fields(c.env), c.when)
			if got.Profile != c.profile || got.Glyphs != c.glyphs {
				t.Errorf("got %s, %s", got.Profile, got.Glyphs)
			}
		})
	}
}

func BenchmarkRender_120x40(b *testing.B) {
	theme, err := themes.Load("dark")
	if err != nil {
		b.Fatal(err)
	}
	s, err := style.New(theme, style.Screen{Profile: colorprofile.TrueColor})
	if err != nil {
		b.Fatal(err)
	}
	g := cell.New(120, 40)
	for y := range 40 {
		for x := range 12 {
			g.Write(x*10, y, "abcdefghi", cell.Tone(x))
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Render(g)
	}
}

func TestPatch_TurnsTheOldPictureIntoTheNewAndLeavesTheCursor(t *testing.T) {
	words := []string{"14:05:32Z", "live", "4 s", "▲", "───", "x", " "}
	rapid.Check(t, func(r *rapid.T) {
		s := styles(t, "dark", style.Screen{Profile: colorprofile.TrueColor})
		draw := func(g cell.Grid, n int) {
			for range rapid.IntRange(0, n).Draw(r, "writes") {
				tone := rapid.SampledFrom(cell.Tones()).Draw(r, "tone")
				g.Write(rapid.IntRange(0, 40).Draw(r, "x"), rapid.IntRange(0, 4).Draw(r, "y"), rapid.SampledFrom(words).Draw(r, "word"), tone)
			}
		}
		old := cell.New(40, 4)
		draw(old, 20)
		now := cell.New(40, 4)
		now.Blit(0, 0, old)
		draw(now, 4)
		text, ok := s.Patch(old, now)
		if !ok || text == "" && s.Render(old) != s.Render(now) {
			r.Fatalf("%q, %v", text, ok)
		}
		term, want := vt.NewEmulator(40, 4), vt.NewEmulator(40, 4)
		_, _ = term.WriteString(strings.ReplaceAll(s.Render(old), "\n", "\r\n") + "\x1b[3;7H")
		_, _ = term.WriteString(text)
		_, _ = want.WriteString(strings.ReplaceAll(s.Render(now), "\n", "\r\n") + "\x1b[3;7H")
		if term.Render() != want.Render() || term.CursorPosition() != want.CursorPosition() {
			r.Fatalf("shows\n%s\nwant\n%s", term.Render(), want.Render())
		}
	})
}

func TestPatch_RefusesHalvesOfWideGraphemesAndAnotherSize(t *testing.T) {
	s := styles(t, "dark", style.Screen{Profile: colorprofile.TrueColor})
	old, now := cell.New(10, 2), cell.New(10, 2)
	now.Write(0, 1, "日本", cell.Plain)
	if text, ok := s.Patch(old, now); ok {
		t.Errorf("it wrote %q", text)
	}
	if text, ok := s.Patch(old, cell.New(10, 3)); ok {
		t.Errorf("it wrote %q", text)
	}
	if text, ok := s.Patch(now, now); !ok || text != "" {
		t.Errorf("it wrote %q where nothing differs", text)
	}
}
