package panel

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/panel/part"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func tracked(p sources.Progress) string {
	return strings.TrimSpace(Tracker(p, part.State{Now: noon.Add(10 * time.Second)}, 120).String())
}

func ramped(to sources.Share) sources.Progress {
	p := sources.Progress{
		Action: sources.Action{Verb: sources.SetSplit, To: to}, Actor: "ana", Began: noon, Rung: sources.Observed,
		Change: sources.Change{From: sources.SplitAt(50_000, noon), To: sources.SplitAt(to, noon)},
	}
	for r := sources.Sent; r <= sources.Observed; r++ {
		p.Rungs = append(p.Rungs, sources.RungTime{Rung: r, At: noon.Add(time.Duration(r) * time.Second)})
	}
	return p
}

func TestTracker_AHoldHasNoRungsAndNoShares(t *testing.T) {
	p := sources.Progress{Action: sources.Action{Verb: sources.Hold}, Actor: "ana", Began: noon}
	if got := tracked(p); !strings.Contains(got, "HOLD     … nothing ramps up until it is resumed") {
		t.Errorf("%q", got)
	}
	p.Done = true
	if got := tracked(p); !strings.Contains(got, "✓ nothing ramps up until it is resumed · written down") || strings.Contains(got, "—") {
		t.Errorf("%q", got)
	}
}

func TestTracker_SaysOnceWhatWasReverted(t *testing.T) {
	p := ramped(100_000)
	p.Err, p.Alarm, p.Done = errors.New("confirm split: reverted: somebody set it back"), "confirm split: reverted: somebody set it back", true
	if got := tracked(p); strings.Count(got, "somebody set it back") != 1 {
		t.Errorf("%q", got)
	}
}

func TestTracker_ARollbackThatTheJournalLacksShowsThatItTook(t *testing.T) {
	p := ramped(0)
	p.Action.Verb = sources.RollBack
	p.Unnoted = "journal cannot be written (append /var/lib/rampart/t/audit.jsonl: no space left on device), the action goes on without it"
	p.Alarm = p.Unnoted
	for _, w := range []int{60, 80, 120} {
		got := strings.TrimSpace(Tracker(p, part.State{Now: noon.Add(10 * time.Second)}, w).String())
		if !strings.HasPrefix(got, "! ROLLBACK ") || !strings.Contains(got, "✓ observed") || !strings.Contains(got, "not in the journal") {
			t.Errorf("%d columns: %q", w, got)
		}
	}
	f := &frame.Frame{Actions: []sources.Progress{p}, Sources: []frame.Source{{Name: "prometheus", State: frame.SourceDown, Since: noon}}}
	st := part.State{Now: noon.Add(10 * time.Second)}
	if got := Header(f, st, 120).String(); !strings.Contains(got, "! journal cannot be written (append /var/lib/rampart/t/audit.jsonl: no space left") {
		t.Errorf("the header does not say why:\n%s", got)
	}
	if got := strings.Join(strings.Fields(actionPart(f, st, 60).String()), " "); !strings.Contains(got, p.Unnoted) {
		t.Errorf("the panel of the traffic does not say why:\n%s", got)
	}
	p.Alarm += "; not observed after 30 s: 4.9 % still reaches the candidate"
	if got := tracked(p); strings.Contains(got, "✓") {
		t.Errorf("what is wrong with the traffic gives way to rungs: %q", got)
	}
}

func TestTracker_CountsDownToWhereAChangeRevertsByItself(t *testing.T) {
	p := ramped(100_000)
	p.Via, p.Deadline = sources.ByPlan, sources.Deadline{At: noon.Add(10 * time.Minute), Back: sources.SplitAt(50_000, noon)}
	if got := tracked(p); !strings.Contains(got, "5→10 %  back to 5 % in 9:50 unless confirmed :confirm · by the plan of ana") {
		t.Errorf("%q", got)
	}
	p.Deadline.Confirmed = "bo"
	if got := tracked(p); strings.Contains(got, "back to") {
		t.Errorf("%q", got)
	}
}

func TestTracker_SaysThatNothingRevertsByItselfWhileTheRunnerIsAway(t *testing.T) {
	p := ramped(100_000)
	p.Deadline = sources.Deadline{At: noon.Add(10 * time.Minute), Back: sources.SplitAt(50_000, noon)}
	f := &frame.Frame{Actions: []sources.Progress{p}, Sources: []frame.Source{{Name: "runner", State: frame.SourceDown}}}
	shown := func(now time.Time) string {
		return doRow(f, part.State{Now: now}, 100).String()
	}
	if got := shown(noon.Add(10 * time.Second)); !strings.Contains(got, "back to 5 % in 9:50 only if the runner is back") || strings.Contains(got, ":confirm") {
		t.Errorf("it promises: %q", got)
	}
	if got := shown(noon.Add(11 * time.Minute)); !strings.Contains(got, "10 % stays until the runner is back · R roll back") {
		t.Errorf("it promises: %q", got)
	}
	f.Sources[0].State = frame.SourceLive
	if got := shown(noon.Add(11 * time.Minute)); !strings.Contains(got, "its time is over: back to 5 %") {
		t.Errorf("%q", got)
	}
}

func TestRunning_FollowsAnOpenDeadlineHoweverOldItIs(t *testing.T) {
	old, hold := ramped(100_000), sources.Progress{IntentID: "h", Action: sources.Action{Verb: sources.Hold}, Began: noon, Done: true}
	old.IntentID, old.Done = "o", true
	f, st := &frame.Frame{Actions: []sources.Progress{hold, old}}, part.State{Now: noon.Add(time.Hour)}
	if _, ok := running(f, st); ok {
		t.Error("an action that was read long ago is still followed")
	}
	f.Actions[1].Deadline = sources.Deadline{At: noon.Add(2 * time.Hour)}
	if p, ok := running(f, st); !ok || p.IntentID != "o" {
		t.Errorf("%+v %v", p, ok)
	}
}

func TestAdvice_OffersNoRollbackWhereThereIsNoPlane(t *testing.T) {
	f := &frame.Frame{}
	f.Verdict.Do = "wait for data, or R roll back: it needs no metrics"
	if got := advice(f).String(); strings.Contains(got, "R ") || !strings.Contains(got, "wait for data, or roll back where the split is set") {
		t.Errorf("%q", got)
	}
	f.Verdict.Do = "R roll back: legacy 12/12 up · excess failures so far 16"
	if got := advice(f).String(); strings.Contains(got, "R ") || !strings.HasSuffix(got, " · excess failures so far 16") {
		t.Errorf("%q", got)
	}
	f.Traffic.Plane = "haproxy"
	if got := advice(f).String(); !strings.HasPrefix(got, "R roll back: legacy") {
		t.Errorf("%q", got)
	}
}

func TestSeen_TellsWhatHappenedInThisSessionInItsPlace(t *testing.T) {
	f := &frame.Frame{Seen: []frame.Event{{At: noon.Add(2 * time.Minute), Text: sources.NewText("worse")}, {At: noon, Text: sources.NewText("began")}}}
	st := part.State{Own: []frame.Event{{At: noon.Add(time.Minute), Text: sources.NewText("you attached")}}}
	if got := seenRow(f, st, 120).String(); !strings.Contains(got, "12:00 began · 12:01 you attached · 12:02 worse") {
		t.Errorf("%q", got)
	}
}

func TestTracker_SaysWhichWayMovedTheTrafficAndItsRungsOnly(t *testing.T) {
	p := ramped(0)
	p.Action.Verb, p.Change.Intent.Way, p.How = sources.RollBack, sources.Drain, "drained, because the agent check of canary-1 set its weight again, to 75"
	for _, r := range ladder[:4] {
		p.Rungs = append(p.Rungs, sources.RungTime{Rung: r, At: noon.Add(10*time.Second + time.Duration(r)*time.Second), Way: sources.Drain})
	}
	p.Rung = sources.Effective
	for _, w := range []int{60, 80, 120, 200} {
		got := strings.TrimSpace(Tracker(p, part.State{Now: noon.Add(15 * time.Second)}, w).String())
		if !strings.Contains(got, "drained") || !strings.Contains(got, "✓ effective") || strings.Contains(got, "✓ observed") {
			t.Errorf("%d columns: %q", w, got)
		}
		t.Log(got)
	}
}
