package haproxyserver_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources/demo/haproxyserver"
	"rampart/sources/demo/world"
)

func TestServer_KeepsAPromptOpenAndAnswersEachLine(t *testing.T) {
	c, err := net.Dial("unix", filepath.Join(demoSockets(t), "admin.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	r := bufio.NewReader(c)
	for _, step := range []struct{ say, want string }{
		{"prompt", "\n> "},
		{"set weight be_ranker/canary-1 6", "\n> "},
		{"get weight be_ranker/canary-1; get weight be_ranker/stable-1", "6 (initial 10)\n\n> 100 (initial 100)\n\n> "},
	} {
		_, _ = io.WriteString(c, step.say+"\n")
		got := make([]byte, len(step.want))
		if _, err := io.ReadFull(r, got); err != nil || string(got) != step.want {
			t.Fatalf("after %q: got %q, %v, want %q", step.say, got, err, step.want)
		}
	}
	_, _ = io.WriteString(c, "quit\n")
	if rest, _ := io.ReadAll(r); len(rest) != 0 {
		t.Fatalf("after quit: %q", rest)
	}
}

func TestServer_AnswersAllLinesSentAtOnceAndCloses(t *testing.T) {
	got := ask(t, filepath.Join(demoSockets(t), "admin.sock"), "get weight be_ranker/canary-1\nget weight be_ranker/stable-1")
	if want := "10 (initial 10)\n\n100 (initial 100)\n\n"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestServer_EndsASessionWhoseLineNeverEnds(t *testing.T) {
	c, err := net.Dial("unix", filepath.Join(demoSockets(t), "admin.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = io.WriteString(c, strings.Repeat("x", 20000))
	if got, _ := io.ReadAll(c); len(got) != 0 { // the connection may end with a reset, the rest of the line being unread
		t.Fatalf("got %d bytes", len(got))
	}
}

func TestServer_JSONIsJSON(t *testing.T) {
	socket := filepath.Join(demoSockets(t), "user.sock")
	for _, command := range []string{"show info json", "show stat json", "show stat be_ranker 4 -1 json"} {
		var any []any
		if err := json.Unmarshal([]byte(ask(t, socket, command)), &any); err != nil || len(any) == 0 {
			t.Errorf("%s: %v", command, err)
		}
	}
}

// TestServer_MovesTheTrafficOfTheWorld sets weights over the socket, lets a minute pass, and looks for the share in the balancer's own counters.
func TestServer_MovesTheTrafficOfTheWorld(t *testing.T) {
	spec := world.Default()
	spec.Opens, spec.Timeline = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC), []world.Event{{At: -time.Minute, Deploy: &world.Deploy{Track: "canary"}}}
	spec.History = time.Minute
	w, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	now := spec.Opens
	live := world.Open(w, func() time.Time { return now }, 1)
	s := haproxyserver.New(live)
	t.Cleanup(func() { _ = s.Close() })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Serve(l, haproxyserver.Admin)
	say := func(command string) string {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		_, _ = io.WriteString(c, command+"\n")
		b, _ := io.ReadAll(c)
		return string(b)
	}
	canary := func() (n int) {
		live.Do(func(w *world.World) {
			for _, s := range w.Router().Servers() {
				if s.Track == world.Canary {
					n += s.Balanced
				}
			}
		})
		return n
	}
	if n := canary(); n != 0 {
		t.Fatalf("%d requests at weight 0", n)
	}
	// 200 of 600 + 200 is a quarter: about 1800 of 7200 requests, give or take four deviations.
	say("set server be_ranker/canary-1 weight 100; set server be_ranker/canary-2 weight 100")
	now = now.Add(time.Minute)
	if n := canary(); n < 1500 || n > 2100 {
		t.Fatalf("%d requests in a minute at a quarter", n)
	}
	say("set server be_ranker/canary-1 state drain; disable server be_ranker/canary-2")
	before := canary()
	now = now.Add(time.Minute)
	if n := canary(); n != before {
		t.Fatalf("%d requests after drain and maintenance", n-before)
	}
	began := strings.Contains(say("show info"), "Uptime_sec: 0")
	live.Do(func(w *world.World) { w.Router().Reload(w.Now()) })
	if info := say("show info"); began || !strings.Contains(info, "Uptime_sec: 0") || !strings.Contains(info, "Pid: 4249") {
		t.Fatalf("a reload shows as a new process, got %s", info)
	}
	if got := say("get weight be_ranker/canary-1"); got != "0 (initial 0)\n\n" {
		t.Fatalf("after a reload: %q", got)
	}
}
