package main

import (
	"cmp"
	"slices"
	"testing"

	"rampart/analysis"
	"rampart/analysis/frame"
)

func TestServices_OneThatCannotBeReadIsWorseThanOneWithoutTraffic(t *testing.T) {
	down := func(name string) []frame.Source {
		return []frame.Source{{Name: name, State: frame.SourceDown, Err: "connection refused"}}
	}
	var list []frame.Summary
	for _, c := range []struct {
		service string
		call    analysis.Call
		sources []frame.Source
		says    string
	}{
		{"idle", analysis.NoCandidateTraffic, nil, "as judged"},
		{"safe", analysis.Safe, nil, "as judged"},
		{"blind", analysis.Safe, down("haproxy"), "cannot be read: haproxy: connection refused"},
		{"logless", analysis.Undecided, down("elasticsearch"), "as judged"},
		{"bad", analysis.Worse, down("haproxy"), "as judged"},
	} {
		f := &frame.Frame{Verdict: analysis.Verdict{Call: c.call, Sentence: "as judged"}, Sources: c.sources}
		if got := howItStands(f); got != c.says {
			t.Errorf("%s says %q, want %q", c.service, got, c.says)
		}
		list = append(list, frame.Summary{Service: c.service, Call: c.call, Sentence: howItStands(f)})
	}
	slices.SortStableFunc(list, func(x, y frame.Summary) int { return cmp.Compare(urgency(x), urgency(y)) })
	var got []string
	for _, s := range list {
		got = append(got, s.Service)
	}
	if want := []string{"bad", "blind", "logless", "safe", "idle"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
