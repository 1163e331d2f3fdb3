package lease

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rampart/sources"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func who(name string) Holder { return Holder{Actor: name, Host: "bastion-1", PID: 4711, Since: noon} }

func TestLease_IsHeldByOneAndNamesItsHolderToTheOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prod", "ranker.lease")
	l, err := Take(path, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Take(path, who("ben"))
	if held, ok := errors.AsType[*Held](err); !ok || held.By != who("ana") || !errors.Is(err, sources.ErrConflict) {
		t.Fatalf("a second one got %v", err)
	}
	if !strings.Contains(err.Error(), "ranker: held by ana, process 4711 on bastion-1, since 2026-01-05 12:00:00") {
		t.Errorf("it says %v", err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if by, _, err := Look(path); by.Actor != "ana" || !errors.Is(err, sources.ErrNoData) {
		t.Errorf("after its release: %v, %v", by, err)
	}
	if _, err := Take(path, who("ben")); err != nil {
		t.Errorf("a lease that was given back cannot be taken: %v", err)
	}
}

func TestLease_StolenIsNoticedByItsHolderAndAsksAReason(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ranker.lease")
	l, err := Take(path, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Steal(path, who("ben")); !errors.Is(err, sources.ErrInvalid) {
		t.Fatalf("stolen without a reason: %v", err)
	}
	thief := who("ben")
	thief.Reason = "ana's runner hangs"
	stolen, was, err := Steal(path, thief)
	if err != nil || was != who("ana") {
		t.Fatalf("stolen from %v: %v", was, err)
	}
	if held, ok := errors.AsType[*Held](l.Held()); !ok || held.By != thief {
		t.Errorf("ana does not see it: %v", l.Held())
	}
	if err := l.Release(); err != nil || stolen.Held() != nil {
		t.Errorf("ana's end took the lease with it: %v, %v", err, stolen.Held())
	}
	if err := stolen.Release(); err != nil {
		t.Fatal(err)
	}
	if _, was, err := Steal(path, thief); err != nil || was != (Holder{}) {
		t.Errorf("a lease that was given back is stolen from nobody, not from %v: %v", was, err)
	}
}

func TestLease_HeartbeatIsTheHoldersOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ranker.lease")
	l, err := Take(path, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	thief := who("ben")
	thief.Reason = "why not"
	if _, _, err := Steal(path, thief); err != nil {
		t.Fatal(err)
	}
	if err := l.Beat(noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, beat, err := Look(path); err != nil || beat.Equal(noon.Add(time.Hour)) {
		t.Errorf("who lost the lease keeps it alive: %v, %v", beat, err)
	}
}

func TestLease_OneOfManyGetsItAtTheSameInstant(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ranker.lease")
	var wg sync.WaitGroup
	got := make(chan *Lease, 20)
	for range 20 {
		wg.Go(func() {
			if l, err := Take(path, who("one of many")); err == nil {
				got <- l
			}
		})
	}
	wg.Wait()
	if len(got) != 1 {
		t.Errorf("%d of 20 hold it", len(got))
	}
}

// TestLease_EndsWithItsProcess kills the holder the hard way.
func TestLease_EndsWithItsProcess(t *testing.T) {
	if path := os.Getenv("LEASE_TEST_CHILD"); path != "" {
		l, err := Take(path, who("child"))
		if err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString("held\n")
		time.Sleep(time.Hour) // until it is killed
		t.Log(l)
	}
	path := filepath.Join(t.TempDir(), "ranker.lease")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "LEASE_TEST_CHILD="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(path, who("ana")); !errors.Is(err, sources.ErrConflict) {
		t.Fatalf("taken from a process that lives: %v", err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if _, err := Take(path, who("ana")); err != nil {
		t.Errorf("held by a process that was killed: %v", err)
	}
}

func TestLease_SaysWhereItCannotBe(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(filepath.Join(dir, "file", "ranker.lease"), who("ana")); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("below a file: %v", err)
	}
	if _, _, err := Look(filepath.Join(dir, "nothing.lease")); !errors.Is(err, sources.ErrNoData) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("never taken: %v", err)
	}
}
