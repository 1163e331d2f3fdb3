package haproxyserver_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rampart/sources/demo/haproxyserver"
	"rampart/sources/demo/world"
)

var record = flag.Bool("record", false, "ask the haproxy of this machine anew and write testdata/haproxy/answers.txt")

const folder = "../../../testdata/haproxy"

// answered is one command at one level, and all bytes that came back until the end of the connection.
type answered struct{ level, command, answer string }

// TestServer_SpeaksLikeTheRealProgram replays what HAProxy 2.6.12 was asked and compares each answer; numbers that time and traffic move count as equal.
func TestServer_SpeaksLikeTheRealProgram(t *testing.T) {
	sockets := demoSockets(t)
	for _, want := range recorded(t) {
		got := ask(t, filepath.Join(sockets, want.level+".sock"), want.command)
		if a, b := still(want.answer), still(got); a != b {
			t.Errorf("%s> %s\nreal program:\n%s\ndemo:\n%s", want.level, want.command, a, b)
		}
	}
}

// recorded reads the recording, after making it anew when asked to.
func recorded(t *testing.T) []answered {
	t.Helper()
	path := filepath.Join(folder, "answers.txt")
	if *record {
		sockets := realSockets(t)
		var out bytes.Buffer
		for _, c := range commands(t) {
			fmt.Fprintf(&out, ">>> %s %s\n%s", c.level, c.command, ask(t, filepath.Join(sockets, c.level+".sock"), c.command))
		}
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []answered
	for part := range strings.SplitSeq(string(b), ">>> ") {
		if head, answer, ok := strings.Cut(part, "\n"); ok {
			level, command, _ := strings.Cut(head, " ")
			all = append(all, answered{level, command, answer})
		}
	}
	if len(all) < 50 {
		t.Fatalf("%s holds %d answers only", path, len(all))
	}
	return all
}

func commands(t *testing.T) []answered {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, "commands.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all []answered
	for line := range strings.Lines(string(b)) {
		level, command, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		all = append(all, answered{level: level, command: command})
	}
	return all
}

// ask sends one line and reads until the server closes.
func ask(t testing.TB, socket, command string) string {
	t.Helper()
	c, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, command+"\n"); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return string(b)
}

// still takes out what time, traffic and the machine move: every number of show info, show stat and show servers state, and the node's name.
func still(answer string) string {
	if !strings.ContainsAny(answer, "#{.:") || strings.HasPrefix(answer, "Unknown") || strings.HasPrefix(answer, "The following") {
		return answer
	}
	answer = regexp.MustCompile(`(?m)^node: .*$|(:COS:str:).*$`).ReplaceAllString(answer, "node")
	answer = regexp.MustCompile(`(UP|DOWN|DRAIN) \d/\d`).ReplaceAllString(answer, "$1")
	return regexp.MustCompile(`-?\d+`).ReplaceAllString(answer, "0")
}

// demoSockets serves a world like the recordings' balancer: two servers that answer, two that were never deployed.
func demoSockets(t testing.TB) string {
	t.Helper()
	opens := time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)
	spec := world.Default()
	spec.Opens, spec.Timeline = opens, nil
	spec.Stable.Pods, spec.Canary.Weight, spec.Rate, spec.History = 2, 10, 20, time.Minute
	w, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	s := haproxyserver.New(world.Open(w, func() time.Time { return opens }, 1))
	t.Cleanup(func() { _ = s.Close() })
	dir := t.TempDir()
	for _, level := range []haproxyserver.Level{haproxyserver.Admin, haproxyserver.Operator, haproxyserver.User} {
		l, err := net.Listen("unix", filepath.Join(dir, level.String()+".sock"))
		if err != nil {
			t.Fatal(err)
		}
		s.Serve(l, level)
	}
	return dir
}

// realSockets starts the machine's haproxy before two live servers and two dead ports, and waits until its checks agree.
func realSockets(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("haproxy")
	if err != nil {
		t.Skip("skipped: no haproxy on this machine")
	}
	dir := t.TempDir()
	port := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
	}
	env := []string{"RAMPART_DIR=" + dir, "RAMPART_FRONT=" + port(), "RAMPART_CANARY_1=" + port(), "RAMPART_CANARY_2=" + port()}
	for i := range 2 {
		h := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		t.Cleanup(h.Close)
		env = append(env, fmt.Sprintf("RAMPART_STABLE_%d=%s", i+1, h.URL[strings.LastIndex(h.URL, ":")+1:]))
	}
	c := exec.CommandContext(t.Context(), program, "-db", "-f", filepath.Join(folder, "haproxy.cfg"))
	c.Env = append(os.Environ(), env...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
		if _, err := os.Stat(filepath.Join(dir, "admin.sock")); err == nil {
			if s := ask(t, filepath.Join(dir, "admin.sock"), "show stat be_ranker 4 -1"); strings.Count(s, "L7OK") == 2 && strings.Count(s, ",DOWN,") == 2 {
				return dir
			}
		}
	}
	t.Fatal("haproxy did not get ready within five seconds")
	return ""
}
