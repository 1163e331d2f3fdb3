package alertmanager

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"rampart/sources"
)

// Matcher is one condition on a label, as Alertmanager's users write it: service="ranker", alertname=~"Ranker.*".
type Matcher struct {
	Name, Op, Value string
}

var matcherShape = regexp.MustCompile(`^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^"\s{},=~!\x00-\x1f]+)\s*$`)

// ParseMatcher reads a matcher; the error says what is wanted.
func ParseMatcher(s string) (Matcher, error) {
	parts := matcherShape.FindStringSubmatch(s)
	if parts == nil {
		return Matcher{}, fmt.Errorf(`%s is no matcher such as service="ranker" or alertname=~"Ranker.*"`, sources.Visible(s))
	}
	m := Matcher{Name: parts[1], Op: parts[2], Value: parts[3]}
	if strings.HasPrefix(m.Value, `"`) {
		v, err := strconv.Unquote(m.Value)
		if err != nil {
			return m, fmt.Errorf("%s: the value's quotes do not fit", sources.Visible(s))
		}
		m.Value = v
	}
	if strings.HasSuffix(m.Op, "~") {
		if _, err := regexp.Compile("^(?:" + m.Value + ")$"); err != nil {
			return m, fmt.Errorf("%s: %w", sources.Visible(s), err)
		}
	}
	return m, nil
}

// String is the matcher as it is written.
func (m Matcher) String() string { return m.Name + m.Op + strconv.Quote(m.Value) }

// accepts tells whether a label's value fits. A pattern that cannot be read fits nothing.
func (m Matcher) accepts(value string) bool {
	same := m.Value == value
	if strings.HasSuffix(m.Op, "~") {
		re, err := regexp.Compile("^(?:" + m.Value + ")$")
		if err != nil {
			return false
		}
		same = re.MatchString(value)
	}
	return same != strings.HasPrefix(m.Op, "!")
}
