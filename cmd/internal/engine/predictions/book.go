package predictions

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"rampart/analysis/logring"
	"rampart/analysis/pair"
	"rampart/analysis/quality"
	"rampart/analysis/redact"
	"rampart/sources"
)

// Book is what log lines said of predictions since the rollout began. Make it with New.
type Book struct {
	mu      sync.Mutex
	cfg     Config
	redact  *redact.Redactor
	rollout string
	sample  string
	parts
}

// parts know what was read; a new rollout has fresh ones.
type parts struct {
	checks  *quality.Checks
	inputs  *quality.Inputs
	labels  *quality.Labels    // nil: not asked
	join    *pair.Join         // nil: not asked
	teams   *pair.Interleaving // nil: not asked
	lines   sources.ByArm[int64]
	undated sources.ByArm[int64]
}

// Begin forgets everything when the rollout is another one: its predictions are another model's. The first one takes over
// what was read before it was known; an empty name is not known.
func (b *Book) Begin(rollout string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rollout == rollout || rollout == "" {
		return nil
	}
	if b.rollout == "" {
		b.rollout = rollout
		return nil
	}
	fresh, err := b.cfg.fresh()
	if err == nil {
		b.rollout, b.parts = rollout, fresh
	}
	return err
}

// Take reads a page's lines.
func (b *Book) Take(p sources.Page) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.Sample != "" {
		b.sample = p.Sample
	}
	for i := range p.Lines {
		b.line(&p.Lines[i])
	}
}

// Advance says that no line before the watermark is to be expected any more.
func (b *Book) Advance(watermark time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.checks.Advance(watermark)
	b.inputs.Advance(watermark)
	if b.labels != nil {
		b.labels.Advance(watermark)
	}
	if b.join != nil {
		b.join.Advance(watermark)
	}
	if b.teams != nil {
		b.teams.Advance(watermark)
	}
}

// line reads what one line tells.
func (b *Book) line(l *sources.LogLine) {
	id := value(l.Source, b.cfg.ID)
	if b.labels != nil {
		if v := value(l.Source, b.cfg.Label); v.Known {
			b.labels.Learn(quality.Label{ID: id.Text.String(), At: l.At, Value: v.Text})
		}
	}
	if b.teams != nil {
		b.team(l)
	}
	name, score := value(l.Source, b.cfg.Name), value(l.Source, b.cfg.Score)
	has := name.Known || score.Known || id.Known && b.cfg.Name == "" && b.cfg.Score == ""
	if !b.predicts(l.Source, has) || l.Arm != sources.Legacy && l.Arm != sources.Candidate {
		return
	}
	*b.lines.Ptr(l.Arm)++
	if b.join != nil {
		b.join.Add(b.response(l, id, score))
	}
	if l.At.IsZero() {
		*b.undated.Ptr(l.Arm)++
		return
	}
	b.checks.Add(l.Arm, l.At, b.checked(l.Source))
	b.inputs.Add(l.Arm, l.At, b.compared(l.Source))
	if b.labels != nil {
		b.labels.Predict(quality.Prediction{ID: id.Text.String(), Arm: l.Arm, At: l.At, Score: number(score), Name: name.Text})
	}
}

// predicts tells whether a line is a prediction.
func (b *Book) predicts(doc []byte, has bool) bool {
	if len(b.cfg.Where) == 0 {
		return has
	}
	for field, want := range b.cfg.Where {
		if v := value(doc, field); !v.Known || v.Text.String() != want {
			return false
		}
	}
	return true
}

func (b *Book) checked(doc []byte) []quality.Value {
	out := make([]quality.Value, len(b.cfg.Checks))
	for i, c := range b.cfg.Checks {
		out[i] = value(doc, c.Field)
	}
	return out
}

func (b *Book) compared(doc []byte) []quality.Value {
	out := make([]quality.Value, len(b.cfg.Inputs))
	for i, in := range b.cfg.Inputs {
		out[i] = value(doc, in.Field)
	}
	return out
}

func (b *Book) response(l *sources.LogLine, id, score quality.Value) pair.Response {
	r := pair.Response{ID: id.Text.String(), Arm: l.Arm, At: l.At, Score: number(score), Latency: b.cfg.Second * number(value(l.Source, b.cfg.Took))}
	for _, name := range b.cfg.Pairs.Fields {
		v := value(l.Source, name)
		r.Fields = append(r.Fields, pair.Field{Name: name, Value: v.Text, Known: v.Known})
	}
	return r
}

// team reads an impression or a click of an interleaved list.
func (b *Book) team(l *sources.LogLine) {
	t := b.cfg.Teams
	event := value(l.Source, t.Event).Text.String()
	if event != t.Impression && event != t.Click {
		return
	}
	e := pair.Event{Query: value(l.Source, t.Query).Text.String(), Click: event == t.Click, At: l.At}
	switch value(l.Source, t.Team).Text.String() {
	case t.Legacy:
		e.Team = sources.Legacy
	case t.Candidate:
		e.Team = sources.Candidate
	}
	b.teams.Add(e)
}

// longest bounds a value: what is longer is cut, since no check and no class needs it.
const longest = 1 << 10

// value is a document's field. JSON's null, an empty text and a field that is not there are no value.
func value(doc []byte, field string) quality.Value {
	if field == "" || len(doc) == 0 {
		return quality.Value{}
	}
	s, ok := logring.Field(doc, field)
	if !ok || s == "" || s == "null" {
		return quality.Value{}
	}
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return quality.Value{Text: sources.NewText(strings.Clone(s)), Known: true}
}

// number is a value as a number; NaN when it is none.
func number(v quality.Value) float64 {
	if !v.Known {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(v.Text.String(), 64)
	if err != nil || math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}
