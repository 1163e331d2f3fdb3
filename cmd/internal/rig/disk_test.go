//go:build integration

package rig

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// disk is a small file system, or what looks like a full one to who may not make any.
type disk struct{ at, filler string }

// smallDisk puts one where the journal stands.
func smallDisk(t *testing.T, journal string) *disk {
	t.Helper()
	d := &disk{at: filepath.Dir(journal)}
	must(t, os.MkdirAll(d.at, 0o700))
	if err := syscall.Mount("tmpfs", d.at, "tmpfs", 0, "size=512k,mode=0700"); err != nil {
		t.Logf("no small disk (%v): the journal is /dev/full, and stays so", err)
		must(t, os.Symlink("/dev/full", journal))
		return d
	}
	d.filler = filepath.Join(d.at, "filler")
	t.Cleanup(func() { _ = syscall.Unmount(d.at, syscall.MNT_DETACH) }) // nobody uses it any more
	return d
}

// fill leaves no byte.
func (d *disk) fill(t *testing.T) {
	t.Helper()
	if d.filler == "" {
		return
	}
	f, err := os.OpenFile(d.filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	must(t, err)
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

// free gives room again, and tells whether it can.
func (d *disk) free(t *testing.T) bool {
	t.Helper()
	if d.filler == "" {
		return false
	}
	must(t, os.Remove(d.filler))
	return true
}

// TestCut_OnAFullDiskARollbackGoesOnLoudlyAndAGapTellsOfIt rolls back in a terminal while the journal's disk is full. One
// console is killed in the middle: the split is what it set. Another one lives until there is room again, and writes down
// what is missing before its terminal is closed.
func TestCut_OnAFullDiskARollbackGoesOnLoudlyAndAGapTellsOfIt(t *testing.T) {
	t.Parallel()
	c := overHAProxy(t, built(t))
	d := smallDisk(t, c.path)
	killed := c.onFullDisk(t, d, "killed")
	c.guard(nil, func(place string) {
		if place == made {
			killed.Kill()
		}
	})
	presses := func(s *Console) func(string) bool {
		return func(text string) bool {
			if strings.Contains(text, "enter roll back") {
				_ = s.Press("enter")
			}
			return matches(`✓ observed`, text) && matches(`not in the journal`, text) && matches(`journal cannot be written: the disk is full`, text)
		}
	}
	if _, err := killed.WaitFor("its end", time.Minute, presses(killed)); err == nil {
		t.Error("it was to be killed in the middle")
	}
	c.guard(nil, nil)
	eventually(t, 10*time.Second, c.idle)
	if n, share := c.count(), c.share(); n != 1 || share != 0 || len(intentsOf(c.path)) > 0 {
		t.Errorf("%d writes, the candidate has %g, the journal %v", n, share, linesOf(c.path))
	}
	lives := c.onFullDisk(t, d, "lives")
	_, err := lives.WaitFor("what it did, and that it is not written down", time.Minute, presses(lives))
	must(t, err)
	if n, share := c.count(), c.share(); n != 2 || share != 0 {
		t.Errorf("%d writes, the candidate has %g", n, share)
	}
	room := d.free(t)
	isGap := func(l line) bool { return l.Kind == "gap" }
	if room {
		eventually(t, time.Minute, func() error {
			if all := linesOf(c.path); !slices.ContainsFunc(all, isGap) {
				return errors.New("the journal has no gap: " + lives.Screen())
			}
			return nil
		})
	}
	lives.HangUp()
	_, err = lives.Wait(time.Minute)
	must(t, err)
	if !room {
		return
	}
	r := c.run(t, 30*time.Second, "audit", "verify")
	if open := c.open(); len(open) > 0 || r.Code != 0 || !strings.Contains(r.Stdout+r.Stderr, "gap") {
		t.Errorf("open: %v; audit verify: code %d\n%s%s", open, r.Code, r.Stdout, r.Stderr)
	}
	c.reset()
	c.succeeds(t, "rollback", "--yes", "--reason", "there is room")
}

// onFullDisk opens a console, fills the disk and asks for a rollback that is not yet confirmed.
func (c *cutting) onFullDisk(t *testing.T, d *disk, name string) *Console {
	t.Helper()
	c.reset()
	screen := c.watch(t, name, 120, 40)
	shows(t, screen, time.Minute, `SPLIT.*set 20\.0`)
	d.fill(t)
	must(t, screen.Press("R"))
	shows(t, screen, time.Minute, `enter roll back`, `canary-1`)
	return screen
}
