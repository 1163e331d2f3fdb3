package config

import (
	"errors"
	"fmt"
	"time"

	"rampart/analysis/ramp"
	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/prom"
)

// Answered are the mistakes in one measure that only its server can tell: a query that it refuses, a name or a label
// that nothing has, a limit that lies between two buckets. A server that does not answer has told no mistake.
func (c *Config) Answered(service string, found prom.Checked) []Mistake {
	at := "services." + service + ".measures." + found.Measure
	m := c.File.Services[service].allMeasures()[found.Measure]
	if errors.Is(found.Err, sources.ErrNoData) {
		return []Mistake{c.mistake(at, "no series of either arm", "see its name, select and arms")}
	}
	if found.Err != nil {
		return c.Refused(service, found.Measure, found.Err)
	}
	var out []Mistake
	for _, l := range found.Limits {
		if !l.Found {
			out = append(out, c.mistake(at+".above", l.In(m.inTime), "judge one of them"))
		}
	}
	return out
}

// Refused is the mistake behind a measure's error; none when the server never judged the query.
func (c *Config) Refused(service, measure string, err error) []Mistake {
	if !errors.Is(err, sources.ErrInvalid) {
		return nil
	}
	at := "services." + service + ".measures." + measure
	text, fix := err.Error(), ""
	if e, ok := errors.AsType[*sources.Error](err); ok && e.Cause != nil {
		text, fix = e.Cause.Error(), e.Fix
	}
	if prom.Refused(err) { // else it is we who cannot use what came
		text = "the server refuses it: " + text
	}
	return []Mistake{c.mistake(at, sources.Visible(text), fix)}
}

// Unlogged are the mistakes in a service's logs that only their cluster can tell: a pattern that no index has, an arm's
// field that no index knows. A cluster that does not answer has told no mistake.
func (c *Config) Unlogged(service string, found elastic.Report, err error) []Mistake {
	at := "services." + service + ".logs"
	if errors.Is(err, sources.ErrNoData) {
		text, fix := err.Error(), ""
		if e, ok := errors.AsType[*sources.Error](err); ok && e.Cause != nil {
			text, fix = e.Cause.Error(), e.Fix
		}
		return []Mistake{c.mistake(at+".index", sources.Visible(text), fix)}
	}
	var out []Mistake
	for _, f := range found.Fields {
		if f.Use == "arm" && len(f.Types) == 0 {
			out = append(out, c.mistake(at+".arm.field", "no index has the field "+sources.Visible(f.Name), "name what tells the arms apart in each document"))
		}
	}
	return out
}

// Unfit are the mistakes in a service's plan that only its plane can tell: steps that it cannot be set to.
func (c *Config) Unfit(service string, wrong []ramp.Mistake) []Mistake {
	at := "services." + service + ".plan"
	var out []Mistake
	for _, m := range wrong {
		if m.Step == 0 {
			out = append(out, c.mistake(at+"."+m.Key, m.Text, m.Fix))
			continue
		}
		out = append(out, c.mistake(fmt.Sprintf("%s.steps[%d]", at, m.Step-1), fmt.Sprintf("step %q: %s", m.Said, m.Text), m.Fix))
	}
	return out
}

func (c *Config) mistake(path, text, fix string) Mistake {
	return Mistake{Line: c.line(path), Path: path, Text: text, Fix: fix}
}

// inTime writes an edge of the measure's histogram as above is written.
func (m Measure) inTime(edge float64) string {
	if m.Scale > 0 {
		edge *= m.Scale
	}
	return fmt.Sprint(time.Duration(edge * float64(time.Second)).Round(time.Microsecond))
}
