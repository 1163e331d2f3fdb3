package action

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// read is what the scene's plane says.
func (s *scene) read() sources.Reading {
	s.Helper()
	r, err := s.plane.Read(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return r
}

func TestDrained_ByWhomAndWhenIsToldToWhoeverBeginsAgain(t *testing.T) {
	play(t, func(s *scene) { overruled(s); s.plane.epoch = "1" }, func(s *scene) {
		told := func() [2]string {
			t.Helper()
			alone, err := LedgerOf(s.Context(), s.journal, "c", "ranker")
			if err != nil {
				t.Fatal(err)
			}
			return [2]string{s.desk.Drained(s.Context(), s.read()), alone.Drained(s.read())}
		}
		if got := told(); got != [2]string{} {
			t.Errorf("nothing is drained, and it is told %q", got)
		}
		s.until(s.begin(rollBack()), "observed", observed)
		s.plane.do(func() { s.plane.agent, s.plane.share = 0, 0 })
		ours := "1 of 1 servers drained by ana at 2000-01-01 00:00:00, because the agent check of canary-1 set its weight again"
		if got := told(); got != [2]string{ours, ours} {
			t.Errorf("told %q", got)
		}
		s.plane.do(func() { s.plane.epoch = "2" })
		if got := told(); !strings.HasPrefix(got[0], "1 of 1 servers drained by nobody that the journal knows of") || got[0] != got[1] {
			t.Errorf("a process that began anew was drained by somebody else: %q", got)
		}
		s.journal.do(func() { s.journal.broken = errors.New("entry 2 is not what was written") })
		if _, err := LedgerOf(s.Context(), s.journal, "c", "ranker"); err == nil {
			t.Error("a broken journal told who drained them")
		}
	})
}

func TestDrained_MembersThatWereDrainedByOthersAreNamed(t *testing.T) {
	f := newFold()
	f.drained = []put{{id: "1", write: sources.Write{Member: "lb1"}, epoch: "7", by: "ana at noon"}}
	r := sources.Reading{Members: []sources.Member{{Name: "lb1", Epoch: "7"}, {Name: "lb2", Epoch: "9"}}}
	for _, m := range []string{"lb1", "lb2"} {
		r.Servers = append(r.Servers, sources.Server{Member: m, Name: "canary-1", Arm: sources.Candidate, Drained: true}, sources.Server{Member: m, Name: "stable-1", Arm: sources.Legacy, Drained: true})
	}
	if got, want := f.tellDrained(r), "2 of 2 servers drained by ana at noon (on lb1), and by nobody that the journal knows of: ask who before it is made ready by hand (on lb2)"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestRampUp_OverServersThatOurRollbackDrainedSaysWhatEachWillGet(t *testing.T) {
	play(t, func(s *scene) {
		overruled(s)
		s.look.Rates = &sources.ByArm[float64]{Legacy: 100}
	}, func(s *scene) {
		s.until(s.begin(rollBack()), "observed", observed)
		s.plane.do(func() { s.plane.agent, s.plane.share = 0, 0 })
		time.Sleep(time.Minute)
		p := s.preview(setTo(50 * percent))
		if got := p.Rates.Candidate; !got.Known || got.After != 50 {
			t.Errorf("each gets %+v", got)
		}
		if p.Servers.Candidate != [2]int{0, 1} || p.Change.Readies != 1 || !strings.Contains(said(p), "each candidate server gets about 5.0 times") {
			t.Errorf("%v up, %d made ready, said\n%s", p.Servers.Candidate, p.Change.Readies, said(p))
		}
	})
}

func TestDrain_ThatWasUndoneOnOneMemberOfAFleetIsForgottenThereOnly(t *testing.T) {
	asks := intentData{Way: sources.Drain, Because: "it was refused", Epochs: sources.Epochs{"lb1": "7", "lb2": "9", "lb3": "4"}}
	for _, m := range []string{"lb1", "lb2", "lb3"} {
		asks.Members, asks.Writes = append(asks.Members, m), append(asks.Writes, "drain canary-1")
	}
	candidate := func(m string, drained bool) sources.Server {
		return sources.Server{Member: m, Name: "canary-1", Arm: sources.Candidate, Drained: drained}
	}
	at := func(m, epoch string, share sources.Share) sources.Member {
		return sources.Member{Name: m, Epoch: epoch, Configured: sources.SplitAt(share, time.Time{})}
	}
	found := sources.Reading{
		Members: []sources.Member{at("lb1", "7", 0), at("lb2", "9", 5*percent), {Name: "lb3", Err: errors.New("away")}},
		Servers: []sources.Server{candidate("lb1", true), candidate("lb2", false)},
	}
	later := sources.Reading{
		Members: []sources.Member{at("lb1", "7", 0), at("lb2", "9", 0), at("lb3", "4", 0)},
		Servers: []sources.Server{candidate("lb1", true), candidate("lb2", true), candidate("lb3", true)},
	}
	play(t, nil, func(s *scene) {
		o := &offer{actor: Actor{Name: "ana"}, preview: sources.Preview{ID: "one", Action: rollBack(), Change: sources.Change{Intent: sources.Intent{Way: sources.Drain}}}, track: newTrack(sources.Progress{}, func(error) {}, func() {})}
		e := s.desk.entry(sources.EntryIntent, o.actor, sources.RollBack, "one", "rollback")
		e.Data = record(asks)
		if _, err := s.journal.Append(s.Context(), e); err != nil {
			t.Fatal(err)
		}
		(&follower{d: s.desk, o: o}).reverted(sources.Outcome{Reading: found, Err: sources.ErrReverted})
		s.desk.catchUp(s.Context())
		var ours []string
		for _, w := range s.desk.drained(later) {
			ours = append(ours, w.Member)
		}
		if !slices.Equal(ours, []string{"lb1", "lb3"}) {
			t.Errorf("ours are still %q, and lb2 was made ready by somebody", ours)
		}
		if got := s.desk.Drained(s.Context(), later); !strings.Contains(got, "because it was refused (on lb1, lb3), and by nobody that the journal knows of") {
			t.Errorf("told %q", got)
		}
		old := s.journal.newest(sources.EntryReverted)
		old.Data = []byte(`{"rung":"accepted","share":null,"effective":null,"requests":null}`)
		if _, err := s.journal.Append(s.Context(), old); err != nil {
			t.Fatal(err)
		}
		s.desk.catchUp(s.Context())
		if got := s.desk.drained(later); len(got) > 0 {
			t.Errorf("a revert that tells no members leaves %v", got)
		}
	})
}
