package predictions

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/pair"
	"rampart/analysis/quality"
	"rampart/analysis/redact"
)

// Config says which fields hold what. Parts that are nil or empty are not read.
type Config struct {
	Step   time.Duration // of the blocks in which checks are judged; 15 s when 0
	Alpha  float64       // how often a healthy candidate may be said to break a check more often; .05 when 0
	ID     string        // the field that both arms, and labels, name a request by
	Where  map[string]string
	Name   string  // the predicted class
	Score  string  // the numeric prediction
	Took   string  // the latency
	Second float64 // what the latency is multiplied by to be in seconds; 1 when 0
	Label  string  // what turned out to be true
	Inputs []quality.Input
	Checks []Rule
	Labels quality.LabelsConfig
	Pairs  *Pairs
	Teams  *Teams
}

// Rule is a check with what follows when it is breached.
type Rule struct {
	quality.Check
	OnWorse analysis.Consequence
}

// Pairs asks for both arms' answers to be joined.
type Pairs struct {
	pair.Config
	Fields []string // that are compared
}

// Teams asks for interleaved lists to be counted.
type Teams struct {
	Query, Team, Event string // fields
	Impression, Click  string // values of Event
	Legacy, Candidate  string // values of Team
	Window             time.Duration
}

// New makes a book that has read nothing. The error says what of the config cannot be.
func New(c Config) (*Book, error) {
	if c.Step == 0 {
		c.Step = 15 * time.Second
	}
	if c.Alpha == 0 {
		c.Alpha = .05
	}
	if c.Second == 0 {
		c.Second = 1
	}
	b := &Book{cfg: c, doc: newDocument(c)}
	var err error
	if b.redact, err = redact.New(redact.Config{}); err != nil {
		return nil, err
	}
	b.parts, err = c.fresh()
	return b, err
}

// past is the span over which distributions are compared.
const past = 30 * time.Minute

// fresh are parts that know nothing.
func (c Config) fresh() (p parts, err error) {
	var checks []quality.Check
	for _, r := range c.Checks {
		checks = append(checks, r.Check)
	}
	if p.checks, err = quality.NewChecks(c.Step, checks); err != nil {
		return p, err
	}
	if p.inputs, err = quality.NewInputs(c.Inputs, past); err != nil {
		return p, err
	}
	if c.Label != "" {
		if p.labels, err = quality.NewLabels(c.Labels); err != nil {
			return p, err
		}
	}
	if c.Pairs != nil {
		if p.join, err = pair.New(c.Pairs.Config); err != nil {
			return p, err
		}
	}
	if c.Teams != nil {
		p.teams, err = pair.NewInterleaving(c.Teams.Window)
	}
	return p, err
}
