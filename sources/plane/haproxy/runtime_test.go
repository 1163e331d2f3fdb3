package haproxy

import (
	"bufio"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rampart/sources"
)

// runtime is a HAProxy, as far as its runtime API shows it: all backends whose names begin with "be" have its servers. Answers
// have the form of 2.6.12.
type runtime struct {
	t    *testing.T
	path string
	ln   net.Listener

	mu        sync.Mutex
	pid       int
	algorithm string
	servers   []*fakeServer
	readOnly  bool
	log       []string                // every command that arrived
	hurt      func(cmd string) bool   // true: hang up without an answer, after having done it
	answer    func(cmd string) string // not empty: this instead
}

type fakeServer struct {
	name            string
	weight, initial int
	down            bool
	requests        int64
	backup          bool
	agent           string
	drain           bool
	sets            int // the weight that its agent sets at once, when not 0
}

func newRuntime(t *testing.T, servers ...*fakeServer) *runtime {
	t.Helper()
	r := &runtime{t: t, path: filepath.Join(t.TempDir(), "s"), pid: 100, algorithm: "roundrobin", servers: servers}
	r.listen()
	t.Cleanup(func() { r.ln.Close() })
	return r
}

func (r *runtime) listen() {
	ln, err := net.Listen("unix", r.path)
	if err != nil {
		r.t.Fatal(err)
	}
	r.ln = ln
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
}

func (r *runtime) serve(c net.Conn) {
	defer c.Close()
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return
	}
	for cmd := range strings.SplitSeq(strings.TrimSpace(line), ";") {
		text, ok := r.do(strings.TrimSpace(cmd))
		if !ok {
			return
		}
		fmt.Fprint(c, text)
	}
}

func (r *runtime) do(cmd string) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, cmd)
	if r.answer != nil {
		if text := r.answer(cmd); text != "" {
			return text, true
		}
	}
	f := strings.Fields(cmd)
	text := "Unknown command.\n\n"
	switch {
	case strings.HasPrefix(cmd, "show stat be") && len(f) == 5:
		text = r.stat(f[2])
	case strings.HasPrefix(cmd, "show servers state be") && len(f) == 4:
		text = r.state(f[3])
	case strings.HasPrefix(cmd, "show stat"):
		text = "No such proxy.\n\n"
	case strings.HasPrefix(cmd, "show servers state"):
		text = "Can't find backend.\n\n"
	case cmd == "show info":
		text = fmt.Sprintf("Name: HAProxy\nVersion: 2.6.12\nPid: %d\nUptime_sec: 3\nStart_time_sec: %d\nTainted: 0\n\n", r.pid, 1000+r.pid)
	case cmd == "show cli level" && r.readOnly:
		text = "operator\n\n"
	case cmd == "show cli level":
		text = "admin\n\n"
	case len(f) == 5 && f[0] == "set" && f[3] == "state":
		text = r.setState(f[2], f[4])
	case len(f) == 5 && f[0] == "set":
		text = r.set(f[2], f[4])
	}
	return text, r.hurt == nil || !r.hurt(cmd)
}

func (r *runtime) set(target, weight string) string {
	if r.readOnly {
		return "Permission denied\n\n"
	}
	_, name, _ := strings.Cut(target, "/")
	w, err := strconv.Atoi(weight)
	if err != nil || w < 0 || w > 256 {
		return "Absolute weight can only be between 0 and 256 inclusive.\n\n"
	}
	for _, s := range r.servers {
		if s.name != name {
			continue
		}
		if staticAlgorithm(r.algorithm) && w != 0 && w != s.initial {
			return "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.\n\n"
		}
		s.weight = w
		if s.sets > 0 {
			s.weight = s.sets
		}
		return "\n"
	}
	return "No such server.\n\n"
}

func (r *runtime) setState(target, state string) string {
	if r.readOnly {
		return "Permission denied\n\n"
	}
	_, name, _ := strings.Cut(target, "/")
	for _, s := range r.servers {
		if s.name == name && (state == "drain" || state == "ready") {
			s.drain = state == "drain"
			return "\n"
		}
	}
	return "No such server.\n\n"
}

func (r *runtime) state(backend string) string {
	var b strings.Builder
	b.WriteString("1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_port\n")
	for i, s := range r.servers {
		op := 2
		if s.down {
			op = 0
		}
		admin := 0
		if s.drain {
			admin = 8
		}
		fmt.Fprintf(&b, "3 %s %d %s 127.0.0.1 %d %d %d %d %d\n", backend, i, s.name, op, admin, s.weight, s.initial, 8000+i)
	}
	return b.String() + "\n"
}

func (r *runtime) stat(backend string) string {
	var b strings.Builder
	b.WriteString("# pxname,svname,stot,econ,eresp,wretr,wredis,status,weight,bck,hrsp_5xx,agent_status,last_chk,cookie,algo,\n")
	for _, s := range r.servers {
		status, bck := "UP", "0"
		if s.down {
			status = "DOWN"
		}
		if s.drain {
			status = "DRAIN"
		}
		if s.backup {
			bck = "1"
		}
		fmt.Fprintf(&b, "%s,%s,%d,1,2,3,4,%s,%d,%s,5,%s,\"a, \"\"b\"\"\",,,\n", backend, s.name, s.requests, status, s.weight, bck, s.agent)
	}
	fmt.Fprintf(&b, "%s,BACKEND,0,0,0,0,0,UP,0,0,0,,,,%s,\n", backend, r.algorithm)
	return b.String() + "\n"
}

// change does something to the runtime that its operator did not ask for.
func (r *runtime) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

// reload starts a new process with the weights of the file.
func (r *runtime) reload() {
	r.change(func() {
		r.pid++
		for _, s := range r.servers {
			s.weight, s.requests, s.drain = s.initial, 0, false
		}
	})
}

// route sends n requests through, by weight, exactly.
func (r *runtime) route(n int) {
	r.change(func() {
		sum := 0
		takes := slices.DeleteFunc(slices.Clone(r.servers), func(s *fakeServer) bool { return s.drain })
		for _, s := range takes {
			sum += s.weight
		}
		for _, s := range takes {
			s.requests += int64(n * s.weight / sum)
		}
	})
}

// sets returns the writes that arrived, in their order.
func (r *runtime) sets() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, cmd := range r.log {
		if strings.HasPrefix(cmd, "set ") {
			out = append(out, strings.TrimPrefix(cmd, "set server be/"))
		}
	}
	return out
}

func (r *runtime) weight(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.servers {
		if s.name == name {
			return s.weight
		}
	}
	return -1
}

func opened(t *testing.T, members ...*runtime) *Plane {
	t.Helper()
	c := Config{Backend: "be", Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}}, Timeout: 2 * time.Second}
	for _, m := range members {
		c.Sockets = append(c.Sockets, "unix://"+m.path)
	}
	p, err := New(c, func() time.Time { return time.Unix(1_700_000_000, 0).UTC() })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// pair is one legacy and one candidate server.
func pair(legacy, candidate int) []*fakeServer {
	return []*fakeServer{{name: "stable-1", weight: legacy, initial: 100}, {name: "canary-1", weight: candidate}}
}
