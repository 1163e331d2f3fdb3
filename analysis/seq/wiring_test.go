package seq

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// The judges of errors and latency are compared with what their parts say when each is worked out over all lines.

// noisyBlocks have private bursts, so that the divisors are at work, and last 70 minutes.
func noisyBlocks() []Block {
	blocks := someBlocks(280, 1.3)
	for i := range blocks {
		if i%40 > 30 {
			blocks[i].CandidateX = min(blocks[i].CandidateN, 4*blocks[i].CandidateX+2)
		}
		if i == 77 {
			blocks[i] = Block{LegacyN: 700, LegacyX: 3} // the candidate idle
		}
	}
	return blocks
}

func step(b Block, delta, margin float64) float64 {
	pi := b.CandidateN * (1 + margin) / (b.LegacyN + b.CandidateN*(1+margin))
	return delta*b.CandidateX - (b.LegacyX+b.CandidateX)*math.Log(1-pi+pi*math.Exp(delta))
}

// mixture is sum over bets of weight exp(sum of steps/phi) from a line on.
func mixture(blocks []Block, phi []float64, from int, bets Bets, margin float64) float64 {
	e := 0.0
	for i, delta := range bets.delta {
		l := 0.0
		for j := from; j < len(blocks); j++ {
			l += step(blocks[j], delta, margin) / phi[j]
		}
		e += bets.weight[i] * math.Exp(l)
	}
	return e
}

// longPhi is the divisor from sums of eight lines for the line after these.
func longPhi(before []Block, b Block, rule DispersionRule) float64 {
	var sums []Block
	for k := 0; 8*k+8 <= len(before); k++ {
		var s Block
		for _, l := range before[8*k : 8*k+8] {
			s = s.Plus(l)
		}
		sums = append(sums, s)
	}
	d := NewDispersion(DispersionRule{Gate: rule.Gate, Bounded: rule.Bounded})
	for k, s := range sums {
		if k < len(sums)-1 { // sums up to K - 2, K being the one that the line belongs to
			d.Add(s)
		}
	}
	var all Block
	for _, l := range before {
		all = all.Plus(l)
	}
	p := all.Events() / all.Requests()
	if rule.Bounded {
		p *= 1 - p
	}
	if d.Excess() == 0 {
		return 1
	}
	return 1 + 2*d.Excess()*p*8*b.LegacyN*b.CandidateN/b.Requests()
}

func TestErrors_AreTheirPartsWorkedOutOverAllLines(t *testing.T) {
	blocks := noisyBlocks()
	e := NewErrors(ErrorsConfig{HarmMargin: .1, SafeMargin: .5, Audit: true, Promotion: true})
	raw := NewRateRatio(0, Grid())
	var phi, long []float64
	longer, learned := false, false
	cusum := make([]float64, 7)
	for j, b := range blocks {
		phi = append(phi, phiByDefinition(blocks[:j], b, errorsRule()))
		long = append(long, max(phi[j], longPhi(blocks[:j], b, errorsEightRule())))
		longer, learned = longer || long[j] > phi[j], learned || phi[j] > 1
		since := time.Duration(j) * scrape
		e.Add(b, since)
		raw.Add(b, 1)
		harm := .5 * mixture(blocks[:j+1], phi, 0, StartBets(), .1)
		for s := 20; s <= 220; s += 20 {
			harm += .5 / 11 * mixture(blocks[:j+1], phi, min(s, j+1), RestartBets(), .1)
		}
		warn := 0.0
		for i, delta := range RestartBets().delta {
			if since >= time.Hour {
				cusum[i] = max(cusum[i], 0) + step(b, delta, .1)/phi[j]
			}
			warn += RestartBets().weight[i] * math.Exp(cusum[i])
		}
		for _, c := range []struct {
			what      string
			got, want float64
		}{
			{"phi", e.Phi(), phi[j]},
			{"harm", e.LogHarm(), math.Log(harm)},
			{"safe", e.LogSafe(), math.Log(mixture(blocks[:j+1], phi, 0, SafeBets(), .5))},
			{"promotion", e.LogPromotion(), math.Log(mixture(blocks[:j+1], long, 0, SafeBets(), .5))},
			{"raw", e.LogRaw(), raw.LogE()},
			{"cusum", e.LogCusum(), math.Log(warn)},
		} {
			if !close9(c.got, c.want) {
				t.Fatalf("line %d: %s %v, want %v", j+1, c.what, c.got, c.want)
			}
		}
	}
	if !learned || !longer {
		t.Error("the divisors never differed: the test shows nothing")
	}
	if got, want := lagOf(e), lagByDefinition(blocks); !close9(got, want) {
		t.Errorf("lag-1 %v, want %v", got, want)
	}
}

func lagOf(e *Errors) float64 {
	rho, _, _ := e.Lag1()
	return rho
}

func lagByDefinition(blocks []Block) float64 {
	var r MantelHaenszel
	var num, den, last float64
	for _, b := range blocks {
		ratio := (r.num + 2) / (r.den + 2)
		pi := b.CandidateN * ratio / (b.LegacyN + b.CandidateN*ratio)
		v := b.Events() * pi * (1 - pi)
		if v > .02 {
			e := (b.CandidateX - b.Events()*pi) / math.Sqrt(v)
			num, den, last = num+e*last, den+e*e, e
		}
		r.Add(b)
	}
	return num / den
}

// noisyCells are histograms of four cells; both arms slow down for a while, the candidate alone in spells.
func noisyCells() (legacy, candidate [][]float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	throw := func(n int, slow float64) []float64 {
		cells := make([]float64, 4)
		for range n {
			cells[min(3, int(rng.ExpFloat64()*slow))]++
		}
		return cells
	}
	for j := range 60 {
		slow := .5
		if j%20 > 14 {
			slow = 1
		}
		legacy = append(legacy, throw(400, .5))
		candidate = append(candidate, throw(100, slow))
	}
	return legacy, candidate
}

func TestLatency_IsItsPartsWorkedOutOverAllLines(t *testing.T) {
	legacy, candidate := noisyCells()
	l := NewLatency(LatencyConfig{Edges: 3, SafeMargin: .5, Audit: true, Promotion: true})
	cells, raw := NewCells(4, 0), NewTail(3, 0, Grid())
	lines, phi, long := make([][]Block, 3), make([][]float64, 3), make([][]float64, 3)
	var slower []float64
	edges := make([]Block, 3)
	for j := range legacy {
		above(edges, legacy[j], candidate[j])
		top := 1.0
		for e, b := range edges {
			phi[e] = append(phi[e], phiByDefinition(lines[e], b, edgeRule()))
			long[e] = append(long[e], max(phi[e][j], longPhi(lines[e], b, edgeEightRule())))
			top = max(top, phi[e][j])
			lines[e] = append(lines[e], b)
		}
		_, s := cells.Add(legacy[j], candidate[j], 1)
		slower = append(slower, s/top)
		raw.Add(edges, nil)
		l.Add(legacy[j], candidate[j], time.Duration(j)*scrape)
		from := func(s int) float64 {
			body := 0.0
			for _, v := range slower[min(s, j+1):] {
				body += v
			}
			e := .85 * math.Exp(body)
			for k := range edges {
				e += .15 / 3 * mixture(lines[k], phi[k], min(s, j+1), Grid(), 0)
			}
			return e
		}
		harm := .85 * from(0)
		for s := 20; s <= 220; s += 20 {
			harm += .15 / 11 * from(s)
		}
		safe, promote := leastOf(lines, phi), leastOf(lines, long)
		for _, c := range []struct {
			what      string
			got, want float64
		}{
			{"harm", l.LogHarm(), math.Log(harm)},
			{"safe", l.LogSafe(), safe},
			{"promotion", l.LogPromotion(), promote},
			{"b1", l.LogCells(), cells.TwoSided()},
			{"b2", l.LogTail(), raw.LogE()},
		} {
			if !close9(c.got, c.want) {
				t.Fatalf("line %d: %s %v, want %v", j+1, c.what, c.got, c.want)
			}
		}
	}
}

// leastOf is the evidence for SAFE over the edges that legacy uses in the first 20 lines.
func leastOf(lines [][]Block, phi [][]float64) float64 {
	if len(lines[0]) < 20 {
		return 0
	}
	least := math.Inf(1)
	for e := range lines {
		var first Block
		for _, b := range lines[e][:20] {
			first = first.Plus(b)
		}
		if first.LegacyX >= .005*first.LegacyN {
			least = min(least, math.Log(mixture(lines[e], phi[e], 0, SafeBets(), .5)))
		}
	}
	return least
}

func TestLatency_SafeNeedsAnEdgeThatLegacyUses(t *testing.T) {
	l := NewLatency(LatencyConfig{Edges: 1, SafeMargin: .5})
	for j := range 40 {
		l.Add([]float64{1000, 4}, []float64{1000, 0}, time.Duration(j)*scrape)
	}
	if l.LogSafe() != 0 {
		t.Errorf("evidence %v for SAFE although hardly any of legacy's requests lie above the edge", l.LogSafe())
	}
}

func TestForecast_RangeIsBetweenItsTwoQuantiles(t *testing.T) {
	in := ForecastInput{Ratio: 2, Rate: .005, LegacyN: 712.5, CandidateN: 37.5, Need: math.Log(20), LogE: .7}
	// Mean and variance of the increments written out: pi = .05, d = ln 2, l = ln(1 - pi + 2 pi).
	d, l := math.Log(2), math.Log(1.05)
	xA, xB := 712.5*.005, 37.5*.005*2
	mean := xB*d - (xA+xB)*l
	variance := xB*(d-l)*(d-l) + xA*l*l
	at := func(p, room float64) float64 {
		level := math.Log(20) + room - .7
		return inverseGaussian(p, level/mean, level*level/variance)
	}
	lo, hi, known := in.Blocks()
	if !known || lo != math.Floor(at(.08, .3)) || hi != math.Ceil(at(.92, 2)) {
		t.Errorf("range %v to %v, want %v down to %v up", lo, hi, at(.08, .3), at(.92, 2))
	}
	in.LogE = 9
	if lo, hi, known = in.Blocks(); !known || lo != 1 || hi != 1 {
		t.Errorf("range %v to %v with all evidence in hand, want 1 to 1", lo, hi)
	}
	in.LegacyN, in.CandidateN = 750, 0
	if _, _, known = in.Blocks(); known {
		t.Error("a forecast from blocks in which the candidate has no requests")
	}
}
