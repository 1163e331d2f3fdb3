package main

import (
	"strings"
	"testing"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/uitest/sample"
)

func TestPrintRows_AlignsColumnsAndSaysWhyANumberIsMissing(t *testing.T) {
	var out strings.Builder
	rows := append(sample.Incident().Rows[:4:4], frame.Row{
		Mark: analysis.MarkMissing, Measure: "slow", Legacy: analysis.Missing("not scraped"), Candidate: analysis.Missing("not scraped"),
		Difference: analysis.Missing("no block yet"), N: sources.ByArm[int64]{},
	})
	if err := printRows(&out, rows); err != nil {
		t.Fatal(err)
	}
	want := `▲ errors, app     legacy 0.42 %           candidate 1.69 %           ×4.0 (1.7–8.2)                    n 23 560 / 1 240
▲ errors, router  legacy 0.43 %           candidate 1.93 %           ×4.5 (2.0–8.9)                    n 23 561 / 1 243
? over 250 ms     legacy 0.90 %           candidate 1.20 %           ×1.3 (0.60–2.7), in about 11 min  n 23 560 / 1 240
· p99, cell       legacy 100–250 ms       candidate 250–500 ms       not evidence                      n 23 560 / 1 240
— slow            legacy — (not scraped)  candidate — (not scraped)  — (no block yet)                  n —
`
	if got := out.String(); got != want {
		t.Errorf("printed\n%s\nwant\n%s", got, want)
	}
}
