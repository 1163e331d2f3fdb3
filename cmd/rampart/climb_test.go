package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func TestClimb_SaysWhatIsWrongOnceAndAgainWhenItIsAnother(t *testing.T) {
	var out, errs bytes.Buffer
	var p sources.Progress
	c := &climb{streams: &streams{out: &out, err: &errs}, at: func() sources.Progress { return p }}
	for _, alarm := range []string{
		"not observed after 30s: the candidate got 1 of 20 requests since", "not observed after 30s: the candidate got 2 of 45 requests since",
		"cannot be read back: unreachable", "", "cannot be read back: unreachable", "", "not observed after 30s: the candidate got 2 of 100 requests since",
	} {
		p.Alarm = alarm
		c.print()
	}
	p = sources.Progress{Done: true, Err: sources.ErrIgnored, Alarm: sources.ErrIgnored.Error(), Next: "roll back again"}
	c.print()
	want := []string{
		"not observed after 30s: the candidate got 1 of 20 requests since", "cannot be read back: unreachable",
		"not observed after 30s: the candidate got 2 of 100 requests since", "what to do: roll back again",
	}
	if said := strings.TrimSpace(errs.String()); said != "rampart: "+strings.Join(want, "\nrampart: ") {
		t.Errorf("it says\n%s", said)
	}
}

func TestClimb_RequestsThatNobodyCountedAreADashWithTheReason(t *testing.T) {
	p := sources.Progress{Requests: sources.Routed{Why: "prometheus is away"}}
	if got := p.Means(sources.RungTime{Rung: sources.Observed}); got != "requests since: — (prometheus is away)" {
		t.Errorf("it says %q", got)
	}
}

func TestClimb_PrintsARungOnce(t *testing.T) {
	var out, errs bytes.Buffer
	p := sources.Progress{Change: sources.Change{Writes: make([]sources.Write, 1)}}
	c := &climb{streams: &streams{out: &out, err: &errs}, at: func() sources.Progress { return p }}
	for r := sources.Sent; r <= sources.Configured; r++ {
		p.Rungs = append(p.Rungs, sources.RungTime{Rung: r, At: time.Unix(int64(r), 0)})
		c.print()
		c.print()
	}
	if n := strings.Count(out.String(), "\n"); n != 3 {
		t.Errorf("%d lines:\n%s", n, out.String())
	}
}
