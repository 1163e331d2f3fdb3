package score

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"rampart/analysis/dossier"
)

const plain = `{"kind":"dossier","version":1,"id":"r"}`

// start is the begin of the first block.
func start() time.Time { return time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC) }

// at is the end of block n, from 1, at 15 seconds each.
func at(n int) string { return start().Add(time.Duration(n) * 15 * time.Second).Format(time.RFC3339) }

func arm(n, x int) string { return fmt.Sprintf(`{"requests":%d,"errors":%d}`, n, x) }

func block(n int, share, legacy, candidate string) string {
	return fmt.Sprintf(`{"kind":"block","t":"%s","share":%s,"legacy":%s,"candidate":%s}`, at(n), share, legacy, candidate)
}

// judge runs dossiers through Run.
func judge(t *testing.T, form Output, o Options, lines ...string) (out, faults string, err error) {
	t.Helper()
	var w, e bytes.Buffer
	in := Input{Name: "d.jsonl", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(strings.Join(lines, "\n") + "\n")), nil
	}}
	err = Run(context.Background(), form, o, []Input{in}, &w, &e)
	return w.String(), e.String(), err
}

type lineJSON struct {
	ID       string
	T        string
	Block    int
	Call     string
	LogE     struct{ Harm, Safe float64 } `json:"log_e"`
	Measures map[string]struct {
		Call       string
		A1, B1, B2 *float64
		LogEHarm   float64  `json:"log_e_harm"`
		LogESafe   float64  `json:"log_e_safe"`
		Edge       *float64 `json:"edge"`
		RR         *float64 `json:"rr"`
		RRLo       float64  `json:"rr_lo"`
		RRHi       *float64 `json:"rr_hi"`
		NLegacy    int      `json:"n_legacy"`
		NCandidate int      `json:"n_candidate"`
	}
	Gauges struct {
		Dispersion *float64
		Lag1       *float64
		SRM        float64 `json:"srm_log_e"`
		Red        []string
	}
	Forecast *struct{ Lo, Hi int } `json:"forecast_blocks"`
	Error    string
}

func linesOf(t *testing.T, lines ...string) []lineJSON {
	t.Helper()
	out, _, _ := judge(t, JSONLines, Options{}, lines...)
	var parsed []lineJSON
	for l := range strings.Lines(out) {
		var p lineJSON
		dec := json.NewDecoder(strings.NewReader(l))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&p); err != nil {
			t.Fatalf("%v in %s", err, l)
		}
		parsed = append(parsed, p)
	}
	return parsed
}

func calls(lines []lineJSON) string {
	var words []string
	for _, l := range lines {
		words = append(words, l.Call)
	}
	return strings.Join(words, " ")
}

func close9(a, b float64) bool { return math.Abs(a-b) <= 5e-9*(1+math.Abs(b)) }

func TestJudge_GivesThePublishedEvidenceForTheRamp(t *testing.T) {
	l := linesOf(t, plain,
		block(1, "0.01", arm(7430, 70), arm(70, 1)), block(2, "0.05", arm(7120, 50), arm(380, 10)),
		block(3, "0.25", arm(5630, 40), arm(1870, 30)), block(4, "0.5", arm(3770, 60), arm(3730, 95)))
	for i, want := range []float64{-.257518426, 3.677421338} {
		if m := l[i].Measures["errors"]; !close9(*m.A1, want) {
			t.Errorf("block %d: a1 %v, want %v", i+1, *m.A1, want)
		}
	}
	if m := l[0].Measures["errors"]; m.RRLo != 0 || math.Abs(*m.RRHi-12.2184) > 5e-5 {
		t.Errorf("interval %v to %v", m.RRLo, *m.RRHi)
	}
	if m := l[1].Measures["errors"]; math.Abs(m.RRLo-.998286) > 5e-7 || math.Abs(*m.RRHi-8.022296) > 5e-7 {
		t.Errorf("interval %v to %v", m.RRLo, *m.RRHi)
	}
	last := l[3].Measures["errors"]
	if math.Abs(*last.RR-1.8781) > 5e-5 || last.NLegacy != 7430+7120+5630+3770 || last.NCandidate != 70+380+1870+3730 {
		t.Errorf("ratio %v of %d and %d requests", *last.RR, last.NLegacy, last.NCandidate)
	}
	if got := calls(l); got != "undecided worse worse worse" {
		t.Errorf("calls %s", got)
	}
}

func TestJudge_GivesThePublishedEvidenceForLatencyCells(t *testing.T) {
	header := `{"kind":"dossier","version":1,"id":"r","measures":[{"name":"slow","kind":"latency","edges":[0.1,0.2,0.3,0.4,0.5]}]}`
	cells := func(n string, sum int) string { return fmt.Sprintf(`{"requests":%d,"latency":[%s]}`, sum, n) }
	l := linesOf(t, header,
		block(1, "0.05", cells("120,300,200,60,15,5", 700), cells("6,15,10,3,1,0", 35)),
		block(2, "0.05", cells("118,310,190,62,14,6", 700), cells("6,16,9,5,3,1", 40)))
	for i, want := range [][2]float64{{0, -.823015974}, {-.038380807, -.192285059}} {
		m := l[i].Measures["slow"]
		if !close9(*m.B1, want[0]) || !close9(*m.B2, want[1]) {
			t.Errorf("block %d: b1 %v, b2 %v, want %v", i+1, *m.B1, *m.B2, want)
		}
	}
	if m := l[1].Measures["slow"]; m.Edge == nil || *m.Edge != .4 {
		t.Errorf("edge %v, want 0.4, where the candidate has most above", m.Edge)
	}
	if l[1].Gauges.Dispersion != nil || l[1].Forecast != nil {
		t.Error("the noise and forecast of errors without errors")
	}
}

func TestJudge_WorseStaysAndSafeDoesNot(t *testing.T) {
	lines := []string{plain}
	for n := 1; n <= 300; n++ {
		x := 9
		if n > 60 && n <= 62 {
			x = 60
		}
		lines = append(lines, block(n, "0.5", arm(1000, 10), arm(1000, x)))
	}
	l := linesOf(t, lines...)
	if l[59].Call != "safe" || l[61].Call != "worse" || l[299].Call != "worse" {
		t.Errorf("calls %s, %s, %s: want safe, worse, worse", l[59].Call, l[61].Call, l[299].Call)
	}
	if l[299].LogE.Harm >= math.Log(20) {
		t.Errorf("evidence %v still stands: the test shows nothing", l[299].LogE.Harm)
	}
	out, _, _ := judge(t, Summarized, Options{}, lines...)
	if !strings.Contains(out, `"blocks":300,"first_worse":6`) || !strings.Contains(out, `"call":"worse"`) {
		t.Errorf("summary %s", out)
	}
	first := strings.Index(calls(l), "safe")
	n := strings.Count(calls(l)[:first], " ") // undecided blocks before
	shaken := append(lines[:n+2:n+2], block(n+2, "0.5", arm(1000, 4), arm(1000, 14)))
	l = linesOf(t, shaken...)
	if l[n].Call != "safe" || l[n+1].Call != "undecided" {
		t.Errorf("calls %s, %s: want safe, then undecided", l[n].Call, l[n+1].Call)
	}
}

func TestJudge_OneBurstIsWorseButAsks(t *testing.T) {
	lines := []string{plain}
	for n := 1; n <= 44; n++ {
		x := 5
		if n > 40 {
			x = 25
		}
		lines = append(lines, block(n, "0.5", arm(1000, 5), arm(1000, x)))
	}
	l := linesOf(t, lines...)
	last := l[43]
	if last.Call != "worse" || strings.Join(last.Gauges.Red, " ") != "confirmation" {
		t.Errorf("call %s, red %v: want worse with confirmation red", last.Call, last.Gauges.Red)
	}
	out, _, _ := judge(t, Summarized, Options{}, lines...)
	if !strings.Contains(out, `"first_auto":null`) || strings.Contains(out, `"first_red":null`) {
		t.Errorf("summary %s", out)
	}
}

func TestJudge_MissingScrapesFreezeTheEvidenceAndThenEndTheCall(t *testing.T) {
	ok := func(n int) string { return block(n, "0.5", arm(1000, 10), arm(1000, 10)) }
	gone := func(n int) string { return block(n, "0.5", arm(1000, 10), "null") }
	l := linesOf(t, plain, gone(1), block(2, "0.5", "null", "null"), ok(3), gone(4), gone(5), gone(6), ok(7))
	if got := calls(l); got != "no_data no_data undecided undecided undecided stale undecided" {
		t.Errorf("calls %s", got)
	}
	a, b := l[2], l[5]
	if a.LogE != b.LogE || *a.Measures["errors"].A1 != *b.Measures["errors"].A1 || b.Measures["errors"].NLegacy != 1000 {
		t.Errorf("evidence moved without the candidate: %+v, %+v", a, b)
	}
	if b.Gauges.Dispersion != nil {
		t.Error("a dispersion of a block that was not judged")
	}
}

func TestJudge_WithoutCandidateTrafficThereIsNothingToJudge(t *testing.T) {
	l := linesOf(t, plain, block(1, "0", arm(1000, 10), arm(0, 0)), block(2, "0", arm(1000, 10), "null"), block(3, "0.05", arm(1000, 10), arm(0, 0)))
	if got := calls(l); got != "no_candidate_traffic no_candidate_traffic undecided" {
		t.Errorf("calls %s", got)
	}
}

func TestJudge_WorseThenRolledBackIsStillWorseInTheSummary(t *testing.T) {
	lines := []string{plain}
	for n := 1; n <= 10; n++ {
		lines = append(lines, block(n, "0.5", arm(1000, 5), arm(1000, 50)))
	}
	lines = append(lines, block(11, "0", arm(2000, 10), arm(0, 0)))
	if l := linesOf(t, lines...); l[10].Call != "no_candidate_traffic" {
		t.Errorf("call %s", l[10].Call)
	}
	if out, _, _ := judge(t, Summarized, Options{}, lines...); !strings.Contains(out, `"call":"worse"`) {
		t.Errorf("summary %s", out)
	}
}

func TestJudge_ABlockWithoutRequestsChangesNothing(t *testing.T) {
	with, without := []string{plain}, []string{plain}
	for n := 1; n <= 60; n++ {
		line := block(n, "0.5", arm(1000, 10+n%7), arm(900, 3+5*(n%4)))
		if n%9 == 0 {
			line = block(n, "0.5", arm(0, 0), arm(0, 0))
		} else {
			without = append(without, line)
		}
		with = append(with, line)
	}
	a, b := linesOf(t, with...), linesOf(t, without...)
	x, y := a[len(a)-1], b[len(b)-1]
	if x.LogE != y.LogE || *x.Gauges.Dispersion != *y.Gauges.Dispersion || *x.Gauges.Lag1 != *y.Gauges.Lag1 {
		t.Errorf("with idle blocks %+v\nwithout %+v", x, y)
	}
	if a[8].LogE != a[7].LogE {
		t.Errorf("evidence moved from %+v to %+v", a[7].LogE, a[8].LogE)
	}
}

func TestJudge_CombinesMeasuresByTheirWeights(t *testing.T) {
	header := `{"kind":"dossier","version":1,"id":"r","measures":[{"name":"errors","kind":"errors","weight":0.75},{"name":"router","kind":"errors","weight":0.25}]}`
	both := func(n, x, y int) string {
		a := `{"requests":1000,"errors":5,"router":{"requests":1000,"errors":5}}`
		c := fmt.Sprintf(`{"requests":1000,"errors":%d,"router":{"requests":1000,"errors":%d}}`, x, y)
		return block(n, "0.5", a, c)
	}
	l := linesOf(t, header, both(1, 5, 40), both(2, 5, 40))
	last := l[1]
	want := math.Log(.75*math.Exp(last.Measures["errors"].LogEHarm) + .25*math.Exp(last.Measures["router"].LogEHarm))
	if !close9(last.LogE.Harm, want) {
		t.Errorf("harm %v, want %v", last.LogE.Harm, want)
	}
	if want := min(last.Measures["errors"].LogESafe, last.Measures["router"].LogESafe); last.LogE.Safe != want {
		t.Errorf("safe %v, want the least %v", last.LogE.Safe, want)
	}
	if last.Measures["router"].Call != "worse" || last.Measures["errors"].Call == "worse" || last.Call != "worse" {
		t.Errorf("calls %s, %s, %s", last.Measures["router"].Call, last.Measures["errors"].Call, last.Call)
	}
	out, _, err := judge(t, JSONLines, Options{WhatIf: []Change{{"drop", "router"}}}, header, both(1, 5, 40), both(2, 5, 40))
	if err != nil || strings.Contains(out, `"call":"worse"`) || strings.Contains(out, "router") {
		t.Errorf("without the router: %s, %v", out, err)
	}
}

func TestJudge_ForecastsOnlyTheWayTheRatioPoints(t *testing.T) {
	l := linesOf(t, plain, block(1, "0.5", arm(1000, 5), arm(1000, 8)), block(2, "0.5", arm(1000, 9), arm(1000, 2)))
	if f := l[0].Forecast; f == nil || f.Lo < 1 || f.Hi < f.Lo {
		t.Errorf("forecast %+v at a ratio above 1", f)
	}
	if l[1].Forecast != nil {
		t.Errorf("forecast %+v at a ratio below 1", l[1].Forecast)
	}
}

func TestJudge_RatioIsNullWhileLegacyHasNone(t *testing.T) {
	l := linesOf(t, plain, block(1, "0.5", arm(10, 0), arm(10, 0)), block(2, "0.5", arm(10, 0), arm(10, 1)))
	for _, p := range l {
		if m := p.Measures["errors"]; m.RR != nil || m.RRHi != nil || m.RRLo != 0 {
			t.Errorf("ratio %v from %v to %v", m.RR, m.RRLo, m.RRHi)
		}
	}
}

func TestRun_LeavesABrokenDossierOutAndJudgesTheOthers(t *testing.T) {
	ok := block(1, "0.5", arm(10, 0), arm(10, 0))
	bad := block(2, "0.5", arm(10, 11), arm(10, 0))
	second := strings.Replace(plain, `"r"`, `"s"`, 1)
	out, faults, err := judge(t, Summarized, Options{}, plain, ok, bad, block(3, "0.5", "null", "null"), second, ok)
	var broken *BrokenError
	if !errors.As(err, &broken) || broken.Count != 1 {
		t.Errorf("error %v, want one broken dossier", err)
	}
	if strings.Contains(out, `"r"`) || !strings.Contains(out, `{"id":"s","blocks":1,`) {
		t.Errorf("summaries %s", out)
	}
	if faults != "d.jsonl:3: legacy.errors: 11 of 10 requests\n" {
		t.Errorf("faults %q", faults)
	}
	out, _, _ = judge(t, JSONLines, Options{}, plain, ok, bad, second, ok)
	if !strings.Contains(out, `{"id":"r","error":"d.jsonl:3: legacy.errors: 11 of 10 requests"}`) || strings.Count(out, "\n") != 3 {
		t.Errorf("lines %s", out)
	}
}

func TestRun_ABrokenHeaderDoesNotHurtTheDossierBefore(t *testing.T) {
	ok := block(1, "0.5", arm(10, 0), arm(10, 0))
	out, _, err := judge(t, Summarized, Options{}, plain, ok, strings.Replace(plain, `1,`, `9,`, 1), ok)
	if err == nil || !strings.Contains(out, `{"id":"r","blocks":1,`) {
		t.Errorf("summaries %s, error %v", out, err)
	}
}

func TestRun_TheSameInputGivesTheSameBytes(t *testing.T) {
	lines := []string{plain}
	for n := 1; n <= 80; n++ {
		lines = append(lines, block(n, "0.25", arm(700+n%50, n%9), arm(200+n%30, n%5)))
	}
	for _, form := range []Output{Table, JSONLines, Summarized} {
		a, _, _ := judge(t, form, Options{}, lines...)
		b, _, _ := judge(t, form, Options{}, lines...)
		if a != b || a == "" {
			t.Errorf("%v: differs from run to run", form)
		}
	}
}

func TestRun_StopsWhenNobodyWaitsAnyMore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in := Input{Name: "x", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(plain)), nil }}
	if err := Run(ctx, Table, Options{}, []Input{in}, io.Discard, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestRun_TheTableSaysWhatAPersonWantsToKnow(t *testing.T) {
	lines := []string{`{"kind":"dossier","version":1,"id":"r\u001b[2J"}`}
	for n := 1; n <= 100; n++ {
		lines = append(lines, block(n, "0.5", arm(1000, 5), arm(1000, 15)))
	}
	out, _, err := judge(t, Table, Options{}, lines...)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`r\x1b[2J: WORSE`, "100 blocks", "first worse block", "automatic rollback block", "0.5 % of 100000", "1.5 % of 100000", "×3 (", "of 20×"} {
		if !strings.Contains(out, want) {
			t.Errorf("the table lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Error("an escape sequence came through")
	}
}

func TestOptions_WhatIfChangesTheRules(t *testing.T) {
	lines := []string{plain}
	for n := 1; n <= 12; n++ {
		lines = append(lines, block(n, "0.5", arm(1000, 5), arm(1000, 11)))
	}
	base, _, _ := judge(t, Summarized, Options{}, lines...)
	for _, c := range []string{"alpha=0.00001", "harm_margin=2", "errors.harm_margin=2", "bets=50"} {
		change, err := ParseChange(c)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := judge(t, Summarized, Options{WhatIf: []Change{change}}, lines...)
		if err != nil || out == base || strings.Contains(out, `"call":"worse"`) {
			t.Errorf("%s: %s, %v; unchanged is %s", c, out, err, base)
		}
	}
	if out, _, _ := judge(t, Summarized, Options{Alpha: 1e-5}, lines...); out == base {
		t.Error("another alpha changes nothing")
	}
	for _, c := range []string{"alpha", "=1", "colour=red", "errors.size=1"} {
		if _, err := ParseChange(c); err == nil {
			t.Errorf("%q was taken", c)
		}
	}
	for _, c := range []Change{{"alpha", "2"}, {"alpha", "x"}, {"alpha", "NaN"}, {"alpha", "-0.1"}, {"harm_margin", "NaN"}, {"weight", "Inf"}, {"bets", "NaN"}, {"caution", "NaN"}, {"drop", "latency"}, {"drop", "errors"}, {"latency.weight", "1"}, {"bets", "1"}, {"errors.harm_margin", "-1"}} {
		if _, _, err := judge(t, Summarized, Options{WhatIf: []Change{c}}, lines...); err == nil {
			t.Errorf("%v was taken", c)
		}
	}
}

func TestJudge_PromotesOnlyWhatIsSafeFreshAndCalm(t *testing.T) {
	h, err := dossier.ParseHeader([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(*h, Options{Promotion: true})
	if err != nil {
		t.Fatal(err)
	}
	b := h.NewBlock()
	feed := func(n, x int, scraped bool) {
		b.End = start().Add(time.Duration(n) * 15 * time.Second)
		b.Legacy.Scraped, b.Candidate.Scraped = true, scraped
		b.Legacy.Counts[0] = dossier.Counts{Known: true, Requests: 1000, Errors: 10}
		b.Candidate.Counts[0] = dossier.Counts{Known: true, Requests: 1000, Errors: int64(x)}
		if err := j.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	safe, promotable := 0, 0
	for n := 1; n <= 60; n++ {
		feed(n, 9+n%3, true)
		if safe == 0 && j.Call().String() == "safe" {
			safe = n
		}
		if promotable == 0 && j.Promotable() {
			promotable = n
		}
	}
	if safe == 0 || promotable <= safe {
		t.Errorf("safe at block %d, promotable at %d: want the second later", safe, promotable)
	}
	if feed(61, 0, false); j.Promotable() {
		t.Error("promotable while the candidate is silent")
	}
}

func TestJudge_AddingABlockAllocatesNothing(t *testing.T) {
	h, _ := dossier.ParseHeader([]byte(`{"kind":"dossier","version":1,"id":"r","measures":[{"name":"e","kind":"errors"},{"name":"l","kind":"latency","edges":[0.1,1]}]}`))
	j, err := New(*h, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := h.NewBlock()
	b.End, b.Legacy.Scraped, b.Candidate.Scraped = start(), true, true
	for i := range b.Legacy.Counts {
		b.Legacy.Counts[i] = dossier.Counts{Known: true, Requests: 10, Errors: 1, Cells: []int64{5, 3, 2}}
		b.Candidate.Counts[i] = dossier.Counts{Known: true, Requests: 10, Errors: 2, Cells: []int64{4, 4, 2}}
	}
	if n := testing.AllocsPerRun(1000, func() {
		b.End = b.End.Add(15 * time.Second)
		if err := j.Add(b); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per block", n)
	}
}

func TestRun_JudgingAnotherBlockAllocatesNothing(t *testing.T) {
	allocs := func(blocks int) float64 {
		text := stream(t, plain, blocks)
		in := Input{Name: "a", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
		return testing.AllocsPerRun(3, func() {
			if err := Run(context.Background(), Summarized, Options{}, []Input{in}, io.Discard, io.Discard); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := allocs(100), allocs(3100); many-few > 30 {
		t.Errorf("%v allocations for 100 blocks, %v for 3100", few, many)
	}
}

func TestJudge_SaysSinceWhenAndHowMuchWasFailed(t *testing.T) {
	h, err := dossier.ParseHeader([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(*h, Options{Audit: true})
	if err != nil {
		t.Fatal(err)
	}
	b := h.NewBlock()
	b.Legacy.Scraped, b.Candidate.Scraped = true, true
	for n := 1; n <= 60; n++ {
		x := int64(4)
		if n > 30 {
			x = 40
		}
		b.End = start().Add(time.Duration(n) * 15 * time.Second)
		b.Legacy.Counts[0] = dossier.Counts{Known: true, Requests: 1000, Errors: 5}
		b.Candidate.Counts[0] = dossier.Counts{Known: true, Requests: 1000, Errors: x}
		if err := j.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	first := start().Add(time.Duration(j.Summary().Worse) * 15 * time.Second)
	if !j.WorseSince().Equal(first) || !j.SafeUntil().Before(first) || j.SafeUntil().IsZero() {
		t.Errorf("safe until %v, worse since %v, want %v", j.SafeUntil(), j.WorseSince(), first)
	}
	e := j.Measures()[0].Excess(.05)
	// 30 blocks of 4 and 30 of 40 errors against 5: 1320 errors, 1020 more than legacy's rate gives.
	if !e.Known || !e.LoKnown || math.Abs(e.Value-1020) > 1e-6 || e.Lo >= e.Value || e.Hi <= e.Value || e.Hi > 1320 {
		t.Errorf("excess %+v, want 1020 within its limits", e)
	}
}

func TestRun_AHundredThousandBlocksAreOneDossier(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	text := stream(t, plain, 100_000)
	in := Input{Name: "long", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
	var out bytes.Buffer
	if err := Run(t.Context(), Summarized, Options{}, []Input{in}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), `{"id":"r","blocks":100000,`) {
		t.Errorf("summary %s", out.String())
	}
}

func TestRun_SaysWhichStreamCannotBeOpenedOrReadAndJudgesTheNext(t *testing.T) {
	gone := Input{Name: "gone", Open: func() (io.ReadCloser, error) { return nil, errors.New("open gone: no such file") }}
	cut := Input{Name: "pipe", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader(plain+"\n"), failing{})), nil
	}}
	good := Input{Name: "good", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(stream(t, plain, 3))), nil }}
	var out, faults strings.Builder
	err := Run(t.Context(), Summarized, Options{}, []Input{gone, cut, good}, &out, &faults)
	if broken, ok := errors.AsType[*BrokenError](err); !ok || broken.Count != 2 {
		t.Errorf("error %v, want two broken dossiers", err)
	}
	if want := "gone:1: open gone: no such file\npipe:2: broken pipe\n"; faults.String() != want {
		t.Errorf("told %q, want %q", faults.String(), want)
	}
	if !strings.HasPrefix(out.String(), `{"id":"r","blocks":3,`) {
		t.Errorf("behind them nothing was judged: %q", out.String())
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("broken pipe") }
