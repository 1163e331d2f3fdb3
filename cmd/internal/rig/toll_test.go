//go:build integration

package rig

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// The places at which a toll stands, in the order in which an action comes by. Those after them are rungs that are told.
const (
	confirmed  = "it was confirmed, and nothing is written"
	journalled = "the intent is written"
	arrived    = "the write arrived"
	made       = "the write is made"
	received   = "the answer is written"
)

// toll stands on the road to a plane and tells where an action is. Whoever is stopped there goes on once stop returns:
// what has arrived is done, whatever becomes of the one who sent it.
type toll struct {
	mu    sync.Mutex
	stop  func(place string)
	asked func() string // where the action on its way is by the journal; empty: it has nothing of it
	told  []string      // the writes that arrived
	lines int           // connections that are open
}

func (g *toll) at(place string) {
	g.mu.Lock()
	stop := g.stop
	g.mu.Unlock()
	if stop != nil {
		stop(place)
	}
}

// reads is where a plane is read: between the intent and the write, and again once the answer is written down.
func (g *toll) reads() {
	g.mu.Lock()
	asked := g.asked
	g.mu.Unlock()
	if asked == nil {
		return
	}
	if place := asked(); place != "" {
		g.at(place)
	}
}

func (g *toll) writes(what string) {
	g.mu.Lock()
	g.told = append(g.told, what)
	g.mu.Unlock()
	g.at(arrived)
}

// guard sets what happens at each place from now on.
func (g *toll) guard(asked func() string, stop func(place string)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked, g.stop = asked, stop
}

// count is how many writes have arrived.
func (g *toll) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.told)
}

// idle tells whether nobody is connected any more: what arrived is done.
func (g *toll) idle() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lines > 0 {
		return fmt.Errorf("%d connections are open", g.lines)
	}
	return nil
}

func (g *toll) connected(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lines += n
}

// socket stands before HAProxy's runtime API and returns its own address.
func (g *toll) socket(t *testing.T, h *HAProxy, path string) string {
	t.Helper()
	l, err := net.Listen("unix", path)
	must(t, err)
	var done sync.WaitGroup
	t.Cleanup(func() { l.Close(); done.Wait() })
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.connected(1)
			done.Go(func() {
				defer g.connected(-1)
				g.carry(c, h.Socket)
			})
		}
	})
	return "unix://" + path
}

// carry passes one connection's commands on, line by line, and what is answered.
func (g *toll) carry(c net.Conn, to string) {
	defer c.Close()
	h, err := dial("unix", to)
	if err != nil {
		return
	}
	defer h.Close()
	var back sync.WaitGroup
	defer back.Wait()
	wrote := make(chan bool, 64)
	back.Go(func() {
		b := make([]byte, 64<<10)
		for {
			n, err := h.Read(b)
			select {
			case <-wrote:
				g.at(made)
			default:
			}
			_, _ = c.Write(b[:n]) // whoever asked may be gone
			if err != nil {
				halfClose(c)
				return
			}
		}
	})
	for in := bufio.NewReader(c); ; {
		line, err := in.ReadString('\n')
		if strings.Contains(line, "set server") {
			g.writes(strings.TrimSpace(line))
			wrote <- true
		} else if strings.Contains(line, "show") {
			g.reads()
		}
		if _, bad := io.WriteString(h, line); bad != nil || err != nil {
			halfClose(h)
			return
		}
	}
}

// halfClose tells the other end that nothing more will come.
func halfClose(c net.Conn) {
	if u, ok := c.(*net.UnixConn); ok {
		_ = u.CloseWrite()
	}
}

// splitter is a router of somebody's own behind a web server. It speaks the documents of exec and webhook, and sends
// legacy so many requests between two looks that a rollback is soon seen.
type splitter struct {
	*toll
	*httptest.Server
	mu      sync.Mutex
	percent float64
	rev     int
	sent    [2]int // requests to legacy and to the candidate
}

func startSplitter(t *testing.T) *splitter {
	t.Helper()
	s := &splitter{toll: &toll{}, percent: 20}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP answers a call of exec's, which are all posted, and webhook's, which reads by GET.
func (s *splitter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Call   string
		Intent struct {
			ID      string
			Percent float64 `json:"candidate_percent"`
		}
	}
	if r.Method == http.MethodPost && json.NewDecoder(r.Body).Decode(&q) != nil {
		http.Error(w, "no document", http.StatusBadRequest)
		return
	}
	switch q.Call {
	case "caps":
		fmt.Fprint(w, `{"caps":{}}`)
	case "apply":
		s.writes(q.Intent.ID)
		s.set(q.Intent.Percent)
		s.at(made)
		fmt.Fprintf(w, `{"intent_id":%q}`, q.Intent.ID)
	default:
		s.reads()
		fmt.Fprint(w, s.says())
	}
}

func (s *splitter) set(percent float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.percent = percent
	s.rev++
}

func (s *splitter) says() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent[0] += 100
	s.sent[1] += int(s.percent)
	return fmt.Sprintf(`{"read":{"rev":"%d","candidate_percent":%g,"effective_percent":%g,"servers":[`+
		`{"name":"stable","arm":"legacy","up":true,"requests":%d},{"name":"canary","arm":"candidate","up":true,"requests":%d}]}}`,
		s.rev, s.percent, s.percent, s.sent[0], s.sent[1])
}

func (s *splitter) share() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.percent
}
