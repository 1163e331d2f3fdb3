// Package pace lets a Bubble Tea program rest. Bubble Tea v2 looks for a new picture sixty times a second whether there
// is one or not; with a Pacer it looks a few milliseconds after each View, and not otherwise.
//
// A Pacer belongs to one program. Its methods are safe for concurrent use; it owns one timer, which Stop ends.
//
// # Why
//
// No constant rate does: at 60 a second an idle console wakes 348 times a second, at 4 a second a key takes 175 ms to be
// seen; paced it is 20 wake-ups and 6 ms (measured on v2.0.9, 120x40, clock at 1 Hz). The renderer's ticker is not part
// of the library's interface, so it is reached by reflection, checked by name and type; where it is not found the
// program runs at a constant 25 a second. Upstream proposals charmbracelet/bubbletea#1776 and #1796 would make this
// package superfluous. Rejected: WithoutRenderer with a renderer of our own, which skips raw mode, resizing and
// synchronized output.
//
// A View whose picture is held up behind a stalled terminal, longer than the ticks that follow it, is painted after the
// next View: a model whose View repeats what it gave last calls Drawn once more for it. That is why the ticker can rest for
// half a minute; twice a second, which would do without, was two thirds of all that woke a console at rest. It is not
// started anew on each View, because a thousand messages a second would then push the next tick away for ever.
package pace

import (
	"reflect"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// The periods of the renderer's ticker: after a View, and at rest. The first lasts for a tick and a half: every further
// tick is five switches of the scheduler for nothing.
const (
	soon    = 4 * time.Millisecond
	resting = 30 * time.Second
	soonFor = soon * 3 / 2
)

// fallback is the constant rate of a program whose ticker is not found.
const fallback = 25

// Pacer paces one program.
type Pacer struct {
	mu     sync.Mutex
	ticker **time.Ticker // the program's field; nil where there is none
	set    *time.Ticker  // the ticker that period was set on
	period time.Duration // as it was set last
	last   time.Time     // of the last View
	timer  *time.Timer   // slows the ticker down
	ended  bool
}

// New returns a pacer and the option that its program has to be made with.
func New() (*Pacer, tea.ProgramOption) {
	if _, ok := ticker(&tea.Program{}); !ok {
		return &Pacer{}, tea.WithFPS(fallback)
	}
	return &Pacer{}, tea.WithFPS(1) // until the first View
}

// Attach takes over the program's ticker. It is called once, before the program runs.
func (p *Pacer) Attach(program *tea.Program) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ticker, _ = ticker(program)
}

// Drawn is called by the model's View, in the program's own goroutine: there is a picture to be painted.
func (p *Pacer) Drawn() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended || p.ticker == nil || *p.ticker == nil {
		return
	}
	p.last = time.Now()
	if p.set != *p.ticker || p.period != soon {
		p.set = *p.ticker
		p.every(soon)
		p.after(soonFor)
	}
}

// Stop ends the pacer's timer. The program may run on.
func (p *Pacer) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	if p.timer != nil {
		p.timer.Stop()
	}
}

// slow puts the ticker to rest, once the last View is past.
func (p *Pacer) slow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	if past := time.Since(p.last); past < soonFor {
		p.after(soonFor - past)
		return
	}
	p.every(resting)
}

func (p *Pacer) every(d time.Duration) {
	p.set.Reset(d)
	p.period = d
}

func (p *Pacer) after(d time.Duration) {
	if p.timer == nil {
		p.timer = time.AfterFunc(d, p.slow)
		return
	}
	p.timer.Reset(d)
}

// ticker finds the renderer's ticker in a program: a field that is private and therefore checked for name and type. The
// program sets it, and reads it, in the goroutine that calls View, and no other field is touched.
func ticker(program *tea.Program) (**time.Ticker, bool) {
	f := reflect.ValueOf(program).Elem().FieldByName("ticker")
	if !f.IsValid() || f.Type() != reflect.TypeFor[*time.Ticker]() {
		return nil, false
	}
	return (**time.Ticker)(f.Addr().UnsafePointer()), true
}
