package quality

import (
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"time"

	"rampart/sources"
)

// Task is what a model predicts. The zero value is Binary.
type Task uint8

// The tasks.
const (
	Binary  Task = iota // yes or no, with the chance of yes as its score
	Classes             // one of several names
	Numeric             // a number
)

var taskWords = [...]string{"binary", "class", "number"}

// String is the task's word.
func (t Task) String() string {
	if int(t) < len(taskWords) {
		return taskWords[t]
	}
	return taskWords[0]
}

// TaskOf reads the task's word; an empty one is binary.
func TaskOf(word string) (Task, error) {
	for i, w := range taskWords {
		if word == w || word == "" {
			return Task(i), nil
		}
	}
	return 0, fmt.Errorf("task %q: want binary, class or number", word)
}

// LabelsConfig says how predictions and labels are joined. The zero value means the defaults.
type LabelsConfig struct {
	Task      Task
	Positive  string        // the label that is a yes; "1" and "true" when empty
	Threshold float64       // the score from which on a binary prediction without a name is a yes; .5 when 0
	Delay     time.Duration // after which labels are expected; not known when 0
	Keep      time.Duration // how long a prediction is remembered; four times the delay and at least an hour when 0
	Bytes     int           // for what is remembered; 16 MiB when 0
}

const (
	defaultLabelBytes = 16 << 20
	leastLabelBytes   = 64 << 10
	entryBytes        = 160 // of a remembered id, beside its name
)

func (c LabelsConfig) checked() (LabelsConfig, error) {
	if c.Bytes == 0 {
		c.Bytes = defaultLabelBytes
	}
	if c.Threshold == 0 {
		c.Threshold = .5
	}
	if c.Keep == 0 {
		c.Keep = max(4*c.Delay, time.Hour)
	}
	switch {
	case c.Bytes < leastLabelBytes || c.Bytes > 1<<30:
		return c, fmt.Errorf("labels bytes %d: want 64 KiB to 1 GiB", c.Bytes)
	case c.Delay < 0 || c.Keep < c.Delay:
		return c, fmt.Errorf("labels delay %v: want 0 or more, and at most what is kept (%v)", c.Delay, c.Keep)
	case math.IsNaN(c.Threshold) || math.IsInf(c.Threshold, 0):
		return c, fmt.Errorf("labels threshold %v: want a number", c.Threshold)
	}
	return c, nil
}

// Prediction is what an arm said.
type Prediction struct {
	ID    string
	Arm   sources.Arm
	At    time.Time
	Score float64      // the chance of yes, or the number; NaN when there is none
	Name  sources.Text // the predicted name; empty when there is none
}

// Label is what turned out to be true.
type Label struct {
	ID    string
	At    time.Time // when it was written
	Value sources.Text
}

// Labels joins predictions with labels that come later, or before. Make it with NewLabels.
type Labels struct {
	cfg       LabelsConfig
	byID      map[string]*entry
	order     []*entry // by arrival
	bytes     int
	halvings  int // every 2^n-th id is followed
	watermark time.Time
	first     time.Time // the earliest prediction
	arms      sources.ByArm[quality]
	strays    Strays
}

// entry is what is known of an id.
type entry struct {
	prediction   Prediction
	label        Label
	said, learnt bool
	at           time.Time // of what came first
}

// Strays counts what could not be joined.
type Strays struct {
	NoID       int64 // lines without an id or a time
	Repeated   int64 // predictions or labels of an id that had one
	Orphans    int64 // labels whose prediction never came
	Unreadable int64 // labels or predictions that the task cannot compare
	Early      int64 // labels that are older than their prediction; they count, their delay does not
}

// NewLabels starts with nothing remembered.
func NewLabels(c LabelsConfig) (*Labels, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	return &Labels{cfg: c, byID: map[string]*entry{}}, nil
}

// Predict takes a prediction.
func (l *Labels) Predict(p Prediction) {
	if p.ID == "" || p.At.IsZero() || p.Arm != sources.Legacy && p.Arm != sources.Candidate {
		l.strays.NoID++
		return
	}
	if l.first.IsZero() || p.At.Before(l.first) {
		l.first = p.At
	}
	e := l.entry(p.ID, p.At)
	switch {
	case e == nil:
		return
	case e.said:
		l.strays.Repeated++
		return
	}
	e.prediction, e.said = p, true
	l.arms.Ptr(p.Arm).followed++
	l.join(e)
}

// Learn takes a label.
func (l *Labels) Learn(b Label) {
	if b.ID == "" || b.At.IsZero() {
		l.strays.NoID++
		return
	}
	e := l.entry(b.ID, b.At)
	switch {
	case e == nil:
		return
	case e.learnt:
		l.strays.Repeated++
		return
	}
	e.label, e.learnt = b, true
	l.join(e)
}

// entry is an id's, made when it is new; nil when the id is not followed.
func (l *Labels) entry(id string, at time.Time) *entry {
	if e := l.byID[id]; e != nil {
		return e
	}
	if !l.follows(id) {
		return nil
	}
	for l.bytes+entryBytes+len(id) > l.cfg.Bytes && l.halvings < 32 {
		l.halve()
	}
	if !l.follows(id) {
		return nil
	}
	e := &entry{at: at}
	e.prediction.ID = id
	l.byID[id] = e
	l.order = append(l.order, e)
	l.bytes += entryBytes + len(id)
	return e
}

// follows tells whether an id is among those that are followed.
func (l *Labels) follows(id string) bool {
	if l.halvings == 0 {
		return true
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, id)
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd // FNV's low bits alone are too regular
	x ^= x >> 33
	return x>>(64-l.halvings) == 0
}

// halve lets every second id go.
func (l *Labels) halve() {
	l.halvings++
	l.forget(func(e *entry) bool { return !l.follows(e.id()) }, true)
}

func (e *entry) id() string { return e.prediction.ID }

// forget drops entries. With uncount they were never followed, else they stay counted as never labelled.
func (l *Labels) forget(drop func(*entry) bool, uncount bool) {
	kept := l.order[:0]
	for _, e := range l.order {
		if !drop(e) {
			kept = append(kept, e)
			continue
		}
		delete(l.byID, e.id())
		l.bytes -= entryBytes + len(e.id())
		switch {
		case e.said && uncount:
			q := l.arms.Ptr(e.prediction.Arm)
			q.followed--
			if e.learnt {
				q.labelled--
			}
		case !e.said && !uncount:
			l.strays.Orphans++
		}
	}
	clear(l.order[len(kept):])
	l.order = kept
}

// Advance forgets what is older than is kept: predictions whose label never came, and joined ones.
func (l *Labels) Advance(watermark time.Time) {
	if !watermark.After(l.watermark) {
		return
	}
	l.watermark = watermark
	oldest := watermark.Add(-l.cfg.Keep)
	if len(l.order) > 0 && l.order[0].at.Before(oldest) {
		l.forget(func(e *entry) bool { return e.at.Before(oldest) }, false)
	}
}

// join scores a prediction that has its label.
func (l *Labels) join(e *entry) {
	if !e.said || !e.learnt {
		return
	}
	q := l.arms.Ptr(e.prediction.Arm)
	q.labelled++
	if d := e.label.At.Sub(e.prediction.At); d < 0 {
		l.strays.Early++
	} else {
		q.delay.Add(d.Seconds())
	}
	if !q.score(l.cfg, e.prediction, e.label.Value) {
		l.strays.Unreadable++
	}
}
