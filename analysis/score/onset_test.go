package score

import (
	"math"
	"testing"
	"time"

	"rampart/analysis/dossier"
)

// late is a rollout that is well for good blocks and then fails three times as often.
func late(good, bad int) []counted {
	return append(same(good, counted{712, 4, 38, 0}), same(bad, counted{712, 4, 38, 2})...)
}

func TestOnset_SaysWhatWasCountedSinceHarmBegan(t *testing.T) {
	// At 5 % a candidate without an error for forty minutes hides nine times the errors in the whole rollout's ratio.
	j := played(t, late(160, 20)...)
	if !j.Worse() {
		t.Fatal("not called worse")
	}
	m := j.Measures()[0]
	o, known := m.SinceOnset()
	if !known || !o.At.Equal(start().Add(160*15*time.Second)) {
		t.Fatalf("onset %+v, known %v, want the begin of block 161", o, known)
	}
	whole, _ := m.Ratio()
	if want := (2. / 38) / (4. / 712); math.Abs(o.Ratio-want) > 1e-9 || !(o.Lo > 1) || !(o.Hi > o.Ratio) || o.N != 20*38 || whole >= o.Ratio/4 {
		t.Errorf("since the onset %+v, want ×%.3g of 760 requests; the whole rollout ×%.3g", o, want, whole)
	}
}

func TestOnset_IsNotKnownBeforeACallNorWithoutAnErrorInLegacy(t *testing.T) {
	if o, known := played(t, same(40, counted{712, 4, 38, 0})...).Measures()[0].SinceOnset(); known {
		t.Errorf("before any call: %+v", o)
	}
	j := played(t, append(same(60, counted{712, 0, 38, 0}), same(20, counted{712, 0, 38, 2})...)...)
	if o, known := j.Measures()[0].SinceOnset(); known || !j.Worse() {
		t.Errorf("worse %v, legacy without an error: %+v", j.Worse(), o)
	}
}

func TestOnset_LooksNoFurtherBackThanItKeeps(t *testing.T) {
	j := played(t, same(500, counted{712, 4, 38, 0})...)
	if j.Measures()[0].onset.lines != 500 || len(j.Measures()[0].onset.pulls) != onsetKept {
		t.Error("the ring grew")
	}
	blocks := late(300, 40)
	for n := 0; n < 300; n += 5 {
		blocks[n].xB = 1
	}
	for n := 300; n < 340; n++ {
		blocks[n].xB = 4
	}
	j = played(t, blocks...)
	if o, known := j.Measures()[0].SinceOnset(); !known || !o.At.Equal(start().Add(300*15*time.Second)) {
		t.Errorf("onset %+v, known %v", o, known)
	}
}

func TestOnset_OfLatencyIsThatOfTheEdgeWithMostEvidence(t *testing.T) {
	h, err := dossier.ParseHeader([]byte(`{"kind":"dossier","version":1,"id":"r","measures":[{"name":"l","kind":"latency","edges":[0.1,0.25]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(*h, Options{Audit: true})
	if err != nil {
		t.Fatal(err)
	}
	b := h.NewBlock()
	b.Legacy.Scraped, b.Candidate.Scraped = true, true
	for n := range 120 {
		slow := int64(0)
		if n >= 80 {
			slow = 5
		}
		b.End = start().Add(time.Duration(n+1) * 15 * time.Second)
		b.Legacy.Counts[0] = dossier.Counts{Known: true, Requests: 700, Cells: []int64{600, 93, 7}}
		b.Candidate.Counts[0] = dossier.Counts{Known: true, Requests: 70, Cells: []int64{60, 10 - slow, slow}}
		if err := j.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	o, known := j.Measures()[0].SinceOnset()
	if edge, _ := j.Measures()[0].Edge(); edge != .25 || !known || !o.At.Equal(start().Add(80*15*time.Second)) || math.Abs(o.Ratio-5./70/(7./700)) > 1e-9 {
		t.Errorf("at edge %v: %+v, known %v", edge, o, known)
	}
}
