package uitest

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/ui"
	"rampart/ui/cell"
)

// Silent is the round trip of a terminal that answers no queries.
const Silent time.Duration = -1

// longest is longer than any tick of the console.
const longest = 2 * time.Minute

// mostWaiting bounds the messages that wait to be handled.
const mostWaiting = 4096

// Console is a running console with a pretended terminal.
type Console struct {
	Model     *ui.Model
	Left      bool          // the program has ended
	Clipboard string        // what was copied last
	Raw       string        // what was sent to the terminal beside pictures
	RoundTrip time.Duration // of the pretended terminal's answers; Silent: none
	Queries   int           // cursor queries that were sent
	Drawn     int           // calls of View
	t         testing.TB
	msgs      chan tea.Msg
}

// Open starts a console of 120x40 whose terminal answers at once. It must run in a bubble.
func Open(t testing.TB, env ui.Env) *Console {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() {
		cancel()
		time.Sleep(longest) // time stands still once the test is over, and ticks could not end
	})
	if env.Ctx == nil {
		env.Ctx = ctx
	}
	if env.Environ == nil {
		env.Environ = []string{"TERM=xterm-256color", "LANG=C.UTF-8"}
	}
	c := &Console{t: t, msgs: make(chan tea.Msg, mostWaiting)}
	m, err := ui.New(env, func() { c.Drawn++ })
	if err != nil {
		t.Fatal(err)
	}
	c.Model = m
	c.run(m.Init())
	c.Resize(120, 40)
	return c
}

// run starts a command as the program would.
func (c *Console) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() { c.msgs <- cmd() }()
}

// handle does with a message what the program's loop does.
func (c *Console) handle(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
		return
	case tea.QuitMsg:
		c.Left = true
		return
	case tea.RawMsg:
		c.Raw += fmt.Sprint(msg.Msg)
		return
	case tea.BatchMsg:
		for _, cmd := range msg {
			c.run(cmd)
		}
		return
	}
	switch v := reflect.ValueOf(msg); {
	case v.Type() == reflect.TypeOf(tea.RequestCursorPosition()):
		c.Queries++
		c.answer()
		return
	case v.Type() == reflect.TypeOf(tea.SetClipboard("")()):
		c.Clipboard = v.String()
		return
	}
	if c.Left {
		return
	}
	_, cmd := c.Model.Update(msg)
	c.run(cmd)
	c.Model.View()
}

func (c *Console) answer() {
	if c.RoundTrip == Silent {
		return
	}
	c.run(tea.Tick(c.RoundTrip, func(time.Time) tea.Msg { return tea.CursorPositionMsg{} }))
}

// Settle lets happen what can happen without time passing, but for what takes no time at all.
func (c *Console) Settle() { c.Wait(0) }

// Wait lets time pass, and everything happen that falls into it.
func (c *Console) Wait(d time.Duration) {
	c.t.Helper()
	end := time.After(d)
	for over := false; ; {
		synctest.Wait()
		select {
		case msg := <-c.msgs:
			c.handle(msg)
			continue
		default:
		}
		if over {
			return
		}
		select {
		case msg := <-c.msgs:
			c.handle(msg)
		case <-end:
			over = true
		}
	}
}

// Send gives the program a message.
func (c *Console) Send(msg tea.Msg) {
	c.handle(msg)
	c.Settle()
}

// Resize changes the terminal's size.
func (c *Console) Resize(w, h int) { c.Send(tea.WindowSizeMsg{Width: w, Height: h}) }

// Press presses keys one after the other, by their names: "R", "enter", "ctrl+c", "left".
func (c *Console) Press(keys ...string) {
	for _, k := range keys {
		c.Send(tea.KeyPressMsg(Key(k)))
	}
}

// Type presses a key for each letter.
func (c *Console) Type(text string) {
	for _, r := range text {
		c.Press(string(r))
	}
}

// Screen is what stands on the screen, as plain text.
func (c *Console) Screen() string {
	g, _ := c.Model.Draw()
	return g.Text(cell.Braille)
}

// Shows tells whether the screen shows a text.
func (c *Console) Shows(text string) bool { return strings.Contains(c.Screen(), text) }

// Must fails the test with the screen when it does not show a text.
func (c *Console) Must(text string) {
	c.t.Helper()
	if !c.Shows(text) {
		c.t.Fatalf("the screen does not show %q:\n%s", text, c.Screen())
	}
}

// MustNot fails the test with the screen when it shows a text.
func (c *Console) MustNot(text string) {
	c.t.Helper()
	if c.Shows(text) {
		c.t.Fatalf("the screen shows %q:\n%s", text, c.Screen())
	}
}
