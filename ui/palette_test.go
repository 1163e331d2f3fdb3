package ui_test

import (
	"strings"
	"testing"

	"rampart/sources"
)

func TestPalette_CompletesRemembersAndSaysWhatIsWrong(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.Press(":")
		d.Type("unl")
		d.Must("10m REASON")
		d.Press("tab")
		d.Type("10m")
		d.Press("enter")
		d.Must("unlock wants a reason")
		d.Type(" fixing ctr_7d")
		d.Press("enter")
		if got := d.op.Unlocked(); len(got) != 1 || got[0] != "10m0s fixing ctr_7d" {
			t.Errorf("unlocked %q", got)
		}
		d.Must("unlocked for 10m")
		d.Press(":", "up")
		d.Must(":unlock 10m fixing ctr_7d")
		d.Press("ctrl+u")
		d.Type("fly away")
		d.Press("enter")
		d.Must(`there is no command "fly"`)
	})
}

func TestPalette_ASlipIsAnsweredWithTheNearestWord(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		for _, c := range []struct{ typed, offered, said, tabbed string }{
			{"rolback", "rollback", `there is no command "rolback"; did you mean rollback?`, ":rollback"},
			{"panel evidnce", "panel evidence", `there is no panel "evidnce"; did you mean evidence?`, ":panel evidence"},
			{"ramp setp", "ramp step", `there is no verb "setp"; did you mean step?`, ":ramp step"},
		} {
			d.Press(":")
			d.Type(c.typed)
			d.Must(c.offered)
			d.Press("enter")
			d.Must(c.said)
			if len(d.op.Asked()) > 0 {
				t.Fatalf("%q was taken for an action", c.typed)
			}
			d.Press("tab")
			d.Must(c.tabbed)
			d.Press("esc")
		}
	})
}

func TestPalette_DoesWhatTheKeysDo(t *testing.T) {
	cases := map[string]func(d desk) bool{
		"rollback it is us": func(d desk) bool {
			a := d.op.Asked()
			return len(a) == 1 && a[0].Verb == sources.RollBack && a[0].Reason == "it is us"
		},
		"split 2%": func(d desk) bool { a := d.op.Asked(); return len(a) == 1 && a[0].To == 20_000 },
		"split 2 % slowly": func(d desk) bool {
			a := d.op.Asked()
			return len(a) == 1 && a[0].To == 20_000 && a[0].Reason == "slowly"
		},
		"promote":           func(d desk) bool { a := d.op.Asked(); return len(a) == 1 && a[0].To == sources.Whole },
		"note the cache":    func(d desk) bool { n := d.op.Notes(); return len(n) == 1 && n[0] == "the cache" },
		"service retriever": func(d desk) bool { s := d.ask.Services(); return len(s) == 1 && s[0] == "retriever" },
		"refresh":           func(d desk) bool { return d.ask.Refreshed() == 1 },
		"quit":              func(d desk) bool { return d.Left },
		"theme light":       func(d desk) bool { return strings.Contains(d.Model.View().Content, "\x1b[") },
		"panel audit":       func(d desk) bool { return d.Shows("journal") },
	}
	for line, ok := range cases {
		t.Run(line, func(t *testing.T) {
			atDesk(t, func(t *testing.T, d desk) {
				d.Press(":")
				d.Type(line)
				d.Press("enter")
				if !ok(d) {
					t.Errorf("nothing came of it:\n%s", d.Screen())
				}
			})
		})
	}
}
