package seq

import (
	"bytes"
	"encoding"
	"testing"
	"time"
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
