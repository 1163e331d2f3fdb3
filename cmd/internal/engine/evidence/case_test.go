package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/score"
	"rampart/sources"
)

func TestCase_WritesMarginsToTheDecimalsOfTheirRatio(t *testing.T) {
	for cents := 100; cents <= 500; cents++ {
		ratio, err := strconv.ParseFloat(fmt.Sprintf("%d.%02d", cents/100, cents%100), 64)
		if err != nil {
			t.Fatal(err)
		}
		want, err := strconv.ParseFloat(fmt.Sprintf("%d.%02d", cents/100-1, cents%100), 64)
		if err != nil {
			t.Fatal(err)
		}
		cfg := ranker()
		cfg.Guards[0].MaxRatio = ratio
		var header dossier.Header
		ev := New(cfg, func(h dossier.Header, _ *dossier.Block) { header = h })
		told(ev, 1, 50_000, counts(100, 1), counts(10, 1))
		if len(header.Measures) == 0 || header.Measures[0].HarmMargin != want {
			t.Fatalf("max_ratio %v: margin %+v, want %v", ratio, header.Measures, want)
		}
	}
}

func TestCase_RecordsWhatItJudged(t *testing.T) {
	var ends []time.Time
	ev := New(ranker(), func(_ dossier.Header, b *dossier.Block) { ends = append(ends, b.End) })
	told(ev, 5, 50_000, counts(100, 1), counts(10, 1))
	if len(ends) != 5 || ev.Blocks() != 5 || !ends[4].Equal(ev.Last()) || !ends[0].Equal(ev.First()) {
		t.Errorf("recorded %v of %d blocks", ends, ev.Blocks())
	}
}

func TestCase_ARecordedRolloutIsCalledTheSameAgainBlockByBlock(t *testing.T) {
	cfg := ranker()
	cfg.Measures = append(cfg.Measures, analysis.Measure{Name: "slow", Kind: analysis.Share, Edge: .25, Judge: analysis.GuardIt})
	cfg.Guards = append(cfg.Guards, analysis.Guard{Name: "slow", Measure: "slow", MaxRatio: 1.5, SafeMargin: 1, OnWorse: analysis.DoRollBack, Arm: sources.Candidate})
	var file bytes.Buffer
	w := dossier.NewWriter(&file)
	ev := New(cfg, func(h dossier.Header, b *dossier.Block) {
		if file.Len() == 0 {
			if err := w.Begin(&h); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Block(b); err != nil {
			t.Fatal(err)
		}
	})
	ev.Edges(sources.BlockSeries{Measure: "slow", Edges: []float64{.25}})
	var live []string
	end := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	for i := range int64(120) {
		end = end.Add(step)
		got := map[string]sources.Block{
			"errors": routed(end, [2]*sources.Counts{counts(600+i, i%6), counts(200, i%3+i/90*9)}, [2]*sources.Counts{counts(50, i%5), counts(40+i%9, i%4)}),
			"slow":   routed(end, [2]*sources.Counts{slow(590+i, i%9), slow(200, i%7)}, [2]*sources.Counts{slow(50, 3), slow(40+i%9, i%2)}),
		}
		if i%17 == 5 {
			got["slow"] = sources.Block{End: end}
		}
		ev.Add("r", end, got, 250_000, i%20 != 3)
		live = append(live, said(ev.judge.Call().String(), ev.judge.LogHarm(), ev.judge.LogSafe()))
	}
	again := judgedAgain(t, &file)
	if !slices.Equal(live, again) {
		t.Errorf("live:\n%s\nagain:\n%s", strings.Join(live, "\n"), strings.Join(again, "\n"))
	}
	if all := strings.Join(live, " "); !strings.Contains(all, "undecided") || !strings.Contains(all, "safe") || !strings.Contains(all, "worse") {
		t.Errorf("the rollout is called too little: %s", all)
	}
}

// slow are requests of which some took longer than a quarter of a second.
func slow(n, above int64) *sources.Counts {
	return &sources.Counts{Requests: n, Cells: []int64{n - above, above}}
}

// routed is a block of two routes, legacy before candidate in each.
func routed(end time.Time, item, rank [2]*sources.Counts) sources.Block {
	return sources.Block{End: end, Strata: []sources.Stratum{stratum("/item", item[0], item[1]), stratum("/rank", rank[0], rank[1])}}
}

// judgedAgain are the calls and the evidence that the judge of dossiers prints.
func judgedAgain(t *testing.T, file *bytes.Buffer) (lines []string) {
	t.Helper()
	var out, faults bytes.Buffer
	in := score.Input{Name: "r.jsonl", Open: func() (io.ReadCloser, error) { return io.NopCloser(file), nil }}
	if err := score.Run(t.Context(), score.JSONLines, score.Options{}, []score.Input{in}, &out, &faults); err != nil {
		t.Fatal(err, faults.String())
	}
	for line := range bytes.Lines(out.Bytes()) {
		var l struct {
			Call string
			LogE struct{ Harm, Safe float64 } `json:"log_e"`
		}
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, said(l.Call, l.LogE.Harm, l.LogE.Safe))
	}
	return lines
}

// said is a call with its evidence as dossiers' lines print it: nine digits, and what means nothing is 0.
func said(call string, logs ...float64) string {
	for _, v := range logs {
		if math.Abs(v) < 1e-15 {
			v = 0
		}
		call += fmt.Sprintf(" %.9g", v)
	}
	return call
}

func TestCase_RemembersWhatACallOfWorseRestedOn(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 40, 50_000, counts(100, 1), counts(100, 8))
	then := ev.Said()
	if c := then.Called; then.FirstWorse.IsZero() || c.Measure != "errors" || !c.Ratio.Known || c.Ratio.V < 2 || math.Exp(c.LogHarm) < 20 {
		t.Fatalf("called worse at %v on %+v", then.FirstWorse, c)
	}
	told(ev, 400, 50_000, counts(100, 9), counts(100, 0))
	if now := ev.Said(); now.Called != then.Called || !now.FirstWorse.Equal(then.FirstWorse) {
		t.Errorf("it says %+v now, was %+v", now.Called, then.Called)
	}
}
