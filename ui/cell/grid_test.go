package cell_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rampart/ui/cell"
	"rampart/ui/cell/celltest"
)

func TestWrite_ClipsAtTheEdgesAndKeepsWideCharactersWhole(t *testing.T) {
	for _, c := range []struct {
		name, text string
		x          int
		want       string
	}{
		{"fits", "ab", 1, " ab"},
		{"clipped on the right", "abcdef", 3, "   abc"},
		{"starts left of the grid", "abcdef", -2, "cdef"},
		{"beyond the grid", "abc", 9, ""},
		{"wide", "日本", 0, "日本"},
		{"wide at the edge", "日本", 3, "   日"},
		{"wide that would stick out", "a日本", 2, "  a日"},
		{"half a wide one is a blank", "日本", -1, " 本"},
		{"accent on its letter", "e\u0301a", 0, "e\u0301a"},
		{"accent on nothing", "\u0301a", 0, "?a"},
		{"a flag", "🇩🇪x", 0, "🇩🇪x"},
		{"terminals disagree on skin tones", "👍🏽x", 0, "👍x"},
		{"a pile of accents", "e" + strings.Repeat("\u0301", 40) + "x", 0, "ex"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := cell.New(6, 1)
			g.Write(c.x, 0, c.text, cell.Plain)
			if got := g.String(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			celltest.Aligned(t, g)
		})
	}
}

func TestWrite_SpellsOutWhatCouldCommandTheTerminal(t *testing.T) {
	g := cell.New(40, 2)
	g.Write(0, 0, "a\x1b[31mred\x1b[0m\x9b2J", cell.Plain)
	g.Write(0, 1, "\u202eabc\u200b\u2066d\r\n", cell.Plain)
	celltest.Golden(t, "inert", g)
}

func TestWrite_OverwritingHalfOfAWideCharacterBlanksTheOther(t *testing.T) {
	g := cell.New(6, 1)
	g.Write(0, 0, "日本語", cell.Bad)
	g.Write(1, 0, "x", cell.Plain)
	g.Write(4, 0, "y", cell.Plain)
	if got := g.String(); got != " x本y" {
		t.Errorf("got %q", got)
	}
	celltest.Aligned(t, g)
}

func TestGrid_NothingHappensOutsideIt(t *testing.T) {
	for _, size := range [][2]int{{0, 0}, {-3, 4}, {1, 1}, {2, 0}} {
		g := cell.New(size[0], size[1])
		g.Write(-5, -5, "x", cell.Bad)
		g.Write(0, 9, "x", cell.Bad)
		g.Fill(-1, -1, 9, 9, "#", cell.Bad)
		g.Tint(-1, -1, 9, 9, cell.Good)
		g.Light(5, 5, -2, 3)
		g.Blit(-1, -1, cell.New(4, 4))
		g = cell.Box{Title: cell.Say(cell.Title, "errors")}.Around(size[0], size[1], g)
		if g.At(-1, 0) != (cell.Cell{}) || g.Row(99) != nil {
			t.Errorf("%v: something is outside", size)
		}
		celltest.Aligned(t, g)
	}
}

func TestGrid_AnyTextAnywhereKeepsRowsAligned(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		g := cell.New(rapid.IntRange(0, 12).Draw(r, "w"), rapid.IntRange(1, 3).Draw(r, "h"))
		for range rapid.IntRange(1, 6).Draw(r, "writes") {
			x, y := rapid.IntRange(-4, 13).Draw(r, "x"), rapid.IntRange(-1, 3).Draw(r, "y")
			g.Write(x, y, rapid.StringMatching(`([a-z日語é·█]|\x1b|\x{200b})*`).Draw(r, "text"), cell.Plain)
		}
		celltest.Aligned(t, g)
	})
}

func FuzzWrite(f *testing.F) {
	for _, s := range []string{"plain", "\x1b]0;title\x07", "日本\u0301\u200d👩‍💻🇩🇪", "\xff\xfe", "ก็็็็็็็็", "ᄀ\u1161\u11a8", "\u0600a", "1\ufe0f\u20e3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w := cell.Width(s)
		g := cell.New(w+1, 1)
		if end := g.Write(0, 0, s, cell.Plain); end != w {
			t.Fatalf("%q is %d wide and ended at %d", s, w, end)
		}
		celltest.Aligned(t, g)
		var words strings.Builder
		for _, l := range cell.Wrap(cell.Say(cell.Plain, s), 7) {
			if l.Width() > 7 {
				t.Fatalf("%q wraps to a line of %d: %q", s, l.Width(), l.String())
			}
			words.WriteString(l.String())
		}
	})
}

func TestJoin_BesideAndStackKeepTheParts(t *testing.T) {
	a, b := cell.New(3, 2), cell.New(4, 1)
	a.Write(0, 0, "abc", cell.Good)
	a.Write(0, 1, "日", cell.Good)
	b.Write(0, 0, "defg", cell.Bad)
	if got := cell.Beside(a, b).String(); got != "abcdefg\n日" {
		t.Errorf("beside: %q", got)
	}
	if got := cell.Stack(b, a).String(); got != "defg\nabc\n日" {
		t.Errorf("stack: %q", got)
	}
}

func TestEnds_KeepsBothEndsOfANameAndItsWidth(t *testing.T) {
	for _, c := range []struct {
		name string
		w    int
		want string
	}{
		{"ranker", 6, "ranker"}, {"ranker", 5, "ra…er"}, {"ranker-eu-1", 8, "rank…u-1"}, {"日本語サービス", 9, "日本…ビス"}, {"ranker", 3, "ranker"},
	} {
		if got := cell.Ends(c.name, c.w); got != c.want {
			t.Errorf("%s in %d: %q, want %q", c.name, c.w, got, c.want)
		}
	}
}

func TestLine_ClipEndsInAnEllipsis(t *testing.T) {
	l := cell.Say(cell.Good, "ranker ").And(cell.Bad, "候補 42")
	for w, want := range map[int]string{0: "", 1: "…", 3: "ra…", 8: "ranker …", 9: "ranker …", 10: "ranker 候…", 14: "ranker 候補 42"} {
		if got := l.Clip(w); got.String() != want {
			t.Errorf("%d columns: %q, want %q", w, got, want)
		}
	}
}

func TestLine_BuildingOneLeavesTheOther(t *testing.T) {
	base := cell.Say(cell.Plain, "a")
	one, two := base.And(cell.Bad, "b"), base.And(cell.Good, "c")
	if one.String() != "ab" || two.String() != "ac" || base.With(one, two).String() != "aabac" {
		t.Errorf("%q %q", one, two)
	}
}

func TestWrap_BreaksBetweenWordsAndKeepsTones(t *testing.T) {
	l := cell.Say(cell.Plain, "errors ").And(cell.Bad, "×4.0").And(cell.Plain, " over the limit incomprehensibilities")
	var got []string
	for _, row := range cell.Wrap(l, 12) {
		got = append(got, row.String())
	}
	want := []string{"errors ×4.0", "over the", "limit", "incomprehens", "ibilities"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if first := cell.Wrap(l, 12)[0]; first[1].Tone != cell.Bad {
		t.Errorf("tones lost: %v", first)
	}
	if cell.Wrap(l, 0) != nil {
		t.Error("no width, no lines")
	}
}

func TestWrap_ANumberStaysWithItsUnit(t *testing.T) {
	for _, c := range []struct {
		text string
		w    int
		want []string
	}{
		{"would show in 4 min at 9.91 %, soon", 27, []string{"would show in 4 min at", "9.91 %, soon"}},
		{"would show at 9.91 %, soon", 18, []string{"would show at", "9.91 %, soon"}},
		{"read 23 560 / 1 240 requests", 7, []string{"read", "23 560", "/ 1 240", "request", "s"}},
		{"legacy 216 rq/s, each", 12, []string{"legacy", "216 rq/s,", "each"}},
		{"at 250 ms", 6, []string{"at", "250 ms"}},
		{"5 servers up", 3, []string{"5", "ser", "ver", "s", "up"}},
		{"9 %", 2, []string{"9", "%"}},
	} {
		var got []string
		for _, l := range cell.Wrap(cell.Say(cell.Plain, c.text), c.w) {
			got = append(got, l.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q in %d: %q, want %q", c.text, c.w, got, c.want)
		}
	}
}
