//go:build linux

package claim

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"rampart/sources"
)

func TestSteal_AsksTheHolderWhoSeesItAtItsNextQuestion(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	claims := New(Config{})
	if _, _, err := claims.Steal(t.Context(), "ranker", []string{key}, who("ana")); !errors.Is(err, sources.ErrInvalid) {
		t.Fatalf("stolen without a reason: %v", err)
	}
	c, from, err := claims.Steal(t.Context(), "ranker", []string{key}, thief("ana"))
	if err != nil || len(from) != 1 || from[0].Actor != "ben" || from[0].PID != p.cmd.Process.Pid {
		t.Fatalf("stolen from %v: %v", from, err)
	}
	defer c.Release()
	if c.Held() != nil || len(c.Late()) > 0 {
		t.Errorf("%v; not let go by %v", c.Held(), c.Late())
	}
	if s := p.asked(); !strings.Contains(s, "ranker: held by ana") || !strings.Contains(s, fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("who lost it says %s", s)
	}
	p.kill()
	if c.Held() != nil {
		t.Errorf("the end of who lost it took it along: %v", c.Held())
	}
}

func TestSteal_FromAProcessThatIsStoppedGoesOnBesideItAndItFindsOutBeforeItWrites(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	p.stopped()
	c, from, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("ana"))
	if err != nil || len(from) != 1 || from[0].PID != p.cmd.Process.Pid {
		t.Fatalf("stolen from %v: %v", from, err)
	}
	defer c.Release()
	if c.Held() != nil || len(c.Late()) != 1 || c.Late()[0].PID != p.cmd.Process.Pid {
		t.Fatalf("%v; not let go by %v", c.Held(), c.Late())
	}
	if _, err := p.in.Write([]byte("\n")); err != nil { // it asks as soon as it wakes up
		t.Fatal(err)
	}
	p.signal(syscall.SIGCONT)
	if s := p.says(); !strings.Contains(s, "ranker: held by ana") {
		t.Errorf("the first that it hears after it woke up: %s", s)
	}
	eventually(t, "the name is ours", func() bool { return len(c.Late()) == 0 })
	if c.Held() != nil {
		t.Error(c.Held())
	}
}

func TestSteal_AThirdProcessMeetsTheThiefWhileTheHolderHangs(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	p.stopped()
	q := start(t, key, "", "ana is asleep")
	if s := q.says(); s != "held 1" {
		t.Fatal(s)
	}
	if by, ok := Look(t.Context(), []string{key}); !ok || by.PID != q.cmd.Process.Pid {
		t.Errorf("whoever looks finds %v", by)
	}
	_, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("cy"))
	if by := heldBy(t, err); by.PID != q.cmd.Process.Pid {
		t.Errorf("whoever is refused is sent to the one that hangs: %v", err)
	}
	p.kill()
	_, err = New(Config{}).Take(t.Context(), "ranker", []string{key}, who("cy"))
	if by := heldBy(t, err); by.PID != q.cmd.Process.Pid {
		t.Errorf("the name of who ended is taken from the thief by a third: %v", err)
	}
	c, from, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("cy"))
	if err != nil || len(from) != 1 || from[0].PID != q.cmd.Process.Pid {
		t.Fatalf("a second thief stole from %v: %v", from, err)
	}
	defer c.Release()
	if s := q.asked(); !strings.Contains(s, "held by cy") {
		t.Errorf("the first thief says %s", s)
	}
}

func TestSteal_SecondThiefAsksTheFirstWhileTheHolderHangs(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	p.stopped()
	q := start(t, key, "", "ana is asleep")
	q.says()
	c, from, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("cy"))
	if err != nil || len(from) != 1 || from[0].PID != q.cmd.Process.Pid || len(c.Late()) != 1 {
		t.Fatalf("stolen from %v, still with %v: %v", from, c.Late(), err)
	}
	defer c.Release()
	if s := q.asked(); !strings.Contains(s, "held by cy") {
		t.Errorf("the first thief says %s", s)
	}
	p.signal(syscall.SIGCONT)
	if s := p.asked(); !strings.Contains(s, "held by ") {
		t.Errorf("the first holder says %s", s)
	}
	eventually(t, "the name is ours", func() bool { return len(c.Late()) == 0 })
	if c.Held() != nil {
		t.Error(c.Held())
	}
}
