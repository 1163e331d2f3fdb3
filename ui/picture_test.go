package ui

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/vt"
	"pgregory.net/rapid"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel"
	"rampart/ui/uitest/sample"
)

// tube is a terminal that the renderer and the console both write to.
type tube struct {
	*vt.Emulator
	sent int // bytes that came past the renderer
}

func (t *tube) Write(p []byte) (int, error) {
	t.sent += len(p)
	return t.Emulator.Write(p)
}

// paint does what the renderer does with a view.
func (t *tube) paint(v tea.View) {
	_, _ = t.WriteString("\x1b[H" + strings.ReplaceAll(v.Content, "\n", "\r\n"))
}

// shows fails unless the terminal shows a grid, with its ink.
func (t *tube) shows(tb testing.TB, when string, m *Model, want cell.Grid) {
	tb.Helper()
	fresh := vt.NewEmulator(want.W, want.H)
	(&tube{Emulator: fresh}).paint(tea.NewView(m.styles.Render(want)))
	if got, want := t.Render(), fresh.Render(); got != want {
		tb.Fatalf("%s the terminal shows\n%s\nwant\n%s", when, got, want)
	}
}

type noFeed struct{}

func (noFeed) Next(ctx context.Context) (*frame.Frame, error) { <-ctx.Done(); return nil, ctx.Err() }

// atRest is a console whose clock stands until it is moved.
func atRest(tb testing.TB, w, h int) (m *Model, term *tube, after func(time.Duration)) {
	tb.Helper()
	now := sample.Now()
	term = &tube{Emulator: vt.NewEmulator(w, h)}
	m, err := New(Env{
		Ctx: tb.Context(), Feed: noFeed{}, Now: func() time.Time { return now }, Terminal: term,
		Environ: []string{"TERM=xterm-256color", "LANG=C.UTF-8"},
	}, func() {})
	if err != nil {
		tb.Fatal(err)
	}
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	m.Update(frameMsg{frame: sample.Incident()})
	term.paint(m.View())
	return m, term, func(d time.Duration) { now, m.picture.asked = now.Add(d), m.picture.asked.Add(-d) }
}

func TestPicture_ASecondWritesTheHeadersDigitsAndTheRendererHearsNothing(t *testing.T) {
	m, term, after := atRest(t, 120, 40)
	given, total := m.View(), 0
	for second := range 9 {
		after(time.Second)
		term.sent = 0
		m.Update(clockMsg{})
		if v := m.View(); v.Content != given.Content {
			t.Fatalf("second %d: the renderer is given another picture", second)
		}
		if term.sent == 0 {
			t.Errorf("second %d: the clock stands still", second)
		}
		total += term.sent
		now, _ := m.Draw()
		term.shows(t, "after a second", m, cell.Stack(now.Top(panel.HeaderHeight), below(m.picture.given)))
	}
	if mean := total / 9; mean > 100 {
		t.Errorf("%d bytes for a second: want at most 100", mean)
	}
}

func TestPicture_ASecondJustAfterAPictureGoesToTheRendererWhichMayNotHavePaintedYet(t *testing.T) {
	m, term, after := atRest(t, 120, 40)
	after(time.Minute)
	m.Update(frameMsg{frame: sample.Healthy()})
	given := m.View()
	after(time.Second)
	m.picture.asked = time.Now().Add(time.Hour) // it was given this moment, however slow the machine is
	term.sent = 0
	m.Update(clockMsg{})
	if v := m.View(); term.sent > 0 || v.Content == given.Content {
		t.Errorf("%d bytes of a second went past the renderer, which was given a picture just before", term.sent)
	}
	m.picture.asked = time.Now()
	after(time.Second)
	m.Update(clockMsg{})
	if m.View(); term.sent == 0 {
		t.Error("the next second goes to the renderer as well")
	}
}

// below is what a grid shows under the header.
func below(g cell.Grid) cell.Grid {
	out := cell.New(g.W, g.H-panel.HeaderHeight)
	out.Blit(0, -panel.HeaderHeight, g)
	return out
}

func TestPicture_ADigitOfTheClockIsPutBackBeforeTheRendererGetsAnotherPicture(t *testing.T) {
	m, term, after := atRest(t, 120, 40)
	believed := m.picture.given
	for range 3 {
		after(time.Second)
		m.Update(clockMsg{})
		m.View()
	}
	m.Update(tea.KeyPressMsg{Code: ':', Text: ":"})
	next := m.View()
	term.shows(t, "before the next picture", m, believed)
	term.paint(next)
	now, _ := m.Draw()
	term.shows(t, "after it", m, now)
}

// readAnew is the incident as a later reading of the plane leaves it.
func readAnew(m *Model) *frame.Frame {
	f := *sample.Incident()
	f.Traffic.ReadAt, f.Traffic.Seen = m.env.Now(), sources.SplitAt(sources.ShareOf(.053), m.env.Now())
	return &f
}

func TestPicture_AReadingThatChangesAFewCellsIsWrittenWithoutTheRenderer(t *testing.T) {
	m, term, after := atRest(t, 120, 40)
	for range 3 {
		after(time.Second)
		m.Update(clockMsg{})
		m.View()
	}
	given := m.View()
	after(3 * time.Second)
	term.sent = 0
	m.Update(frameMsg{frame: readAnew(m)})
	if v := m.View(); v.Content != given.Content {
		t.Fatal("the renderer is given another picture")
	}
	if term.sent == 0 || term.sent > mostPast {
		t.Errorf("%d bytes were written", term.sent)
	}
	now, _ := m.Draw()
	term.shows(t, "after the reading", m, now)
}

func TestPicture_AnotherCallGoesToTheRenderer(t *testing.T) {
	m, _, after := atRest(t, 120, 40)
	after(time.Second)
	m.Update(clockMsg{})
	given := m.View()
	m.Update(frameMsg{frame: sample.Healthy()})
	if v := m.View(); v.Content == given.Content || v.WindowTitle == given.WindowTitle {
		t.Error("the renderer was given nothing")
	}
}

// TestPicture_TheTerminalShowsWhatIsBelievedToBeThere lets seconds, frames and keys come in any order.
func TestPicture_TheTerminalShowsWhatIsBelievedToBeThere(t *testing.T) {
	frames := slices.Collect(maps.Values(sample.All()))
	rapid.Check(t, func(rt *rapid.T) {
		m, term, after := atRest(t, 80, 24)
		given, believed := m.picture.view, m.picture.given
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"second", "second", "reading", "frame", "key", "escape"}).Draw(rt, "step") {
			case "second":
				after(time.Second)
				m.Update(clockMsg{})
			case "reading":
				m.Update(frameMsg{frame: readAnew(m)})
			case "frame":
				m.Update(frameMsg{frame: rapid.SampledFrom(frames).Draw(rt, "frame")})
			case "key":
				m.Update(tea.KeyPressMsg{Code: ':', Text: ":"})
			case "escape":
				m.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
			}
			v := m.View()
			if v.Content != given.Content {
				term.shows(t, "before the next picture", m, believed)
				term.paint(v)
				given, believed = v, m.picture.given
			}
		}
		term.shows(t, "afterwards", m, m.picture.shown)
	})
}

func TestPicture_IsAskedForOnceMoreASecondLaterInCaseTheTerminalHeldItUp(t *testing.T) {
	m, _, after := atRest(t, 120, 40)
	asked := 0
	m.drawn = func() { asked++ }
	m.Update(frameMsg{frame: sample.Incident()})
	m.View()
	for second, want := range []int{1, 2, 2, 2} {
		if asked != want {
			t.Errorf("%d s after a picture painting was asked for %d times: want %d", second, asked, want)
		}
		after(time.Second)
		m.Update(clockMsg{})
		m.View()
	}
}

func TestPicture_IsDrawnWholeWhereMoreThanTheHeaderMayHaveChanged(t *testing.T) {
	for name, change := range map[string]func(m *Model){
		"a line is typed":      func(m *Model) { m.openPalette() },
		"another panel":        func(m *Model) { m.now = m.panels.Ramp },
		"another size":         func(m *Model) { m.Update(tea.WindowSizeMsg{Width: 100, Height: 30}) },
		"too small":            func(m *Model) { m.Update(tea.WindowSizeMsg{Width: 30, Height: 5}) },
		"a remark had its day": func(m *Model) { m.status = status{cell.Say(cell.Plain, "x"), time.Unix(1, 0)} },
		"nothing has come":     func(m *Model) { m.live = nil },
		"no terminal of ours":  func(m *Model) { m.env.Terminal = nil },
	} {
		m, term, after := atRest(t, 120, 40)
		change(m)
		after(time.Second)
		term.sent = 0
		m.Update(clockMsg{})
		m.View()
		if got := m.picture.at; !got.Equal(m.state.Now) {
			t.Errorf("%s: the screen is still that of %v", name, got)
		}
	}
}

func TestPicture_AgesUnderTheHeaderLagTenSecondsAtMost(t *testing.T) {
	m, _, after := atRest(t, 120, 40)
	for range 25 {
		after(time.Second)
		m.Update(clockMsg{})
		m.View()
		if lag := m.state.Now.Sub(m.picture.at); lag >= ageStep {
			t.Fatalf("the ages are of %v ago", lag)
		}
	}
}

// BenchmarkPicture_OfASecond is what a second of a console at rest costs, and how much it writes.
func BenchmarkPicture_OfASecond(b *testing.B) {
	m, term, after := atRest(b, 120, 40)
	m.View()
	term.sent = 0
	for b.Loop() {
		after(time.Second)
		m.picture.at = m.env.Now() // no picture in between
		m.Update(clockMsg{})
		m.View()
	}
	b.ReportMetric(float64(term.sent)/float64(b.N), "tty-B/op")
}
