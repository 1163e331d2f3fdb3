package analysis_test

import (
	"testing"

	"rampart/analysis"
)

func TestMeasure_IsCalledWhatItCounts(t *testing.T) {
	for want, m := range map[string]analysis.Measure{
		"errors":                  {Name: "errors", Kind: analysis.Errors},
		"errors, router":          {Name: "router_errors", Kind: analysis.RouterErrors},
		"over 250 ms":             {Name: "slow", Kind: analysis.Share, Edge: .25},
		"over 2.5 s":              {Name: "slow", Kind: analysis.Share, Edge: 2.5},
		"checkout over 70 ms":     {Name: "checkout", Kind: analysis.Share, Edge: .07},
		"slow":                    {Name: "slow", Kind: analysis.Latency},
		"a share without an edge": {Name: "a share without an edge", Kind: analysis.Share},
	} {
		if got := m.Said(); got != want {
			t.Errorf("%+v: %q, want %q", m, got, want)
		}
	}
}
