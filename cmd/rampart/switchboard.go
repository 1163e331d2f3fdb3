package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine"
	"rampart/cmd/internal/export"
	"rampart/sources"
)

// switchboard connects one console to one of the context's services at a time. A service that was opened goes on being
// observed when the console turns away, so that turning back shows no gap.
type switchboard struct {
	open  func(name string) (*session, error)
	names []string
	ctx   context.Context
	// opening is held while a service is opened, which reads files: who looks at another meanwhile, or rolls it back, does
	// not wait for that.
	opening sync.Mutex

	mu     sync.Mutex // guards all below
	opened map[string]*session
	stops  []func()
	now    *session
	reader *engine.Reader
	turned chan struct{}        // closed and replaced when the console turns to another service
	bare   map[string]time.Time // until when lines of a service may be shown without masks
}

// newSwitchboard starts observing the first session.
func newSwitchboard(ctx context.Context, s *session, names []string, open func(string) (*session, error)) *switchboard {
	b := &switchboard{open: open, names: names, ctx: ctx, opened: map[string]*session{}, turned: make(chan struct{})}
	b.take(s)
	return b
}

// take makes a session the current one and starts it. The caller holds the lock, or nobody else knows the board yet.
func (b *switchboard) take(s *session) {
	if b.opened[s.name] == nil {
		b.opened[s.name] = s
		b.stops = append(b.stops, s.start(b.ctx))
	}
	b.now, b.reader = s, s.engine.Reader()
}

// rest ends all observation; what is half-way at a desk goes on.
func (b *switchboard) rest() {
	b.opening.Lock()
	defer b.opening.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, stop := range b.stops {
		stop()
	}
	b.stops = nil
}

// close ends all observation. The first session is closed by who opened it.
func (b *switchboard) close(first *session) {
	b.rest()
	b.opening.Lock()
	defer b.opening.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.opened {
		if s != first {
			s.close()
		}
	}
}

func (b *switchboard) current() (*session, *engine.Reader, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now, b.reader, b.turned
}

// Next returns the current service's next frame, with the other services beside it.
func (b *switchboard) Next(ctx context.Context) (*frame.Frame, error) {
	for {
		_, reader, turned := b.current()
		waiting, cancel := context.WithCancel(ctx)
		go func() {
			select {
			case <-turned:
				cancel()
			case <-waiting.Done():
			}
		}()
		f, err := reader.Next(waiting)
		cancel()
		switch {
		case err == nil:
			return b.beside(f), nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
		select {
		case <-turned: // another service: its newest frame is next
		default:
			return nil, err
		}
	}
}

// beside adds the other services, worst first, to a copy of the frame.
func (b *switchboard) beside(f *frame.Frame) *frame.Frame {
	if len(b.names) < 2 {
		return f
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	with := *f
	for _, name := range b.names {
		sum := frame.Summary{Service: name, Sentence: "not opened: :service " + name}
		if s := b.opened[name]; s != nil {
			sum = s.summary()
		}
		with.Services = append(with.Services, sum)
	}
	slices.SortStableFunc(with.Services, func(x, y frame.Summary) int { return cmp.Compare(urgency(x), urgency(y)) })
	return &with
}

// urgency orders services, what needs a person first: one that cannot be read is as bad as one without data.
func urgency(s frame.Summary) int {
	c := s.Call
	if strings.HasPrefix(s.Sentence, cannotRead) {
		c = analysis.NoData
	}
	order := []analysis.Call{analysis.Worse, analysis.NoData, analysis.Stale, analysis.Undecided, analysis.Safe, analysis.NoCandidateTraffic, analysis.CallUnknown}
	return slices.Index(order, c)
}

// Service turns to another service of the context.
func (b *switchboard) Service(_ context.Context, name string) error {
	if !slices.Contains(b.names, name) {
		return fmt.Errorf("service %q: not in this context (%s)", sources.Visible(name), strings.Join(b.names, ", "))
	}
	b.opening.Lock()
	defer b.opening.Unlock()
	b.mu.Lock()
	s := b.opened[name]
	b.mu.Unlock()
	if s == nil {
		var err error
		if s, err = b.open(name); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.take(s)
	close(b.turned)
	b.turned, b.bare = make(chan struct{}), nil
	return nil
}

// Logs answers with held lines of the current service. Lines without masks are refused unless they were allowed.
func (b *switchboard) Logs(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	s, _, _ := b.current()
	if q.Bare && !b.mayBare(s) {
		return frame.LogsPage{}, &sources.Error{Op: "show without masks log lines of", Target: s.name, Kind: sources.ErrDenied}
	}
	return s.engine.Dressed(ctx, q)
}

// Line opens one held line of the current service, without masks while those are off.
func (b *switchboard) Line(ctx context.Context, id string) (frame.LogLine, error) {
	s, _, _ := b.current()
	if b.mayBare(s) {
		return s.engine.BareLine(ctx, id)
	}
	return s.engine.Line(ctx, id)
}

// Seek finds the next held line of the current service that a question asks for.
func (b *switchboard) Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	s, _, _ := b.current()
	return s.engine.Seek(ctx, q, id, newer)
}

// Export writes held lines of the current service, masked.
func (b *switchboard) Export(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error) {
	s, _, _ := b.current()
	return export.Lines(ctx, out, s.engine, q, w)
}

// Refresh asks the current service's sources again.
func (b *switchboard) Refresh(context.Context) error {
	s, _, _ := b.current()
	s.engine.Refresh()
	return nil
}
