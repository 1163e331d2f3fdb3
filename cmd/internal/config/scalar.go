package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/invopop/jsonschema"

	"rampart/sources"
)

// Duration is a time span such as 250ms, 15s or 1h30m.
type Duration time.Duration

// UnmarshalYAML reads a duration with its unit.
func (d *Duration) UnmarshalYAML(b []byte) error {
	s := scalar(b)
	v, err := time.ParseDuration(s)
	if err != nil || v < 0 {
		return fmt.Errorf("duration %q: want a number with its unit, such as 15s or 250ms", s)
	}
	*d = Duration(v)
	return nil
}

// MarshalYAML prints it as time.Duration does.
func (d Duration) MarshalYAML() (any, error) { return time.Duration(d).String(), nil }

// JSONSchema describes it.
func (Duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^([0-9.]+(ns|us|µs|ms|s|m|h))+$`, Examples: []any{"15s", "250ms"}}
}

// Or returns the duration, or another when it is not set.
func (d Duration) Or(other time.Duration) time.Duration {
	if d == 0 {
		return other
	}
	return time.Duration(d)
}

// Amount is an absolute limit: 2%, 0.02 or 300ms (as seconds).
type Amount float64

// UnmarshalYAML reads a percentage, a number or a duration.
func (a *Amount) UnmarshalYAML(b []byte) error {
	s := scalar(b)
	if p, ok := strings.CutSuffix(s, "%"); ok {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil {
			return fmt.Errorf("limit %q: want a percentage such as 2%%", s)
		}
		*a = Amount(v / 100)
		return nil
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		*a = Amount(v)
		return nil
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return fmt.Errorf("limit %q: want 2%%, 0.02 or 300ms", s)
	}
	*a = Amount(d.Seconds())
	return nil
}

// JSONSchema describes it.
func (Amount) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "number"}, {Type: "string", Examples: []any{"2%", "300ms"}}}}
}

// Template is a string in which ${NAME} stands for an environment variable. It is shown as it was written, so that
// what the environment holds is never printed.
type Template struct {
	Written string // as in the file
	Value   string // with the environment filled in
}

// String returns the text as it was written.
func (t Template) String() string { return t.Written }

// IsZero tells whether nothing was given.
func (t Template) IsZero() bool { return t.Written == "" }

// MarshalYAML prints the text as it was written.
func (t Template) MarshalYAML() (any, error) { return t.Written, nil }

var envRef = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// UnmarshalYAML reads the string and fills in the environment; a variable that is not set is an error.
func (t *Template) UnmarshalYAML(b []byte) error {
	written := scalar(b)
	value, err := expand(written, os.LookupEnv)
	*t = Template{Written: written, Value: value}
	return err
}

// JSONSchema describes it.
func (Template) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Description: "${NAME} stands for an environment variable."}
}

func expand(s string, lookup func(string) (string, bool)) (string, error) {
	var missing []string
	out := envRef.ReplaceAllStringFunc(s, func(ref string) string {
		name := ref[2 : len(ref)-1]
		v, ok := lookup(name)
		if !ok {
			missing = append(missing, name)
		}
		return v
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("environment variable %s is not set", strings.Join(missing, ", "))
	}
	return out, nil
}

// ArmValue is a label's value for one arm, or a whole set of labels.
type ArmValue struct {
	Value  string
	Labels map[string]string
}

// UnmarshalYAML reads a string or a map.
func (v *ArmValue) UnmarshalYAML(b []byte) error {
	if err := yaml.Unmarshal(b, &v.Labels); err == nil && v.Labels != nil {
		return nil
	}
	v.Labels = nil
	if err := yaml.Unmarshal(b, &v.Value); err != nil {
		return errors.New("want a label's value, or a map of labels")
	}
	return nil
}

// MarshalYAML prints what was given.
func (v ArmValue) MarshalYAML() (any, error) {
	if v.Labels != nil {
		return v.Labels, nil
	}
	return v.Value, nil
}

// IsZero tells whether nothing was given.
func (v ArmValue) IsZero() bool { return v.Value == "" && len(v.Labels) == 0 }

// JSONSchema describes it.
func (ArmValue) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{
		{Type: "string"}, {Type: "object", AdditionalProperties: &jsonschema.Schema{Type: "string"}},
	}}
}

// ShowAll is how many lines of a level are shown: all of them, or so many a second.
type ShowAll struct {
	All       bool
	PerSecond float64
}

// UnmarshalYAML reads "all", true, or "200/s".
func (s *ShowAll) UnmarshalYAML(b []byte) error {
	w := scalar(b)
	if w == "all" || w == "true" {
		s.All = true
		return nil
	}
	n, ok := strings.CutSuffix(w, "/s")
	v, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
	if !ok || err != nil || v < 0 {
		return fmt.Errorf("show %q: want all, or a rate such as 200/s", w)
	}
	s.PerSecond = v
	return nil
}

// MarshalYAML prints it as it is written.
func (s ShowAll) MarshalYAML() (any, error) {
	if s.All {
		return "all", nil
	}
	return strconv.FormatFloat(s.PerSecond, 'f', -1, 64) + "/s", nil
}

// JSONSchema describes it.
func (ShowAll) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string", Examples: []any{"all", "200/s"}}, {Type: "boolean"}}}
}

func scalar(b []byte) string {
	var s string
	if err := yaml.Unmarshal(b, &s); err != nil {
		return strings.TrimSpace(string(b))
	}
	return s
}

var matcherText = regexp.MustCompile(`^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(,|$)`)

// ParseMatchers reads label matchers as they stand between braces in PromQL: `code=~"5..",route!="/health"`.
func ParseMatchers(s string) ([]sources.Matcher, error) {
	var out []sources.Matcher
	for rest := strings.Trim(strings.TrimSpace(s), "{}"); strings.TrimSpace(rest) != ""; {
		m := matcherText.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("matchers %q: want label=~\"value\", separated by commas", s)
		}
		value := m[3]
		if value[0] == '\'' {
			value = `"` + strings.ReplaceAll(value[1:len(value)-1], `"`, `\"`) + `"`
		}
		text, err := strconv.Unquote(value)
		if err != nil {
			return nil, fmt.Errorf("matchers %q: value %s is not a quoted string", s, m[3])
		}
		if strings.Contains(m[2], "~") {
			if _, err := regexp.Compile(text); err != nil {
				return nil, fmt.Errorf("matchers %q: %w", s, err)
			}
		}
		out = append(out, sources.Matcher{Label: m[1], Op: m[2], Value: text})
		rest = rest[len(m[0]):]
	}
	return out, nil
}
