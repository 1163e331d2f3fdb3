package ramp_test

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis/ramp"
)

func utc(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestFreeze_IsReadAndWritten(t *testing.T) {
	for in, want := range map[string]string{
		"Fri-Mon 16:00-24:00 Europe/Berlin":         "Mon,Fri-Sun 16:00-24:00 Europe/Berlin",
		"mon,Wed 18:00-08:00 UTC":                   "Mon,Wed 18:00-08:00 UTC",
		"2026-12-20T00:00Z/2027-01-02T06:00+01:00":  "2026-12-20T00:00:00Z/2027-01-02T05:00:00Z",
		"Sat 00:00-24:00 America/Argentina/Ushuaia": "Sat 00:00-24:00 America/Argentina/Ushuaia",
	} {
		f, err := ramp.ParseFreeze(in)
		if err != nil || f.String() != want {
			t.Errorf("%q: %q, %v; want %q", in, f, err, want)
		}
	}
}

func TestFreeze_WhatCannotBeReadSaysWhatIsMeant(t *testing.T) {
	for in, says := range map[string]string{
		"":                                    "such as",
		"weekends":                            "such as",
		"Fry 10:00-12:00 UTC":                 `no day "Fry"`,
		"Fri 25:00-26:00 UTC":                 `the time "25:00"`,
		"Fri 24:00-08:00 UTC":                 "begins at 00:00",
		"Fri 10-12 UTC":                       "want 16:00-24:00",
		"Fri 10:00-12:00 Berlin":              `no time zone "Berlin"`,
		"Fri 10:00-12:00 Local":               "no time zone",
		"Fri 10:00-12:00":                     "a time zone",
		"2027-01-02Z/2026-12-20Z":             "cannot read the time",
		"2027-01-02T00:00Z/":                  "cannot read the time",
		"Fri 10:00-12:00 \x1b[2J":             `\x1b[2J`,
		"Fri 10:00-12:00 UTC UTC":             "such as",
		"2027-01-02T00:00Z/2026-12-20T00:00Z": "ends before it begins",
	} {
		if _, err := ramp.ParseFreeze(in); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v; want %q", in, err, says)
		}
	}
}

func TestPlan_KnowsTheEdgesOfItsFreezes(t *testing.T) {
	p := ramp.Plan{Freeze: freezes(t, "Fri 16:00-24:00 Europe/Berlin", "Sat,Sun 00:00-24:00 Europe/Berlin", "Mon-Thu 22:00-06:00 UTC", "2026-03-12T10:00Z/2026-03-12T12:00Z")}
	for _, c := range []struct {
		at     string
		frozen bool
		edge   string
	}{
		{"2026-03-09 12:00", false, "2026-03-09 22:00"},
		{"2026-03-09 22:00", true, "2026-03-10 06:00"}, // half-open
		{"2026-03-10 05:59", true, "2026-03-10 06:00"}, // over midnight
		{"2026-03-10 06:00", false, "2026-03-10 22:00"},
		{"2026-03-12 09:00", false, "2026-03-12 10:00"},
		{"2026-03-12 11:00", true, "2026-03-12 12:00"},
		{"2026-03-13 15:30", true, "2026-03-15 23:00"}, // connected freezes are one
		// Clocks go forward on Sunday 29 March: Friday's freeze begins at 15:00 UTC before, 14:00 after.
		{"2026-03-27 14:59", false, "2026-03-27 15:00"},
		{"2026-03-28 12:00", true, "2026-03-29 22:00"},
		{"2026-04-03 13:59", false, "2026-04-03 14:00"},
	} {
		until, frozen := p.FrozenUntil(utc(c.at))
		edge := p.NextEdge(utc(c.at))
		if frozen != c.frozen || !edge.At.Equal(utc(c.edge)) || edge.Begins == frozen {
			t.Errorf("%s: frozen %v until %v, next edge %v; want %v and %s", c.at, frozen, until.UTC(), edge.At.UTC(), c.frozen, c.edge)
		}
	}
	if e := (ramp.Plan{}).NextEdge(monday()); !e.At.IsZero() {
		t.Errorf("a plan without a freeze has an edge: %v", e)
	}
}

func TestNext_AStepThatCannotEndBeforeAFreezeIsNotBegun(t *testing.T) {
	p := plan(t, "1% for 15m", "5% for 30m", "100%")
	p.Freeze = freezes(t, "Mon 10:40-11:00 UTC")
	w := begun(t, p)
	w.pass(15 * time.Minute)
	w.is(ramp.Frozen, 1)
	if !strings.Contains(w.state.Why, "10:40") {
		t.Errorf("why: %s", w.state.Why)
	}
	w.pass(44 * time.Minute)
	w.is(ramp.Frozen, 1)
	w.pass(time.Minute)
	w.is(ramp.Running, 5)
}

func TestPredict_AddsUpWhatIsLeft(t *testing.T) {
	p := plan(t, "1% for 15m", "5% until safe or 30m", "25% for 15m", "100%")
	w := begun(t, p)
	w.pass(5 * time.Minute)
	got, ok := ramp.Predict(p, w.state, w.in)
	if !ok || got.Open || !got.Lo.Equal(w.in.At.Add(25*time.Minute)) || !got.Hi.Equal(w.in.At.Add(55*time.Minute)) {
		t.Errorf("%+v, %v", got, ok)
	}
	p.Freeze = freezes(t, "Mon 10:30-20:00 UTC")
	if got, _ = ramp.Predict(p, w.state, w.in); !got.Lo.Equal(utc("2026-03-09 20:15")) || !got.Hi.Equal(utc("2026-03-09 20:45")) {
		t.Errorf("with a freeze: %+v", got)
	}
	if _, ok = ramp.Predict(p, ramp.State{Phase: ramp.RolledBack}, w.in); ok {
		t.Error("a ramp that is over has an end")
	}
}

func TestPredict_WhoWaitsForAPersonHasNoEnd(t *testing.T) {
	p := plan(t, "1% for 15m then approve", "100%")
	w := begun(t, p)
	if got, ok := ramp.Predict(p, w.state, w.in); !ok || !got.Open || !strings.Contains(got.Why, "approves") {
		t.Errorf("%+v, %v", got, ok)
	}
}

func TestPlan_AFreezeThatLeavesNoGapHasNoEndInSight(t *testing.T) {
	for name, c := range map[string]struct {
		freezes []string
		until   string // empty: no end in sight
	}{
		"all of the week":                         {[]string{"Mon-Sun 00:00-24:00 UTC"}, ""},
		"by two freezes":                          {[]string{"Mon-Sun 08:00-20:00 Europe/Berlin", "Mon-Sun 20:00-08:00 Europe/Berlin"}, ""},
		"once, into all of the week":              {[]string{"2026-03-01T00:00Z/2026-06-01T00:00Z", "Mon-Sun 00:00-24:00 UTC"}, ""},
		"but a minute":                            {[]string{"Mon-Sat 00:00-24:00 UTC", "Sun 00:00-23:59 UTC"}, "2026-03-15 23:59"},
		"once and for months":                     {[]string{"2026-03-01T00:00Z/2026-06-01T00:00Z"}, "2026-06-01 00:00"},
		"once, and over into that Monday evening": {[]string{"2026-03-01T00:00Z/2026-06-01T20:00Z", "Mon 18:00-24:00 UTC"}, "2026-06-02 00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			p := plan(t, "1% for 15m", "5% for 30m", "100%")
			p.Freeze = freezes(t, c.freezes...)
			at := utc("2026-03-09 12:00")
			until, frozen := p.FrozenUntil(at)
			edge, says := p.NextEdge(at), p.Frozen(at)
			if c.until == "" {
				if !frozen || !until.IsZero() || edge != (ramp.Edge{Endless: true}) || says != "a freeze that has no end in sight" {
					t.Errorf("frozen %v until %v, next edge %+v, says %q", frozen, until, edge, says)
				}
				return
			}
			if !frozen || !until.Equal(utc(c.until)) || !edge.At.Equal(until) || edge.Endless || !strings.Contains(says, "a freeze until") {
				t.Errorf("frozen %v until %v, next edge %+v, says %q; want %s", frozen, until, edge, says, c.until)
			}
		})
	}
}

func TestPredict_WhereFreezesLeaveNoRoomThereIsNoEnd(t *testing.T) {
	p := plan(t, "1% for 15m", "5% for 2h", "100%")
	w := begun(t, p)
	for freeze, why := range map[string]string{
		"Mon-Sun 00:00-24:00 UTC": "the freeze has no end in sight",
		"Mon-Sun 01:00-24:00 UTC": "takes up to 2h and finds no room between freezes",
	} {
		p.Freeze = freezes(t, freeze)
		if got, ok := ramp.Predict(p, w.state, w.in); !ok || !got.Open || !strings.Contains(got.Why, why) || !got.Lo.Equal(w.in.At.Add(15*time.Minute)) {
			t.Errorf("%s: %+v, %v", freeze, got, ok)
		}
	}
}
