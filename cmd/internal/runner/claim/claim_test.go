//go:build linux

package claim

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func who(name string) lease.Holder {
	return lease.Holder{Actor: name, Host: "bastion-1", PID: os.Getpid(), Since: noon, Socket: "unix:///run/" + name + ".sock", State: "/home/" + name}
}

func thief(name string) lease.Holder {
	h := who(name)
	h.Reason = "the other one hangs"
	return h
}

// keyOf is one that no other run of the tests has.
func keyOf(t *testing.T) string {
	return fmt.Sprintf("%s %d %d", t.Name(), os.Getpid(), time.Now().UnixNano())
}

func heldBy(t *testing.T, err error) lease.Holder {
	t.Helper()
	held, ok := errors.AsType[*lease.Held](err)
	if !ok || !errors.Is(err, sources.ErrConflict) {
		t.Fatalf("want it held by somebody, got %v", err)
	}
	return held.By
}

// eventually waits for what another process or goroutine is about to do.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestClaim_IsHeldByOneProcessAndNamesItToTheOther(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	if s := p.says(); s != "held 0" {
		t.Fatal(s)
	}
	_, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ana"))
	by := heldBy(t, err)
	if by.PID != p.cmd.Process.Pid || by.User == "" || by.Actor != "ben" || !by.Since.Equal(noon) {
		t.Errorf("held by %+v", by)
	}
	for _, want := range []string{"ranker: held by ben (user " + by.User + "), process " + fmt.Sprint(p.cmd.Process.Pid), "since 2026-01-05 12:00:00", "unix:///run/ben.sock", "/home/ben/state"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in %v", want, err)
		}
	}
	if by, ok := Look(t.Context(), []string{"another", key}); !ok || by.Actor != "ben" {
		t.Errorf("whoever looks finds %v, %v", by, ok)
	}
	p.kill()
	c, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ana"))
	if err != nil {
		t.Fatalf("held by a process that was killed: %v", err)
	}
	c.Release()
	if by, ok := Look(t.Context(), []string{key}); ok {
		t.Errorf("what was given back is held by %v", by)
	}
}

func TestClaim_ServicesOfOneProcessShareWhatTheyDrive(t *testing.T) {
	key, claims := keyOf(t), New(Config{})
	one, err := claims.Take(t.Context(), "ranker", []string{key}, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := claims.Take(t.Context(), "ads", []string{key, key}, who("ana"))
	if err != nil {
		t.Fatalf("a second service behind the same plane: %v", err)
	}
	one.Release()
	if _, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ben")); err == nil || two.Held() != nil {
		t.Errorf("the end of one service let the other's go: %v, %v", err, two.Held())
	}
	two.Release()
	c, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ben"))
	if err != nil {
		t.Fatal(err)
	}
	c.Release()
}

func TestClaim_AnyKeyThatTwoHaveInCommonMakesThemMeetAndNothingIsKeptOfTheRest(t *testing.T) {
	a, b, other := keyOf(t)+"a", keyOf(t)+"b", keyOf(t)+"c"
	c, err := New(Config{}).Take(t.Context(), "ranker", []string{a, b}, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	heldBy(t, func() error {
		_, err := New(Config{}).Take(t.Context(), "ranker", []string{other, b}, who("ben"))
		return err
	}())
	for _, keys := range [][]string{{other}, nil} {
		d, err := New(Config{}).Take(t.Context(), "ranker", keys, who("ben"))
		if err != nil {
			t.Fatalf("%q: %v", keys, err)
		}
		if d.Held() != nil {
			t.Error(d.Held())
		}
		d.Release()
	}
}

func TestClaim_SquatterIsNamedByTheKernelAndHangsNobody(t *testing.T) {
	for _, as := range []string{"mute", "garbage", "endless", "root", "rude"} {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			key := keyOf(t)
			p := start(t, key, as, "")
			p.says()
			_, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ana"))
			by := heldBy(t, err)
			if by.PID != p.cmd.Process.Pid || by.User == "" || strings.ContainsRune(err.Error(), '\x1b') {
				t.Errorf("held by %+v: %v", by, err)
			}
			c, _, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("ana"))
			if err != nil || c.Held() != nil || len(c.Late()) != 1 || c.Late()[0].PID != p.cmd.Process.Pid {
				t.Fatalf("stolen from a squatter: %v; still with %v", err, c.Late())
			}
			defer c.Release()
			p.kill()
			eventually(t, "the name is ours", func() bool { return len(c.Late()) == 0 })
			if c.Held() != nil {
				t.Error(c.Held())
			}
		})
	}
}
