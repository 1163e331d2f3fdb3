package sim

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"rampart/analysis/dossier"
	"rampart/analysis/score"
)

func TestJudge_HoldsItsScoreCard(t *testing.T) {
	runs := 60
	if testing.Short() {
		runs = 30
	}
	for _, w := range Worlds() {
		if len(w.Required) == 0 {
			continue
		}
		tally, err := w.Play(t.Context(), runs, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, missed := range w.Missed(tally) {
			t.Error(missed)
		}
	}
}

func TestRun_TheSameSeedGivesTheSameCard(t *testing.T) {
	card := func(seed uint64) string {
		var out bytes.Buffer
		if err := Run(t.Context(), "rr-5-50", 5, seed, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if a, b := card(1), card(1); a != b {
		t.Errorf("two cards:\n%s\n%s", a, b)
	}
	sum := func(seed uint64) (n int64) {
		w, _ := Find("ramp")
		w[0].Blocks(seed, 0, func(b *dossier.Block) { n = n*31 + b.Legacy.Counts[0].Errors })
		return n
	}
	if sum(1) == sum(2) {
		t.Error("another seed plays the same run")
	}
}

func TestWorld_PlaysWhatADossierOfItWouldSay(t *testing.T) {
	for _, name := range []string{"late-3", "tail-10-both", "missing"} {
		worlds, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		w := &worlds[0]
		var text []byte
		h := w.header()
		text = dossier.AppendHeader(text, h)
		w.Blocks(1, 0, func(b *dossier.Block) { text = dossier.AppendBlock(text, h, b) })
		in := score.Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
		var out bytes.Buffer
		if err := score.Run(t.Context(), score.Summarized, score.Options{}, []score.Input{in}, &out, io.Discard); err != nil {
			t.Fatal(err)
		}
		p := newPlayer(w)
		p.begin(source(1, name, 0))
		o, err := p.run()
		if err != nil {
			t.Fatal(err)
		}
		if want := string(o.Append(nil)); out.String() != want {
			t.Errorf("%s: dossier %s, simulated %s", name, out.String(), want)
		}
	}
}

func TestCard_SaysWhatIsMissed(t *testing.T) {
	w := steady("x", "", one(.5), worseAtMost(.01), worseWithin(.1))
	w.ratio = one(5)
	tally, err := w.Play(t.Context(), 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	missed := w.Missed(tally)
	if len(missed) != 2 || !strings.Contains(missed[0], "worse <= 1 %, got 1") {
		t.Errorf("missed %q", missed)
	}
	var out bytes.Buffer
	if n := tally.row(&out, w.Required); n != 2 || strings.Count(out.String(), "✗") != 2 {
		t.Errorf("row %s", out.String())
	}
}

func TestRun_RefusesWhatItCannotPlay(t *testing.T) {
	if err := Run(t.Context(), "mars", 5, 1, io.Discard); err == nil || !strings.Contains(err.Error(), "late-3") {
		t.Errorf("error %v, want the names that there are", err)
	}
	if err := Run(t.Context(), "ramp", 0, 1, io.Discard); err == nil {
		t.Error("no runs were played")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, "ramp", 5, 1, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestLatency_CellsFollowTheLognormal(t *testing.T) {
	l := &latency{part: .5, by: 2}
	var sum [12]float64
	cells := make([]int64, 12)
	d := draws{newRand(1)}
	for range 200 {
		l.cells(&d, cells, 1, 0, 1000)
		for k, n := range cells {
			sum[k] += float64(n)
		}
	}
	below := 0.0
	for k, e := range edges() {
		below += sum[k] / 200000
		want := (lognormal(e, median, spread) + lognormal(e, 2*median, spread)) / 2
		if math.Abs(below-want) > .005 {
			t.Errorf("up to %v s: %v of the requests, want %v", e, below, want)
		}
	}
}

func TestEvent_AlarmsBeforeALateOnsetLeaveTheMedian(t *testing.T) {
	var e Event
	for _, block := range []int{100, 164, 168, 172, 0} {
		e.add(block, 160)
	}
	e.finish(5)
	if e.Rate != .8 || e.Median != 3 {
		t.Errorf("rate %v, median %v: want .8 and 3 minutes", e.Rate, e.Median)
	}
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
