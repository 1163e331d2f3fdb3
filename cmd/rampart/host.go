package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/export"
	"rampart/cmd/internal/runner"
	"rampart/cmd/internal/wire"
	"rampart/sources"
)

var _ wire.Host = (*running)(nil)

// Hello is how the runner greets.
func (r *running) Hello() wire.Hello {
	h := wire.Hello{Version: buildOf().Version, PID: os.Getpid(), Since: r.since}
	for _, d := range r.services {
		h.Services = append(h.Services, d.name)
	}
	return h
}

// Services are all that the runner drives, worst first.
func (r *running) Services() []frame.Summary {
	var out []frame.Summary
	for _, d := range r.services {
		out = append(out, d.summary())
	}
	slices.SortStableFunc(out, func(x, y frame.Summary) int { return cmp.Compare(urgency(x), urgency(y)) })
	return out
}

// summary is the session's line in the list of services.
func (s *session) summary() frame.Summary {
	n := s.engine.Newest()
	if n == nil {
		return frame.Summary{Service: s.name, Sentence: "nothing has answered yet"}
	}
	return frame.Summary{Service: s.name, Call: n.Verdict.Call, Sentence: howItStands(n), Split: n.Traffic.Set, At: n.At}
}

// cannotRead begins the sentence of a service of which the plane or the metrics do not answer.
const cannotRead = "cannot be read: "

// howItStands is how a service stands, in a sentence. What does not answer comes before a call that was made without it,
// except that nothing is worse than worse.
func howItStands(f *frame.Frame) string {
	if f.Verdict.Call == analysis.Worse {
		return f.Verdict.Sentence
	}
	for _, src := range f.Sources {
		if src.State == frame.SourceDown && src.Name != "elasticsearch" {
			return cannotRead + src.Name + ": " + src.Err
		}
	}
	return f.Verdict.Sentence
}

// Service is one of them.
func (r *running) Service(name string) (wire.Service, error) {
	for _, d := range r.services {
		if d.name == name {
			return lent{r, d}, nil
		}
	}
	return nil, fmt.Errorf("service %q: not driven by this runner: %w", sources.Visible(name), sources.ErrInvalid)
}

// Trust lets the runner's own account and root speak for others: whoever has them can write to the plane anyway.
func (r *running) Trust(uid int) bool { return uid == 0 || uid == os.Getuid() }

// lent is a service as consoles have it.
type lent struct {
	runner *running
	*driven
}

// Frames reads the engine's frames, each with the other services beside it.
func (l lent) Frames() wire.Reader { return besides{l.runner, l.engine.Reader()} }

// Session is who a peer is here.
func (l lent) Session(p wire.Peer) frame.Session {
	return frame.Session{Actor: p.Name, Role: l.driver.Seat(action.Actor{Name: p.Name, From: p.From}).Role(), ReadOnly: l.readOnly}
}

// Operator acts for a peer.
func (l lent) Operator(p wire.Peer) (wire.Operator, error) {
	return guest{l.driver.Seat(action.Actor{Name: p.Name, From: p.From}), l, p}, nil
}

// guest is a peer who acts: on the ramp, and on what they may see.
type guest struct {
	*runner.Seat
	at   lent
	peer wire.Peer
}

// Unmask lets the peer's console see lines as they came, by the rule of every console.
func (g guest) Unmask(ctx context.Context, d time.Duration, reason string) (time.Time, error) {
	return bareUntil(g.at.clock.Now(), d, reason, who{g.peer.Name, g.at.name, g.Role(), func(why error) { g.Refused("unmask", why) }}, func(text string) error { return g.Note(ctx, text) })
}

// Logs answers with held lines and the fields that were asked for.
func (l lent) Logs(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	return l.engine.Dressed(ctx, q)
}

// Line opens one held line.
func (l lent) Line(ctx context.Context, id string) (frame.LogLine, error) {
	return l.engine.Line(ctx, id)
}

// BareLine opens one held line as it came.
func (l lent) BareLine(ctx context.Context, id string) (frame.LogLine, error) {
	return l.engine.BareLine(ctx, id)
}

// Seek finds the next held line that a question asks for.
func (l lent) Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	return l.engine.Seek(ctx, q, id, newer)
}

// Export writes held lines, masked.
func (l lent) Export(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error) {
	return export.Lines(ctx, out, l.engine, q, w)
}

// Refresh asks all sources again now.
func (l lent) Refresh(context.Context) error {
	l.engine.Refresh()
	return nil
}

// besides adds the list of services to a copy of each frame, where there are several.
type besides struct {
	runner *running
	reader wire.Reader
}

// Next returns the next frame.
func (b besides) Next(ctx context.Context) (*frame.Frame, error) {
	f, err := b.reader.Next(ctx)
	if err != nil || len(b.runner.services) < 2 {
		return f, err
	}
	with := *f
	with.Services = b.runner.Services()
	return &with, nil
}
