package score

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rampart/analysis/dossier"
	"rampart/analysis/seq"
)

// Options change how a rollout is judged. The zero value judges as its header says.
type Options struct {
	Alpha  float64 // instead of the header's; 0: the header's
	WhatIf []Change
	// Audit keeps the raw evidence and the confidence sequences: needed for lines and tables, not for summaries.
	Audit bool
	// Promotion keeps the evidence for automatic promotion.
	Promotion bool
}

// Change is one "what if": KEY=VALUE.
type Change struct{ Key, Value string }

// rules are settings that the header does not hold.
type rules struct {
	start, restart, tail seq.Bets
	caution              float64
	audit, promotion     bool
}

// ParseChange reads KEY=VALUE. The keys are alpha, harm_margin, safe_margin, weight, each also for one measure as in
// errors.harm_margin=0.1; drop=MEASURE; bets=1.5,2,3 (ratios with equal weights); caution=1.5 (what must remain of the
// evidence without its best spell). Weights are brought to the sum 1 again.
func ParseChange(s string) (Change, error) {
	key, value, ok := strings.Cut(s, "=")
	c := Change{strings.TrimSpace(key), strings.TrimSpace(value)}
	if !ok || c.Key == "" || c.Value == "" {
		return Change{}, fmt.Errorf("what if %q: want KEY=VALUE", s)
	}
	_, field := c.target()
	known := []string{"alpha", "harm_margin", "safe_margin", "weight", "drop", "bets", "caution"}
	if !slices.Contains(known, field) {
		return Change{}, fmt.Errorf("what if %q: %q is none of %s", s, field, strings.Join(known, ", "))
	}
	return c, nil
}

// target splits errors.harm_margin; a measure's name may hold dots.
func (c Change) target() (measure, field string) {
	if i := strings.LastIndexByte(c.Key, '.'); i >= 0 {
		return c.Key[:i], c.Key[i+1:]
	}
	return "", c.Key
}

// apply changes the header and the rules and tells which measures are kept.
func (o Options) apply(h *dossier.Header, r *rules) (keep []bool, err error) {
	r.audit, r.promotion, r.caution = o.Audit, o.Promotion, 1
	keep = slices.Repeat([]bool{true}, len(h.Measures))
	if o.Alpha != 0 {
		h.Alpha = o.Alpha
	}
	for _, c := range o.WhatIf {
		if err := c.apply(h, r, keep); err != nil {
			return nil, fmt.Errorf("what if %s=%s: %w", c.Key, c.Value, err)
		}
	}
	if err := normalize(h, keep); err != nil {
		return nil, err
	}
	return keep, h.Check()
}

func (c Change) apply(h *dossier.Header, r *rules, keep []bool) error {
	measure, field := c.target()
	switch field {
	case "drop":
		i := slices.IndexFunc(h.Measures, func(m dossier.Measure) bool { return m.Name == c.Value })
		if i < 0 {
			return fmt.Errorf("the dossier has no such measure")
		}
		keep[i] = false
		return nil
	case "bets":
		return r.bets(c.Value)
	}
	v, err := strconv.ParseFloat(c.Value, 64)
	if err != nil || math.IsNaN(v) {
		return fmt.Errorf("want a number")
	}
	switch {
	case field == "caution":
		r.caution = v
		return nil
	case field == "alpha":
		h.Alpha = v
		return nil
	case measure == "" && field == "harm_margin":
		h.HarmMargin = v
	case measure == "" && field == "safe_margin":
		h.SafeMargin = v
	}
	hit := false
	for i := range h.Measures {
		if m := &h.Measures[i]; measure == "" || m.Name == measure {
			hit = true
			set(m, field, v)
		}
	}
	if !hit {
		return fmt.Errorf("the dossier has no such measure")
	}
	return nil
}

func set(m *dossier.Measure, field string, v float64) {
	switch field {
	case "harm_margin":
		m.HarmMargin = v
	case "safe_margin":
		m.SafeMargin = v
	case "weight":
		m.Weight = v
	}
}

// bets replaces the grid of ratios, with equal weights.
func (r *rules) bets(list string) error {
	var ratios []float64
	for s := range strings.SplitSeq(list, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil {
			return fmt.Errorf("want ratios with commas between")
		}
		ratios = append(ratios, v)
	}
	b, err := seq.NewBets(ratios, nil)
	if err != nil {
		return err
	}
	r.start, r.restart, r.tail = b, b, b
	return nil
}

// normalize brings the weights of the measures kept to the sum 1, and of those dropped to 0.
func normalize(h *dossier.Header, keep []bool) error {
	sum, changed := 0.0, false
	for i := range h.Measures {
		if !keep[i] {
			h.Measures[i].Weight, changed = 0, true
		}
		sum += h.Measures[i].Weight
	}
	if !slices.Contains(keep, true) || !(sum > 0) || math.IsInf(sum, 1) {
		return fmt.Errorf("no measure with a weight is left")
	}
	if changed || math.Abs(sum-1) > 1e-9 {
		for i := range h.Measures {
			h.Measures[i].Weight /= sum
		}
	}
	return nil
}
