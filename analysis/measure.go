package analysis

import "fmt"

// Kind is what a measure counts.
type Kind uint8

// The kinds of measures.
const (
	KindUnknown   Kind = iota
	Errors             // bad requests out of all
	Latency            // requests in the cells of a histogram
	Share              // requests above one edge of a histogram
	Distribution       // one histogram compared for drift
	Distributions      // many of them, named by a pattern
	Gauges             // current values of gauges
	Threshold          // a free expression; never evidence
	RouterErrors       // errors by the router's own counters
	Labels             // quality by labels that come later
	Sensitive          // log lines that hold sensitive text, out of all requests
)

var kindWords = [...]string{"unknown", "errors", "latency", "share", "distribution", "distributions", "gauges", "threshold", "router_errors", "labels", "sensitive"}

// String returns the kind's word.
func (k Kind) String() string {
	if int(k) < len(kindWords) {
		return kindWords[k]
	}
	return kindWords[0]
}

// MarshalText writes the kind's word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Judge says what a measure may do: only report, warn, or make a call.
type Judge uint8

// What a measure may do. A guard on a measure makes it guard.
const (
	Report Judge = iota + 1
	Warn
	GuardIt
)

var judgeWords = [...]string{"", "report", "warn", "guard"}

// String returns the word as it stands in the config.
func (j Judge) String() string {
	if int(j) < len(judgeWords) {
		return judgeWords[j]
	}
	return ""
}

// MarshalText writes the word.
func (j Judge) MarshalText() ([]byte, error) { return []byte(j.String()), nil }

// UnmarshalText reads the word.
func (j *Judge) UnmarshalText(b []byte) error {
	for i, w := range judgeWords {
		if i > 0 && w == string(b) {
			*j = Judge(i)
			return nil
		}
	}
	return fmt.Errorf("judge %q: want report, warn or guard", b)
}

// Measure is what is compared between the arms, as named in the config.
type Measure struct {
	Name  string
	Kind  Kind
	Judge Judge
	Edge  float64 // for Share: the edge, in seconds
}

// Said is what the measure is called in a table and in a sentence. The share of slow requests is called what it counts; a
// name that is not the presets' own, slow, stands in front of that.
func (m Measure) Said() string {
	switch {
	case m.Kind == RouterErrors:
		return "errors, router"
	case m.Kind != Share || m.Edge <= 0:
		return m.Name
	}
	over := fmt.Sprintf("over %.6g s", m.Edge)
	if m.Edge < 1 {
		over = fmt.Sprintf("over %.6g ms", m.Edge*1000)
	}
	if m.Name == "slow" {
		return over
	}
	return m.Name + " " + over
}
