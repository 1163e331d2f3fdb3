package score

import (
	"math"
	"testing"
	"time"

	"rampart/analysis/dossier"
)

// counted is one block of counts.
type counted struct{ nA, xA, nB, xB int64 }

// played judges blocks of errors with audit on.
func played(t *testing.T, blocks ...counted) *Judge {
	t.Helper()
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
	for n, c := range blocks {
		b.End = start().Add(time.Duration(n+1) * 15 * time.Second)
		b.Legacy.Counts[0] = dossier.Counts{Known: true, Requests: c.nA, Errors: c.xA}
		b.Candidate.Counts[0] = dossier.Counts{Known: true, Requests: c.nB, Errors: c.xB}
		if err := j.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

func same(n int, c counted) []counted {
	out := make([]counted, n)
	for i := range out {
		out[i] = c
	}
	return out
}

func TestContributions_AddUpToTheEvidence(t *testing.T) {
	blocks := same(40, counted{700, 4, 50, 0})
	for _, n := range []int{3, 17, 29} {
		blocks[n].xB = int64(1 + n/10)
	}
	blocks[20] = counted{} // nobody asked: no line
	var harm, safe float64
	for n := range blocks {
		j := played(t, blocks[:n+1]...)
		c := j.Newest()
		harm, safe = harm+c.LogE, safe+c.LogSafe
		if c.Block != n+1 || !c.End.Equal(start().Add(time.Duration(n+1)*15*time.Second)) {
			t.Fatalf("contribution %d: %+v", n+1, c)
		}
		if n == 20 && (c.LogE != 0 || c.LogSafe != 0) {
			t.Errorf("a block without requests added %+v", c)
		}
		if math.Abs(harm-j.LogHarm()) > 1e-12 || math.Abs(safe-j.LogSafe()) > 1e-12 {
			t.Fatalf("after block %d they add up to %v and %v, the evidence is %v and %v", n+1, harm, safe, j.LogHarm(), j.LogSafe())
		}
	}
	top := played(t, blocks...).Top()
	if len(top) != 3 || top[0].Block+top[1].Block+top[2].Block != 4+18+30 || top[0].LogE < top[1].LogE || top[1].LogE < top[2].LogE {
		t.Errorf("top %+v: want the three blocks with errors, the greatest first", top)
	}
}

func TestContributions_KeepTheGreatestEightOfMany(t *testing.T) {
	var blocks []counted
	for n := range 200 {
		c := counted{700, 4, 50, 0}
		if n%10 == 9 {
			c.xB = int64(1 + n/20)
		}
		blocks = append(blocks, c)
	}
	j := played(t, blocks...)
	top := j.Top()
	if len(top) != topKept {
		t.Fatalf("%d top", len(top))
	}
	for i := 1; i < len(top); i++ {
		if top[i].LogE > top[i-1].LogE {
			t.Errorf("top is not in order: %+v", top)
		}
	}
}

func TestDetect_TakesAsLongAsTheSimulationSays(t *testing.T) {
	// 750 requests per scrape, 0.5 % errors: the medians are 15 min at 5 % and 3.5 min at 50 % for twice the errors.
	m := played(t, same(8, counted{400, 2, 350, 1})...).Measures()[0]
	m.logHarm = 0
	for _, c := range []struct{ share, minutes float64 }{{.05, 15}, {.5, 3.5}} {
		d, known := m.Detect(2, c.share)
		if !known || math.Abs(d.Blocks/4-c.minutes) > .15*c.minutes {
			t.Errorf("at %v: %v min, known %v, want about %v", c.share, d.Blocks/4, known, c.minutes)
		}
	}
	if _, known := m.Detect(1, .5); known {
		t.Error("no harm is never found, yet a time is told")
	}
	if _, known := m.Detect(2, 1); known {
		t.Error("without legacy there is nothing to compare with")
	}
}

func TestNext_ExposesFewestAndThenDecidesSoonest(t *testing.T) {
	m := played(t, same(8, counted{400, 2, 350, 1})...).Measures()[0]
	steps := []float64{.01, .05, .1, .25, .5}
	d, known := m.Next(2, steps)
	one, _ := m.Detect(2, .01)
	half, _ := m.Detect(2, .5)
	if !known || d.Share != .1 && d.Share != .05 {
		t.Errorf("suggested %+v", d)
	}
	if d.Excess > worthwhile*one.Excess || d.Blocks >= one.Blocks || half.Excess <= worthwhile*one.Excess {
		t.Errorf("suggested %+v; at 1 %% %+v, at 50 %% %+v", d, one, half)
	}
}

func TestPooledRatio_DisagreesOnTheRamp(t *testing.T) {
	// The published ramp: pooled 2.4472, Mantel-Haenszel 1.8781.
	m := played(t, counted{7430, 70, 70, 1}, counted{7120, 50, 380, 10}, counted{5630, 40, 1870, 30}, counted{3770, 60, 3730, 95}).Measures()[0]
	p, disagrees := m.PooledRatio()
	if !disagrees || math.Abs(p.Pooled-2.4472) > 5e-5 || math.Abs(p.Stratified-1.8781) > 5e-5 {
		t.Errorf("%+v, disagrees %v", p, disagrees)
	}
	m = played(t, same(20, counted{500, 5, 500, 10})...).Measures()[0]
	if p, disagrees := m.PooledRatio(); disagrees || math.Abs(p.Pooled-2) > 1e-9 {
		t.Errorf("at a constant share: %+v, disagrees %v", p, disagrees)
	}
}
