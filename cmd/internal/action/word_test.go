package action

import (
	"errors"
	"strings"
	"testing"

	"rampart/sources"
)

func TestRampUp_ByALeapOrToTheWholeTakesTheShareAsAWord(t *testing.T) {
	for name, c := range map[string]struct {
		do   sources.Action
		word string
	}{
		"five more":             {setTo(10 * percent), ""},
		"a quarter more":        {setTo(30 * percent), ""},
		"more than a quarter":   {setTo(40 * percent), "40%"},
		"a fraction":            {setTo(405_000), "40.5%"},
		"all, as a share":       {setTo(sources.Whole), "100%"},
		"all, as a promotion":   {sources.Action{Verb: sources.Promote, To: sources.Whole}, "100%"},
		"a step of the plan":    {sources.Action{Verb: sources.Step, To: 50 * percent}, ""},
		"the last of its steps": {sources.Action{Verb: sources.Step, To: sources.Whole}, "100%"},
		"less":                  {setTo(percent), ""},
		"a rollback":            {rollBack(), ""},
	} {
		play(t, nil, func(s *scene) {
			p := s.preview(c.do)
			if p.Confirm.Word != c.word || (p.Confirm.Why == "") != (c.word == "") {
				t.Errorf("%s: %+v", name, p.Confirm)
			}
			if c.word == "" {
				return
			}
			for _, said := range []string{"", "yes", "100"} {
				if _, err := s.seat().Do(s.Context(), p.ID, said); !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "asked for") || len(s.plane.writes()) > 0 {
					t.Errorf("%s by %q: %v", name, said, err)
				}
			}
			if _, err := s.seat().Do(s.Context(), p.ID, c.word); err != nil {
				t.Errorf("%s by its word: %v", name, err)
			}
			for _, seat := range []*Seat{s.desk.PlanOf(Actor{Name: "ana"}), s.desk.Rule()} {
				if p, err := seat.Preview(s.Context(), c.do); err != nil || p.Confirm.Word != "" {
					t.Errorf("%s: a plan has no hands: %+v, %v", name, p.Confirm, err)
				}
			}
		})
	}
}
