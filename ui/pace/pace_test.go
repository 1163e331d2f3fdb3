package pace

import (
	"bytes"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

func TestTicker_TheLibraryStillHasIt(t *testing.T) {
	if _, ok := ticker(&tea.Program{}); !ok {
		t.Fatal("tea.Program has no field ticker of type *time.Ticker any more: the console falls back to a constant rate and wakes too often")
	}
}

// rig is a program's renderer without the program: a ticker and a goroutine that counts its ticks.
func rig(t *testing.T) (p *Pacer, ticks func() int) {
	t.Helper()
	p = &Pacer{}
	real := time.NewTicker(time.Second / 10)
	p.ticker = &real
	var mu sync.Mutex
	n, done := 0, make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-real.C:
				mu.Lock()
				n++
				mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() {
		p.Stop()
		real.Stop()
		close(done)
	})
	return p, func() int {
		mu.Lock()
		defer mu.Unlock()
		defer func() { n = 0 }()
		return n
	}
}

func TestPacer_AViewIsPaintedWithinFourMilliseconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, ticks := rig(t)
		p.Drawn()
		time.Sleep(10 * time.Second)
		ticks()
		p.Drawn()
		time.Sleep(soon)
		synctest.Wait()
		if ticks() != 1 {
			t.Error("nothing was painted after a key")
		}
	})
}

func TestPacer_RestsWithAClockOnTheScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, ticks := rig(t)
		for range 60 {
			p.Drawn()
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if n := ticks(); n > 60*3 {
			t.Errorf("%d ticks in a minute with one picture a second", n)
		}
	})
}

func TestPacer_AlmostSleepsWithoutPictures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, ticks := rig(t)
		p.Drawn()
		time.Sleep(time.Minute)
		ticks()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := ticks(); n < 1 || n > 2 {
			t.Errorf("%d ticks in a minute at rest", n)
		}
	})
}

func TestPacer_AThousandMessagesASecondDoNotStarveThePainting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, ticks := rig(t)
		for range 1000 {
			p.Drawn()
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		if n := ticks(); n < 240 {
			t.Errorf("%d ticks in a second of messages", n)
		}
	})
}

func TestPacer_WhatAStalledTerminalHeldUpIsPaintedAfterTheNextView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, ticks := rig(t)
		p.Drawn()
		time.Sleep(200 * time.Millisecond) // the picture arrives at the renderer only now
		ticks()
		p.Drawn()
		time.Sleep(soon)
		synctest.Wait()
		if ticks() == 0 {
			t.Error("a picture held up for 200 ms was not painted with the next one")
		}
	})
}

func TestPacer_WithoutATickerDoesNothing(t *testing.T) {
	var none *Pacer
	none.Drawn()
	p, option := New()
	if option == nil {
		t.Error("no option")
	}
	p.Drawn()
	p.Stop()
}

// keys is a model that shows how many keys were pressed.
type keys struct {
	pacer *Pacer
	n     int
}

func (k keys) Init() tea.Cmd { return nil }

func (k keys) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if msg.String() == "q" {
			return k, tea.Quit
		}
		k.n++
	}
	return k, nil
}

func (k keys) View() tea.View {
	k.pacer.Drawn()
	return tea.NewView("keys: " + string(rune('0'+k.n)))
}

// screen collects what a program writes.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(b)
}

func (s *screen) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.buf.Reset()
	return s.buf.String()
}

func TestPacer_ARealProgramShowsAKeyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer, option := New()
		input, press := io.Pipe()
		out := &screen{}
		program := tea.NewProgram(keys{pacer: pacer}, option, tea.WithInput(input), tea.WithOutput(out), tea.WithoutSignalHandler(),
			tea.WithWindowSize(20, 2), tea.WithEnvironment([]string{"TERM=xterm"}), tea.WithColorProfile(colorprofile.ASCII))
		pacer.Attach(program)
		done := make(chan error, 1)
		go func() {
			_, err := program.Run()
			done <- err
		}()
		time.Sleep(soon)
		synctest.Wait()
		if first := out.take(); !bytes.Contains([]byte(first), []byte("keys: 0")) {
			t.Errorf("first paint after %v: %q", soon, first)
		}
		time.Sleep(10 * time.Second)
		out.take()
		if _, err := press.Write([]byte("x")); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		time.Sleep(soon)
		synctest.Wait()
		if got := out.take(); !bytes.Contains([]byte(got), []byte("1")) {
			t.Errorf("a key was not shown within %v: %q", soon, got)
		}
		if _, err := press.Write([]byte("q")); err != nil {
			t.Error(err)
		}
		press.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		pacer.Stop()
	})
}
