package config

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

var metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*$`)

func (k *checker) measure(at string, m Measure) {
	given := m.sources()
	if len(given) != 1 {
		k.say(at, "want exactly one of counter, histogram, histograms, gauges, expr, from; got "+orNone(given), "")
		return
	}
	k.oneOf(at+".from", m.From, "traffic", "logs")
	for _, name := range []string{m.Counter, m.BadCounter, m.Histogram} {
		if name != "" && !metricName.MatchString(name) {
			k.say(at, "not a metric name", "write the bare name; labels go under select and bad")
		}
	}
	if m.Counter != "" && (m.Bad == "") == (m.BadCounter == "") {
		k.say(at, "a counter needs bad or bad_counter, one of them", `such as bad: 'code=~"5.."'`)
	}
	if _, err := ParseMatchers(m.Bad); err != nil {
		k.say(at+".bad", err.Error(), "")
	}
	if m.Above != 0 && m.Histogram == "" {
		k.say(at+".above", "goes with histogram only", "")
	}
	for _, p := range []struct{ key, pattern string }{{"histograms", m.Histograms}, {"gauges", m.Gauges}} {
		if _, err := regexp.Compile(p.pattern); err != nil {
			k.say(at+"."+p.key, err.Error(), "mend the regular expression")
		}
	}
	if m.Scale < 0 {
		k.say(at+".scale", "want a factor above 0", "0.001 for milliseconds")
	}
}

// oneOf says of a word that is none of those that mean something. One that was let through would be taken for what stands
// there where nothing is written: a guard of a mistyped arm would judge the other.
func (k *checker) oneOf(at, word string, words ...string) {
	if word != "" && !slices.Contains(words, word) {
		k.say(at, fmt.Sprintf("%q means nothing here", word), "want "+strings.Join(words, " or "))
	}
}

func orZero(a *Amount) Amount {
	if a == nil {
		return 0
	}
	return *a
}

func (m Measure) sources() []string {
	var out []string
	for _, s := range []struct{ key, value string }{
		{"counter", m.Counter}, {"histogram", m.Histogram}, {"histograms", m.Histograms}, {"gauges", m.Gauges}, {"expr", m.Expr}, {"from", m.From},
	} {
		if s.value != "" {
			out = append(out, s.key)
		}
	}
	return out
}

func orNone(s []string) string {
	if len(s) == 0 {
		return "none"
	}
	return strings.Join(s, " and ")
}

func (k *checker) guard(at string, s Service, i int) {
	g := s.Guards[i]
	known := s.allMeasures()
	m, ok := known[g.Measure]
	if !ok {
		k.say(at+".measure", fmt.Sprintf("no measure %q", g.Measure), didYouMean(g.Measure, known))
		return
	}
	if g.Name != "" && slices.ContainsFunc(s.Guards[:i], func(before Guard) bool { return before.Name == g.Name }) {
		k.say(at+".name", fmt.Sprintf("two guards are called %q", g.Name), "give each its own name, or none")
	}
	k.oneOf(at+".arm", g.Arm, "legacy", "candidate")
	k.oneOf(at+".says", g.Says, "not_the_candidate")
	k.limits(at, g, m)
}

// limits checks that a guard has one limit, of a kind that its measure can be held to.
func (k *checker) limits(at string, g Guard, m Measure) {
	limits := 0
	for _, set := range []bool{g.MaxRatio != 0, g.Max != nil, g.MaxPSI != 0} {
		if set {
			limits++
		}
	}
	if limits != 1 {
		k.say(at, "want exactly one of max_ratio, max, max_psi", "")
	}
	for _, n := range []struct {
		key string
		v   float64
	}{{"max_ratio", g.MaxRatio}, {"safe_margin", g.SafeMargin}, {"max_psi", g.MaxPSI}, {"max", float64(orZero(g.Max))}} {
		if math.IsNaN(n.v) || math.IsInf(n.v, 0) {
			k.say(at+"."+n.key, "want a number; this limit would never be reached", "")
		}
	}
	if g.MaxRatio != 0 && g.MaxRatio < 1 {
		k.say(at+".max_ratio", "want 1 or more", "1.1 allows the candidate a tenth more")
	}
	if g.SafeMargin < 0 {
		k.say(at+".safe_margin", "want a margin above 0", "0.5 is the default")
	}
	if g.MaxRatio != 0 && (m.Histograms != "" || m.Gauges != "" || m.Expr != "") {
		k.say(at+".max_ratio", "this measure can make no evidence", "use max_psi for distributions, max for expressions")
	}
	if g.MaxPSI != 0 && m.Histograms == "" && m.Histogram == "" {
		k.say(at+".max_psi", "goes with histograms only", "")
	}
	if g.Max != nil && g.Arm == "" && g.Says != "" {
		k.say(at+".says", "not_the_candidate speaks of legacy", "add arm: legacy")
	}
}
