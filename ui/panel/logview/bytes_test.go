package logview_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/themes"
	"rampart/ui/cell"
	"rampart/ui/panel"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
	"rampart/ui/style"
	"rampart/ui/uitest/sample"
)

// ink is what a screen may hold beside text: colours and line ends.
var ink = regexp.MustCompile(`\x1b\[[0-9;:]*m|\n`)

var hostile = []string{
	"plain", "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x1bP+q\x1b\\", "\x9b2J\x9d0;x\x9c", "\x1b[?1049l\x1bc", "a\x00b\x07\x08\x08c\rd\ne\tf\x0b\x0c\x7f",
	"\u202eabc\u2066d\u200b\u200d\ufeff", "日本語ログ", "e\u0301\u0301\u0301", "👩‍💻🇩🇪👍🏽", "\xff\xfe\xc0\x80\xed\xa0\x80", "ก็็็็็็็็็็็็", "ᄀ\u1161\u11a8", "\u0600a", "1\ufe0f\u20e3",
	"\U000e0041\U000e007f", "\u2028\u2029\u0085", `{"a":{"b":[1,"\u001b[2J"]}}`, strings.Repeat("x", 400), strings.Repeat("日", 200), strings.Repeat("\u0301", 300), "[" + strings.Repeat("[", 200),
}

// lookAt is a way to look at hostile lines.
type lookAt struct {
	name string
	do   func(*logview.Logs)
}

func ways(s string) []lookAt {
	opened := frame.LogLine{ID: "x", At: sample.Now(), Message: sources.NewText(s), Fields: []frame.Field{
		{Name: sources.NewText(s), Value: sources.NewText(s)}, {Name: sources.NewText("json"), Value: sources.NewText(`{"k": "` + s + `"}`)},
	}}
	return []lookAt{
		{"list", func(*logview.Logs) {}},
		{"sideways", func(l *logview.Logs) { l.Move(part.Right) }},
		{"wrapped", func(l *logview.Logs) { l.ToggleWrap() }},
		{"searched and marked", func(l *logview.Logs) { _ = l.SetSearch(s); l.Mark(); _ = l.SetFilter(s) }},
		{"pinned", func(l *logview.Logs) { l.Pin(s); l.Pin("b") }},
		{"one template", func(l *logview.Logs) { l.SetPattern(7, s) }},
		{"opened", func(l *logview.Logs) { l.SetLine(opened) }},
		{"unfolded", func(l *logview.Logs) { l.SetLine(opened); l.Move(part.Down); l.Move(part.Down); l.Enter(nil) }},
		{"fields", func(l *logview.Logs) { l.SetFields(opened) }},
		{"diff", func(l *logview.Logs) { l.ToggleDiff() }},
	}
}

// showing is a panel that holds the line s, among others and with it in every place that a server can fill.
func showing(s string) (*frame.Frame, *logview.Logs) {
	f := sample.Incident()
	t := sources.NewText(s)
	f.Logs.Patterns = []frame.Pattern{{ID: 7, Text: t, Sample: sources.ByArm[sources.Text]{Candidate: t, Legacy: t}}}
	said := s[:min(len(s), 2000)] // the engine's own words about what a server said
	f.Logs.Sample = said
	f.Logs.Diff = []frame.DiffRow{{Pattern: f.Logs.Patterns[0], Why: said}}
	f.Logs.DiffBasis = frame.DiffBasis{Templates: 1, Sample: said, Alpha: analysis.Number(.05, analysis.Fraction, 0)}
	l := logview.NewLogs()
	_, tag, _ := l.Ask(f, state())
	p := sample.Page(9)
	for i := range p.Lines {
		if i%2 == 0 {
			p.Lines[i].Message = t
		}
		p.Lines[i].Fields = []frame.Field{{Name: t, Value: t}, {Name: sources.NewText("b"), Value: t}}
	}
	l.SetPage(tag, p)
	return f, l
}

// screenOf draws a whole screen with the panel and checks that only colours and text are sent, and that an emulator
// shows each row as the grid holds it.
func screenOf(t *testing.T, st *style.Styles, f *frame.Frame, l *logview.Logs, box part.Box) []string {
	t.Helper()
	g := panel.Screen(f, state(), l, nil, nil, box)
	out := st.Render(g)
	if rest := ink.ReplaceAllString(out, ""); sources.Visible(rest) != rest {
		t.Fatalf("%q is sent to the terminal", rest)
	}
	screen := vt.NewEmulator(box.W, box.H)
	screen.SetCallbacks(vt.Callbacks{
		Title: func(s string) { t.Errorf("the window's title became %q", s) }, Bell: func() { t.Error("the bell rang") },
		AltScreen: func(bool) { t.Error("the other screen was chosen") },
	})
	if _, err := screen.WriteString(strings.ReplaceAll(out, "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	rows := make([]string, box.H)
	for y := range box.H {
		var got, want strings.Builder
		for x := range box.W {
			if c := screen.CellAt(x, y); c != nil && c.Width > 0 {
				got.WriteString(first(c.Content))
			}
			if c := g.At(x, y); !c.Hidden() {
				want.WriteString(first(cell.Braille.Draw(c)))
			}
		}
		if rows[y] = got.String(); rows[y] != want.String() {
			t.Fatalf("row %d shows %q, want %q", y, rows[y], want.String())
		}
	}
	return rows
}

// first is the character that accents stand on; the emulator drops them.
func first(s string) string {
	for _, r := range s {
		return string(r)
	}
	return " "
}

func ansi16(t testing.TB) *style.Styles {
	t.Helper()
	theme, err := themes.Load("ansi16")
	if err != nil {
		t.Fatal(err)
	}
	st, err := style.New(theme, style.Screen{Profile: colorprofile.ANSI})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// FuzzLogs_NothingOutsideThePanelChangesWhateverTheLinesSay looks at any bytes in every way there is.
func FuzzLogs_NothingOutsideThePanelChangesWhateverTheLinesSay(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, uint8(80), uint8(24))
	}
	f.Add("日本", uint8(61), uint8(15))
	st := ansi16(f)
	f.Fuzz(func(t *testing.T, s string, w, h uint8) {
		if len(s) > 2000 {
			return
		}
		box := part.Box{W: part.LeastWidth + int(w)%80, H: part.LeastHeight + int(h)%20}
		calm, l := showing("calm")
		outside := screenOf(t, st, calm, l, box)
		for _, way := range ways(s) {
			f, l := showing(s)
			way.do(l)
			rows := screenOf(t, st, f, l, box)
			for y := range rows {
				if (y < panel.HeaderHeight || y == box.H-1) && rows[y] != outside[y] {
					t.Fatalf("%s: row %d outside the panel became %q, was %q", way.name, y, rows[y], outside[y])
				}
			}
			for row := range strings.SplitSeq(l.Selected(f)+"\n"+l.Marked(), "\n") {
				if sources.Visible(row) != row {
					t.Fatalf("%s: %q would be copied", way.name, row)
				}
			}
		}
	})
}

// TestLogs_DrawLongLinesAsAnyOther: the engine holds 64 KiB of a line; ten times that comes from whoever else answers.
func TestLogs_DrawLongLinesAsAnyOther(t *testing.T) {
	for name, s := range map[string]string{
		"one word": strings.Repeat("x", 640<<10), "words": strings.Repeat("word ", 128<<10), "not UTF-8": strings.Repeat("\xff", 640<<10), "NUL": strings.Repeat("\x00", 640<<10),
		"nested JSON": strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000), "broken JSON": strings.Repeat("{", 100_000),
	} {
		for _, way := range ways(s) {
			f, l := showing(s)
			way.do(l)
			if g := l.View(f, state(), part.Box{W: 80, H: 20}); g.W != 80 || g.H != 20 {
				t.Errorf("%s, %s: drew %dx%d", name, way.name, g.W, g.H)
			}
		}
	}
}

func TestLogs_OpenALineOfFiveThousandFields(t *testing.T) {
	line := sample.Line()
	for range 5000 {
		line.Fields = append(line.Fields, frame.Field{Name: sources.NewText("field"), Value: sources.NewText("value")})
	}
	l := answered(t, 3)
	l.SetLine(line)
	drawn(l)
	l.Move(part.Bottom)
	if last := lastRow(l.View(sample.Incident(), state(), logBox)); !strings.Contains(last, "› ") {
		t.Errorf("the last field is not on the screen: %q", last)
	}
}

func TestLogs_SayWhichLinesComeFromTheFutureOrAnotherDay(t *testing.T) {
	l := logview.NewLogs()
	_, tag, _ := l.Ask(sample.Incident(), state())
	now := sample.Now()
	l.SetPage(tag, frame.LogsPage{Lines: []frame.LogLine{
		{ID: "c", At: now.Add(3 * time.Hour), Message: sources.NewText("tomorrow's")},
		{ID: "b", At: now.Add(-time.Second).In(time.FixedZone("X", 9*3600)), Message: sources.NewText("another zone's")},
		{ID: "a", At: now.Add(-48 * time.Hour), Message: sources.NewText("old")},
	}})
	got := drawn(l)
	for _, want := range []string{"+3 h", "03-08 14:05", "14:05:31.000"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestLogs_RefuseExpressionsThatFindEverything(t *testing.T) {
	l := logview.NewLogs()
	for _, empty := range []string{"//", "!//", `""`} {
		if err := l.SetFilter(empty); err == nil && empty != `""` {
			t.Errorf("filter %s was taken", empty)
		}
	}
	if err := l.SetSearch("//"); err == nil {
		t.Error("an empty search was taken")
	}
	if err := l.SetSearch("/(a+)+$/"); err != nil {
		t.Error(err)
	}
}
