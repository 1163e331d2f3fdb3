package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"rampart/ui/nearest"
)

// checker collects mistakes with their places.
type checker struct {
	c    *Config
	list []Mistake
}

func (k *checker) say(path, text, fix string) {
	k.list = append(k.list, Mistake{Line: k.c.line(path), Path: path, Text: text, Fix: fix})
}

// check finds what the types cannot: names that lead nowhere, limits without meaning, ways that exclude each other.
func (c *Config) check() []Mistake {
	k := &checker{c: c}
	if c.File.Version != 1 {
		k.say("version", "want 1", "this rampart reads version 1")
	}
	if len(c.File.Services) == 0 {
		k.say("services", "no service", "name at least one under services:")
	}
	for _, name := range sortedKeys(c.File.Contexts) {
		k.context("contexts."+name, c.File.Contexts[name])
	}
	for _, name := range sortedKeys(c.File.Services) {
		k.service("services."+name, c.File.Services[name])
	}
	k.audit(c.File.Audit)
	return k.list
}

func (k *checker) context(at string, x Context) {
	if strings.ContainsAny(x.Env, "\n\r\t") {
		k.say(at+".env", "more than one line", "one word, such as prod")
	}
	if x.Prometheus != nil {
		k.http(at+".prometheus", x.Prometheus.HTTP, false)
		if x.Prometheus.Step.Or(1) < 1 || (x.Prometheus.Step != 0 && x.Prometheus.Step.Or(0).Seconds() < 1) {
			k.say(at+".prometheus.step", "a block is at least 1s", "use the scrape interval")
		}
		if x.Prometheus.Settle.Or(0) > mostSettle {
			k.say(at+".prometheus.settle", "a block is left alone for 5m at most", "use what a sample takes to arrive, such as 1s")
		}
	}
	if x.Elasticsearch != nil {
		several := len(x.Elasticsearch.URLs) > 0 || !x.Elasticsearch.CloudID.IsZero()
		k.http(at+".elasticsearch", x.Elasticsearch.HTTP, several)
	}
}

func (k *checker) http(at string, h HTTP, optional bool) {
	if h.URL.IsZero() {
		if !optional {
			k.say(at+".url", "missing", "such as https://host:9090")
		}
		return
	}
	u, err := url.Parse(h.URL.Value)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		k.say(at+".url", "not an http or https URL", "such as https://host:9090")
		return
	}
	if u.User != nil {
		k.say(at+".url", "credentials in a URL end up in logs", "use basic: or bearer:")
	}
	if h.Basic != nil && h.Bearer != nil {
		k.say(at, "both basic and bearer", "keep one")
	}
}

func (k *checker) service(at string, s Service) {
	if s.Context != "" {
		if _, ok := k.c.File.Contexts[s.Context]; !ok {
			k.say(at+".context", fmt.Sprintf("no context %q", s.Context), didYouMean(s.Context, k.c.File.Contexts))
		}
	}
	k.arms(at+".arms", s.Arms)
	k.measures(at+".measures", s)
	for i := range s.Guards {
		k.guard(fmt.Sprintf("%s.guards[%d]", at, i), s, i)
	}
	if _, written := k.c.lines[at+".alpha"]; (written || s.Alpha != 0) && !(s.Alpha > 0 && s.Alpha <= 0.5) { // not a number either
		k.say(at+".alpha", "want a chance above 0 and at most 0.5", "0.05 is the default")
	}
	if s.Check != nil {
		k.oneOf(at+".check.accept", s.Check.Accept, "safe", "undecided")
	}
	k.preset(at, s)
	k.named(at+".strata", s.Strata)
	if s.Arms.Join != nil {
		k.named(at+".arms.join.on", s.Arms.Join.On)
	}
	if s.Logs != nil {
		k.logs(at+".logs", *s.Logs)
	}
	if s.Traffic != nil {
		k.traffic(at+".traffic", *s.Traffic)
	}
	if s.Plan != nil {
		k.plan(at+".plan", s)
	}
	for i := range s.Notify {
		k.notify(fmt.Sprintf("%s.notify[%d]", at, i), s.Notify[i])
	}
}

// measures checks each by itself, and that the service has what it is read from.
func (k *checker) measures(at string, s Service) {
	for _, name := range sortedKeys(s.Measures) {
		m, here := s.Measures[name], at+"."+name
		k.measure(here, m)
		if m.From == "logs" && s.Logs == nil {
			k.say(here+".from", "this service has no logs", "add logs: with its index and arm")
		}
		if m.From == "traffic" && s.Traffic == nil {
			k.say(here+".from", "this service has no traffic", "add traffic: with its plane")
		}
	}
}

// preset refuses one that there is not, and a service that has neither one nor measures of its own.
func (k *checker) preset(at string, s Service) {
	if known := presets(); s.Preset != "" && !known[s.Preset] {
		k.say(at+".preset", fmt.Sprintf("no preset %q", s.Preset), didYouMean(s.Preset, known))
	}
	if s.Preset == "" && len(s.Measures) == 0 {
		k.say(at+".measures", "nothing is measured", "name measures, or a preset such as http")
	}
}

// named refuses a label without a name.
func (k *checker) named(at string, labels []string) {
	for i, name := range labels {
		if strings.TrimSpace(name) == "" {
			k.say(fmt.Sprintf("%s[%d]", at, i), "a label without a name", "name it, or leave it out")
		}
	}
}

func (k *checker) arms(at string, a Arms) {
	switch {
	case a.Legacy.IsZero() || a.Candidate.IsZero():
		k.say(at, "both legacy and candidate are needed", "such as {label: track, legacy: stable, candidate: canary}")
		return
	case a.Legacy.Labels != nil || a.Candidate.Labels != nil:
		if a.Legacy.Labels == nil || a.Candidate.Labels == nil || a.Label != "" {
			k.say(at, "either a label with two values, or two maps of labels", "such as {legacy: {job: a}, candidate: {job: b}}")
		} else if fmt.Sprint(a.Legacy.Labels) == fmt.Sprint(a.Candidate.Labels) {
			k.say(at, "the same arm twice", "legacy and candidate must differ")
		}
		return
	case a.Label == "":
		k.say(at+".label", "missing", "the label whose value names the arm")
	case a.Legacy.Value == a.Candidate.Value:
		k.say(at, "the same arm twice", "legacy and candidate must differ")
	}
	if a.Regexp {
		for _, v := range []string{a.Legacy.Value, a.Candidate.Value} {
			if _, err := regexp.Compile(v); err != nil {
				k.say(at, err.Error(), "mend the regular expression")
			}
		}
	}
}

func didYouMean[T any](name string, known map[string]T) string {
	if n := nearest.Word(name, sortedKeys(known)); n != "" {
		return "did you mean " + n + "?"
	}
	return "known: " + strings.Join(sortedKeys(known), ", ")
}

// mostSettle is how long a block may be left alone: whatever is decided is decided that much later.
const mostSettle = 5 * time.Minute
