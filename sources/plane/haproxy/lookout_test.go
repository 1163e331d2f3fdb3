package haproxy

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
)

// door is the way to a runtime without a network, so that a test's own time is the only one.
type door struct {
	*runtime
	mu    sync.Mutex
	lines []string // what was asked, one for each exchange
	open  int      // exchanges under way
	most  int
	hangs bool
	late  func(line string) // called when a line's answer is found, before it is sent
}

func newDoor(servers ...*fakeServer) *door {
	return &door{runtime: &runtime{pid: 100, algorithm: "roundrobin", servers: servers}}
}

func (d *door) dial(context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	go d.serve(there)
	return here, nil
}

func (d *door) serve(c net.Conn) {
	d.count(1)
	defer d.count(-1)
	defer c.Close()
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return
	}
	d.mu.Lock()
	d.lines = append(d.lines, strings.TrimSpace(line))
	hangs, late := d.hangs, d.late
	d.mu.Unlock()
	if hangs {
		_, _ = io.Copy(io.Discard, c)
		return
	}
	var answer strings.Builder
	for cmd := range strings.SplitSeq(strings.TrimSpace(line), ";") {
		text, _ := d.do(strings.TrimSpace(cmd))
		answer.WriteString(text)
	}
	if late != nil {
		late(line)
	}
	_, _ = io.WriteString(c, answer.String())
}

func (d *door) count(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open += n
	d.most = max(d.most, d.open)
}

// asked are the exchanges since it was asked last.
func (d *door) asked() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.lines
	d.lines = nil
	return out
}

// behind is a plane of one backend behind some doors.
func behind(t *testing.T, backend string, doors ...*door) *Plane {
	t.Helper()
	c := Config{Backend: backend, Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}}, Timeout: 2 * time.Second}
	for i := range doors {
		c.Sockets = append(c.Sockets, fmt.Sprintf("unix:///run/%d", i))
	}
	p, err := New(c, func() time.Time { return time.Unix(1_700_000_000, 0).UTC() })
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range doors {
		p.sockets[i].dial = d.dial
	}
	return p
}

// said is what one look got.
type said struct {
	sources.Reading
	err  error
	took time.Duration
}

// together has all look at once.
func together(ctx context.Context, watches ...*Watch) []said {
	out := make([]said, len(watches))
	var wg sync.WaitGroup
	for i, w := range watches {
		wg.Go(func() {
			began := time.Now()
			out[i].Reading, out[i].err = w.Read(ctx)
			out[i].took = time.Since(began)
		})
	}
	wg.Wait()
	return out
}

// fleetOf joins n planes of as many backends.
func fleetOf(t *testing.T, l *Lookout, n int, doors ...*door) (planes []*Plane, watches []*Watch) {
	t.Helper()
	for i := range n {
		p := behind(t, fmt.Sprintf("be-%03d", i), doors...)
		w, _ := l.Join(p)
		planes, watches = append(planes, p), append(watches, w)
	}
	return planes, watches
}

func TestLookout_FiveHundredServicesBehindOneSocketAreReadInAFewExchangesAndEachAsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(pair(95, 5)...)
		planes, watches := fleetOf(t, NewLookout(), 500, d)
		got := together(t.Context(), watches...)
		lines := d.asked()
		if len(lines) > 9 || d.most != 1 {
			t.Errorf("%d exchanges, %d at once", len(lines), d.most)
		}
		for i, line := range lines {
			if len(line) > maxLine+len(aboutProcess) {
				t.Errorf("line %d has %d bytes", i, len(line))
			}
		}
		for i, p := range planes {
			alone, err := p.Read(t.Context())
			if err != nil || got[i].err != nil || !reflect.DeepEqual(got[i].Reading, alone) {
				t.Fatalf("%d: %+v (%v), alone %+v (%v)", i, got[i].Reading, got[i].err, alone, err)
			}
		}
	})
}

func TestLookout_AServiceThatLooksByItselfAsksAsIfThereWereNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, l := newDoor(pair(95, 5)...), NewLookout()
		w, _ := l.Join(behind(t, "be", d))
		_, leave := l.Join(behind(t, "be-2", d))
		leave()
		leave()
		got := together(t.Context(), w)[0]
		if lines := d.asked(); got.err != nil || got.took != 0 || !slices.Equal(lines, []string{"show stat be 6 -1; show servers state be; show info; show cli level"}) {
			t.Errorf("%v after %v, asked %q", got.err, got.took, lines)
		}
	})
}

// TestLookout_SaysWhatEachWouldReadAlone draws processes, services with the same and with unknown backends, and answers that
// cannot be told apart.
func TestLookout_SaysWhatEachWouldReadAlone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			var doors []*door
			for range rapid.IntRange(1, 2).Draw(r, "members") {
				d := newDoor(pair(rapid.IntRange(0, 256).Draw(r, "legacy"), rapid.IntRange(0, 256).Draw(r, "candidate"))...)
				if rapid.IntRange(0, 3).Draw(r, "odd") == 0 {
					d.answer = func(cmd string) string {
						if strings.HasPrefix(cmd, "show servers state be-1") {
							return "1\n# be_name\n\nan empty line too many\n\n"
						}
						return ""
					}
				}
				doors = append(doors, d)
			}
			l, watches, planes := NewLookout(), []*Watch(nil), []*Plane(nil)
			for range rapid.IntRange(2, 6).Draw(r, "services") {
				p := behind(t, rapid.SampledFrom([]string{"be", "be-1", "be-2", "nowhere"}).Draw(r, "backend"), doors...)
				w, _ := l.Join(p)
				planes, watches = append(planes, p), append(watches, w)
			}
			for i, got := range together(t.Context(), watches...) {
				alone, err := planes[i].Read(t.Context())
				if fmt.Sprint(got.err) != fmt.Sprint(err) || fmt.Sprintf("%+v", got.Reading) != fmt.Sprintf("%+v", alone) {
					t.Fatalf("%s: %+v (%v), alone %+v (%v)", planes[i].conf.Backend, got.Reading, got.err, alone, err)
				}
			}
		})
	})
}

func TestLookout_AReadingIsNeverOlderThanTheLookThatGetsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(pair(95, 5)...)
		_, watches := fleetOf(t, NewLookout(), 2, d)
		slow := make(chan struct{})
		d.late = func(string) { <-slow }
		var early, late said
		var wg sync.WaitGroup
		wg.Go(func() { early = together(t.Context(), watches[0])[0] })
		time.Sleep(time.Second) // the first exchange is under way
		d.change(func() { d.servers[1].weight = 100 })
		wg.Go(func() { late = together(t.Context(), watches[1])[0] })
		time.Sleep(100 * time.Millisecond)
		close(slow)
		wg.Wait()
		if n := len(d.asked()); n != 2 || early.err != nil || late.Configured.Candidate < 50*percent {
			t.Errorf("%d exchanges; the later look got %v (%v)", n, late.Configured, late.err)
		}
	})
}

func TestLookout_ALookDuringAWriteIsMadeAgainAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(pair(95, 5)...)
		planes, watches := fleetOf(t, NewLookout(), 2, d)
		c := planned(t, planes[0], rollBack)
		d.late = func(line string) { // what the look is answered was found before the write
			if strings.Contains(line, "be-000") && strings.Contains(line, "be-001") {
				if _, err := planes[0].Apply(t.Context(), c); err != nil {
					t.Error(err)
				}
			}
		}
		got := together(t.Context(), watches...)
		if got[0].Configured.Candidate != 0 || got[0].err != nil {
			t.Errorf("after its write a plane reads %v (%v)", got[0].Configured, got[0].err)
		}
		if got[1].Configured.Candidate == 0 {
			t.Error("the look was not answered with what was before the write: this test proves nothing")
		}
	})
}

func TestLookout_TheOwnReadsOfAPlaneWaitForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(pair(95, 5)...)
		planes, watches := fleetOf(t, NewLookout(), 2, d)
		slow := make(chan struct{})
		d.late = func(line string) {
			if strings.Contains(line, "be-001") {
				<-slow
			}
		}
		var wg sync.WaitGroup
		wg.Go(func() { together(t.Context(), watches[1]) })
		time.Sleep(time.Second)
		began := time.Now()
		applied(t, planes[0], rollBack)
		if r := read(t, planes[0]); r.Configured.Candidate != 0 || time.Since(began) != 0 {
			t.Errorf("%v after %v", r.Configured, time.Since(began))
		}
		close(slow)
		wg.Wait()
	})
}

func TestLookout_ASocketThatHangsHoldsOneExchangeAndNobodyAtAnotherSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, well, l := newDoor(pair(95, 5)...), newDoor(pair(95, 5)...), NewLookout()
		d.hangs = true
		_, watches := fleetOf(t, l, 200, d)
		var others []*Watch
		for i := range 2 {
			p := behind(t, fmt.Sprint("be-", i), well)
			p.sockets[0].member = "unix:///run/other"
			w, _ := l.Join(p)
			others = append(others, w)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var hasty []said
		var wg sync.WaitGroup
		wg.Go(func() { hasty = together(ctx, watches[:10]...) })
		patient := together(t.Context(), watches[10:]...)
		wg.Wait()
		for _, s := range together(t.Context(), others...) {
			if s.err != nil || s.took != 0 {
				t.Errorf("at another socket: %v after %v", s.err, s.took)
			}
		}
		for _, s := range hasty {
			if !errors.Is(s.err, sources.ErrUnreachable) || !errors.Is(s.err, context.DeadlineExceeded) || s.took != time.Second {
				t.Errorf("with a deadline of a second: %v after %v", s.err, s.took)
			}
		}
		for _, s := range patient {
			if !errors.Is(s.err, sources.ErrUnreachable) || s.took != 2*time.Second || len(s.Members) != 1 || s.Members[0].Err == nil {
				t.Errorf("%v after %v", s.err, s.took)
			}
		}
		if n := len(d.asked()); n != 1 || d.most != 1 {
			t.Errorf("%d exchanges, %d at once", n, d.most)
		}
		synctest.Wait() // a goroutine that is left behind would keep the bubble open
		for _, at := range l.posts {
			if at.manned || len(at.waiting) > 0 {
				t.Errorf("%d still wait", len(at.waiting))
			}
		}
	})
}
