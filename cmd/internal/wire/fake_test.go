package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// runner is a host of one service whose frames a test puts.
type runner struct {
	trusted bool

	mu      sync.Mutex
	frame   *frame.Frame
	fresh   chan struct{}
	readers int
	did     []string // who did what, in order
	hang    chan struct{}
	refuse  string
	failed  error
	lost    int // lines that an export says it wrote and did not
}

func newRunner() *runner { return &runner{fresh: make(chan struct{})} }

func (r *runner) Hello() Hello {
	return Hello{Version: "v1", PID: 7, Since: time.Unix(1, 0), Services: []string{"ranker", "search"}}
}
func (r *runner) Trust(int) bool { return r.trusted }
func (r *runner) Services() []frame.Summary {
	return []frame.Summary{{Service: "ranker", Call: analysis.Worse}, {Service: "search"}}
}

func (r *runner) Service(name string) (Service, error) {
	if name != "ranker" && name != "search" {
		return nil, fmt.Errorf("service %q: none: %w", sources.Visible(name), sources.ErrInvalid)
	}
	return &lent{r, name}, nil
}

// put publishes a frame.
func (r *runner) put(f frame.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.frame != nil {
		f.Seq = r.frame.Seq + 1
	} else {
		f.Seq = 1
	}
	r.frame = &f
	close(r.fresh)
	r.fresh = make(chan struct{})
}

func (r *runner) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.did = append(r.did, fmt.Sprintf(format, args...))
}

func (r *runner) done() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.did...)
}

type lent struct {
	r    *runner
	name string
}

type place1 struct {
	l    *lent
	seen uint64
}

func (l *lent) Frames() Reader {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.r.readers++
	return &place1{l: l}
}

func (p *place1) Next(ctx context.Context) (*frame.Frame, error) {
	for {
		p.l.r.mu.Lock()
		f, fresh := p.l.r.frame, p.l.r.fresh
		p.l.r.mu.Unlock()
		if f != nil && f.Seq > p.seen {
			p.seen = f.Seq
			mine := *f
			mine.Service = p.l.name
			return &mine, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-fresh:
		}
	}
}

func (l *lent) Session(p Peer) frame.Session {
	return frame.Session{Actor: p.Name, Role: sources.Operator}
}

func (l *lent) Operator(p Peer) (Operator, error) {
	if l.name == "search" {
		return nil, &sources.Error{Op: "act on", Target: l.name, Kind: sources.ErrUnsupported, Fix: "no traffic plane"}
	}
	return &seat{l, p}, nil
}

func (l *lent) Logs(_ context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	if q.Bare {
		l.r.note("bare lines of %s", l.name)
	}
	return frame.LogsPage{Lines: []frame.LogLine{{ID: "1", Message: sources.NewText("\x1b[31m" + q.Match)}}, Matched: 1, Held: int64(q.Limit)}, nil
}

func (l *lent) Line(_ context.Context, id string) (frame.LogLine, error) {
	if id != "1" {
		return frame.LogLine{}, &sources.Error{Op: "open line", Target: id, Kind: sources.ErrNoData}
	}
	return frame.LogLine{ID: id, Fields: []frame.Field{{Name: sources.NewText("host")}}}, nil
}

func (l *lent) BareLine(context.Context, string) (frame.LogLine, error) {
	return frame.LogLine{ID: "bare"}, nil
}

func (l *lent) Seek(_ context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	if q.Bare || id == "" {
		return frame.LogLine{}, &sources.Error{Op: "seek", Target: l.name, Kind: sources.ErrNoData}
	}
	return frame.LogLine{ID: fmt.Sprint(id, newer, q.Match)}, nil
}

func (l *lent) Export(_ context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error) {
	n := int(w.To.Sub(w.From) / time.Second)
	for i := range n {
		if _, err := fmt.Fprintf(out, `{"message":"%s %d"}`+"\n", q.Match, i); err != nil {
			return i, err
		}
	}
	return n + l.r.lost, l.r.failed
}

func (l *lent) Refresh(context.Context) error { l.r.note("refresh %s", l.name); return nil }

type seat struct {
	l *lent
	p Peer
}

func (s *seat) Preview(_ context.Context, a sources.Action) (sources.Preview, error) {
	s.l.r.note("%s previews %s", s.p.Name, a.Verb)
	return sources.Preview{ID: "p1", Action: a, Change: sources.Change{To: sources.SplitAt(0, time.Unix(2, 0))}, Confirm: sources.Confirmation{Word: "ranker", Refuse: s.l.r.refuse}}, nil
}

func (s *seat) Do(ctx context.Context, id, word string) (sources.Progress, error) {
	if s.l.r.hang != nil {
		<-s.l.r.hang
	}
	if err := s.l.r.failed; err != nil {
		return sources.Progress{}, err
	}
	if word != "ranker" {
		return sources.Progress{}, &sources.Error{Op: "do", Target: "ranker", Kind: sources.ErrDenied, Cause: errors.New("the word is wrong")}
	}
	s.l.r.note("%s does %s", s.p.Name, id)
	if ctx.Err() != nil {
		s.l.r.note("with a dead context")
	}
	return s.l.r.progress(sources.Accepted), nil
}

func (s *seat) Unlock(_ context.Context, d time.Duration, reason string) error {
	s.l.r.note("%s unlocks for %s: %s", s.p.Name, d, reason)
	return nil
}

func (s *seat) Note(_ context.Context, text string) error {
	s.l.r.note("%s notes %s", s.p.Name, text)
	return nil
}

func (s *seat) Unmask(_ context.Context, d time.Duration, reason string) (time.Time, error) {
	if s.l.r.refuse != "" {
		return time.Time{}, &sources.Error{Op: "unmask log lines of", Target: s.l.name, Kind: sources.ErrDenied, Cause: errors.New(s.l.r.refuse)}
	}
	s.l.r.note("%s unmasks for %s: %s", s.p.Name, d, reason)
	return time.Now().Add(d), nil
}

func (s *seat) Confirm(_ context.Context, id string) error {
	s.l.r.note("%s confirms %s", s.p.Name, id)
	return nil
}

func (s *seat) Approve(_ context.Context, a sources.Approval) error {
	s.l.r.note("%s approves %s", s.p.Name, a.To)
	return nil
}

// progress is the one action, as far as a rung.
func (r *runner) progress(to sources.Rung) sources.Progress {
	p := sources.Progress{IntentID: "p1", Rung: to, Change: sources.Change{To: sources.SplitAt(0, time.Unix(2, 0)), Writes: make([]sources.Write, 2)}, Members: make([]sources.Answer, 2), Requests: sources.Routed{Requests: sources.ByArm[int64]{Legacy: 100}, Counted: true}}
	for rung := sources.Sent; rung <= to; rung++ {
		p.Rungs = append(p.Rungs, sources.RungTime{Rung: rung, At: time.Unix(int64(rung), 0)})
	}
	return p
}

// listening serves a runner on a socket in a folder with a short name, and returns its address.
func listening(t testing.TB, r *runner) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "w") // t.TempDir may be longer than a socket's path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	address, _ := listeningAt(t, r, filepath.Join(dir, "r.sock"))
	return address
}

func listeningAt(t testing.TB, r *runner, path string) (address string, end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l, err := Listen(ctx, path, 0o600)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, r) }()
	end = sync.OnceFunc(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error("serve:", err)
		}
	})
	t.Cleanup(end)
	return "unix://" + path, end
}

func dialled(t testing.TB, address string, o Options) *Client {
	t.Helper()
	c, err := Dial(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// pipes is a listener whose connections are pipes in memory, so that time may be false.
type pipes struct {
	conns chan net.Conn
	gone  chan struct{}
	once  sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), gone: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.gone:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.gone) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Net: "unix", Name: "pipes"} }

func (p *pipes) dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.gone:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serving serves a runner over pipes until the returned function is called.
func serving(r *runner, p *pipes) func() {
	ctx, cancel := context.WithCancel(context.Background())
	s := newServer(ctx, r)
	s.peer = func(net.Conn) (credentials, error) { return credentials{uid: os.Getuid()}, nil }
	over := make(chan struct{})
	go func() { defer close(over); _ = s.serve(p) }()
	return func() { cancel(); <-over }
}
