package report

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/uitest/sample"
)

// unexplained lists the nulls of a document that have no reason beside them.
func unexplained(at string, v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			out = append(out, unexplained(at+"[]", e)...)
		}
	case map[string]any:
		why, _ := v["why"].(map[string]any)
		for k, e := range v {
			if e == nil && v["why"] == nil && why[strings.TrimSuffix(k, "_percent")] == nil {
				out = append(out, at+"."+k)
			}
			out = append(out, unexplained(at+"."+k, e)...)
		}
	}
	return out
}

func TestReport_ANumberThatIsNotKnownIsNullWithItsReason(t *testing.T) {
	f := sample.Incident()
	f.Traffic.Asked, f.Traffic.Seen = sources.Split{}, sources.Split{}
	f.Rows = append(f.Rows, frame.Row{Measure: "queue", Candidate: analysis.Number(math.NaN(), analysis.Bare, 0)})
	var out strings.Builder
	if err := Print(&out, f, "json"); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(out.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if doc["version"] != float64(1) || doc["call"] != "worse" {
		t.Errorf("version %v, call %v", doc["version"], doc["call"])
	}
	if got := unexplained("", doc); len(got) > 0 {
		t.Errorf("null without a reason: %v", got)
	}
	split := doc["split"].(map[string]any)
	if split["asked_percent"] != nil || split["why"].(map[string]any)["asked"] == nil || split["set_percent"] == nil {
		t.Errorf("split %v", split)
	}
	if rows := doc["rows"].([]any); len(rows) != len(f.Rows) {
		t.Errorf("%d of the table's %d rows", len(rows), len(f.Rows))
	}
}

func TestReport_TheTableSaysWhatWarnsAndWhatToDo(t *testing.T) {
	f := sample.Incident()
	f.Verdict.Reasons = append(f.Verdict.Reasons, analysis.Reason{Mark: analysis.MarkWarn, Text: "the router says all candidate servers are down"})
	var out strings.Builder
	if err := Print(&out, f, "table"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n! the router says all candidate servers are down\n", "\ndo: " + f.Verdict.Do + "\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestReport_TheTableDoesNotSayTheCallAgainBehindAMark(t *testing.T) {
	f := sample.Incident()
	f.Verdict.Sentence = "the candidate is not scraped while the other arm is"
	f.Verdict.Reasons = []analysis.Reason{{Mark: analysis.MarkWarn, Text: f.Verdict.Sentence}, {Mark: analysis.MarkWarn, Text: "legacy is over its limit"}}
	var out strings.Builder
	if err := Print(&out, f, "table"); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), f.Verdict.Sentence) != 1 || !strings.Contains(out.String(), "\n! legacy is over its limit\n") {
		t.Errorf("it says\n%s", out.String())
	}
}

func TestReport_VersionOneKeepsItsFields(t *testing.T) {
	var out strings.Builder
	if err := Print(&out, sample.Incident(), "json"); err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(out.String()), &document); err != nil {
		t.Fatal(err)
	}
	if document["version"] != 1.0 {
		t.Errorf("version %v", document["version"])
	}
	for _, name := range strings.Fields("at context service call since sentence do would_change reasons rollout evidence split measures guards rows sources blocks newest_block") {
		if _, ok := document[name]; !ok {
			t.Errorf("%s is gone: another version", name)
		}
	}
}

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

func TestSchema_EveryReferenceIsAPointerThatAnyValidatorFollows(t *testing.T) {
	for _, name := range Schemas() {
		b, err := Schema(name)
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Defs map[string]any `json:"$defs"`
		}
		if err := json.Unmarshal(b, &s); err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"\$ref": "#/\$defs/(.*)"`).FindAllStringSubmatch(string(b), -1) {
			if s.Defs[m[1]] == nil || !regexp.MustCompile(`^\w+$`).MatchString(m[1]) {
				t.Errorf("%s: the reference to %s leads nowhere", name, m[1])
			}
		}
	}
}
