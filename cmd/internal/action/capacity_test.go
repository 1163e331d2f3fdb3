package action

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// said joins the warnings of a preview.
func said(p sources.Preview) string {
	var all []string
	for _, n := range p.Warnings {
		if n.Kind == sources.NoteWarning {
			all = append(all, n.Text.String())
		}
	}
	return strings.Join(all, "\n")
}

func TestRampUp_ToACandidateWithoutAServerIsRefused(t *testing.T) {
	play(t, func(s *scene) { s.plane.down = true }, func(s *scene) {
		for _, to := range []sources.Share{10 * percent, sources.Whole} {
			if p := s.preview(setTo(to)); p.Confirm.Refuse != "no candidate server of 1 takes requests" {
				t.Errorf("to %v: %+v", to, p.Confirm)
			}
			if _, err := s.do(setTo(to)); !errors.Is(err, sources.ErrConflict) {
				t.Errorf("to %v: %v", to, err)
			}
		}
		s.until(s.begin(setTo(2*percent)), "configured", func(p sources.Progress) bool { return p.Rung >= sources.Configured })
		s.until(s.begin(rollBack()), "observed", observed)
	})
}

func TestRampUp_IsRefusedWhenTheCandidatesServersWentAwaySinceThePreview(t *testing.T) {
	play(t, nil, func(s *scene) {
		p := s.preview(setTo(10 * percent))
		s.plane.do(func() { s.plane.down = true })
		if _, err := s.seat().Do(s.Context(), p.ID, ""); !errors.Is(err, sources.ErrConflict) || len(s.plane.writes()) != 0 {
			t.Errorf("%v, wrote %q", err, s.plane.writes())
		}
	})
}

func TestPreview_SaysWhenASlowPlaneWillHaveDoneIt(t *testing.T) {
	for settle, want := range map[time.Duration]string{5 * time.Second: "", 10 * time.Minute: "this plane takes about 10m: effective by 00:10:00"} {
		play(t, func(s *scene) { s.plane.settle = settle }, func(s *scene) {
			var got string
			for _, n := range s.preview(rollBack()).Warnings {
				got += n.Text.String()
			}
			if got != want {
				t.Errorf("%s: %q, want %q", settle, got, want)
			}
		})
	}
}

func TestPreview_SaysWhoseServersMayNotCarryIt(t *testing.T) {
	for name, c := range map[string]struct {
		from     sources.Share
		legacyUp int
		do       sources.Action
		says     string // empty: nothing
	}{
		"a rollback from 5 % to all of legacy":          {5 * percent, 10, rollBack(), ""},
		"a rollback with one legacy server of ten down": {5 * percent, 9, rollBack(), ""},
		"a rollback to three of ten legacy servers":     {5 * percent, 3, rollBack(), "3 of 10 legacy servers take requests: each gets about 3.3 times its part of all traffic"},
		"a rollback after legacy was idle":              {90 * percent, 10, rollBack(), "legacy has 10 % of the traffic and gets 100 %: see that it was not scaled down meanwhile"},
		"a rollback after the promotion":                {sources.Whole, 10, rollBack(), "legacy has 0 % of the traffic and gets 100 %: see that"},
		"one candidate server gets its part":            {5 * percent, 10, setTo(20 * percent), ""},
		"one candidate server gets that of five":        {5 * percent, 10, setTo(50 * percent), "each candidate server gets about 5.0 times what one of legacy's has with all traffic (1 of the candidate take requests, legacy has 10)"},
		"legacy is to keep the most with two servers":   {5 * percent, 2, setTo(10 * percent), "2 of 10 legacy servers take requests: each gets about 4.5 times"},
	} {
		play(t, func(s *scene) { s.plane.share, s.plane.legacyUp = c.from, c.legacyUp }, func(s *scene) {
			p := s.preview(c.do)
			if got := said(p); got != "" && c.says == "" || !strings.Contains(got, c.says) {
				t.Errorf("%s: %q, want %q", name, got, c.says)
			}
			if p.Confirm.Refuse != "" || p.Confirm.Word != "" && c.do.Verb == sources.RollBack {
				t.Errorf("%s is in the way: %+v", name, p.Confirm)
			}
		})
	}
}

func TestPreview_WhoeverRampsUpIsToldWhatAPlansStepWouldWaitForAndMayGoOn(t *testing.T) {
	const red = "a gauge is red, for which a plan's step would wait: burst"
	for name, c := range map[string]struct {
		do   sources.Action
		says bool
	}{
		"up":       {setTo(20 * percent), true},
		"down":     {setTo(2 * percent), false},
		"rollback": {rollBack(), false},
	} {
		play(t, func(s *scene) { s.look.Cautions = []string{red} }, func(s *scene) {
			p := s.preview(c.do)
			if got := said(p); strings.Contains(got, red) != c.says || p.Confirm.Refuse != "" {
				t.Errorf("%s: %q, refused for %q", name, got, p.Confirm.Refuse)
			}
		})
	}
}
