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

func TestClimb_SaysWhichWayMovedTheTraffic(t *testing.T) {
	var out, errs bytes.Buffer
	w := sources.Write{Request: "set server be/canary-1 state drain"}
	p := sources.Progress{
		Change: sources.Change{Intent: sources.Intent{Way: sources.Drain}, Writes: []sources.Write{w}}, Members: []sources.Answer{{Write: w}},
		How: "drained, because the agent check of canary-1 set its weight again, to 75",
	}
	for _, way := range []sources.Way{"", sources.Drain} {
		for r := sources.Sent; r <= sources.Accepted; r++ {
			p.Rungs = append(p.Rungs, sources.RungTime{Rung: r, At: time.Unix(int64(r), 0), Way: way})
		}
	}
	(&climb{streams: &streams{out: &out, err: &errs}, at: func() sources.Progress { return p }}).print()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 || !strings.HasSuffix(lines[1], "accepted   before another way was gone") || !strings.HasSuffix(lines[3], "accepted   1 of 1 writes: "+p.How) {
		t.Errorf("it says\n%s", out.String())
	}
	p.Rung, p.Change.To = sources.Observed, sources.SplitAt(0, time.Time{})
	if n, _ := actionNotice(p); !strings.Contains(n.Title, "to 0 %, "+p.How+", observed in traffic") {
		t.Errorf("told %q", n.Title)
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
