package config

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"rampart/analysis"
	"rampart/analysis/pair"
	"rampart/analysis/quality"
	"rampart/cmd/internal/engine/predictions"
)

// Predictions says which fields of log lines tell predictions and labels, and what they must keep to.
type Predictions struct {
	ID           string            `yaml:"id,omitempty" jsonschema_description:"The field by which labels name a prediction; the id of fields by default."`
	Where        map[string]string `yaml:"where,omitempty" jsonschema_description:"Values that a line has when it is a prediction; by default it is one when it has a prediction or a score."`
	Prediction   string            `yaml:"prediction,omitempty" jsonschema_description:"The field of the predicted class."`
	Score        string            `yaml:"score,omitempty" jsonschema_description:"The field of the predicted number; of a binary task, the chance of yes."`
	Latency      string            `yaml:"latency,omitempty" jsonschema_description:"The field of the latency, for pairs."`
	LatencyScale float64           `yaml:"latency_scale,omitempty" jsonschema_description:"Factor to seconds; 1e-9 for event.duration, which ECS has in nanoseconds, 1 for others."`
	Fields       []string          `yaml:"fields,omitempty" jsonschema_description:"More numeric fields whose distributions are compared."`
	Names        []string          `yaml:"names,omitempty" jsonschema_description:"More fields of names whose distributions are compared."`
	Label        string            `yaml:"label,omitempty" jsonschema_description:"The field of what turned out to be true, on the same line or on one that comes later with the same id."`
	LabelDelay   Duration          `yaml:"label_delay,omitempty" jsonschema_description:"After which labels are expected."`
	Task         string            `yaml:"task,omitempty" jsonschema:"enum=binary,enum=class,enum=number" jsonschema_description:"What is predicted; binary by default."`
	Positive     string            `yaml:"positive,omitempty" jsonschema_description:"The label that is a yes; 1 and true by default."`
	Threshold    float64           `yaml:"threshold,omitempty" jsonschema_description:"The score from which on it is a yes; 0.5 by default."`
	Checks       []FieldCheck      `yaml:"checks,omitempty" jsonschema_description:"What fields must keep to."`
}

// FieldCheck is a rule over one field of predictions.
type FieldCheck struct {
	Field    string               `yaml:"field"`
	Type     string               `yaml:"type,omitempty" jsonschema:"enum=any,enum=number,enum=integer,enum=boolean,enum=string"`
	Values   []string             `yaml:"values,omitempty" jsonschema_description:"Allowed values."`
	AtLeast  *float64             `yaml:"at_least,omitempty"`
	AtMost   *float64             `yaml:"at_most,omitempty"`
	Required bool                 `yaml:"required,omitempty" jsonschema_description:"A missing value is a violation, not only counted."`
	Unique   bool                 `yaml:"unique,omitempty" jsonschema_description:"No value twice in an arm, among its newest 65536."`
	Max      *Amount              `yaml:"max,omitempty" jsonschema_description:"The share of violations that the candidate may have: 1%."`
	MaxRatio float64              `yaml:"max_ratio,omitempty" jsonschema_description:"The rate of violations over legacy's; judged by evidence."`
	OnWorse  analysis.Consequence `yaml:"on_worse,omitempty" jsonschema:"enum=rollback,enum=hold,enum=ask,enum=warn"`
}

// Pairs joins both arms' answers to the same request: shadow mode.
type Pairs struct {
	ID        string   `yaml:"id,omitempty" jsonschema_description:"The field that both answers name the request by; that of predictions by default."`
	Window    Duration `yaml:"window,omitempty" jsonschema_description:"Between both answers at most; 30s by default."`
	Fields    []string `yaml:"fields,omitempty" jsonschema_description:"Fields that must be the same for the answers to agree; without any the scores must be."`
	Tolerance float64  `yaml:"tolerance,omitempty" jsonschema_description:"Within which numbers are the same."`
	Memory    int      `yaml:"memory_mib,omitempty" jsonschema_description:"For answers that wait for their partner, in MiB; 8 by default."`
}

// Interleaving counts clicks on lists that show both arms' results.
type Interleaving struct {
	Query      string   `yaml:"query" jsonschema_description:"The field of the query or session."`
	Team       string   `yaml:"team" jsonschema_description:"The field that names whose result it was."`
	Event      string   `yaml:"event,omitempty" jsonschema_description:"The field that tells impressions and clicks; event.action by default."`
	Impression string   `yaml:"impression,omitempty" jsonschema_description:"Its value for an impression; impression by default."`
	Click      string   `yaml:"click,omitempty" jsonschema_description:"Its value for a click; click by default."`
	Legacy     string   `yaml:"legacy,omitempty" jsonschema_description:"Legacy's name in team; legacy by default."`
	Candidate  string   `yaml:"candidate,omitempty" jsonschema_description:"The candidate's name in team; candidate by default."`
	Window     Duration `yaml:"window,omitempty" jsonschema_description:"For clicks after a query's first line; 30m by default."`
}

// Reads is what is asked of predictions in the log; nil when nothing is. The error names what cannot be.
func (l *Logs) Reads() (*predictions.Config, error) {
	if l == nil || l.Predictions == nil && l.Pairs == nil && l.Interleaving == nil {
		return nil, nil
	}
	out := predictions.Config{ID: cmp.Or(l.Fields["id"], l.Fields["trace"], "trace.id")}
	if l.Predictions != nil {
		if err := l.Predictions.into(&out); err != nil {
			return nil, err
		}
	}
	if p := l.Pairs; p != nil {
		out.ID = cmp.Or(p.ID, out.ID)
		out.Pairs = &predictions.Pairs{Config: pair.Config{Window: time.Duration(p.Window), Bytes: p.Memory << 20, Tolerance: p.Tolerance}, Fields: p.Fields}
	}
	if i := l.Interleaving; i != nil {
		out.Teams = i.teams()
	}
	if _, err := predictions.New(out); err != nil {
		return nil, err
	}
	return &out, nil
}

func (p *Predictions) into(out *predictions.Config) error {
	out.ID = cmp.Or(p.ID, out.ID)
	out.Where, out.Name, out.Score, out.Took, out.Label = p.Where, p.Prediction, p.Score, p.Latency, p.Label
	out.Second = p.LatencyScale
	if out.Second == 0 && p.Latency == "event.duration" {
		out.Second = 1e-9
	}
	task, err := quality.TaskOf(p.Task)
	if err != nil {
		return err
	}
	out.Labels = quality.LabelsConfig{Task: task, Positive: p.Positive, Threshold: p.Threshold, Delay: time.Duration(p.LabelDelay)}
	for _, f := range named(p.Score, p.Fields) {
		out.Inputs = append(out.Inputs, quality.Input{Field: f})
	}
	for _, f := range named(p.Prediction, p.Names) {
		out.Inputs = append(out.Inputs, quality.Input{Field: f, Categorical: true})
	}
	for _, c := range p.Checks {
		rule, err := c.rule()
		if err != nil {
			return err
		}
		out.Checks = append(out.Checks, rule)
	}
	return nil
}

// named puts a field before others, unless there is none.
func named(first string, others []string) []string {
	if first == "" {
		return others
	}
	return append([]string{first}, others...)
}

func (c FieldCheck) rule() (predictions.Rule, error) {
	out := predictions.Rule{OnWorse: c.OnWorse, Check: quality.Check{
		Field: c.Field, Values: c.Values, Min: math.NaN(), Max: math.NaN(), Required: c.Required, Unique: c.Unique, MaxShare: float64(orZero(c.Max)), MaxRatio: c.MaxRatio,
	}}
	if c.AtLeast != nil {
		out.Min = *c.AtLeast
	}
	if c.AtMost != nil {
		out.Max = *c.AtMost
	}
	var err error
	if out.Type, err = quality.TypeOf(c.Type); err != nil {
		return out, fmt.Errorf("check %s: %w", c.Field, err)
	}
	return out, out.Validate()
}

func (i Interleaving) teams() *predictions.Teams {
	return &predictions.Teams{
		Query: i.Query, Team: i.Team, Event: cmp.Or(i.Event, "event.action"), Impression: cmp.Or(i.Impression, "impression"), Click: cmp.Or(i.Click, "click"),
		Legacy: cmp.Or(i.Legacy, "legacy"), Candidate: cmp.Or(i.Candidate, "candidate"), Window: i.Window.Or(30 * time.Minute),
	}
}

// reads checks the sections that read predictions, each mistake at its place.
func (k *checker) reads(at string, l Logs) {
	before := len(k.list)
	if p := l.Predictions; p != nil {
		if p.Prediction == "" && p.Score == "" && len(p.Where) == 0 {
			k.say(at+".predictions", "no field tells a prediction", "name score: or prediction:, or the lines by where:")
		}
		for i, c := range p.Checks {
			if _, err := c.rule(); err != nil {
				k.say(fmt.Sprintf("%s.predictions.checks[%d]", at, i), err.Error(), "such as {field: prediction.score, type: number, at_least: 0, at_most: 1, max: 1%}")
			}
			if c.Max != nil && c.MaxRatio != 0 {
				k.say(fmt.Sprintf("%s.predictions.checks[%d]", at, i), "want one of max and max_ratio", "")
			}
		}
	}
	if i := l.Interleaving; i != nil && (i.Query == "" || i.Team == "") {
		k.say(at+".interleaving", "query and team are needed", "such as {query: query.id, team: labels.team}")
	}
	if p := l.Pairs; p != nil && len(p.Fields) == 0 && (l.Predictions == nil || l.Predictions.Score == "" && l.Predictions.Latency == "") {
		k.say(at+".pairs", "nothing is compared", "name fields:, or score: or latency: under predictions:")
	}
	if len(k.list) > before {
		return
	}
	if _, err := l.Reads(); err != nil {
		place := at + ".predictions"
		if l.Predictions == nil {
			place = at
		}
		k.say(place, err.Error(), "")
	}
}
