package evidence

import (
	"time"

	"rampart/analysis"
	"rampart/sources"
)

const step = 15 * time.Second

func counts(n, bad int64) *sources.Counts { return &sources.Counts{Requests: n, Errors: bad} }

// ranker is judged by its errors.
func ranker() Config {
	return Config{
		Step: step, Alpha: .05, Measures: []analysis.Measure{{Name: "errors", Kind: analysis.Errors, Judge: analysis.GuardIt}},
		Guards: []analysis.Guard{{Name: "errors", Measure: "errors", MaxRatio: 1.1, SafeMargin: .5, OnWorse: analysis.DoRollBack, MinN: 100, Arm: sources.Candidate}},
	}
}
