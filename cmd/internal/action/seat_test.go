package action

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func TestPlan_IsNotAskedToUnlockAgainAndIsNamedInTheJournal(t *testing.T) {
	play(t, func(s *scene) { s.cfg.Env = "prod" }, func(s *scene) {
		alice := Actor{Name: "alice", From: "host"}
		if err := s.desk.Seat(alice).MayRamp(s.Context()); !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "locked") {
			t.Errorf("a ramp began on a locked prod: %v", err)
		}
		if err := s.desk.Seat(alice).Unlock(s.Context(), time.Minute, "release 42"); err != nil {
			t.Fatal(err)
		}
		if err := s.desk.Seat(alice).MayRamp(s.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		plan := s.desk.PlanOf(alice)
		p, err := plan.Preview(s.Context(), setTo(10*percent))
		if err != nil || p.Confirm.Refuse != "" {
			t.Fatal(err, p.Confirm)
		}
		track, err := plan.Start(s.Context(), p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := s.until(track, "observed", observed); got.Actor != "alice" || got.Via != sources.ByPlan {
			t.Errorf("%+v", got)
		}
		var entries []sources.Entry
		s.journal.do(func() { entries = slices.Clone(s.journal.entries[2:]) })
		for _, e := range entries {
			if e.Actor != "alice" || e.Via != sources.ByPlan || e.From != "host" {
				t.Errorf("%s: by %q via %q from %q", e.Kind, e.Actor, e.Via, e.From)
			}
		}
	})
}

func TestPlan_IsHeldBackByWhateverHoldsItsPersonBack(t *testing.T) {
	for name, c := range map[string]struct {
		set    func(*scene)
		before func(*scene)
		says   string
	}{
		"the role":      {func(s *scene) { s.cfg.Roles = map[string]sources.Role{"alice": sources.Operator} }, nil, "the plan of alice has the role operator"},
		"a doubt":       {nil, func(s *scene) { s.look.Doubts = []Doubt{{Why: "frozen until Monday"}} }, "frozen until Monday"},
		"a hold":        {nil, func(s *scene) { s.begin(sources.Action{Verb: sources.Hold}) }, "held by ana"},
		"read-only":     {func(s *scene) { s.cfg.ReadOnly = true }, nil, "read-only"},
		"a full disk":   {func(s *scene) { s.journal.fail = errors.New("no space left on device") }, nil, "not journalled"},
		"a moved split": {nil, func(s *scene) { s.plane.share = 7 * percent }, "7 % now, the screen showed 5 %"},
		"break-glass leaves nothing aside for a plan": {
			func(s *scene) { s.cfg.Roles = map[string]sources.Role{"alice": sources.Breakglass} },
			func(s *scene) {
				_ = s.desk.Seat(Actor{Name: "alice"}).Unlock(s.Context(), time.Hour, "night")
				s.look.Doubts = []Doubt{{Why: "frozen until Monday"}}
			}, "frozen until Monday",
		},
	} {
		play(t, c.set, func(s *scene) {
			if c.before != nil {
				c.before(s)
			}
			a := setTo(10 * percent)
			a.Seen.Split = sources.SplitAt(5*percent, time.Time{})
			plan := s.desk.PlanOf(Actor{Name: "alice"})
			p, err := plan.Preview(s.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = plan.Do(s.Context(), p.ID, ""); err == nil || !strings.Contains(err.Error(), c.says) || len(s.plane.writes()) > 0 {
				t.Errorf("%s: %v, wrote %q", name, err, s.plane.writes())
			}
		})
	}
}

func TestResume_WhoeverIsRefusedIsToldWhatToDoInstead(t *testing.T) {
	play(t, func(s *scene) { s.look.Doubts = []Doubt{{Why: "the candidate is called WORSE", Do: "roll back"}} }, func(s *scene) {
		s.begin(sources.Action{Verb: sources.Hold})
		ana := s.desk.Seat(Actor{Name: "ana"})
		p, err := ana.Preview(s.Context(), sources.Action{Verb: sources.Resume})
		if err != nil || p.Confirm.Refuse != "the candidate is called WORSE: roll back" {
			t.Errorf("resume: %q, %v", p.Confirm.Refuse, err)
		}
		p, err = ana.Preview(s.Context(), setTo(10*percent))
		if err != nil || !strings.Contains(p.Confirm.Refuse, ": resume it first") {
			t.Errorf("a split while it is held: %q, %v", p.Confirm.Refuse, err)
		}
		s.journal.do(func() { s.journal.fail = errors.New("no space left on device") })
		s.begin(rollBack())
		if p, err = ana.Preview(s.Context(), sources.Action{Verb: sources.Resume}); err != nil || !strings.Contains(p.Confirm.Refuse, "make room for it") {
			t.Errorf("a full disk: %q, %v", p.Confirm.Refuse, err)
		}
	})
}

func TestAsked_IsTheShareThatWasAskedForLastWhateverIsHeldSince(t *testing.T) {
	play(t, nil, func(s *scene) {
		s.begin(rollBack())
		time.Sleep(time.Minute)
		s.begin(sources.Action{Verb: sources.Hold})
		if got := s.desk.Asked(); !got.Known || got.Candidate != 0 {
			t.Errorf("after a rollback and a hold %v is asked for", got)
		}
	})
}

func TestRule_RollsBackWhateverPeopleMayAndNeverRampsUp(t *testing.T) {
	play(t, func(s *scene) { s.cfg.Roles, s.cfg.Env = map[string]sources.Role{"*": sources.Viewer}, "prod" }, func(s *scene) {
		rule := s.desk.Rule()
		p, err := rule.Preview(s.Context(), setTo(10*percent))
		if err != nil || !strings.Contains(p.Confirm.Refuse, "a rule (rampart) has the role operator; set_split takes promoter") {
			t.Errorf("%v %+v", err, p.Confirm)
		}
		if p, err = rule.Preview(s.Context(), rollBack()); err != nil {
			t.Fatal(err)
		}
		track, err := rule.Start(s.Context(), p.ID, p.Confirm.Word)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.until(track, "observed", observed); got.Actor != "rampart" || got.Via != sources.ByRule {
			t.Errorf("%+v", got)
		}
	})
}

func TestRule_IsNoNameThatAPersonCanTake(t *testing.T) {
	play(t, func(s *scene) { s.cfg.Roles = map[string]sources.Role{"*": sources.Viewer} }, func(s *scene) {
		p, err := s.desk.Seat(Actor{Name: "rampart"}).Preview(s.Context(), rollBack())
		if err != nil || !strings.Contains(p.Confirm.Refuse, "viewer") {
			t.Errorf("%v %+v", err, p.Confirm)
		}
	})
}

func TestTwoOperators_ARampUpIsRefusedWithWhatTheOtherDidMeanwhile(t *testing.T) {
	play(t, func(s *scene) { s.plane.share = 0 }, func(s *scene) {
		p := s.preview(setTo(5 * percent)) // a looks at 0 %
		bo := s.desk.Seat(Actor{Name: "bo"})
		q, err := bo.Preview(s.Context(), rollBack())
		if err != nil {
			t.Fatal(err)
		}
		track, err := bo.Start(s.Context(), q.ID, q.Confirm.Word) // which leaves the split at 0 %
		if err != nil {
			t.Fatal(err)
		}
		s.until(track, "configured", func(p sources.Progress) bool { return p.Rung >= sources.Configured })
		if _, err = s.seat().Do(s.Context(), p.ID, ""); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "bo asked for another change") {
			t.Errorf("%v", err)
		}
	})
}

func TestTwoOperators_TheOneWhoLooksAgainIsToldWhoMovedTheSplit(t *testing.T) {
	play(t, nil, func(s *scene) {
		a := setTo(10 * percent)
		a.Seen.Split = sources.SplitAt(5*percent, time.Time{})
		bo := s.desk.Seat(Actor{Name: "bo"})
		q, err := bo.Preview(s.Context(), setTo(7*percent))
		if err != nil {
			t.Fatal(err)
		}
		track, err := bo.Start(s.Context(), q.ID, q.Confirm.Word)
		if err != nil {
			t.Fatal(err)
		}
		s.until(track, "configured", func(p sources.Progress) bool { return p.Rung >= sources.Configured })
		if p := s.preview(a); !strings.Contains(p.Confirm.Refuse, "the candidate has 7 % now (set_split by bo at ") {
			t.Errorf("refused by %q", p.Confirm.Refuse)
		}
		s.plane.do(func() { s.plane.share = 6 * percent }) // by hand, at the router
		if p := s.preview(a); !strings.Contains(p.Confirm.Refuse, "the candidate has 6 % now, the screen") {
			t.Errorf("bo did not do this: %q", p.Confirm.Refuse)
		}
	})
}

func TestTwoProcesses_OfTwoIntentsAtOnceTheSecondIsNotSent(t *testing.T) {
	play(t, nil, func(s *scene) {
		other := sources.Entry{Kind: sources.EntryIntent, Context: "c", Service: "ranker", Actor: "bo", IntentID: "theirs", Verb: "set_split", Text: "set_split: candidate from 5 % to 50 %"}
		s.journal.before = func(e sources.Entry) { // between this process's last look and its own intent
			if e.Kind == sources.EntryIntent {
				s.journal.before = nil
				_, _ = s.journal.Append(s.Context(), other)
			}
		}
		_, err := s.do(setTo(10 * percent))
		if !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "to 50 %") || len(s.plane.writes()) > 0 {
			t.Errorf("%v, wrote %q", err, s.plane.writes())
		}
		if got := s.journal.kinds(); got != "intent intent refusal" {
			t.Errorf("journal: %s", got)
		}
	})
}

func TestTwoProcesses_AHoldOfTheOtherCountsRightBeforeTheWrite(t *testing.T) {
	play(t, nil, func(s *scene) {
		p := s.preview(setTo(10 * percent))
		_, _ = s.journal.Append(s.Context(), sources.Entry{
			Kind: sources.EntryReceipt, Context: "c", Service: "ranker", Actor: "bo", Verb: "hold", Data: record(receiptData{Known: true}),
		})
		if _, err := s.seat().Do(s.Context(), p.ID, ""); !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "held by bo") {
			t.Error(err)
		}
	})
}

func TestApproval_HoldsForOneCandidateOneShareAndAWhile(t *testing.T) {
	v42, v43 := sources.NewText("42"), sources.NewText("43")
	play(t, func(s *scene) { s.cfg.Roles = map[string]sources.Role{"ana": sources.Promoter, "op": sources.Operator} }, func(s *scene) {
		s.look.Identity.Candidate = v42
		a := sources.Approval{Candidate: v42, To: 25 * percent, Reason: "seen by two"}
		if err := s.desk.Seat(Actor{Name: "op"}).Approve(s.Context(), a); !errors.Is(err, sources.ErrDenied) {
			t.Errorf("an operator approved: %v", err)
		}
		if err := s.desk.PlanOf(Actor{Name: "ana"}).Approve(s.Context(), a); !errors.Is(err, sources.ErrDenied) {
			t.Errorf("a plan approved itself: %v", err)
		}
		if err := s.seat().Approve(s.Context(), sources.Approval{Candidate: v43, To: 25 * percent}); !errors.Is(err, sources.ErrConflict) {
			t.Errorf("another candidate than the one that runs was approved: %v", err)
		}
		if err := s.seat().Approve(s.Context(), a); err != nil {
			t.Fatal(err)
		}
		if got := s.desk.Approved(v42, 25*percent); len(got) != 1 || got[0].By != "ana" || got[0].Reason != "seen by two" {
			t.Errorf("%+v", got)
		}
		if len(s.desk.Approved(v43, 25*percent)) > 0 {
			t.Error("another candidate is approved")
		}
		if len(s.desk.Approved(v42, 50*percent)) > 0 {
			t.Error("another share is approved")
		}
		s.end()
		s.desk.Wait()
		s.open()
		if len(s.desk.Approved(v42, 25*percent)) != 1 {
			t.Error("a restart forgot it")
		}
		time.Sleep(time.Hour)
		if len(s.desk.Approved(v42, 25*percent)) > 0 {
			t.Error("it has expired")
		}
	})
}

func TestRollBack_IsNotHeldUpByAJournalThatCannotBeRead(t *testing.T) {
	play(t, nil, func(s *scene) {
		hang := make(chan struct{})
		s.journal.do(func() { s.journal.readHang = hang })
		began := time.Now()
		track := s.begin(rollBack())
		s.until(track, "configured", func(p sources.Progress) bool { return p.Rung >= sources.Configured })
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("took %s", took)
		}
		if p := s.preview(setTo(10 * percent)); !strings.Contains(p.Confirm.Refuse, "journal cannot be read") {
			t.Errorf("%+v", p.Confirm)
		}
		s.journal.do(func() { s.journal.readHang = nil })
		close(hang)
	})
}

func TestJournal_ThatIsBrokenIsToldBeforeARollbackWhichGoesOnAndRefusesARampUp(t *testing.T) {
	play(t, nil, func(s *scene) {
		s.journal.do(func() { s.journal.broken = errors.New("line 1: its content does not fit its hash") })
		p := s.preview(rollBack())
		if len(p.Warnings) == 0 || !strings.Contains(p.Warnings[0].Text.String(), "line 1: its content") || p.Confirm.Refuse != "" {
			t.Errorf("warned of %v, refused with %q", p.Warnings, p.Confirm.Refuse)
		}
		s.until(s.begin(rollBack()), "configured", func(p sources.Progress) bool { return p.Rung >= sources.Configured })
		up := s.preview(setTo(10 * percent))
		if !strings.Contains(up.Confirm.Refuse, "line 1: its content") {
			t.Errorf("a ramp-up was not refused: %+v", up.Confirm)
		}
		if _, err := s.do(setTo(10 * percent)); err == nil {
			t.Error("a ramp-up was begun")
		}
	})
}
