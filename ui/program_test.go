package ui_test

import (
	"bytes"
	stdcontext "context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"rampart/ui"
	"rampart/ui/pace"
	"rampart/ui/uitest"
)

// terminal is an emulator as the other end of a real program's line. It answers queries, and lets a test wait for what
// is on its screen.
type terminal struct {
	*vt.SafeEmulator
	mu      sync.Mutex
	fresh   chan struct{}
	written strings.Builder
}

func newTerminal(w, h int) *terminal {
	return &terminal{SafeEmulator: vt.NewSafeEmulator(w, h), fresh: make(chan struct{}, 1)}
}

// Write takes the program's output. Without a pty the program ends lines with a bare line feed, which a terminal line
// would turn into two bytes.
func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	s.written.Write(p)
	s.mu.Unlock()
	if _, err := s.SafeEmulator.Write([]byte(strings.ReplaceAll(strings.ReplaceAll(string(p), "\r\n", "\n"), "\n", "\r\n"))); err != nil {
		return 0, err
	}
	select {
	case s.fresh <- struct{}{}:
	default:
	}
	return len(p), nil
}

// screen is the text on the screen. The emulator's own String does not lock.
func (s *terminal) screen() string { return ansi.Strip(s.Render()) }

func (s *terminal) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written.String()
}

// waitFor waits until the screen shows a text.
func (s *terminal) waitFor(t testing.TB, text string) {
	t.Helper()
	late := time.After(10 * time.Second)
	for !strings.Contains(s.screen(), text) {
		select {
		case <-s.fresh:
		case <-late:
			t.Fatalf("%q never came on the screen:\n%s", text, s.screen())
		}
	}
}

// letWork lets the program work for a while, or until something is done.
func (s *terminal) letWork(done func() bool) {
	for while := time.After(300 * time.Millisecond); !done(); {
		select {
		case <-s.fresh:
		case <-while:
			return
		}
	}
}

// answer hands on what the terminal answers to queries. Nobody has to read it: a terminal whose other end is closed, or
// is about to be, goes on drawing.
func (s *terminal) answer(to io.Writer) {
	answers := make(chan []byte, 64)
	defer close(answers)
	go func() {
		for a := range answers {
			_, _ = to.Write(a)
		}
	}()
	for buf := make([]byte, 1024); ; {
		n, err := s.Read(buf)
		if err != nil {
			return
		}
		select {
		case answers <- bytes.Clone(buf[:n]):
		default:
		}
	}
}

// running is a real program on an emulator.
type running struct {
	*terminal
	program *tea.Program
	keys    *io.PipeWriter
	ended   chan error
}

func start(t testing.TB, env ui.Env, w, h int) *running {
	t.Helper()
	ctx, cancel := stdcontext.WithCancel(t.Context())
	t.Cleanup(cancel)
	env.Ctx = ctx
	env.Environ = []string{"TERM=xterm-256color", "LANG=C.UTF-8"}
	pacer, option := pace.New()
	t.Cleanup(pacer.Stop)
	m, err := ui.New(env, pacer.Drawn)
	if err != nil {
		t.Fatal(err)
	}
	in, keys := io.Pipe()
	r := &running{terminal: newTerminal(w, h), keys: keys, ended: make(chan error, 1)}
	go r.answer(keys)
	options := []tea.ProgramOption{
		option, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(r.terminal), tea.WithWindowSize(w, h), tea.WithEnvironment(env.Environ), tea.WithoutSignals(),
	}
	r.program = tea.NewProgram(m, append(options, ui.Colors(env)...)...)
	pacer.Attach(r.program)
	go func() {
		_, err := r.program.Run()
		r.ended <- err
	}()
	return r
}

func (r *running) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.ended:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the program never ended")
		return nil
	}
}

func (r *running) resize(w, h int) {
	r.Resize(w, h)
	r.program.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

func incidentEnv() (ui.Env, *uitest.Operator) {
	feed, op := uitest.NewFeed(), &uitest.Operator{}
	feed.Put(uitest.Incident(time.Now()))
	return ui.Env{Feed: feed, Operator: op, Ask: &uitest.Ask{}}, op
}

func TestProgram_RollsBackOverARealLine(t *testing.T) {
	env, op := incidentEnv()
	r := start(t, env, 120, 40)
	r.waitFor(t, "WORSE")
	_, _ = io.WriteString(r.keys, "R")
	r.waitFor(t, "enter roll back")
	for len(op.Done()) == 0 { // an enter that comes before the dialog is proven to be on the screen does not count
		_, _ = io.WriteString(r.keys, "\r")
		r.letWork(func() bool { return len(op.Done()) > 0 })
	}
	r.waitFor(t, "roll back: accepted")
	_, _ = io.WriteString(r.keys, "\x03")
	if err := r.end(t); err != nil {
		t.Errorf("ctrl-c: %v", err)
	}
	if r.IsAltScreen() || !strings.Contains(r.all(), "\x1b[?25h") {
		t.Error("the terminal was not restored")
	}
}

func TestProgram_SurvivesOneByOneAndAStormOfSizes(t *testing.T) {
	env, _ := incidentEnv()
	r := start(t, env, 120, 40)
	r.waitFor(t, "WORSE")
	for i := range 60 {
		r.resize(1+i*7%130, 1+i*5%45)
	}
	r.resize(1, 1)
	r.resize(60, 15)
	r.waitFor(t, "R roll back")
	r.resize(80, 24)
	r.waitFor(t, "WORSE")
	r.program.Quit()
	if err := r.end(t); err != nil {
		t.Error(err)
	}
}

func TestProgram_GoesOnWhenItsInputIsClosed(t *testing.T) {
	env, _ := incidentEnv()
	r := start(t, env, 80, 24)
	r.waitFor(t, "WORSE")
	_ = r.keys.Close()
	r.resize(60, 15)
	r.waitFor(t, "R roll back")
	r.program.Quit()
	_ = r.end(t)
	if r.IsAltScreen() {
		t.Error("the terminal was not restored")
	}
}

func TestProgram_RestoresTheTerminalWhenACommandPanics(t *testing.T) {
	env, op := incidentEnv()
	op.OnPreview = nil
	env.Extras = []ui.Extra{{Key: "!", Help: "break", Do: func(context) (string, error) { panic("the command fell over") }}}
	r := start(t, env, 80, 24)
	r.waitFor(t, "WORSE")
	_, _ = io.WriteString(r.keys, "!")
	if err := r.end(t); err == nil {
		t.Error("a panic is no error")
	}
	if r.IsAltScreen() {
		t.Error("the terminal was not restored")
	}
}

func TestProgram_EndsWithItsContext(t *testing.T) {
	env, _ := incidentEnv()
	r := start(t, env, 80, 24)
	r.waitFor(t, "WORSE")
	r.program.Kill()
	_ = r.end(t)
	if r.IsAltScreen() {
		t.Error("the terminal was not restored")
	}
}

// BenchmarkProgram_OfADataFrame says how many bytes a frame with new numbers, charts and lines puts on the line.
func BenchmarkProgram_OfADataFrame(b *testing.B) {
	feed, began := uitest.NewFeed(), time.Now()
	feed.Put(uitest.Incident(began))
	r := start(b, ui.Env{Feed: feed, Ask: &uitest.Ask{}, Now: func() time.Time { return began }}, 120, 40)
	r.waitFor(b, "WORSE")
	sent, n := 0, 0
	for b.Loop() {
		n++
		f := uitest.Incident(began.Add(time.Duration(n) * 15 * time.Second))
		f.Verdict.Sentence = fmt.Sprintf("as of frame %d", n)
		had := len(r.all())
		feed.Put(f)
		r.waitFor(b, f.Verdict.Sentence)
		sent += len(r.all()) - had
	}
	b.ReportMetric(float64(sent)/float64(n), "tty-B/op")
}
