package prom

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"

	"rampart/sources"
)

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

// selector writes an instant selector over any of the names.
func selector(names []string, ms ...[]sources.Matcher) string {
	var b strings.Builder
	var parts []string
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	if len(names) == 1 && model.LegacyValidation.IsValidMetricName(names[0]) {
		b.WriteString(names[0])
	} else {
		parts = append(parts, render(oneOf(nameLabel, names)))
	}
	for _, m := range slices.Concat(ms...) {
		parts = append(parts, render(m))
	}
	if len(parts) > 0 {
		b.WriteString("{" + strings.Join(parts, ",") + "}")
	}
	return b.String()
}

// oneOf matches a label that has any of the values.
func oneOf(label string, values []string) sources.Matcher {
	if len(values) == 1 {
		return sources.Matcher{Label: label, Op: "=", Value: values[0]}
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = regexp.QuoteMeta(v)
	}
	return sources.Matcher{Label: label, Op: "=~", Value: strings.Join(quoted, "|")}
}

// render writes one matcher; names that old servers do not know are quoted, as new ones want them.
func render(m sources.Matcher) string {
	label := m.Label
	if !model.LegacyValidation.IsValidLabelName(label) {
		label = strconv.Quote(label)
	}
	return label + m.Op + strconv.Quote(m.Value)
}
