package action

import (
	"strings"
	"testing"

	"rampart/sources"
)

func TestRollBack_OfACandidateThatChangedUnderTheQuestionGoesOnAndSaysSo(t *testing.T) {
	v41, v42, v43 := sources.NewText("41"), sources.NewText("42"), sources.NewText("43")
	play(t, func(s *scene) { s.look.Identity = sources.ByArm[sources.Text]{Legacy: v41, Candidate: v42} }, func(s *scene) {
		a := rollBack()
		a.Seen.Identity = s.look.Identity
		p := s.preview(a)
		if p.Replan != "" || p.Confirm.Refuse != "" {
			t.Fatalf("%+v", p)
		}
		s.look.Identity.Candidate = v43
		track, err := s.seat().Start(s.Context(), p.ID, p.Confirm.Word)
		if err != nil {
			t.Fatal(err)
		}
		const said = "candidate is 43 now, the screen showed 42"
		if got := s.until(track, "observed", observed); got.Replan != said || len(s.plane.writes()) == 0 {
			t.Errorf("it says %q after %q", got.Replan, s.plane.writes())
		}
		if kinds := s.journal.kinds(); !strings.HasPrefix(kinds, "intent note receipt") {
			t.Errorf("the journal has %s", kinds)
		}
	})
}

func TestRollBack_ToALegacyThatChangedUnderTheQuestionIsRefusedAndSaysWhat(t *testing.T) {
	v40, v41, v42 := sources.NewText("40"), sources.NewText("41"), sources.NewText("42")
	play(t, func(s *scene) { s.look.Identity = sources.ByArm[sources.Text]{Legacy: v41, Candidate: v42} }, func(s *scene) {
		a := rollBack()
		a.Seen.Identity = s.look.Identity
		p := s.preview(a)
		s.look.Identity.Legacy = v40
		if _, err := s.seat().Do(s.Context(), p.ID, ""); err == nil || !strings.Contains(err.Error(), "legacy is 40 now, the screen showed 41") || len(s.plane.writes()) > 0 {
			t.Errorf("%v, wrote %q", err, s.plane.writes())
		}
		if got := s.desk.Progress()[0].Next; got != "look again and ask again" {
			t.Errorf("to do: %q", got)
		}
	})
}
