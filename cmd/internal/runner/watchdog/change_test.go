package watchdog_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"rampart/analysis/ramp"
	"rampart/sources"
)

// raises journals a change from 10 % to 30 % that nobody has confirmed yet, and returns when its time is over.
func (w *watched) raises(t *testing.T, id string) time.Time {
	t.Helper()
	over := time.Now().Add(2 * time.Minute)
	w.asks(t, id, 30, over)
	w.appends(t, sources.Entry{Kind: sources.EntryRung, IntentID: id, Verb: sources.SetSplit.String(), Actor: "ben", Text: "observed"})
	return over
}

// asks is raises to so many per cent, of a process that was killed before it wrote down what it had set.
func (w *watched) asks(t *testing.T, id string, percent int, over time.Time) {
	t.Helper()
	at, err := over.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	data := fmt.Sprintf(`{"to":%d,"from":100000,"writes":["set"],"back":100000,"screen":{"split":null,"servers":{}},"confirm":{"at":%q,"back":100000}}`, percent*10_000, at)
	w.appends(t, sources.Entry{Kind: sources.EntryIntent, IntentID: id, Verb: sources.SetSplit.String(), Actor: "ben", Data: []byte(data)})
	w.share = sources.ShareOf(float64(percent) / 100)
}

func (w *watched) appends(t *testing.T, e sources.Entry) {
	t.Helper()
	e.Context, e.Service = "prod", "ranker"
	if _, err := w.journal.Append(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

func TestWatchdog_TakesBackWhatNobodyConfirmedOnceItsTimeIsOver(t *testing.T) {
	w := watch(t, ramp.Ended)
	kill := runner(t, w.path)
	over := w.raises(t, "one")
	kill()
	w.now = over.Add(-time.Second)
	w.look(t, false) // the runner is gone, and somebody may still confirm
	if w.opened > 0 {
		t.Fatal("the plane was opened before there was a reason")
	}
	w.now = over
	w.look(t, true)
	w.share = sources.ShareOf(.3)
	w.look(t, false)
	want := []string{"the runner (ana, process", "is gone", "the change to 30 % by ben", "back to 10 %", "a watchdog sets 0 % and nothing else"}
	for _, text := range want {
		if len(w.writes) != 1 || !strings.Contains(w.writes[0], text) {
			t.Errorf("no %q in %q", text, w.writes)
		}
	}
	w.now = w.raises(t, "two")
	w.look(t, true) // another change is looked after anew
}

func TestWatchdog_TakesBackAChangeWhoseProcessDiedBeforeItWroteDownThatItTookAnOldersPlace(t *testing.T) {
	w := watch(t, ramp.Ended)
	kill := runner(t, w.path)
	older := w.raises(t, "one")
	newer := older.Add(time.Minute)
	w.asks(t, "two", 50, newer)
	kill()
	w.now = older
	w.look(t, false) // what is set is the newer one's, whose time is not over
	w.now = newer
	w.look(t, true)
	if len(w.writes) != 1 || !strings.Contains(w.writes[0], "the change to 50 % by ben") {
		t.Errorf("it wrote %q", w.writes)
	}
	w.share = sources.ShareOf(.3)
	w.look(t, false) // somebody set that after it: nobody promised to take it back
}

func TestWatchdog_LeavesAChangeAloneThatNeedsNobody(t *testing.T) {
	ends := func(kind sources.EntryKind) func(*testing.T, *watched, func()) {
		return func(t *testing.T, w *watched, kill func()) {
			kill()
			w.appends(t, sources.Entry{Kind: kind, IntentID: "one", Actor: "ana"})
		}
	}
	for name, happens := range map[string]func(*testing.T, *watched, func()){
		"somebody confirmed it": ends(sources.EntryConfirm),
		"somebody gave it less": func(t *testing.T, w *watched, kill func()) {
			kill()
			w.appends(t, sources.Entry{Kind: sources.EntryReverted, IntentID: "one", Actor: "ana", Data: []byte(`{"rung":"configured","share":200000,"effective":null,"requests":null}`)})
		},
		"it was not to be reverted": ends(sources.EntryLapse),
		"the runner lives":          func(t *testing.T, w *watched, _ func()) { w.beats(t) },
		"something else is set":     func(t *testing.T, w *watched, kill func()) { kill(); w.share = sources.ShareOf(.2) },
		"0 % is set":                func(t *testing.T, w *watched, kill func()) { kill(); w.share = 0 },
		"it is confirmed at last": func(t *testing.T, w *watched, kill func()) {
			kill()
			w.before = func() { ends(sources.EntryConfirm)(t, w, kill) }
		},
		"another one came in its place": func(t *testing.T, w *watched, kill func()) {
			kill()
			w.before = func() {
				ends(sources.EntryConfirm)(t, w, kill)
				w.raises(t, "two")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := watch(t, ramp.Ended)
			stop := runner(t, w.path)
			w.now = w.raises(t, "one").Add(time.Hour)
			happens(t, w, stop)
			w.look(t, false)
			if len(w.writes) > 0 {
				t.Errorf("it wrote %q", w.writes)
			}
		})
	}
	w := watch(t, ramp.Ended) // what all of them lack is a reason: this one has it
	stop := runner(t, w.path)
	w.now = w.raises(t, "one").Add(time.Hour)
	stop()
	w.look(t, true)
}

func TestWatchdog_TakesBackMoreThanWasToBeConfirmed(t *testing.T) {
	w := watch(t, ramp.Ended)
	kill := runner(t, w.path)
	w.now = w.raises(t, "one")
	kill()
	w.appends(t, sources.Entry{Kind: sources.EntryReverted, IntentID: "one", Actor: "ana", Data: []byte(`{"rung":"configured","share":750000,"effective":null,"requests":null}`)})
	w.share = sources.ShareOf(.75) // a reload, say: nobody confirmed this either
	w.look(t, true)
	w.share = sources.ShareOf(.75)
	w.look(t, false)
}

// beats lets the runner say that it lives, now by the test's clock.
func (w *watched) beats(t *testing.T) {
	t.Helper()
	if err := os.Chtimes(w.path, w.now, w.now); err != nil {
		t.Fatal(err)
	}
}

func TestWatchdog_LooksAgainWhereNobodyKnowsWhatIsSet(t *testing.T) {
	w := watch(t, ramp.Ended)
	runner(t, w.path)()
	w.now = w.raises(t, "one").Add(time.Hour)
	w.blind = true
	if acted, err := w.dog.Look(t.Context()); acted || !errors.Is(err, sources.ErrUnreachable) {
		t.Fatalf("a split that is not known: %v, %v", acted, err)
	}
	w.blind = false
	w.look(t, true)
}

func TestWatchdog_TakesBackWhatAnAgentCheckMadeOfAChangeThatNobodyConfirmed(t *testing.T) {
	for agent, acts := range map[string]bool{`"agent":true,`: true, "": false} {
		w := watch(t, ramp.Ended)
		kill := runner(t, w.path)
		w.now = w.raises(t, "one")
		kill()
		w.share = sources.ShareOf(.2) // more than the 10 % that it goes back to, less than the 30 % that nobody confirmed
		w.appends(t, sources.Entry{Kind: sources.EntryReverted, IntentID: "one", Actor: "ana", Data: []byte(`{"rung":"configured","share":200000,` + agent + `"effective":null,"requests":null}`)})
		w.look(t, acts)
	}
}
