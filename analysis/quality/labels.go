package quality

import (
	"fmt"
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
	Bytes     int           // for what is remembered; 4 MiB when 0, 43 000 ids
}

const (
	defaultLabelBytes = 4 << 20
	leastLabelBytes   = 64 << 10
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
	byID      map[uint64]entry // by the id's hash
	oldest    int64            // no entry came before
	halvings  int              // every 2^n-th id is followed
	watermark time.Time
	first     time.Time // the earliest prediction
	arms      sources.ByArm[quality]
	strays    Strays
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
	return &Labels{cfg: c, byID: map[uint64]entry{}, oldest: math.MaxInt64}, nil
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
	key, e, ok := l.entry(p.ID)
	switch {
	case !ok:
		return
	case e.said:
		l.strays.Repeated++
		return
	}
	l.arms.Ptr(p.Arm).followed++
	said := l.cfg.said(p)
	if e.learnt {
		l.join(said, e)
		said.at, said.learnt = e.at, true
	}
	l.remember(key, said)
}

// Learn takes a label.
func (l *Labels) Learn(b Label) {
	if b.ID == "" || b.At.IsZero() {
		l.strays.NoID++
		return
	}
	key, e, ok := l.entry(b.ID)
	switch {
	case !ok:
		return
	case e.learnt:
		l.strays.Repeated++
		return
	}
	learnt := l.cfg.learnt(b)
	if e.said {
		l.join(e, learnt)
		e.learnt = true
		learnt = e
	}
	l.remember(key, learnt)
}

// entry returns what is known of an id; false when the id is not followed. There is room for it then.
func (l *Labels) entry(id string) (key uint64, e entry, followed bool) {
	key = hashed(id)
	if e, known := l.byID[key]; known {
		return key, e, true
	}
	for (len(l.byID)+1)*entryBytes > l.cfg.Bytes && l.follows(key) && l.halvings < 32 {
		l.halve()
	}
	return key, entry{}, l.follows(key)
}

func (l *Labels) remember(key uint64, e entry) {
	l.oldest = min(l.oldest, e.at)
	l.byID[key] = e
}

// follows tells whether an id is among those that are followed.
func (l *Labels) follows(key uint64) bool { return l.halvings == 0 || key>>(64-l.halvings) == 0 }

// halve lets every second id go.
func (l *Labels) halve() {
	l.halvings++
	l.forget(func(key uint64, _ entry) bool { return !l.follows(key) }, true)
}

// forget drops entries. With uncount they were never followed, else they stay counted as never labelled. What stays gets a
// map of its own: one that loses and gains for hours holds half as much again in places that nothing can be written to.
func (l *Labels) forget(drop func(key uint64, e entry) bool, uncount bool) {
	l.oldest = math.MaxInt64
	kept := map[uint64]entry{}
	defer func() { l.byID = kept }()
	for key, e := range l.byID {
		if !drop(key, e) {
			l.oldest = min(l.oldest, e.at)
			kept[key] = e
			continue
		}
		switch {
		case e.said && uncount:
			q := l.arms.Ptr(e.arm)
			q.followed--
			if e.learnt {
				q.labelled--
			}
		case !e.said && !uncount:
			l.strays.Orphans++
		}
	}
}

// Advance forgets what is older than is kept: predictions whose label never came, and joined ones. It looks through all of
// them, so it waits until some are older by a little more.
func (l *Labels) Advance(watermark time.Time) {
	if !watermark.After(l.watermark) {
		return
	}
	l.watermark = watermark
	oldest := watermark.Add(-l.cfg.Keep).UnixNano()
	if l.oldest < oldest-int64(l.cfg.Keep/64) {
		l.forget(func(_ uint64, e entry) bool { return e.at < oldest }, false)
	}
}

// join scores a prediction that has its label.
func (l *Labels) join(said, learnt entry) {
	q := l.arms.Ptr(said.arm)
	q.labelled++
	if d := learnt.at - said.at; d < 0 {
		l.strays.Early++
	} else {
		q.delay.Add(time.Duration(d).Seconds())
	}
	if !q.score(l.cfg, said, learnt) {
		l.strays.Unreadable++
	}
}
