package document_test

import (
	"math"
	"strings"
	"testing"

	"rampart/analysis"
	"rampart/cmd/internal/document"
)

func TestOf_SaysWhyANumberIsNotKnown(t *testing.T) {
	for name, c := range map[string]struct {
		value analysis.Value
		want  string // value, lo, hi, n, why
	}{
		"a number":           {analysis.Number(2, analysis.Bare, 7), "2 - - 7 "},
		"with its interval":  {analysis.Number(2, analysis.Bare, 7).Between(1, 3), "2 1 3 7 "},
		"without an end":     {analysis.Number(2, analysis.Bare, 7).AtLeast(1), "2 1 - 7 "},
		"an endless end":     {analysis.Number(2, analysis.Bare, 7).Between(1, math.Inf(1)), "2 1 - 7 "},
		"not known":          {analysis.Missing("no requests"), "- - - 0 no requests"},
		"nobody knows why":   {analysis.Value{}, "- - - 0 not known"},
		"no finite number":   {analysis.Number(math.NaN(), analysis.Bare, 7), "- - - 7 no finite number"},
		"infinitely certain": {analysis.Number(math.Inf(1), analysis.Bare, 7).Between(1, 2), "- - - 7 no finite number"},
	} {
		var b strings.Builder
		type keyed struct {
			Value *float64 `json:"v"`
			Lo    *float64 `json:"l"`
			Hi    *float64 `json:"h"`
			N     int64    `json:"n"`
			Why   string   `json:"w"`
		}
		if err := document.Lines(&b).Encode(keyed(document.Of(c.value))); err != nil {
			t.Fatal(err)
		}
		got := strings.NewReplacer(`{"v":`, "", `,"l":`, " ", `,"h":`, " ", `,"n":`, " ", `,"w":"`, " ", `"}`, "", "null", "-", "\n", "").Replace(b.String())
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPrint_WritesTextAsItIs(t *testing.T) {
	var b strings.Builder
	if err := document.Print(&b, map[string]string{"do": "R -> legacy & <enter>"}); err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"do\": \"R -> legacy & <enter>\"\n}\n"; b.String() != want {
		t.Errorf("printed %q", b.String())
	}
}
