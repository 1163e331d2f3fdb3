//go:build linux

package claim

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/cmd/internal/runner/lease"
)

// The environment of a process that holds a claim until it is killed: of which key, as what it then behaves, and why it
// steals it, if it does.
const childKey, childAs, childSteal = "CLAIM_TEST_KEY", "CLAIM_TEST_AS", "CLAIM_TEST_STEAL"

// TestMain lets the test's own program be another process: with another state folder, as far as a claim can know.
func TestMain(m *testing.M) {
	key := os.Getenv(childKey)
	if key == "" {
		os.Exit(m.Run())
	}
	if err := another(key, os.Getenv(childAs), os.Getenv(childSteal)); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

// another holds a claim. Each line on its input asks whether it still does.
func another(key, as, reason string) error {
	who := lease.Holder{Actor: "ben", Host: "bastion-1", PID: 1, Since: noon, Socket: "unix:///run/ben.sock", State: "/home/ben/state", Reason: reason}
	if as != "" {
		return squat(key, as)
	}
	claims := New(Config{})
	var c *Claim
	var err error
	if reason == "" {
		c, err = claims.Take(context.Background(), "ranker", []string{key}, who)
	} else {
		c, _, err = claims.Steal(context.Background(), "ranker", []string{key}, who)
	}
	if err != nil {
		return err
	}
	fmt.Println("held", len(c.Late()))
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Println("asked:", c.Held(), len(c.Late()))
	}
	time.Sleep(time.Hour) // until it is killed
	return nil
}

// squat binds a name and is no holder: it says nothing, or garbage, or without end.
func squat(key, as string) error {
	name, _ := nameOf(key)
	l, err := net.Listen("unix", name)
	if err != nil {
		return err
	}
	fmt.Println("held 0")
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			switch as {
			case "garbage":
				fmt.Fprint(conn, "\x1b[2J{{{\n")
			case "root":
				fmt.Fprint(conn, `{"actor":"root","pid":1,"host":"x"}`+"\n")
			case "endless":
				for {
					if _, err := fmt.Fprint(conn, strings.Repeat("x", 1000)); err != nil {
						return
					}
				}
			case "rude":
				conn.Close()
			}
		}()
	}
}

// process is another one.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	in  interface{ Write([]byte) (int, error) }
	out *bufio.Reader
}

func start(t *testing.T, key, as, steal string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.CommandContext(t.Context(), os.Args[0])}
	p.cmd.Env = append(os.Environ(), childKey+"="+key, childAs+"="+as, childSteal+"="+steal)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in, p.out = in, bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// says waits for its next line.
func (p *process) says() string {
	p.t.Helper()
	s, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatalf("another process ended: %v", err)
	}
	return strings.TrimSpace(s)
}

// asked is what it says when it is asked whether it holds the claim.
func (p *process) asked() string {
	p.t.Helper()
	if _, err := p.in.Write([]byte("\n")); err != nil {
		p.t.Fatal(err)
	}
	return p.says()
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // killed, as was wanted
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// stopped waits until a process that was sent SIGSTOP has stopped.
func (p *process) stopped() {
	p.t.Helper()
	p.signal(syscall.SIGSTOP)
	for {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
		if err != nil {
			p.t.Fatal(err)
		}
		if _, rest, _ := strings.Cut(string(b), ") "); strings.HasPrefix(rest, "T") {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
