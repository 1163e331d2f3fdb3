package haproxy

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rampart/sources"
)

func memberOf(legacy, candidate []int) member {
	var m member
	for i, w := range legacy {
		m.servers = append(m.servers, server{state: state{name: "l" + string(rune('a'+i)), weight: w, initial: w, op: 2}, arm: sources.Legacy})
	}
	for i, w := range candidate {
		m.servers = append(m.servers, server{state: state{name: "c" + string(rune('a'+i)), weight: w, op: 2}, arm: sources.Candidate})
	}
	return m
}

func TestWeights_AreTheNearestToTheAskedShareInTheFewestWrites(t *testing.T) {
	for name, c := range map[string]struct {
		legacy, candidate []int
		ask               sources.Share
		wantL, wantC      []int
	}{
		"one and one":               {[]int{100}, []int{0}, 5 * percent, []int{95}, []int{5}},
		"legacy can stay":           {[]int{95}, []int{0}, 5 * percent, []int{95}, []int{5}},
		"half":                      {[]int{100}, []int{0}, 50 * percent, []int{100}, []int{100}},
		"the finest":                {[]int{100}, []int{0}, 3891, []int{256}, []int{1}},
		"proportions are kept":      {[]int{100, 50}, []int{0, 0}, 50 * percent, []int{100, 50}, []int{75, 75}},
		"a drained server stays so": {[]int{100, 0}, []int{0}, 50 * percent, []int{100, 0}, []int{100}},
	} {
		got := choose(memberOf(c.legacy, c.candidate), c.ask)
		if !slices.Equal(got.legacy, c.wantL) || !slices.Equal(got.candidate, c.wantC) {
			t.Errorf("%s: %v + %v make %v, want %v + %v", name, got.legacy, got.candidate, got.share, c.wantL, c.wantC)
		}
	}
}

// step is how far apart the shares lie that whole weights make around one: as the finest is near 0 %, and further towards the
// half, where the candidate's weights end at 256 before legacy's do; one in twenty more where legacy's few weights are rounded.
func step(m member, share sources.Share) float64 {
	f := share.Fraction()
	return 1.05 * max(finest(m).Fraction(), f*(1-f)/maxWeight)
}

func TestWeights_MissAnAskedShareByNoMoreThanHalfAStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		legacy := slices.Repeat([]int{rapid.IntRange(1, 256).Draw(t, "weight")}, rapid.IntRange(1, 12).Draw(t, "legacy servers"))
		m := memberOf(legacy, make([]int, rapid.IntRange(1, 4).Draw(t, "candidate servers")))
		f := finest(m)
		ask := sources.Share(rapid.IntRange(int(f), int(sources.Whole-f)).Draw(t, "share"))
		c := choose(m, ask)
		if d := math.Abs(c.share.Fraction() - ask.Fraction()); ask < sources.Whole/2 && d > step(m, ask)/2+1e-6 {
			t.Errorf("asked %v, got %v: off by %v, a step is %v", ask, c.share, d, step(m, ask))
		}
		if c.share != shareOf(total(c.legacy), total(c.candidate)) {
			t.Errorf("the share %v is not that of %v + %v", c.share, c.legacy, c.candidate)
		}
	})
}

// Between any two writes the candidate has no more than the greater and the backend never has nothing.
func TestWrites_StayBetweenTheTwoSharesAllTheWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weight := rapid.IntRange(0, 256)
		legacy := rapid.SliceOfN(weight, 1, 4).Draw(t, "legacy")
		candidate := rapid.SliceOfN(weight, 1, 3).Draw(t, "candidate")
		m := memberOf(legacy, candidate)
		if total(legacy)+total(candidate) == 0 {
			return
		}
		var ours []sources.Write
		if rapid.Bool().Draw(t, "drained") {
			for i := range m.servers {
				if m.servers[i].arm == sources.Candidate {
					m.servers[i].admin = forcedDrain
					ours = append(ours, sources.Write{Member: m.name, Arm: sources.Candidate, Request: stateCommand("be", m.servers[i].name, stateDrain)})
				}
			}
		}
		if !m.split(member.weights).Known {
			return
		}
		target := sources.Share(rapid.SampledFrom([]int{0, 10_000, 50_000, 500_000, 900_000, 1_000_000}).Draw(t, "target"))
		writes, then, err := planMember("be", m, target, ours)
		if err != nil {
			return // finer than whole weights can make
		}
		from, to := m.split(member.weights).Candidate, then.split(member.weights).Candidate
		most := max(from, to) + max(from, to)/10 + 4*percent/10
		now := m
		now.servers = slices.Clone(m.servers)
		for _, w := range writes {
			a, ok := parseCommand(w.Request)
			if !ok || strings.Contains(w.Request, "%") {
				t.Fatalf("a bad command: %q", w.Request)
			}
			for i := range now.servers {
				switch {
				case now.servers[i].name != a.server:
				case a.state == stateReady:
					now.servers[i].admin = 0
				default:
					now.servers[i].weight = a.weight
				}
			}
			s := now.split(member.weights)
			if !s.Known || s.Candidate > most {
				t.Fatalf("%v + %v to %v by %v: %v after %q", legacy, candidate, target, writes, s, w.Request)
			}
		}
		if target == 0 && to != 0 || target == sources.Whole && to != sources.Whole {
			t.Errorf("to %v, got %v", target, to)
		}
	})
}

func TestWeights_FinerThanWholeNumbersAreRefusedWithTheSmallestThatIsPossible(t *testing.T) {
	_, _, err := planMember("be", memberOf([]int{100}, []int{0}), 1000, nil)
	if err == nil || !strings.Contains(err.Error(), "smallest share is 0.39 %") {
		t.Errorf("err %v", err)
	}
}

func BenchmarkWeights_TwelveServersAndTwo(b *testing.B) {
	m := memberOf(slices.Repeat([]int{100}, 12), []int{0, 0})
	for b.Loop() {
		choose(m, 5*percent)
	}
}
