package logdiff

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/analysis/logtmpl"
	"rampart/sources"
)

var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

// world writes lines of both arms at random, block by block.
type world struct {
	t     testing.TB
	d     *Diff
	rnd   *rand.Rand
	at    time.Time
	rates []float64 // lines per request of legacy, by template
	clump int       // lines that one cause writes, of the last template
}

func newWorld(t testing.TB, seed uint64, rates ...float64) *world {
	d, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, d: d, rnd: rand.New(rand.NewPCG(seed, 1)), at: begin, rates: rates, clump: 1}
}

// block lives one block: requests of both arms, and the candidate's rates as factors on legacy's.
func (w *world) block(legacy, candidate int64, factors map[int]float64) {
	for i, rate := range w.rates {
		clump := 1
		if i == len(w.rates)-1 {
			clump = w.clump
		}
		factor := 1.0
		if f, ok := factors[i]; ok {
			factor = f
		}
		w.lines(i, sources.Legacy, float64(legacy)*rate, clump)
		w.lines(i, sources.Candidate, float64(candidate)*rate*factor, clump)
	}
	w.close(legacy, candidate)
}

func (w *world) close(legacy, candidate int64) {
	w.at = w.at.Add(defaultStep)
	w.d.Close(w.at, sources.ByArm[*int64]{Legacy: &legacy, Candidate: &candidate}, nil)
}

func (w *world) lines(i int, arm sources.Arm, mean float64, clump int) {
	for range poisson(w.rnd, mean/float64(clump)) {
		at := w.at.Add(time.Duration(w.rnd.Int64N(int64(defaultStep))))
		for range clump {
			w.d.Count(logtmpl.ID(i+1), arm, at)
		}
	}
}

// poisson draws a count by the times between arrivals.
func poisson(r *rand.Rand, mean float64) (n int) {
	for t := r.ExpFloat64(); t < mean; t += r.ExpFloat64() {
		n++
	}
	return n
}

// healthyRates are those of a service that writes something on every tenth request and errors now and then.
func healthyRates() []float64 {
	return []float64{.1, .05, .02, .01, .008, .004, .002, .001, .0005, .002}
}

// TestDiff_HealthyRolloutsShowNothing lives 200 rollouts of 40 minutes on a ramp while the rates of both arms drift.
func TestDiff_HealthyRolloutsShowNothing(t *testing.T) {
	shown := 0
	for seed := range uint64(200) {
		w := newWorld(t, seed, healthyRates()...)
		w.clump = 5
		ever := false
		for j := range 160 {
			share := []float64{.01, .05, .25, .5}[j/40]
			drift := 1 + .5*math.Sin(float64(j)/25)
			all := 600 * drift
			w.block(int64(all*(1-share)), int64(all*share), nil)
			ever = ever || w.d.chosen(w.d.ranked()) > 0
		}
		if ever {
			shown++
		}
	}
	t.Logf("%d of 200 healthy rollouts ever showed a template", shown)
	if shown > 10 {
		t.Errorf("%d of 200 healthy rollouts showed a template: more than alpha", shown)
	}
}

// TestDiff_FindsATripledTemplateWithinThreeMinutes uses 50 requests a second at a share of 5 %.
func TestDiff_FindsATripledTemplateWithinThreeMinutes(t *testing.T) {
	const runs = 60
	first, selected := 0, 0
	for seed := range uint64(runs) {
		w := newWorld(t, seed, healthyRates()...)
		for range 40 {
			w.block(712, 38, nil)
		}
		for range 12 {
			w.block(712, 38, map[int]float64{1: 3})
		}
		if rows := w.d.Rows(1); len(rows) == 1 && rows[0].ID == 2 {
			first++
			if rows[0].Selected {
				selected++
			}
		}
	}
	t.Logf("a template of 5 %% of requests that triples at 5 %%: first in %d and selected in %d of %d runs after 3 minutes", first, selected, runs)
	if first < runs*95/100 || selected < runs*8/10 {
		t.Errorf("first in %d, selected in %d of %d", first, selected, runs)
	}
}

// beats is a block in which each process writes a heartbeat every five seconds, beside what requests write.
func (w *world) beats(legacy, candidate int64, processes sources.ByArm[int]) {
	for _, a := range sources.Arms() {
		for p := range processes.Of(a) {
			for s := 0; s < 15; s += 5 {
				w.d.Count(77, a, w.at.Add(time.Duration(s)*time.Second+time.Duration(p)*100*time.Millisecond))
			}
		}
	}
	noise := func(n int64) int64 { return int64(poisson(w.rnd, float64(n))) }
	w.block(noise(legacy), noise(candidate), nil)
}

func TestDiff_HeartbeatsFollowProcessesAndDoNotStandOut(t *testing.T) {
	for name, c := range map[string]struct {
		processes sources.ByArm[int]
		selected  bool
	}{
		"two processes of eight at 5 %":          {sources.ByArm[int]{Legacy: 6, Candidate: 2}, false},
		"as many of both":                        {sources.ByArm[int]{Legacy: 4, Candidate: 4}, false},
		"the candidate writes more per minute":   {sources.ByArm[int]{Legacy: 2, Candidate: 6}, true},
		"of the candidate alone: that it is new": {sources.ByArm[int]{Candidate: 2}, true},
	} {
		w := newWorld(t, 7, healthyRates()...)
		for range 80 {
			w.beats(712, 38, c.processes)
		}
		row, _ := w.d.Row(77)
		if row.Selected != c.selected || row.Clock == c.selected {
			t.Errorf("%s: selected %v, by the clock %v, evidence e^%.0f", name, row.Selected, row.Clock, row.LogE)
		}
		if rows := w.d.Rows(50); !c.selected && rows[0].ID == 77 {
			t.Errorf("%s: heartbeats stand first", name)
		}
	}
}

func TestDiff_ATemplateOfTheCandidateAloneIsNewAndSelectedAfterAFewLines(t *testing.T) {
	w := newWorld(t, 1, healthyRates()...)
	for range 20 {
		w.block(712, 38, nil)
	}
	for i := range 5 {
		w.d.Count(99, sources.Candidate, w.at.Add(time.Second))
		w.close(712, 38)
		row, ok := w.d.Row(99)
		if !ok || !row.New || row.Known {
			t.Fatalf("%+v", row)
		}
		if want := i >= 2; row.Selected != want {
			t.Errorf("after %d lines: selected is %v, evidence %.3g of %.3g", i+1, row.Selected, math.Exp(row.LogE), math.Exp(row.LogNeed))
		}
	}
	w.d.Count(99, sources.Legacy, w.at.Add(time.Second))
	w.close(712, 38)
	if row, _ := w.d.Row(99); row.New {
		t.Error("what legacy wrote is still called new")
	}
}

// TestDiff_AClumpOfLinesIsOneWitness: one request that writes a hundred lines at once proves no more than one line.
func TestDiff_AClumpOfLinesIsOneWitness(t *testing.T) {
	w := newWorld(t, 1)
	for range 100 {
		w.d.Count(1, sources.Candidate, w.at.Add(time.Second))
	}
	w.close(500, 500)
	if row, _ := w.d.Row(1); row.Selected || row.LogE > 1 || row.Lines.Candidate != 100 {
		t.Errorf("%+v", row)
	}
}

func TestDiff_BlocksWithoutRequestsOfAnArmMakeNoEvidence(t *testing.T) {
	w := newWorld(t, 1)
	for i := range 4 {
		for s := range 15 {
			w.d.Count(1, sources.Candidate, w.at.Add(time.Duration(s)*time.Second))
		}
		if i < 3 {
			w.close(500, 0)
			continue
		}
		w.at = w.at.Add(defaultStep)
		w.d.Close(w.at, sources.ByArm[*int64]{}, nil)
	}
	if row, _ := w.d.Row(1); row.LogE != 0 || row.Lines.Candidate != 45 {
		t.Errorf("%+v", row)
	}
	if b := w.d.Basis(); b.Blocks != 0 || b.Passed != 4 || b.Late != 15 {
		t.Errorf("%+v", b)
	}
}

func TestDiff_ABlockInWhichTheSplitJumpsIsLeftOut(t *testing.T) {
	w := newWorld(t, 1)
	w.close(950, 50)
	w.close(940, 60)
	w.close(500, 500)
	w.close(510, 490)
	if b := w.d.Basis(); b.Blocks != 3 || b.Passed != 1 {
		t.Errorf("%+v", b)
	}
}

func TestDiff_LateLinesCountUntilTheirBlockIsClosed(t *testing.T) {
	w := newWorld(t, 1)
	if !w.d.Count(1, sources.Legacy, begin.Add(20*time.Second)) || !w.d.Count(1, sources.Legacy, begin.Add(time.Second)) {
		t.Fatal("a line of an open block was refused")
	}
	w.close(10, 10)
	if w.d.Count(1, sources.Legacy, begin.Add(14*time.Second)) {
		t.Error("a line of a closed block was taken")
	}
	if !w.d.Count(1, sources.Legacy, begin.Add(15*time.Second)) {
		t.Error("a block's end belongs to the block")
	}
	if b := w.d.Basis(); b.Late != 1 || b.Requests.Legacy != 10 {
		t.Errorf("%+v", b)
	}
}

func TestDiff_JoinedTemplatesKeepTheirLinesAndNeverGainEvidence(t *testing.T) {
	w := newWorld(t, 3, .02, .03)
	w.block(700, 300, nil)
	for range 10 {
		w.block(700, 300, map[int]float64{0: 3, 1: 3})
	}
	a, _ := w.d.Row(1)
	b, _ := w.d.Row(2)
	one := func(logtmpl.ID) logtmpl.ID { return 1 }
	none := int64(0)
	w.at = w.at.Add(defaultStep)
	w.d.Close(w.at, sources.ByArm[*int64]{Legacy: &none, Candidate: &none}, one)
	sum, _ := w.d.Row(1)
	if _, ok := w.d.Row(2); ok || sum.Lines.Legacy != a.Lines.Legacy+b.Lines.Legacy || sum.Lines.Candidate != a.Lines.Candidate+b.Lines.Candidate {
		t.Errorf("%+v and %+v make %+v", a, b, sum)
	}
	if sum.LogE > max(a.LogE, b.LogE) || sum.LogE < min(a.LogE, b.LogE) {
		t.Errorf("evidence %v and %v make %v", a.LogE, b.LogE, sum.LogE)
	}
	if !sum.Known || sum.Ratio < min(a.Ratio, b.Ratio) || sum.Ratio > max(a.Ratio, b.Ratio) {
		t.Errorf("ratios %v and %v make %v", a.Ratio, b.Ratio, sum.Ratio)
	}
}

// TestDiff_MemoryIsBoundedUnderAFloodOfNewTemplates feeds templates that never come again.
func TestDiff_MemoryIsBoundedUnderAFloodOfNewTemplates(t *testing.T) {
	d, err := New(Config{Templates: 64})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, d: d, at: begin}
	for j := range 50 {
		d.Count(1, sources.Legacy, w.at)
		for i := range 40 {
			d.Count(logtmpl.ID(1000+40*j+i), sources.Candidate, w.at)
		}
		w.close(500, 500)
		if n := d.Basis().Templates; n > 64 {
			t.Fatalf("%d templates are held", n)
		}
	}
	if b := d.Basis(); b.Evicted < 1800 {
		t.Errorf("%+v", b)
	}
	for i := range 4 * mostOpen {
		d.Count(1, sources.Legacy, w.at.Add(time.Duration(i)*time.Hour))
	}
	if len(d.open) > mostOpen || d.Basis().Early == 0 {
		t.Errorf("%d blocks are open", len(d.open))
	}
}

// TestDiff_TheSplitDoesNotMakeATemplateStandOut: lines in proportion to requests are no evidence, whatever the split does.
func TestDiff_TheSplitDoesNotMakeATemplateStandOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := New(Config{})
		if err != nil {
			t.Fatal(err)
		}
		at := begin
		for range rapid.IntRange(1, 40).Draw(t, "blocks") {
			per := rapid.Int64Range(1, 20).Draw(t, "requests per line")
			lines := sources.ByArm[int64]{Legacy: rapid.Int64Range(0, 50).Draw(t, "legacy"), Candidate: rapid.Int64Range(0, 50).Draw(t, "candidate")}
			var n sources.ByArm[*int64]
			for _, a := range sources.Arms() {
				for i := range lines.Of(a) {
					d.Count(7, a, at.Add(time.Duration(i)*defaultStep/50))
				}
				requests := lines.Of(a) * per
				*n.Ptr(a) = &requests
			}
			at = at.Add(defaultStep)
			d.Close(at, n, nil)
		}
		row, ok := d.Row(7)
		if ok && (row.Selected || row.LogE > 1e-9) {
			t.Fatalf("%+v", row)
		}
		if ok && row.Known && math.Abs(row.Ratio-1) > 1e-9 {
			t.Fatalf("ratio %v of equal rates", row.Ratio)
		}
	})
}

func TestOccupancy_NeverCountsMoreWitnessesThanLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen := tally{lines: rapid.Int64Range(1, 1000).Draw(t, "lines"), seconds: rapid.Uint64Range(1, 1<<15-1).Draw(t, "seconds")}
		if n := seen.independent(15); n > float64(seen.lines) || n < min(1, float64(seen.lines)) {
			t.Fatalf("%v witnesses of %d lines", n, seen.lines)
		}
	})
}

func TestConfig_WrongValuesAreErrors(t *testing.T) {
	for _, c := range []Config{{Step: -1}, {Alpha: 1}, {Templates: 3}, {History: 1}} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}

func BenchmarkDiff_CloseABlockOfAThousandTemplates(b *testing.B) {
	w := newWorld(b, 1)
	for b.Loop() {
		for i := range 1000 {
			w.d.Count(logtmpl.ID(i), sources.Legacy, w.at)
			w.d.Count(logtmpl.ID(i), sources.Candidate, w.at.Add(time.Second))
		}
		w.close(9000, 1000)
	}
}
