package ui_test

import (
	stdcontext "context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
	"rampart/ui"
	"rampart/ui/uitest"
)

// offered is a console whose operator has nobody who drives a ramp until one is started.
func offered(t *testing.T, start func() error, test func(t *testing.T, d desk, started *int)) {
	synctest.Test(t, func(t *testing.T) {
		d, started := desk{feed: uitest.NewFeed(), op: &uitest.Operator{}, ask: &uitest.Ask{}}, 0
		d.op.OnPreview = func(a sources.Action) (sources.Preview, error) {
			p := uitest.Plan(a)
			if started == 0 {
				p = sources.Preview{Action: a, Confirm: sources.Confirmation{First: sources.Starting{
					Why: "A ramp needs a process that outlives this console.", Command: "rampart run -c team.yaml --detach", Way: "setsid", Log: "/state/prod/runner.log",
				}}}
			}
			return p, nil
		}
		d.feed.Put(uitest.Incident(time.Now()))
		d.Console = uitest.Open(t, ui.Env{Feed: d.feed, Operator: d.op, Ask: d.ask, Outlive: func(stdcontext.Context) error {
			err := start()
			if err == nil {
				started++
			}
			return err
		}})
		d.Settle()
		test(t, d, &started)
	})
}

func (d desk) starts() {
	d.Press(":")
	d.Type("start model 42")
	d.Press("enter")
	d.Settle()
}

func TestOutlive_EnterStartsARunnerAndGoesOnToWhatWasAskedFor(t *testing.T) {
	offered(t, func() error { return nil }, func(t *testing.T, d desk, started *int) {
		d.starts()
		for _, says := range []string{"rampart run -c team.yaml --detach", "setsid", "/state/prod/runner.log", "start it and attach"} {
			if !strings.Contains(d.Screen(), says) {
				t.Errorf("the offer lacks %q:\n%s", says, d.Screen())
			}
		}
		d.Press("enter")
		d.Settle()
		if *started != 1 || len(d.op.Done()) != 0 {
			t.Fatalf("started %d times, done %q", *started, d.op.Done())
		}
		asked := d.op.Asked()
		if a := asked[len(asked)-1]; len(asked) != 2 || a.Verb != sources.Start || a.Reason != "model 42" {
			t.Fatalf("asked %+v", asked)
		}
		if strings.Contains(d.Screen(), "team.yaml") {
			t.Errorf("the offer stays:\n%s", d.Screen())
		}
		d.Press("enter")
		d.Settle()
		if len(d.op.Done()) != 1 {
			t.Errorf("what was asked for is not done: %q", d.op.Done())
		}
	})
}

func TestOutlive_EscStartsNothing(t *testing.T) {
	offered(t, func() error { return nil }, func(t *testing.T, d desk, started *int) {
		d.starts()
		d.Press("esc")
		d.Settle()
		if *started != 0 || len(d.op.Done()) != 0 || strings.Contains(d.Screen(), "team.yaml") {
			t.Errorf("started %d, done %q:\n%s", *started, d.op.Done(), d.Screen())
		}
	})
}

func TestOutlive_WhatCouldNotBeStartedIsSaidAndOfferedAgain(t *testing.T) {
	fails := true
	offered(t, func() error {
		if fails {
			return errors.New("it ended at once; see /state/prod/runner.log")
		}
		return nil
	}, func(t *testing.T, d desk, started *int) {
		d.starts()
		d.Press("enter")
		d.Settle()
		if !strings.Contains(d.Screen(), "it ended at once") {
			t.Errorf("the failure is not said:\n%s", d.Screen())
		}
		fails = false
		d.Press("enter") // ask again
		d.Settle()
		d.Press("enter")
		d.Settle()
		if *started != 1 || len(d.op.Done()) != 0 {
			t.Errorf("started %d, done %q", *started, d.op.Done())
		}
	})
}
