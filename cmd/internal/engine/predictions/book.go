package predictions

import (
	"sync"
	"time"

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
	doc     document // scratch, of one line
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
	b.doc.open(l.Source)
	id := b.doc.value(b.cfg.ID)
	if b.labels != nil {
		if v := b.doc.value(b.cfg.Label); v.Known {
			b.labels.Learn(quality.Label{ID: id.Text.String(), At: l.At, Value: v.Text})
		}
	}
	if b.teams != nil {
		b.team(l)
	}
	name, score := b.doc.value(b.cfg.Name), b.doc.value(b.cfg.Score)
	has := name.Known || score.Known || id.Known && b.cfg.Name == "" && b.cfg.Score == ""
	if !b.predicts(has) || l.Arm != sources.Legacy && l.Arm != sources.Candidate {
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
	b.checks.Add(l.Arm, l.At, b.checked())
	b.inputs.Add(l.Arm, l.At, b.compared())
	if b.labels != nil {
		b.labels.Predict(quality.Prediction{ID: id.Text.String(), Arm: l.Arm, At: l.At, Score: number(score), Name: name.Text})
	}
}

// predicts tells whether a line is a prediction.
func (b *Book) predicts(has bool) bool {
	if len(b.cfg.Where) == 0 {
		return has
	}
	for field, want := range b.cfg.Where {
		if v := b.doc.value(field); !v.Known || v.Text.String() != want {
			return false
		}
	}
	return true
}

func (b *Book) checked() []quality.Value {
	out := make([]quality.Value, len(b.cfg.Checks))
	for i, c := range b.cfg.Checks {
		out[i] = b.doc.value(c.Field)
	}
	return out
}

func (b *Book) compared() []quality.Value {
	out := make([]quality.Value, len(b.cfg.Inputs))
	for i, in := range b.cfg.Inputs {
		out[i] = b.doc.value(in.Field)
	}
	return out
}

func (b *Book) response(l *sources.LogLine, id, score quality.Value) pair.Response {
	r := pair.Response{ID: id.Text.String(), Arm: l.Arm, At: l.At, Score: number(score), Latency: b.cfg.Second * number(b.doc.value(b.cfg.Took))}
	for _, name := range b.cfg.Pairs.Fields {
		v := b.doc.value(name)
		r.Fields = append(r.Fields, pair.Field{Name: name, Value: v.Text, Known: v.Known})
	}
	return r
}

// team reads an impression or a click of an interleaved list.
func (b *Book) team(l *sources.LogLine) {
	t := b.cfg.Teams
	event := b.doc.value(t.Event).Text.String()
	if event != t.Impression && event != t.Click {
		return
	}
	e := pair.Event{Query: b.doc.value(t.Query).Text.String(), Click: event == t.Click, At: l.At}
	switch b.doc.value(t.Team).Text.String() {
	case t.Legacy:
		e.Team = sources.Legacy
	case t.Candidate:
		e.Team = sources.Candidate
	}
	b.teams.Add(e)
}
