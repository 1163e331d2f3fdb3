package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/prom"
)

func TestAnswered_TellsWithItsLineWhatOnlyTheServerKnows(t *testing.T) {
	for name, c := range map[string]struct {
		found prom.Checked
		want  string
	}{
		"a limit between two buckets": {
			prom.Checked{Measure: "slow", Limits: []prom.Limit{{Edge: 0.3, Below: 0.25, Above: 0.5, HasBelow: true, HasAbove: true}}},
			"line 12: services.ranker.measures.slow.above: 300ms is not an edge that both arms have; its neighbours are 250ms and 500ms (judge one of them)",
		},
		"a limit on an edge": {prom.Checked{Measure: "slow", Limits: []prom.Limit{{Edge: 0.25, Found: true}}}, ""},
		"a name that nothing has": {
			prom.Checked{Measure: "errors", Err: &sources.Error{Op: "read", Kind: sources.ErrNoData}},
			"line 11: services.ranker.measures.errors: no series of either arm (see its name, select and arms)",
		},
		"series that are too many for us": {
			prom.Checked{Measure: "errors", Err: &sources.Error{Kind: sources.ErrInvalid, Cause: errors.New("more than 20000 series match"), Fix: "narrow select"}},
			"line 11: services.ranker.measures.errors: more than 20000 series match (narrow select)",
		},
		"a server that does not answer": {prom.Checked{Measure: "errors", Err: &sources.Error{Kind: sources.ErrUnreachable}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := parse(t, good())
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, m := range file.Answered("ranker", c.found) {
				got += m.String()
			}
			if got != c.want {
				t.Errorf("said %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestAnswered_NamesAPresetsEdgesAsTimesAndPointsAtTheService(t *testing.T) {
	c, err := parse(t, fmt.Sprintf(presetFile, "istio"))
	if err != nil {
		t.Fatal(err)
	}
	got := c.Answered("ranker", prom.Checked{Measure: "slow", Limits: []prom.Limit{{Edge: 250, Below: 100, HasBelow: true}}})
	want := "line 4: services.ranker.measures.slow.above: 250ms is not an edge that both arms have; the last edge is 100ms (judge one of them)"
	if len(got) != 1 || got[0].String() != want {
		t.Errorf("said %q\nwant %q", got, want)
	}
}

func TestUnlogged_TellsWithItsLineWhatOnlyTheClusterKnows(t *testing.T) {
	text := strings.Replace(good(), "    guards:", "    logs:\n      index: logs-*\n      arm: {field: labels.track}\n    guards:", 1)
	for name, c := range map[string]struct {
		found elastic.Report
		err   error
		want  string
	}{
		"a pattern that no index has": {
			elastic.Report{},
			&sources.Error{Kind: sources.ErrNoData, Cause: errors.New(`no index matches "logs-*"`), Fix: "see logs.index in the config"},
			`line 15: services.ranker.logs.index: no index matches "logs-*" (see logs.index in the config)`,
		},
		"an arm's field that no index has": {
			elastic.Report{Fields: []elastic.Field{{Use: "message", Name: "msg"}, {Use: "arm", Name: "labels.track"}}},
			nil,
			"line 16: services.ranker.logs.arm.field: no index has the field labels.track (name what tells the arms apart in each document)",
		},
		"a cluster that knows both":        {elastic.Report{Fields: []elastic.Field{{Use: "arm", Name: "labels.track", Types: []string{"keyword"}}}}, nil, ""},
		"a key that may not ask for names": {elastic.Report{}, nil, ""},
		"a cluster that does not answer":   {elastic.Report{}, &sources.Error{Kind: sources.ErrUnreachable}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := parse(t, text)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, m := range file.Unlogged("ranker", c.found, c.err) {
				got += m.String()
			}
			if got != c.want {
				t.Errorf("said %q\nwant %q", got, c.want)
			}
		})
	}
}
