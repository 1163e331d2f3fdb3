package panel

import (
	"strings"
	"testing"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/panel/part"
)

func TestPanels_WhatWasNotReadYetIsNotCalledNotConfigured(t *testing.T) {
	f := &frame.Frame{Rows: []frame.Row{
		{Measure: "errors, app", Key: "errors", Kind: analysis.Errors},
		{Measure: "over 250 ms", Key: "slow", Kind: analysis.Share},
		{Measure: "features", Key: "features", Kind: analysis.Distributions},
	}}
	for name, p := range map[string]Panel{"errors": &Errors{}, "latency": &Latency{}, "drift": &Drift{}} {
		text := p.View(f, part.State{}, part.Box{W: 120, H: 34}).String()
		if strings.Contains(text, "measure is configured") || !strings.Contains(text, "was read yet") {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}
