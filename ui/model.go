package ui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/ui/dialog"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
	"rampart/ui/style"
)

// Model is one session's console. It is used by one program, in that program's own goroutine.
type Model struct {
	env    Env
	drawn  func()
	screen style.Screen
	styles *style.Styles
	theme  string
	keys   *keymap

	w, h    int
	picture picture
	calm    bool // the last message came by itself to a console at rest
	ticked  bool // and was a second that changes nothing but the header

	live  *frame.Frame // the newest
	still *frame.Frame // what stands still while the screen is frozen; nil: it lives

	panels *panel.Set
	now    panel.Panel
	past   []panel.Panel // to go back to
	state  part.State

	status  status
	feedErr error
	link    link

	confirm *asking           // a confirmation is open
	leaving *dialog.Quit      // the question before leaving is open
	prompt  *prompting        // a line is being typed
	typed   map[kind][]string // what was typed before
	tag     uint64            // of the newest picture of a dialog
	asked   uint64            // of the newest preview asked for
	turning string            // the service that was turned to, until its first frame comes
	within  time.Duration     // what ramps up reverts by itself unless it is confirmed within; zero: it stays
	lineTag uint64            // of the newest log line asked for
	seekTag uint64            // of the newest match looked for
}

// New makes a session's model. drawn is called on each View; nil is allowed. It refuses themes and keys that do not
// exist, and keys that are taken twice.
func New(env Env, drawn func()) (*Model, error) {
	if env.Feed == nil {
		return nil, errors.New("console: there is no feed to show")
	}
	if drawn == nil {
		drawn = func() {}
	}
	m := &Model{env: env.complete(), drawn: drawn, screen: Screen(env), panels: panel.NewSet(), typed: map[kind][]string{}}
	name := env.Theme
	if name == "" {
		name = defaultTheme
	}
	var err error
	if m.styles, err = stylesOf(name, m.screen); err != nil {
		return nil, err
	}
	m.theme = name
	if m.keys, err = newKeymap(env.Keys, env.Extras); err != nil {
		return nil, err
	}
	m.panels.Help.Rows = m.keys.rows()
	m.now = m.panels.Overview
	m.state.Span = part.DefaultSpan
	return m, nil
}

// settling is how long a program that starts is too busy for its round trip to be the line's.
const settling = 2 * time.Second

// Init starts what runs by itself: frames, the clock, one look at the terminal's background and distance.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.nextFrame(), m.tick(), tea.RequestBackgroundColor, tea.Tick(settling, func(time.Time) tea.Msg { return linkMsg{} }))
}

// shown is the frame on the screen. A frozen one keeps its charts and tables; the call, the split, the state of sources
// and actions never stand still.
func (m *Model) shown() *frame.Frame {
	if m.still == nil || m.live == nil {
		return m.live
	}
	f := *m.still
	f.Verdict, f.Traffic, f.Actions, f.Sources, f.Unlock = m.live.Verdict, m.live.Traffic, m.live.Actions, m.live.Sources, m.live.Unlock
	return &f
}

// nextFrame waits for a newer frame.
func (m *Model) nextFrame() tea.Cmd {
	ctx, feed := m.env.Ctx, m.env.Feed
	return func() tea.Msg {
		f, err := feed.Next(ctx)
		return frameMsg{f, err}
	}
}

// tick wakes up when the engine's clock shows another second; sooner than a fifth of a second it makes no sense.
func (m *Model) tick() tea.Cmd {
	wait := time.Second - m.env.Now().Sub(m.env.Now().Truncate(time.Second))
	if wait < time.Second/5 {
		wait += time.Second
	}
	return tea.Tick(wait, func(time.Time) tea.Msg { return clockMsg{} })
}
