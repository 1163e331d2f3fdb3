//go:build linux

package claim

import (
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"rampart/cmd/internal/runner/lease"
)

func TestDoor_LetsGoToItsOwnUserAndRootAndElseByTheRule(t *testing.T) {
	asked := 0
	refuse := func(h lease.Holder, p Peer) error {
		asked++
		return fmt.Errorf("%s of %s has the role viewer", h.Actor, p.Name)
	}
	grant := func(lease.Holder, Peer) error { return nil }
	self := os.Geteuid()
	for name, c := range map[string]struct {
		uid  int
		may  func(lease.Holder, Peer) error
		gone bool
	}{
		"its own user":            {self, refuse, true},
		"root":                    {0, refuse, true},
		"a stranger without role": {12345, refuse, false},
		"an operator":             {12345, grant, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := &door{may: c.may}
			fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer syscall.Close(fds[0])
			defer syscall.Close(fds[1])
			d.answer(line{Actor: "ben", LetGo: true}, &call{peer: Peer{UID: c.uid, PID: 7}}, fds[0])
			if (d.gone != nil) != c.gone {
				t.Fatalf("let go: %v", d.gone)
			}
			if c.gone {
				return
			}
			b := make([]byte, mostLine)
			n, err := syscall.Read(fds[1], b)
			if err != nil {
				t.Fatal(err)
			}
			if l, ok, err := decode(b[:n]); err != nil || !ok || !strings.Contains(l.Refused, "ben of uid 12345 has the role viewer") {
				t.Errorf("it answers %s", b[:n])
			}
		})
	}
	if asked != 1 {
		t.Errorf("the rule was asked %d times", asked)
	}
}

func TestDoor_CallersWithoutEndHoldNobodyUp(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	c, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	name, _ := nameOf(key)
	for range 3 * mostCalls {
		conn, err := net.Dial("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if c.Held() != nil {
			t.Fatal(c.Held())
		}
	}
	d, _, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("ben"))
	if err != nil || len(d.Late()) > 0 {
		t.Fatalf("%v, still with %v", err, d.Late())
	}
	defer d.Release()
	heldBy(t, c.Held())
}

// Nobody but the question itself hears who called here, as in a process that wakes up and asks before anything else runs.
func TestDoor_WhoeverAsksHearsAllThatCameBefore(t *testing.T) {
	name, _ := nameOf(keyOf(t))
	d, err := bind(name, who("ana"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if by := d.look(); by != nil {
		t.Fatalf("let go to %v", by)
	}
	for range backlog - 1 { // strangers who say nothing stand before it
		conn, err := net.Dial("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	c, err := net.Dial("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write(line{Actor: "ben", LetGo: true}.encode()); err != nil {
		t.Fatal(err)
	}
	if by := d.look(); by == nil || by.Actor != "ben" || by.PID != os.Getpid() {
		t.Errorf("who asked first hears of %v", by)
	}
}

func TestDoor_ARequestOfSomebodyWhoHungUpIsNone(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	p.stopped()
	name, _ := nameOf(key)
	conn, err := net.Dial("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(line{Actor: "gone", LetGo: true}.encode()); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	p.signal(syscall.SIGCONT)
	if s := p.asked(); s != "asked: <nil> 0" {
		t.Errorf("it let go to nobody: %s", s)
	}
}
