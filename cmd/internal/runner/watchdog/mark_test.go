package watchdog_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

// A full disk cannot take that somebody stopped a ramp: what the runner left beside its lease says it.
func TestWatchdog_GoesByTheMarkOfARunnerThatCouldNotWriteItsJournal(t *testing.T) {
	for name, c := range map[string]struct {
		says func(started time.Time) string
		acts bool
	}{
		"somebody ended the ramp, and its share stays":   {func(at time.Time) string { return fmt.Sprintf("%d ended", at.UnixNano()) }, false},
		"it was rolled back":                             {func(at time.Time) string { return fmt.Sprintf("%d rolled_back", at.UnixNano()) }, false},
		"somebody holds it: nobody is there to judge it": {func(at time.Time) string { return fmt.Sprintf("%d held", at.UnixNano()) }, true},
		"it was rolling back":                            {func(at time.Time) string { return fmt.Sprintf("%d rolling_back", at.UnixNano()) }, true},
		"another ramp was ended":                         {func(time.Time) string { return "1 ended" }, true},
		"nobody can read it":                             {func(time.Time) string { return "ended" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := watch(t, ramp.Running)
			if err := os.Symlink(c.says(w.started), w.mark); err != nil {
				t.Fatal(err)
			}
			runner(t, w.path)()
			w.now = time.Now().Add(time.Hour)
			w.look(t, c.acts)
		})
	}
}

// The plan says that a ramp is never without somebody who judges it: why the runner is away makes no difference.
func TestWatchdog_TakesTheTrafficAwayAlsoWhereTheRunnerWasStoppedOnPurposeOverAHeldRamp(t *testing.T) {
	w := watch(t, ramp.Held)
	l, err := lease.Take(w.path, lease.Holder{Actor: "ana", PID: os.Getpid(), Host: "bastion", Since: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Beat(time.Now()), l.Release()); err != nil {
		t.Fatal(err)
	}
	w.now = time.Now().Add(20 * time.Second)
	w.look(t, false) // it is started again, say
	w.now = w.now.Add(15 * time.Second)
	w.look(t, true)
	if len(w.writes) != 1 || !strings.Contains(w.writes[0], "held at 5 %") {
		t.Errorf("it wrote %q", w.writes)
	}
}

func TestWatchdog_ReadsOfTheJournalOnlyWhatIsNewAndAllOfItAfterAnError(t *testing.T) {
	w := watch(t, ramp.Ended)
	runner(t, w.path)()
	over := w.raises(t, "one")
	w.now = over.Add(-time.Second)
	for range 3 {
		w.look(t, false)
	}
	if want := []uint64{1, 2, 3}; !slices.Equal(w.read, want) {
		t.Errorf("in three looks it read the entries %v, want %v", w.read, want)
	}
	w.broken = errors.New("entry 2 is not what was written")
	if _, err := w.dog.Look(t.Context()); err == nil {
		t.Error("a broken journal was no error")
	}
	w.read = nil
	w.look(t, false)
	if want := []uint64{1, 2, 3}; !slices.Equal(w.read, want) {
		t.Errorf("after an error it read %v, want %v", w.read, want)
	}
	w.appends(t, sources.Entry{Kind: sources.EntryConfirm, IntentID: "one", Actor: "ana"})
	w.now, w.read = over, nil
	w.look(t, false) // it was confirmed
	if want := []uint64{4}; !slices.Equal(w.read, want) {
		t.Errorf("then it read %v, want %v", w.read, want)
	}
}
