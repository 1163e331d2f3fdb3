package config

import (
	"errors"
	"fmt"
	"testing"

	"rampart/sources"
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
		"a query that is refused": {
			prom.Checked{Measure: "errors", Err: &sources.Error{Kind: sources.ErrInvalid, Cause: errors.New("parse error"), Fix: "column 3"}},
			"line 11: services.ranker.measures.errors: the server refuses it: parse error (column 3)",
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
