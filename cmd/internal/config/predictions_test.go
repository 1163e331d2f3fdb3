package config

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
)

// withLogs is a file whose logs hold more sections.
const withLogs = `version: 1
services:
  ranker:
    arms: {label: track, legacy: a, candidate: b}
    preset: http
    logs:
      index: logs-*
      arm: {field: labels.track}
      %s
`

func TestPredictions_AreReadAsWritten(t *testing.T) {
	c, err := parse(t, fmt.Sprintf(withLogs, strings.Join([]string{
		"predictions:", "  score: prediction.score", "  latency: event.duration", "  label: outcome.click", "  label_delay: 1h", "  names: [prediction.model]",
		"  checks:", "    - {field: prediction.score, type: number, at_least: 0, at_most: 1, max: 1%, on_worse: hold}", "    - {field: trace.id, unique: true, max_ratio: 2}",
		"pairs: {window: 10s, fields: [prediction.item], tolerance: 0.01}", "interleaving: {query: query.id, team: labels.team}",
	}, "\n      ")))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.File.Services["ranker"].Logs.Reads()
	if err != nil {
		t.Fatal(err)
	}
	if r.ID != "trace.id" || r.Second != 1e-9 || len(r.Inputs) != 2 || !r.Inputs[1].Categorical || r.Labels.Delay != time.Hour || r.Pairs.Window != 10*time.Second || r.Teams.Window != 30*time.Minute {
		t.Errorf("%+v", r)
	}
	first, second := r.Checks[0], r.Checks[1]
	if first.Min != 0 || first.Max != 1 || first.MaxShare != .01 || first.OnWorse != analysis.DoHold || !math.IsNaN(second.Min) || second.MaxRatio != 2 || !second.Unique {
		t.Errorf("%+v", r.Checks)
	}
}

func TestPredictions_AMistakeIsToldWithItsLine(t *testing.T) {
	for section, want := range map[string]string{
		"predictions: {label: x}":                                                            "line 9: services.ranker.logs.predictions: no field tells a prediction",
		"predictions: {scores: x}":                                                           "did you mean score?",
		"predictions: {score: s, task: maybe}":                                               "task \"maybe\"",
		"predictions: {score: s, label: l, label_delay: -1h}":                                "predictions.label_delay: duration",
		"predictions: {score: s, checks: [{field: s, type: float}]}":                         "services.ranker.logs.predictions.checks[0]: check s: type \"float\"",
		"predictions: {score: s, checks: [{field: s, at_least: 2, at_most: 1}]}":             "the least value 2 is above the most 1",
		"predictions: {score: s, checks: [{field: s}]}":                                      "nothing is asked of it",
		"predictions: {score: s, checks: [{field: s, unique: true, max: 1%, max_ratio: 2}]}": "want one of max and max_ratio",
		"pairs: {window: 10s}":                                                               "services.ranker.logs.pairs: nothing is compared",
		"pairs: {window: 1h, fields: [a]}":                                                   "pairs window 1h0m0s",
		"pairs: {fields: [a], tolerance: -1}":                                                "pairs tolerance",
		"interleaving: {query: q}":                                                           "services.ranker.logs.interleaving: query and team are needed",
		"interleaving: {query: q, team: t, window: 100h}":                                    "interleaving window",
	} {
		_, err := parse(t, fmt.Sprintf(withLogs, section))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s:\n%v\nwant %s", section, err, want)
		}
	}
}

func TestPredictions_NothingIsReadThatIsNotAsked(t *testing.T) {
	for _, l := range []*Logs{nil, {}} {
		if r, err := l.Reads(); r != nil || err != nil {
			t.Errorf("%+v, %v", r, err)
		}
	}
}
