package prom

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/common/model"

	"rampart/sources"
)

// errBothArms says that the rule does not tell the arms apart.
var errBothArms = errors.New("a series belongs to both arms")

// arms tells which arm a series belongs to, and which selectors bring both arms in as few queries as can be.
type arms struct {
	target sources.Target
	rule   sources.ByArm[conditions]
	joined map[string]sources.Arm // by the values of Join.On; nil without a join
}

// newArms checks a target. Exactly one way of telling the arms apart must be used.
func newArms(t sources.Target) (*arms, error) {
	a := &arms{target: t}
	r := t.Arms
	byLabel, byMatchers := r.Label != "", len(r.Matchers.Legacy) > 0 || len(r.Matchers.Candidate) > 0
	byMetric := r.Metric.Legacy != "" || r.Metric.Candidate != ""
	ways := 0
	for _, way := range []bool{byLabel, byMatchers, byMetric} {
		if way {
			ways++
		}
	}
	if ways != 1 {
		return nil, errors.New("arms: want one of a label, two sets of matchers or two metrics")
	}
	if r.Value.Legacy != "" && r.Value.Legacy == r.Value.Candidate || byMetric && r.Metric.Legacy == r.Metric.Candidate ||
		byMatchers && slices.Equal(r.Matchers.Legacy, r.Matchers.Candidate) {
		return nil, errors.New("arms: legacy and candidate are told by the same")
	}
	if r.Join != nil && (!byLabel || r.Join.Metric == "" || len(r.Join.On) == 0) {
		return nil, errors.New("arms join: want a label, a metric and the labels that both share")
	}
	if _, err := compile(t.Select); err != nil {
		return nil, err
	}
	for _, arm := range sources.Arms() {
		ms, err := a.own(arm)
		if err != nil {
			return nil, err
		}
		if *a.rule.Ptr(arm), err = compile(ms); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// own are the matchers that pick one arm.
func (a *arms) own(arm sources.Arm) ([]sources.Matcher, error) {
	r := a.target.Arms
	switch {
	case r.Label != "":
		op := "="
		if r.Regexp {
			op = "=~"
		}
		if r.Value.Of(arm) == "" {
			return nil, fmt.Errorf("arms: %s has no value of %s", arm, r.Label)
		}
		return []sources.Matcher{{Label: r.Label, Op: op, Value: r.Value.Of(arm)}}, nil
	case r.Metric.Of(arm) != "":
		return nil, nil
	case len(r.Matchers.Of(arm)) == 0:
		return nil, fmt.Errorf("arms: nothing picks %s", arm)
	}
	return r.Matchers.Of(arm), nil
}

// metric is the name under which an arm exports a metric: a rule that begins with "_" is a suffix.
func (a *arms) metric(arm sources.Arm, base string) string {
	switch m := a.target.Arms.Metric.Of(arm); {
	case m == "":
		return base
	case strings.HasPrefix(m, "_"):
		return base + m
	default:
		return m
	}
}

// selectors bring the named metrics of both arms: one where an alternation can say it, else one for each arm. What an
// alternation brings too much is left out by of.
func (a *arms) selectors(names []string) []selection {
	return a.selectorsOf(oneOf(nameLabel, slices.Compact(slices.Sorted(slices.Values(names)))))
}

func (a *arms) selectorsOf(name sources.Matcher) []selection {
	r := a.target.Arms
	pick := func(arms ...sources.Matcher) selection {
		return selection{name: name, service: a.target.Select, arms: arms}
	}
	switch {
	case r.Label == "" && a.byMetric(), a.joined != nil:
		return []selection{pick()}
	case r.Label != "" && r.Regexp:
		return []selection{pick(sources.Matcher{Label: r.Label, Op: "=~", Value: "(?:" + r.Value.Legacy + ")|(?:" + r.Value.Candidate + ")"})}
	case r.Label != "":
		return []selection{pick(oneOf(r.Label, []string{r.Value.Legacy, r.Value.Candidate}))}
	}
	if both, ok := alternate(r.Matchers); ok {
		return []selection{pick(both...)}
	}
	return []selection{pick(r.Matchers.Legacy...), pick(r.Matchers.Candidate...)}
}

// alternate joins two sets of equalities over the same labels into one.
func alternate(m sources.ByArm[[]sources.Matcher]) ([]sources.Matcher, bool) {
	if len(m.Legacy) != len(m.Candidate) {
		return nil, false
	}
	var out []sources.Matcher
	for _, l := range m.Legacy {
		i := slices.IndexFunc(m.Candidate, func(c sources.Matcher) bool { return c.Label == l.Label })
		if i < 0 || l.Op != "=" || m.Candidate[i].Op != "=" {
			return nil, false
		}
		values := []string{l.Value, m.Candidate[i].Value}
		if l.Value == "" || m.Candidate[i].Value == "" {
			return nil, false // an empty value also stands for a missing label, which an alternation would change
		}
		out = append(out, oneOf(l.Label, slices.Compact(values)))
	}
	return out, true
}

// of tells the arm of a series that is not told by its metric; no arm when neither rule holds.
func (a *arms) of(labels map[string]string) (sources.Arm, error) {
	if a.joined != nil {
		return a.joined[a.joinKey(labels)], nil
	}
	legacy, candidate := a.rule.Legacy.match(labels), a.rule.Candidate.match(labels)
	switch {
	case legacy && candidate:
		return 0, errBothArms
	case legacy:
		return sources.Legacy, nil
	case candidate:
		return sources.Candidate, nil
	}
	return 0, nil
}

func (a *arms) joinKey(labels map[string]string) string {
	var b strings.Builder
	for _, l := range a.target.Arms.Join.On {
		b.WriteString(labels[l])
		b.WriteByte(0)
	}
	return b.String()
}

// byMetric tells whether the arms export under different names.
func (a *arms) byMetric() bool { return a.target.Arms.Metric.Legacy != "" }

// nameLabel is where Prometheus keeps a metric's name.
const nameLabel = model.MetricNameLabel

// condition is a matcher that can be tried on labels here, so that one query can bring what several rules divide.
type condition struct {
	sources.Matcher
	re *regexp.Regexp
}

// conditions hold when each of them does.
type conditions []condition

// compile checks matchers. A regexp is anchored on both ends, as the server does it.
func compile(ms []sources.Matcher) (conditions, error) {
	out := make(conditions, 0, len(ms))
	for _, m := range ms {
		c := condition{Matcher: m}
		switch m.Op {
		case "=", "!=":
		case "=~", "!~":
			re, err := regexp.Compile("^(?s:" + m.Value + ")$")
			if err != nil {
				return nil, fmt.Errorf("matcher %s%s%q: not a regexp", m.Label, m.Op, m.Value)
			}
			c.re = re
		default:
			return nil, fmt.Errorf("matcher on %s: operator %q: want one of = != =~ !~", m.Label, m.Op)
		}
		if m.Label == "" {
			return nil, fmt.Errorf("matcher %s%q: no label", m.Op, m.Value)
		}
		out = append(out, c)
	}
	return out, nil
}

// match tries the conditions; a label that is not there counts as empty, as for the server.
func (cs conditions) match(labels map[string]string) bool {
	for _, c := range cs {
		v := labels[c.Label]
		var hit bool
		switch c.Op {
		case "=", "!=":
			hit = v == c.Value
		default:
			hit = c.re.MatchString(v)
		}
		if hit == (c.Op[0] == '!') {
			return false
		}
	}
	return true
}
