package wire

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
)

// opened asks for the frames over a bare connection.
func opened(t *testing.T, p *pipes) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := p.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://runner/v1/frames?service=ranker", nil)
	if err := q.Write(c); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(c), q) //nolint:bodyclose // closing the connection closes it
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("got %v, %v", r, err)
	}
	return c, bufio.NewReader(r.Body)
}

func TestFrames_AQuietStreamBeatsEveryTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		defer serving(newRunner(), p)()
		c, r := opened(t, p)
		defer c.Close()
		began := time.Now()
		if line, err := r.ReadString('\n'); err != nil || !strings.HasPrefix(line, sessionPrefix) {
			t.Fatalf("first %q, %v", line, err)
		}
		for i := range 3 {
			line, err := r.ReadString('\n')
			if err != nil || !strings.HasPrefix(line, beatPrefix) || len(line) > 200 {
				t.Errorf("beat %q, %v", line, err)
			}
			if at, want := time.Since(began), time.Duration(i+1)*Beat; at != want {
				t.Errorf("beat %d after %s, want %s", i, at, want)
			}
		}
	})
}

func TestFrames_ASlowConsoleIsDroppedAndDelaysNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, host := newPipes(), newRunner()
		host.put(frame.Frame{Verdict: analysis.Verdict{Sentence: strings.Repeat("x", 1<<16)}})
		defer serving(host, p)()
		slow, _ := opened(t, p) // reads the head of the answer and no more
		quick := newClient(t.Context(), "unix:///r", Options{Service: "ranker"}, p.dial)
		began := time.Now()
		for i := range 5 {
			if _, err := quick.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took != time.Duration(i)*100*time.Millisecond {
				t.Errorf("frame %d came after %s", i, took)
			}
			time.Sleep(100 * time.Millisecond)
			host.put(frame.Frame{})
		}
		time.Sleep(Patience)
		synctest.Wait()
		_ = slow.SetReadDeadline(time.Now().Add(Patience))
		if _, err := io.Copy(io.Discard, slow); err != nil {
			t.Errorf("the slow console was not dropped: %v", err)
		}
	})
}

func TestFrames_ReadingEndsWhenNobodyLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, host := newPipes(), newRunner()
		host.put(frame.Frame{})
		defer serving(host, p)()
		for range 2 { // each time from a new reader, so that nobody sees a frame of before
			c, r := opened(t, p)
			_, _ = r.ReadString('\n')
			c.Close() // killed
			synctest.Wait()
		}
		host.mu.Lock()
		defer host.mu.Unlock()
		if host.readers != 2 {
			t.Errorf("%d readers for two consoles after another", host.readers)
		}
	})
}

func TestClient_SaysWithinFiveSecondsThatTheRunnerIsAway(t *testing.T) {
	for _, c := range []struct {
		name string
		lose func(end func(), conns *conns)
	}{
		{"it ended", func(end func(), _ *conns) { end() }},
		{"it hangs: the connection stands and nothing comes", func(_ func(), c *conns) { c.freeze() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, host := newPipes(), newRunner()
				host.put(frame.Frame{Verdict: analysis.Verdict{Call: analysis.Safe, Sentence: "no worse"}})
				end := serving(host, p)
				between := &conns{dial: p.dial}
				ctx, cancel := context.WithCancel(t.Context())
				client := newClient(ctx, "unix:///r", Options{Service: "ranker"}, between.connect)
				if f, err := client.Next(ctx); err != nil || len(f.Sources) > 0 {
					t.Fatalf("got %+v, %v", f, err)
				}
				time.Sleep(3 * Beat) // beats are no frames
				lost := time.Now()
				c.lose(end, between)
				f, err := client.Next(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(lost); took > 5*time.Second {
					t.Errorf("said after %s", took)
				}
				if s := f.Sources[0]; s.Name != "runner" || s.State != frame.SourceDown || s.Err == "" || s.Since.IsZero() || !s.Retry.After(time.Now()) {
					t.Errorf("its source: %+v", s)
				}
				if f.Verdict.Call != analysis.Stale || !strings.Contains(f.Verdict.Sentence, "it said last: SAFE") {
					t.Errorf("its call: %+v", f.Verdict)
				}
				cancel()
				between.close()
				end()
			})
		})
	}
}

func TestClient_GoesOnByItselfWhenTheRunnerIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, host := newPipes(), newRunner()
		host.put(frame.Frame{Verdict: analysis.Verdict{Call: analysis.Worse, Sentence: "errors tripled"}})
		end := serving(host, p)
		between := &conns{dial: p.dial}
		ctx, cancel := context.WithCancel(t.Context())
		client := newClient(ctx, "unix:///r", Options{Service: "ranker"}, between.connect)
		if _, err := client.Next(ctx); err != nil {
			t.Fatal(err)
		}
		end()
		f, _ := client.Next(ctx)
		if f.Verdict.Call != analysis.Worse || !strings.HasPrefix(f.Verdict.Sentence, "errors tripled (the runner is away since") {
			t.Errorf("WORSE stays, and its age is said: %+v", f.Verdict)
		}
		time.Sleep(time.Minute) // away for long
		again := newPipes()
		between.mu.Lock()
		between.dial = again.dial
		between.mu.Unlock()
		end = serving(host, again) // nothing new: the same frame as before
		back := time.Now()
		for len(f.Sources) > 0 {
			var err error
			if f, err = client.Next(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(back); took > 6*time.Second {
			t.Errorf("back after %s", took)
		}
		cancel()
		between.close()
		end()
	})
}

func TestClient_ARunnerThatNeverCameIsShownAsWaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		p.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		client := newClient(ctx, "unix:///r", Options{Service: "ranker"}, p.dial)
		f, err := client.Next(ctx)
		if err != nil || len(f.Waiting) != 1 || f.Waiting[0] != "runner" || f.Service != "ranker" || f.Sources[0].State != frame.SourceDown {
			t.Errorf("got %+v, %v", f, err)
		}
		cancel()
		synctest.Wait()
	})
}

// conns are a client's connections, which can be frozen as a runner is by SIGSTOP: nothing comes, and they stand.
type conns struct {
	mu     sync.Mutex
	dial   func(context.Context) (net.Conn, error)
	all    []net.Conn
	frozen bool
}

func (c *conns) connect(ctx context.Context) (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		here, there := net.Pipe()
		c.all = append(c.all, there)
		go func() { _, _ = io.Copy(io.Discard, there) }()
		return here, nil
	}
	conn, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	here, there := net.Pipe()
	c.all = append(c.all, there, conn)
	go func() { _, _ = io.Copy(conn, there); conn.Close() }()
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := conn.Read(b)
			if c.is() && err == nil {
				continue
			}
			if _, w := there.Write(b[:n]); w != nil || err != nil {
				there.Close()
				return
			}
		}
	}()
	return here, nil
}

func (c *conns) is() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

func (c *conns) freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen = true
}

func (c *conns) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.all {
		conn.Close()
	}
}
