package engine

import (
	"slices"
	"testing"
	"time"

	"rampart/sources"
)

func TestAlarms_BecomeTicksOnceWhenTheyBeginAndOnceWhenTheyAreOver(t *testing.T) {
	at := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	alert := func(id, name string, since time.Time, ours bool) sources.Alert {
		return sources.Alert{ID: id, Name: sources.NewText(name), Since: since, Ours: ours}
	}
	said := func(a *alarms, got sources.Alerting, now time.Time) []string {
		var out []string
		for _, x := range a.take(got, now) {
			out = append(out, x.At.Format("15:04 ")+x.Text.String())
		}
		return out
	}
	a := newAlarms(nil)
	first := sources.Alerting{
		Alerts: []sources.Alert{
			alert("1", "RankerErrors\x1b", at.Add(-time.Minute), false), alert("2", "RampartCall", at, true), alert("3", "Ancient", at.Add(-24*time.Hour), false),
		},
		Silences: []sources.Silence{
			{ID: "s", By: sources.NewText("ana"), Comment: sources.NewText("known"), From: at.Add(-time.Hour)}, {ID: "later", From: at.Add(time.Hour)},
		},
	}
	if got := said(&a, first, at); !slices.Equal(got, []string{`13:59 alert RankerErrors\x1b`, "13:00 silence by ana: known"}) {
		t.Errorf("at first %q", got)
	}
	if got := said(&a, first, at.Add(time.Minute)); len(got) != 0 {
		t.Errorf("again %q", got)
	}
	first.Alerts = first.Alerts[1:]
	if got := said(&a, first, at.Add(2*time.Minute)); !slices.Equal(got, []string{`14:02 alert RankerErrors\x1b is over`}) {
		t.Errorf("at its end %q", got)
	}
}
