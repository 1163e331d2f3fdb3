package action

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

// overruled is a router with an agent check that sets the candidate's weight again.
func overruled(s *scene) {
	s.plane.drains, s.plane.agent = true, 7*percent
}

func TestRollBack_WhoseWeightIsSetAgainGoesOnByDrainingUntilTrafficShowsIt(t *testing.T) {
	play(t, overruled, func(s *scene) {
		before := s.preview(rollBack())
		track := s.begin(rollBack())
		p := s.until(track, "observed", observed)
		if got := s.plane.writes(); !slices.Equal(got, []string{"set canary-1 0 %", "drain canary-1"}) {
			t.Errorf("wrote %q", got)
		}
		if p.How != "drained, because the agent check of canary-1 set its weight again" || p.Alarm != "" || p.Err != nil {
			t.Errorf("how %q, alarm %q, %v", p.How, p.Alarm, p.Err)
		}
		var rungs []string
		for _, r := range p.Rungs {
			rungs = append(rungs, strings.TrimSpace(string(r.Way)+" "+r.Rung.String()))
		}
		if got := strings.Join(rungs, ", "); got != "sent, accepted, drain sent, drain accepted, drain configured, drain effective, drain observed" {
			t.Errorf("rungs %s", got)
		}
		if got := s.journal.kinds(); !strings.HasPrefix(got, "intent receipt intent receipt rung") {
			t.Errorf("journal %s", got)
		}
		if got := s.journal.text(sources.EntryIntent); !strings.Contains(got, "by draining its servers in 1 write, because the agent check of canary-1 set its weight again") {
			t.Errorf("intent %q", got)
		}
		if got := s.journal.text(sources.EntryRung); !strings.Contains(got, "; drained, because the agent check") {
			t.Errorf("rung %q", got)
		}
		if p.Change.Inverse == nil || p.Change.Inverse.To != 5*percent || before.Change.Inverse.To != 5*percent {
			t.Errorf("undone by %+v", p.Change.Inverse)
		}
	})
}

func TestRollBack_WhoseWeightIsSetAgainMinutesLaterIsDrainedAsWell(t *testing.T) {
	play(t, func(s *scene) { s.plane.drains = true }, func(s *scene) {
		track := s.begin(rollBack())
		s.until(track, "observed", observed)
		time.Sleep(5 * time.Minute)
		s.plane.do(func() { s.plane.share = 5 * percent })
		p := s.until(track, "drained", func(p sources.Progress) bool { return p.How != "" && p.Rung == sources.Observed })
		if n := len(s.plane.writes()); n != 2 || s.journal.text(sources.EntryReverted) != "" {
			t.Errorf("%d writes, reverted %q, %+v", n, s.journal.text(sources.EntryReverted), p)
		}
	})
}

func TestRollBack_WhoseWeightIsRefusedInWordsGoesOnByDraining(t *testing.T) {
	play(t, func(s *scene) {
		s.plane.drains = true
		s.plane.apply = func(n int, set func()) error {
			if n == 1 {
				return &sources.Error{Op: "write", Target: "lb1", Kind: sources.ErrInvalid, Cause: errors.New("Backend is busy."), Sent: true}
			}
			set()
			return nil
		}
	}, func(s *scene) {
		p := s.until(s.begin(rollBack()), "observed", observed)
		if got := s.plane.writes(); !slices.Equal(got, []string{"drain canary-1"}) || p.How != "drained, because its weight was refused: Backend is busy" {
			t.Errorf("wrote %q, how %q", got, p.How)
		}
	})
}

func TestRollBack_RefusedInWordsByAPlaneWithoutAnotherWayIsSaidAsBefore(t *testing.T) {
	play(t, func(s *scene) {
		s.plane.apply = func(int, func()) error {
			return &sources.Error{Op: "write", Target: "lb1", Kind: sources.ErrInvalid, Cause: errors.New("no"), Sent: true}
		}
	}, func(s *scene) {
		p := s.until(s.begin(rollBack()), "over", done)
		if !errors.Is(p.Err, sources.ErrInvalid) || errors.Is(p.Err, sources.ErrUnsupported) || p.Change.Intent.Way != "" || p.How != "" || s.plane.applies != 1 || strings.Contains(s.journal.text(sources.EntryIntent), "drain") {
			t.Errorf("%v, how %q, %d writes", p.Err, p.How, s.plane.applies)
		}
	})
}

func TestRollBack_RefusedByBothWaysIsNotTakenForOneThatSomebodyTookOver(t *testing.T) {
	play(t, func(s *scene) {
		s.plane.drains = true
		s.plane.apply = func(n int, _ func()) error {
			return &sources.Error{Op: "write", Target: "lb1", Kind: sources.ErrInvalid, Cause: fmt.Errorf("no %d", n), Sent: true}
		}
	}, func(s *scene) {
		p := s.until(s.begin(rollBack()), "over", done)
		if p.Err == nil || !strings.Contains(p.Err.Error(), "no 2") || !strings.Contains(p.Err.Error(), "before that") || !strings.Contains(p.Err.Error(), "no 1") {
			t.Errorf("ended with %v, alarm %q", p.Err, p.Alarm)
		}
	})
}

func TestDrain_ThatAReloadForgotIsWrittenAgainAndOneThatSomebodyTookBackIsNot(t *testing.T) {
	play(t, func(s *scene) { overruled(s); s.plane.epoch = "1" }, func(s *scene) {
		track := s.begin(rollBack())
		s.until(track, "observed", observed)
		r, err := s.plane.Read(s.Context())
		if err != nil {
			t.Fatal(err)
		}
		o := &offer{track: track, epochs: r.Epochs(), preview: sources.Preview{Action: rollBack()}}
		c := sources.Change{Intent: sources.Intent{Way: sources.Drain}, Writes: []sources.Write{drainWrite}}
		if err := s.desk.spent(o, r, c); !errors.Is(err, sources.ErrReverted) {
			t.Errorf("taken back: %v", err)
		}
		r.Members[0].Epoch = "2"
		if err := s.desk.spent(o, r, c); err != nil {
			t.Errorf("forgotten: %v", err)
		}
	})
}

func TestRollBack_IsNotDrainedWhereWeMayNotWriteOrNobodyAnswers(t *testing.T) {
	for name, err := range map[string]error{
		"denied":      &sources.Error{Op: "write", Target: "lb1", Kind: sources.ErrDenied, Cause: errors.New("Permission denied"), Sent: true},
		"unreachable": unreachable(false),
		"ambiguous":   unreachable(true),
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *scene) {
				s.plane.drains = true
				s.plane.apply = func(n int, set func()) error {
					if n == 1 {
						return err
					}
					set()
					return nil
				}
			}, func(s *scene) {
				_, _ = s.do(rollBack())
				time.Sleep(time.Minute)
				if slices.Contains(s.plane.writes(), "drain canary-1") || strings.Contains(s.journal.text(sources.EntryIntent), "drain") {
					t.Errorf("wrote %q", s.plane.writes())
				}
			})
		})
	}
}

func TestRampUp_ThatIsOverruledIsNeverDrained(t *testing.T) {
	play(t, overruled, func(s *scene) {
		track := s.begin(setTo(10 * percent))
		time.Sleep(2 * time.Minute)
		if got := s.plane.writes(); len(got) != 1 || track.Progress().How != "" {
			t.Errorf("wrote %q", got)
		}
	})
}

func TestDrain_ThatIsTakenBackAsWellIsARevertAndNoFight(t *testing.T) {
	play(t, overruled, func(s *scene) {
		track := s.begin(rollBack())
		s.until(track, "observed", observed)
		s.plane.do(func() { s.plane.other = true })
		p := s.until(track, "over", done)
		if !errors.Is(p.Err, sources.ErrReverted) || len(s.plane.writes()) != 2 || s.journal.text(sources.EntryReverted) == "" {
			t.Errorf("%v after %q", p.Err, s.plane.writes())
		}
		s.plane.do(func() { s.plane.other, s.plane.agent, s.plane.drained = false, 0, true; s.plane.rev++ })
		if _, err := s.seat().Preview(s.Context(), setTo(5*percent)); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("drained by somebody else after ours was undone: %v", err)
		}
	})
}

func TestRampUp_OverADrainKnowsByTheJournalThatItWasOurs(t *testing.T) {
	play(t, func(s *scene) { overruled(s); s.plane.epoch = "1" }, func(s *scene) {
		s.until(s.begin(rollBack()), "observed", observed)
		s.plane.do(func() { s.plane.agent, s.plane.share = 0, 0 })
		s.end()
		s.desk.Wait()
		s.open() // another process knows it as well
		if p := s.preview(setTo(5 * percent)); p.Confirm.Refuse != "" || p.Change.Readies != 1 ||
			!strings.Contains(p.Warnings[0].Text.String(), "drained by ana at 2000-01-01 00:00:00, because the agent check") {
			t.Fatalf("refused %q, %+v", p.Confirm.Refuse, p.Change)
		}
		s.plane.do(func() { s.plane.epoch = "2" })
		if _, err := s.seat().Preview(s.Context(), setTo(5*percent)); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("a process that began anew was drained by somebody else: %v", err)
		}
		s.plane.do(func() { s.plane.epoch = "1" })
		s.until(s.begin(setTo(5*percent)), "observed", observed)
		if got := s.plane.writes(); got[len(got)-1] != "ready canary-1" {
			t.Errorf("wrote %q", got)
		}
		s.plane.do(func() { s.plane.drained = true; s.plane.rev++ })
		if _, err := s.seat().Preview(s.Context(), setTo(10*percent)); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("drained by somebody else after that: %v", err)
		}
	})
}

func TestRestart_BetweenAWeightAndADrainFindsOutByReadingAndSendsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		sent bool
		says string
	}{
		"before the drain was sent": {false, "the asked 0 % is not what is set"},
		"after it was sent":         {true, "the asked 0 % is what is set"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, overruled, func(s *scene) {
				died := make(chan struct{})
				s.plane.do(func() {
					s.plane.apply = func(n int, set func()) error {
						if n == 1 || c.sent {
							set()
						}
						if n == 2 {
							s.journal.do(func() { s.journal.fail = errors.New("killed") })
							s.end()
							close(died)
						}
						return nil
					}
				})
				s.begin(rollBack())
				<-died
				s.desk.Wait()
				s.journal.do(func() { s.journal.fail = nil })
				writes := len(s.plane.writes())
				s.open()
				time.Sleep(time.Minute)
				synctest.Wait()
				if got := s.journal.text(sources.EntryReceipt); !strings.Contains(got, c.says) || !strings.Contains(got, "nothing was sent") {
					t.Errorf("said %q", got)
				}
				if n := len(s.plane.writes()); n != writes {
					t.Errorf("%d writes after the restart", n-writes)
				}
			})
		})
	}
}

func TestRollBack_OfAnotherProcessIsNoReasonToDrain(t *testing.T) {
	play(t, func(s *scene) { s.plane.drains = true }, func(s *scene) {
		track := s.begin(rollBack())
		s.until(track, "observed", observed)
		e := s.desk.entry(sources.EntryIntent, Actor{Name: "bo"}, sources.SetSplit, "other", "bo asks for 5 %")
		e.Data = record(intentData{To: share{sources.SplitAt(5*percent, time.Now())}})
		if _, err := s.journal.Append(s.Context(), e); err != nil {
			t.Fatal(err)
		}
		s.plane.do(func() { s.plane.share = 5 * percent })
		p := s.until(track, "over", done)
		if p.How != "" || len(s.plane.writes()) != 1 || p.Err != nil {
			t.Errorf("how %q, wrote %q, %v", p.How, s.plane.writes(), p.Err)
		}
	})
}

func TestRollBack_WhoseWeightIsSetAgainWhileAnotherMemberIsAwayIsDrainedMeanwhile(t *testing.T) {
	play(t, func(s *scene) {
		overruled(s)
		s.plane.partial = &sources.Error{Op: "read", Target: "1 of 2 members", Kind: sources.ErrPartial, Cause: unreachable(false)}
	}, func(s *scene) {
		track := s.begin(rollBack())
		time.Sleep(time.Minute)
		if got := s.plane.writes(); !slices.Equal(got, []string{"set canary-1 0 %", "drain canary-1"}) {
			t.Errorf("wrote %q", got)
		}
		s.plane.do(func() { s.plane.partial = nil })
		if p := s.until(track, "observed", observed); p.How != "drained, because its weight was set again after it was taken" || p.Change.Inverse == nil {
			t.Errorf("how %q", p.How)
		}
	})
}

// What was drained by our rollback is made ready by a share that reverts unless it is confirmed: the revert is a promise, and an
// agent check that sets the weight again must not break it.
func TestLimit_OverServersThatOurRollbackDrainedRevertsByDrainingThemAgain(t *testing.T) {
	play(t, func(s *scene) { overruled(s); lives(s) }, func(s *scene) {
		s.until(s.begin(rollBack()), "observed", observed)
		s.plane.do(func() { s.plane.share, s.plane.agent = 0, 10*percent })
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		if got := s.plane.writes(); got[len(got)-1] != "ready canary-1" {
			t.Fatalf("wrote %q", got)
		}
		s.plane.do(func() { s.plane.agent, s.plane.share = 7*percent, 7*percent }) // of what nobody confirmed the agent makes less, and it is still traffic
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		got := s.plane.writes()
		p := s.desk.Progress()[0]
		if got[len(got)-1] != "drain canary-1" || p.Via != sources.ByDeadline || p.Rung != sources.Observed || !strings.HasPrefix(p.How, "drained, because the agent check") {
			t.Errorf("wrote %q: %s %q, %v", got, p.Rung, p.How, p.Err)
		}
		if told := s.desk.Drained(s.Context(), s.read()); !strings.Contains(told, "drained by the time limit of ana") || s.read().Configured.Candidate != 0 {
			t.Errorf("told %q, the candidate has %v", told, s.read().Configured)
		}
	})
}

func TestLimit_RevertsToAShareByItsWeightOnly(t *testing.T) {
	play(t, func(s *scene) { s.plane.drains = true; lives(s) }, func(s *scene) {
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		time.Sleep(10*time.Minute + 5*time.Second)
		s.plane.do(func() { s.plane.share = 7 * percent })
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := s.plane.writes(); slices.Contains(got, "drain canary-1") || s.desk.Progress()[0].Change.To.Candidate != 5*percent {
			t.Errorf("wrote %q", got)
		}
	})
}
