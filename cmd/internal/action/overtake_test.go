package action

import (
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// beside is another process on the same plane and journal.
func (s *scene) beside() *scene {
	other := *s
	other.open()
	return &other
}

// leave ends the other process.
func (s *scene) leave() {
	s.end()
	s.desk.Wait()
}

func TestRevert_IsNoneWhenAnotherProcessAskedForIt(t *testing.T) {
	for name, story := range map[string]struct{ mine, theirs sources.Action }{
		"a console's rollback and the runner's next ramp": {rollBack(), setTo(percent)},
		"the runner's step and a console's rollback":      {setTo(3 * percent), rollBack()},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *scene) {
				mine := s.begin(story.mine)
				s.until(mine, "observed", observed)
				other := s.beside()
				defer other.leave()
				theirs := other.begin(story.theirs)
				other.until(theirs, "observed", observed)
				p := s.until(mine, "left", done)
				if p.Err != nil || p.Alarm != "" || p.Rung != sources.Observed {
					t.Errorf("it was seen before the other came, and ends at %s with %v: %s", p.Rung, p.Err, p.Alarm)
				}
				if got := s.desk.Asked(); !got.Equal(theirs.Progress().Change.To) {
					t.Errorf("asked %v, the other process asked for %v", got, theirs.Progress().Change.To)
				}
				time.Sleep(time.Minute)
				if kinds := s.journal.kinds(); strings.Contains(kinds, "reverted") {
					t.Errorf("journal: %s", kinds)
				}
			})
		})
	}
}

func TestRevert_OfWhatAnotherProcessMadeOfItIsSaidByThatProcess(t *testing.T) {
	play(t, nil, func(s *scene) {
		mine := s.begin(rollBack())
		s.until(mine, "observed", observed)
		other := s.beside()
		defer other.leave()
		theirs := other.begin(setTo(2 * percent))
		other.until(theirs, "observed", observed)
		s.until(mine, "left", done)
		s.plane.do(func() { s.plane.share = 50 * percent })
		if p := other.until(theirs, "reverted", done); p.Err == nil {
			t.Errorf("nobody asked for 50 %%: %+v", p)
		}
		if n := strings.Count(s.journal.kinds(), "reverted"); n != 1 {
			t.Errorf("said %d times", n)
		}
	})
}

func TestTakenOver_SaysByWhatWhoseAndWhy(t *testing.T) {
	play(t, nil, func(s *scene) {
		effective := func(p sources.Progress) bool { return p.Rung == sources.Effective }
		s.plane.do(func() { s.plane.rate = 0 }) // nothing is observed in the same second
		mine := s.begin(setTo(10 * percent))
		s.until(mine, "effective", effective)
		p, err := s.desk.Rule().Preview(s.Context(), sources.Action{Verb: sources.RollBack, Reason: "errors ×3"})
		if err != nil {
			t.Fatal(err)
		}
		back, err := s.desk.Rule().Start(s.Context(), p.ID, p.Confirm.Word)
		if err != nil {
			t.Fatal(err)
		}
		want := sources.Takeover{Verb: sources.RollBack, By: "a rule (rampart)", Why: "errors ×3"}
		if got := s.until(mine, "left", done); got.Taken != want || got.Rung != sources.Effective || !strings.Contains(got.Alarm, "no longer followed at effective: taken over by rollback of a rule (rampart)") {
			t.Errorf("in this process: %+v, alarm %q", got.Taken, got.Alarm)
		}
		s.until(back, "effective", effective)
		s.plane.do(func() { s.plane.rate = 50 })
		mine = s.begin(setTo(10 * percent))
		s.until(mine, "observed", observed)
		other := s.beside()
		defer other.leave()
		other.until(other.begin(rollBack()), "observed", observed)
		want = sources.Takeover{Verb: sources.RollBack, By: "ana", Why: "errors"}
		if got := s.until(mine, "left", done); got.Taken != want {
			t.Errorf("in another process: %+v", got.Taken)
		}
	})
}
