package config

import (
	"fmt"
	"slices"

	"rampart/analysis"
	"rampart/sources"
)

// rules are the guards as the engine wants them, each with a name of its own: results, strips and the JSON report are
// told apart by it.
func (s Service) rules() []analysis.Guard {
	var taken []string
	for _, g := range s.Guards {
		taken = append(taken, g.Name)
	}
	var out []analysis.Guard
	for _, g := range s.Guards {
		rule := g.rule()
		if rule.Name == "" {
			rule.Name = g.called(taken)
			taken = append(taken, rule.Name)
		}
		out = append(out, rule)
	}
	return out
}

// called names a guard after its measure, "legacy errors" where it looks at legacy, with a number where that is taken.
func (g Guard) called(taken []string) string {
	base := g.Measure
	if g.Arm == sources.Legacy.String() {
		base = g.Arm + " " + base
	}
	name := base
	for n := 2; slices.Contains(taken, name); n++ {
		name = fmt.Sprintf("%s %d", base, n)
	}
	return name
}

func (g Guard) rule() analysis.Guard {
	out := analysis.Guard{
		Name: g.Name, Measure: g.Measure, MaxRatio: g.MaxRatio, SafeMargin: g.SafeMargin, MaxPSI: g.MaxPSI, MinN: g.MinN,
		OnWorse: g.OnWorse, NotTheCandidate: g.Says == "not_the_candidate", Arm: sources.Candidate,
	}
	if g.Arm == "legacy" {
		out.Arm = sources.Legacy
	}
	if g.Max != nil {
		out.Max = float64(*g.Max)
	}
	if out.MinN == 0 {
		out.MinN = 100
	}
	if out.SafeMargin == 0 {
		out.SafeMargin = 0.5
	}
	return out
}
