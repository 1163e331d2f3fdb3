package protocol

import (
	"context"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

// oneAnswer is a road whose other end gives one answer to every call but caps and apply.
type oneAnswer string

func (s oneAnswer) Ask(_ context.Context, r Request) (Answer, error) {
	switch r.Call {
	case CallCaps:
		return Answer{Caps: &Caps{}}, nil
	case CallApply:
		return Answer{IntentID: r.Intent.ID}, nil
	}
	return Decode([]byte(s))
}

// read is a reading whose servers say what they say of requests.
func read(percent, legacy, candidate string) oneAnswer {
	return oneAnswer(`{"read":{"candidate_percent":` + percent + `,"servers":[{"name":"stable","arm":"legacy","up":true` + legacy +
		`},{"name":"canary","arm":"candidate","up":true` + candidate + `}]}}`)
}

// back takes the candidate's 5 % away and asks what became of it.
func back(t *testing.T, road oneAnswer, count plane.Count) sources.Outcome {
	t.Helper()
	p := New("exec", "split.py", road, count, time.Now)
	out, err := p.Confirm(t.Context(), sources.Receipt{Change: sources.Change{
		Intent: sources.Intent{ID: "7", Verb: sources.RollBack}, From: sources.SplitAt(sources.Whole/20, time.Now()), To: sources.SplitAt(0, time.Now()), NoOp: true,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRead_WhatAnAnswerDoesNotSayIsNotZero(t *testing.T) {
	for _, c := range []struct{ legacy, candidate, uncounted, unjudged string }{
		{`,"requests":0,"errors":0`, `,"requests":0,"errors":0`, "", ""},
		{`,"requests":7`, `,"requests":0`, "", "the plane does not say how many failed requests stable had"},
		{`,"requests":7,"errors":1`, `,"requests":null,"errors":0`, "the plane does not say how many requests canary had", "the plane does not say how many requests canary had"},
		{``, ``, "the plane does not say how many requests stable had", "the plane does not say how many requests stable had"},
	} {
		r, err := New("exec", "split.py", read("5", c.legacy, c.candidate), nil, time.Now).Read(t.Context())
		if err != nil || r.Uncounted() != c.uncounted || r.Unjudged() != c.unjudged {
			t.Errorf("%q, %q: %q, %q, %v", c.legacy, c.candidate, r.Uncounted(), r.Unjudged(), err)
		}
	}
}

func TestConfirm_ServersThatDoNotSayTheirRequestsAreNotCountedAsNone(t *testing.T) {
	out := back(t, read("0", "", ""), nil)
	if got := out.Routed(); got.Counted || !strings.Contains(got.Why, "the plane does not say how many requests stable had") || out.Rung >= sources.Observed || out.Seen.Known {
		t.Errorf("%v, %+v, seen %v", out.Rung, got, out.Seen)
	}
	if got := back(t, read("0", `,"requests":0`, `,"requests":0`), nil).Routed(); !got.Counted {
		t.Errorf("zeros that were told are known: %+v", got)
	}
}

func TestConfirm_MetricsCountWhereServersDoNotSay(t *testing.T) {
	count := func(context.Context, time.Time) (plane.Counts, error) {
		return plane.Counts{Requests: sources.ByArm[int64]{Legacy: 500}}, nil
	}
	if out := back(t, read("0", "", ""), count); out.Rung != sources.Observed || out.Routed().String() != "the candidate got 0 of 500 requests since" {
		t.Errorf("%v, %v", out.Rung, out.Routed())
	}
}
