package score

import (
	"bytes"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/analysis"
	"rampart/analysis/dossier"
)

// near tells that two printed figures are equal but for rounding.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-7*(1+math.Abs(a)+math.Abs(b)) }

// nearOrNull is the same for figures that may be null.
func nearOrNull(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return near(*a, *b)
}

// inverse tells that a is 1/b, where a lower limit of 0 is the inverse of no upper one.
func inverse(lo float64, hi *float64) bool {
	if hi == nil {
		return lo == 0
	}
	return near(math.Log(lo), -math.Log(*hi))
}

func TestJudge_SwappingTheArmsIsBettingTheOtherWay(t *testing.T) {
	var up, down []string
	for _, r := range []float64{1.1, 1.25, 1.5, 2, 3, 5, 10} {
		up = append(up, strconv.FormatFloat(r, 'g', -1, 64))
		down = append(down, strconv.FormatFloat(1/r, 'g', -1, 64))
	}
	bets := func(of []string) Options { return Options{WhatIf: []Change{{"bets", strings.Join(of, ",")}}} }
	rapid.Check(t, func(t *rapid.T) {
		h := anyHeader(t, []dossier.Kind{dossier.Errors}, 0)
		blocks := anyBlocks(t, &h, 1)
		var swapped []*dossier.Block
		for _, b := range blocks {
			swapped = append(swapped, exchanged(b))
		}
		one, _ := judged(t, h, bets(up), swapped)
		other, _ := judged(t, h, bets(down), blocks)
		for i, a := range one {
			mirrors(t, a, other[i])
		}
	})
}

// mirrors fails unless b is a with the arms swapped and the bets turned round.
func mirrors(t *rapid.T, a, b lineJSON) {
	if !near(a.LogE.Harm, b.LogE.Harm) || !near(a.Gauges.SRM, b.Gauges.SRM) || !slices.Equal(a.Gauges.Red, b.Gauges.Red) {
		t.Fatalf("block %d: swapped %+v %+v, mirrored %+v %+v", a.Block, a.LogE, a.Gauges, b.LogE, b.Gauges)
	}
	if !nearOrNull(a.Gauges.Dispersion, b.Gauges.Dispersion) || !nearOrNull(a.Gauges.Lag1, b.Gauges.Lag1) {
		t.Fatalf("block %d: noise %+v, mirrored %+v", a.Block, a.Gauges, b.Gauges)
	}
	for name, x := range a.Measures {
		y := b.Measures[name]
		if !near(x.LogEHarm, y.LogEHarm) || x.NLegacy != y.NCandidate || !inverse(x.RRLo, y.RRHi) || !inverse(y.RRLo, x.RRHi) {
			t.Fatalf("block %d, %s: swapped %+v, mirrored %+v", a.Block, name, x, y)
		}
		if x.RR != nil && y.RR != nil && !near(math.Log(*x.RR), -math.Log(*y.RR)) {
			t.Fatalf("block %d, %s: ratio %v, mirrored %v", a.Block, name, *x.RR, *y.RR)
		}
	}
}

func TestJudge_RequestsSplitInProportionAreJudgedAsOneHeap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHeader(t, []dossier.Kind{dossier.Errors, dossier.Latency}, 1)
		parts := rapid.Int64Range(1, 4).Draw(t, "parts")
		blocks := anyBlocks(t, &h, parts)
		var split []*dossier.Block
		for _, b := range blocks {
			s := *b
			for k := range parts {
				s.Strata = append(s.Strata, dossier.Stratum{Key: string(rune('a' + k)), Legacy: partOf(&h, b.Legacy, parts), Candidate: partOf(&h, b.Candidate, parts)})
			}
			split = append(split, &s)
		}
		whole, _ := judged(t, h, Options{}, blocks)
		apart, _ := judged(t, h, Options{}, split)
		for i, a := range whole {
			alike(t, a, apart[i])
			b := apart[i]
			if !near(a.LogE.Harm, b.LogE.Harm) || !near(a.LogE.Safe, b.LogE.Safe) || !slices.Equal(a.Gauges.Red, b.Gauges.Red) || a.Call != b.Call {
				t.Fatalf("block %d: %+v, split %+v", a.Block, a, b)
			}
			if !nearOrNull(a.Gauges.Dispersion, b.Gauges.Dispersion) || !nearOrNull(a.Gauges.Lag1, b.Gauges.Lag1) {
				t.Fatalf("block %d: noise %+v, split %+v", a.Block, a.Gauges, b.Gauges)
			}
			for name, x := range a.Measures {
				y := b.Measures[name]
				if !near(x.LogEHarm, y.LogEHarm) || !near(x.LogESafe, y.LogESafe) || !nearOrNull(x.B1, y.B1) || x.Call != y.Call {
					t.Fatalf("block %d, %s: %+v, split %+v", a.Block, name, x, y)
				}
			}
		}
	})
}

func TestJudge_ABlockCutInProportionGivesTheSameAudit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHeader(t, []dossier.Kind{dossier.Errors, dossier.Latency}, 1)
		parts := rapid.Int64Range(1, 4).Draw(t, "parts")
		blocks := anyBlocks(t, &h, parts)
		var cut []*dossier.Block
		for _, b := range blocks {
			for k := range parts {
				c := *b
				c.End = b.End.Add(h.Step * time.Duration(k+1-parts) / 4)
				c.Legacy, c.Candidate = partOf(&h, b.Legacy, parts), partOf(&h, b.Candidate, parts)
				cut = append(cut, &c)
			}
		}
		whole, _ := judged(t, h, Options{}, blocks)
		pieces, _ := judged(t, h, Options{}, cut)
		for i, a := range whole {
			alike(t, a, pieces[(i+1)*int(parts)-1])
		}
	})
}

// alike fails unless the figures agree that only depend on what was counted, not on how it was cut.
func alike(t *rapid.T, a, b lineJSON) {
	if !near(a.Gauges.SRM, b.Gauges.SRM) {
		t.Fatalf("block %d: split mismatch %v, cut %v", a.Block, a.Gauges.SRM, b.Gauges.SRM)
	}
	for name, x := range a.Measures {
		y := b.Measures[name]
		if !nearOrNull(x.A1, y.A1) || !nearOrNull(x.B2, y.B2) || x.NLegacy != y.NLegacy || x.NCandidate != y.NCandidate {
			t.Fatalf("block %d, %s: %+v, cut %+v", a.Block, name, x, y)
		}
		if x.Edge != nil && *x.Edge != *y.Edge {
			continue // two edges with the same evidence but for rounding, or another divisor
		}
		if !nearOrNull(x.RR, y.RR) || !near(x.RRLo, y.RRLo) || !nearOrNull(x.RRHi, y.RRHi) {
			t.Fatalf("block %d, %s: ratio %+v, cut %+v", a.Block, name, x, y)
		}
	}
}

func TestJudge_TheSummaryIsWhatTheLinesSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHeader(t, []dossier.Kind{dossier.Errors, dossier.Latency}, 1)
		blocks := anyBlocks(t, &h, 1)
		quick, err := New(h, Options{}) // keeps nothing for audit
		if err != nil {
			t.Fatal(err)
		}
		lines, _ := judged(t, h, Options{}, blocks)
		want := Summary{ID: h.ID, Blocks: len(blocks)}
		first := func(at *int, block int, holds bool) {
			if holds && *at == 0 {
				*at = block
			}
		}
		for i, l := range lines {
			if err := quick.Add(blocks[i]); err != nil {
				t.Fatal(err)
			}
			stands := l.LogE.Harm >= math.Log(1/h.Alpha)
			first(&want.Worse, l.Block, stands)
			first(&want.Auto, l.Block, l.Call == "worse" && stands && len(l.Gauges.Red) == 0)
			first(&want.Red, l.Block, len(l.Gauges.Red) > 0)
			if quick.Call().String() != l.Call {
				t.Fatalf("block %d: call %s without audit, %s with it", l.Block, quick.Call(), l.Call)
			}
		}
		want.Call, want.Safe = quick.Call(), quick.Summary().Safe
		if want.Worse > 0 {
			want.Call = analysis.Worse
		}
		if got := quick.Summary(); got != want {
			t.Fatalf("summary %+v, the lines say %+v", got, want)
		}
		if at := slices.IndexFunc(lines, func(l lineJSON) bool { return l.Call == "safe" }) + 1; at > 0 && (want.Safe == 0 || want.Safe > at) {
			t.Fatalf("first safe at block %d, the summary says %d", at, want.Safe)
		}
	})
}

func TestJudge_ADossierReadBackGivesTheBytesOfTheLiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHeader(t, []dossier.Kind{dossier.Errors, dossier.Latency}, 3)
		blocks := anyBlocks(t, &h, 1)
		var file, out, faults bytes.Buffer
		w := dossier.NewWriter(&file)
		if err := w.Begin(&h); err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks {
			if err := w.Block(b); err != nil {
				t.Fatal(err)
			}
		}
		in := Input{Name: "d.jsonl", Open: func() (io.ReadCloser, error) { return io.NopCloser(&file), nil }}
		if err := Run(t.Context(), JSONLines, Options{}, []Input{in}, &out, &faults); err != nil {
			t.Fatal(err, faults.String())
		}
		if _, live := judged(t, h, Options{}, blocks); !bytes.Equal(out.Bytes(), live) {
			t.Fatalf("read back:\n%s\nlive:\n%s", out.Bytes(), live)
		}
	})
}
