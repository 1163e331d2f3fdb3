package seq

import (
	"bytes"
	"encoding"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type saved interface {
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
}

// resumable names each kind of state with a way to make it and to feed it one block.
func resumable() map[string]struct {
	make func() saved
	feed func(saved, int, Block)
} {
	type kind = struct {
		make func() saved
		feed func(saved, int, Block)
	}
	cells := func(b Block) (legacy, candidate []float64) {
		return []float64{b.LegacyN - b.LegacyX, b.LegacyX, 1}, []float64{b.CandidateN - b.CandidateX, b.CandidateX, 0}
	}
	at := func(i int) time.Duration { return time.Duration(i) * time.Minute }
	return map[string]kind{
		"errors": {
			func() saved { return NewErrors(ErrorsConfig{SafeMargin: .5, Audit: true, Promotion: true}) },
			func(s saved, i int, b Block) { s.(*Errors).Add(b, at(i)) },
		},
		"latency": {
			func() saved { return NewLatency(LatencyConfig{Edges: 2, SafeMargin: .5, Audit: true, Promotion: true}) },
			func(s saved, i int, b Block) { x, y := cells(b); s.(*Latency).Add(x, y, at(i)) },
		},
		"split":     {func() saved { return NewSplit() }, func(s saved, _ int, b Block) { s.(*Split).Add(.05, b.LegacyN, b.CandidateN) }},
		"pair":      {func() saved { return NewPair() }, func(s saved, _ int, b Block) { s.(*Pair).Add(b) }},
		"gain":      {func() saved { return new(Gain) }, func(s saved, _ int, b Block) { s.(*Gain).Add(b.CandidateX) }},
		"burst":     {func() saved { return new(Burst) }, func(s saved, _ int, b Block) { s.(*Burst).Add(b) }},
		"dirichlet": {newEvenDirichlet, func(s saved, _ int, b Block) { s.(*Dirichlet).Add([]float64{b.LegacyN, b.CandidateN}) }},
	}
}

func newEvenDirichlet() saved {
	half := []float64{.5, .5}
	d, _ := NewDirichlet(half, Scaled(half, 100))
	return d
}

func TestEvidence_GoesOnFromSavedStateToTheSameBytes(t *testing.T) {
	for name, k := range resumable() {
		t.Run(name, func(t *testing.T) {
			straight, hopping := k.make(), k.make()
			for i, b := range someBlocks(80, 3) {
				k.feed(straight, i, b)
				k.feed(hopping, i, b)
				want, err := straight.MarshalBinary()
				if err != nil {
					t.Fatal(err)
				}
				fresh := k.make()
				state, _ := hopping.MarshalBinary()
				if err := fresh.UnmarshalBinary(state); err != nil {
					t.Fatal(err)
				}
				hopping = fresh
				if got, _ := hopping.MarshalBinary(); !bytes.Equal(got, want) {
					t.Fatalf("block %d: resumed state differs", i+1)
				}
			}
		})
	}
}

func TestEvidence_RefusesStateThatIsNotItsOwn(t *testing.T) {
	good, _ := NewErrors(ErrorsConfig{SafeMargin: .5}).MarshalBinary()
	for name, state := range map[string][]byte{
		"empty": nil, "torn": good[:len(good)-3], "longer": append(good[:len(good):len(good)], 0), "noise": bytes.Repeat([]byte{0xff}, len(good)),
	} {
		if err := NewErrors(ErrorsConfig{SafeMargin: .5}).UnmarshalBinary(state); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := NewErrors(ErrorsConfig{SafeMargin: .2}).UnmarshalBinary(good); err == nil {
		t.Error("state saved at another margin was taken")
	}
}

func TestEvidence_AddingABlockAllocatesNothing(t *testing.T) {
	blocks := someBlocks(64, 2)
	for name, k := range resumable() {
		if name == "dirichlet" || name == "latency" {
			continue // the test's own slices
		}
		s, i := k.make(), 0
		if n := testing.AllocsPerRun(500, func() { k.feed(s, i, blocks[i&63]); i++ }); n != 0 {
			t.Errorf("%s: %v allocations per block", name, n)
		}
	}
	l := NewLatency(LatencyConfig{Edges: 2, SafeMargin: .5, Audit: true, Promotion: true})
	x, y, i := []float64{90, 8, 2}, []float64{9, 1, 0}, 0
	n := testing.AllocsPerRun(500, func() {
		l.Add(x, y, time.Duration(i)*time.Second)
		_, _ = l.LogHarm(), l.LogSafe()
		i++
	})
	if n != 0 {
		t.Errorf("latency: %v allocations per block", n)
	}
}

// anyLine draws the strata of a line: one or more, in which either arm may be idle.
func anyLine(t *rapid.T) []Block {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Block { return anyBlock(t, 400) }), 1, 3).Draw(t, "strata")
}

func TestErrors_GoOnFromAnyBlockToTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := ErrorsConfig{
			HarmMargin: rapid.Float64Range(0, 2).Draw(t, "harm"), SafeMargin: rapid.Float64Range(0, 2).Draw(t, "safe"),
			Audit: rapid.Bool().Draw(t, "audit"), Promotion: rapid.Bool().Draw(t, "promotion"),
		}
		straight, hopping := NewErrors(c), NewErrors(c)
		confirm, confirmed := NewConfirmation(1), NewConfirmation(1)
		since := time.Duration(0)
		for range rapid.IntRange(1, 60).Draw(t, "lines") {
			line := anyLine(t)
			since += rapid.SampledFrom([]time.Duration{scrape, time.Minute, 20 * time.Minute}).Draw(t, "gap")
			straight.AddStrata(line, since)
			confirm.Add(straight.LogHarm())
			if rapid.Bool().Draw(t, "stopped") {
				hopping, confirmed = resumed(t, hopping, NewErrors(c)), resumed(t, confirmed, NewConfirmation(1))
			}
			hopping.AddStrata(line, since)
			confirmed.Add(hopping.LogHarm())
			sameState(t, straight, hopping)
			sameState(t, confirm, confirmed)
			if a, b := errorsFigures(straight), errorsFigures(hopping); !slices.Equal(a, b) || confirm.Red() != confirmed.Red() {
				t.Fatalf("straight on %v, resumed %v", a, b)
			}
		}
	})
}

func TestLatency_GoesOnFromAnyBlockToTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := LatencyConfig{
			Edges: 2, HarmMargin: rapid.Float64Range(0, 2).Draw(t, "harm"), SafeMargin: rapid.Float64Range(0, 2).Draw(t, "safe"),
			Audit: rapid.Bool().Draw(t, "audit"), Promotion: rapid.Bool().Draw(t, "promotion"),
		}
		straight, hopping := NewLatency(c), NewLatency(c)
		since := time.Duration(0)
		for range rapid.IntRange(1, 40).Draw(t, "lines") {
			var line []CellCounts
			for range rapid.IntRange(1, 3).Draw(t, "strata") {
				line = append(line, CellCounts{anyCells(t, 3), anyCells(t, 3)})
			}
			since += rapid.SampledFrom([]time.Duration{scrape, time.Minute, 20 * time.Minute}).Draw(t, "gap")
			straight.AddStrata(line, since)
			if rapid.Bool().Draw(t, "stopped") {
				hopping = resumed(t, hopping, NewLatency(c))
			}
			hopping.AddStrata(line, since)
			sameState(t, straight, hopping)
			if a, b := latencyFigures(straight), latencyFigures(hopping); !slices.Equal(a, b) {
				t.Fatalf("straight on %v, resumed %v", a, b)
			}
		}
	})
}

// resumed is fresh, gone on from what was saved.
func resumed[S saved](t *rapid.T, was, fresh S) S {
	state, err := was.MarshalBinary()
	if err == nil {
		err = fresh.UnmarshalBinary(state)
	}
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

func sameState(t *rapid.T, a, b saved) {
	x, _ := a.MarshalBinary()
	y, _ := b.MarshalBinary()
	if !bytes.Equal(x, y) {
		t.Fatal("the resumed state differs")
	}
}
