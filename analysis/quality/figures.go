package quality

import (
	"math"
	"time"

	"rampart/analysis/drift"
	"rampart/sources"
)

// Estimate is a figure with its 95 % interval. Its zero value is not known.
type Estimate struct {
	V, Lo, Hi float64
	Interval  bool
	N         int64
	Known     bool
}

// Figures is how good one arm's labelled predictions were. What a task does not have is not known.
type Figures struct {
	Accuracy, Precision, Recall, F1, AUC, LogLoss, MAE, RMSE Estimate
	// Delay from prediction to label, in seconds.
	DelayMedian, DelayP95 drift.Amount
	// Coverage is the labelled part of the followed predictions.
	Coverage Estimate
	Followed int64
	Labelled int64
}

// LabelReport is what labels say.
type LabelReport struct {
	Task    Task
	Arms    sources.ByArm[Figures]
	Strays  Strays
	OneOf   int64     // every so many ids are followed
	Waiting int       // ids that are remembered
	First   time.Time // the earliest prediction; zero: none yet
	Due     time.Time // when the first labels are expected; zero: not known, or some came
}

// Report reads what is known now.
func (l *Labels) Report() LabelReport {
	r := LabelReport{Task: l.cfg.Task, Strays: l.strays, OneOf: 1 << l.halvings, Waiting: len(l.byID), First: l.first}
	for _, a := range sources.Arms() {
		*r.Arms.Ptr(a) = l.arms.Ptr(a).figures()
	}
	if l.cfg.Delay > 0 && !l.first.IsZero() && l.arms.Legacy.labelled+l.arms.Candidate.labelled == 0 {
		r.Due = l.first.Add(l.cfg.Delay)
	}
	return r
}

func (q *quality) figures() Figures {
	t := q.table
	return Figures{
		Accuracy: proportion(q.right, q.judged), Precision: proportion(t.hit, t.hit+t.falseAlarm), Recall: proportion(t.hit, t.hit+t.missed),
		F1: f1(t), AUC: auc(q.scored), LogLoss: q.loss.estimate(), MAE: q.off.estimate(), RMSE: rmse(q.square),
		DelayMedian: q.delay.Quantile(.5), DelayP95: q.delay.Quantile(.95),
		Coverage: proportion(q.labelled, q.followed), Followed: q.followed, Labelled: q.labelled,
	}
}

func proportion(hits, n int64) Estimate {
	s := shareOf(hits, n)
	if s.N == 0 {
		return Estimate{}
	}
	return Estimate{V: s.V, Lo: s.Lo, Hi: s.Hi, Interval: true, N: n, Known: true}
}

// f1 is the harmonic mean of precision and recall, 2F/(1+F) of the share F of hits among all that was said or true (Hand,
// Christen and Kirielle 2021); the interval is F's, bent the same way.
func f1(t table) Estimate {
	e := proportion(t.hit, t.hit+t.falseAlarm+t.missed)
	bend := func(f float64) float64 { return 2 * f / (1 + f) }
	e.V, e.Lo, e.Hi = bend(e.V), bend(e.Lo), bend(e.Hi)
	return e
}

func rmse(square moments) Estimate {
	e := square.estimate()
	e.V, e.Lo, e.Hi = math.Sqrt(e.V), math.Sqrt(max(0, e.Lo)), math.Sqrt(max(0, e.Hi))
	return e
}
