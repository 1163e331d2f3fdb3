package quality

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"rampart/sources"
)

func labels(t testing.TB, c LabelsConfig) *Labels {
	t.Helper()
	l, err := NewLabels(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func near(t *testing.T, what string, got Estimate, want, within float64) {
	t.Helper()
	if !got.Known || math.Abs(got.V-want) > within || got.Interval && (got.Lo > got.V || got.Hi < got.V) {
		t.Errorf("%s = %+v, want %v", what, got, want)
	}
}

// ten are scores and labels with their figures by definition, counted by a program of ten lines in Python.
func ten() (scores []float64, yes []int) {
	return []float64{.1, .4, .35, .8, .65, .65, .9, .3, .5, .2}, []int{0, 0, 1, 1, 0, 1, 1, 0, 1, 0}
}

func TestLabels_GiveTheFiguresOfTheReference(t *testing.T) {
	l := labels(t, LabelsConfig{})
	scores, yes := ten()
	for i, s := range scores {
		id := fmt.Sprint(i)
		l.Predict(Prediction{ID: id, Arm: sources.Candidate, At: noon, Score: s})
		l.Learn(Label{ID: id, At: noon.Add(time.Duration(i+1) * time.Minute), Value: sources.NewText(fmt.Sprint(yes[i]))})
	}
	f := l.Report().Arms.Candidate
	near(t, "accuracy", f.Accuracy, .8, 1e-12)
	near(t, "precision", f.Precision, .8, 1e-12)
	near(t, "recall", f.Recall, .8, 1e-12)
	near(t, "F1", f.F1, .8, 1e-12)
	near(t, "AUC", f.AUC, 0.86, 1e-9)
	near(t, "log loss", f.LogLoss, 0.47480830473, 1e-9)
	near(t, "coverage", f.Coverage, 1, 0)
	if f.Labelled != 10 || math.Abs(f.DelayMedian.V-300) > 5 || math.Abs(f.DelayP95.V-600) > 10 {
		t.Errorf("delay %v, %v", f.DelayMedian, f.DelayP95)
	}
	if other := l.Report().Arms.Legacy; other.AUC.Known || other.Accuracy.Known || other.DelayMedian.Known {
		t.Errorf("legacy without labels has figures: %+v", other)
	}
}

func TestLabels_NumbersAndNamesHaveTheirOwnFigures(t *testing.T) {
	n, c := labels(t, LabelsConfig{Task: Numeric}), labels(t, LabelsConfig{Task: Classes})
	for i, p := range []float64{1, 2, 3, 5} {
		id := fmt.Sprint(i)
		n.Learn(Label{ID: id, At: noon.Add(time.Minute), Value: sources.NewText("2")})
		n.Predict(Prediction{ID: id, Arm: sources.Legacy, At: noon, Score: p})
		c.Predict(Prediction{ID: id, Arm: sources.Legacy, At: noon, Score: math.NaN(), Name: sources.NewText("cat")})
		c.Learn(Label{ID: id, At: noon.Add(time.Minute), Value: sources.NewText([]string{"cat", "dog"}[i/3])})
	}
	f := n.Report().Arms.Legacy
	near(t, "MAE", f.MAE, 1.25, 1e-12)
	near(t, "RMSE", f.RMSE, math.Sqrt(11./4), 1e-12)
	if f.Accuracy.Known || f.AUC.Known {
		t.Errorf("%+v", f)
	}
	near(t, "accuracy", c.Report().Arms.Legacy.Accuracy, .75, 1e-12)
}

func TestLabels_WhatCannotBeJoinedIsCounted(t *testing.T) {
	l := labels(t, LabelsConfig{Delay: time.Minute, Keep: time.Hour})
	l.Predict(Prediction{Arm: sources.Legacy, At: noon})
	l.Predict(Prediction{ID: "a", Arm: sources.Legacy})
	l.Learn(Label{ID: "a"})
	l.Predict(Prediction{ID: "a", Arm: sources.Legacy, At: noon, Score: math.NaN()})
	l.Predict(Prediction{ID: "a", Arm: sources.Legacy, At: noon, Score: .2})
	if r := l.Report(); !r.Due.Equal(noon.Add(time.Minute)) {
		t.Errorf("due %v", r.Due)
	}
	l.Learn(Label{ID: "a", At: noon.Add(-time.Minute), Value: sources.NewText("1")})
	l.Learn(Label{ID: "a", At: noon, Value: sources.NewText("0")})
	l.Learn(Label{ID: "orphan", At: noon, Value: sources.NewText("0")})
	l.Advance(noon.Add(2 * time.Hour))
	r := l.Report()
	if want := (Strays{NoID: 3, Repeated: 2, Orphans: 1, Unreadable: 1, Early: 1}); r.Strays != want {
		t.Errorf("%+v", r.Strays)
	}
	if r.Waiting != 0 || !r.Due.IsZero() {
		t.Errorf("%+v", r)
	}
}

func TestLabels_UnderPressureEveryOtherIDIsLetGoInBothArmsAlike(t *testing.T) {
	l := labels(t, LabelsConfig{Bytes: 1 << 20})
	rnd := rand.New(rand.NewPCG(7, 8))
	for i := range 50_000 {
		arm := sources.Legacy
		if i%50 == 0 {
			arm = sources.Candidate
		}
		l.Predict(Prediction{ID: fmt.Sprint(i), Arm: arm, At: noon, Score: rnd.Float64()})
		if n := len(l.byID) * entryBytes; n > 1<<20 {
			t.Fatalf("%d bytes are held", n)
		}
	}
	for i := range 50_000 {
		l.Learn(Label{ID: fmt.Sprint(i), At: noon.Add(time.Hour), Value: sources.NewText("1")})
	}
	r := l.Report()
	if r.OneOf < 4 || r.Arms.Legacy.Coverage.V != 1 || r.Arms.Candidate.Coverage.V != 1 {
		t.Errorf("1 of %d, coverage %+v and %+v", r.OneOf, r.Arms.Legacy.Coverage, r.Arms.Candidate.Coverage)
	}
	if share := float64(r.Arms.Candidate.Followed) / float64(r.Arms.Legacy.Followed); math.Abs(share-1./49) > .01 {
		t.Errorf("the arms are thinned differently: %v", share)
	}
}

func TestLabels_HoldNoMoreMemoryThanTheyMayHoweverLongTheyRun(t *testing.T) {
	const may = 1 << 20
	before := heap()
	l := labels(t, LabelsConfig{Bytes: may, Delay: time.Minute, Keep: time.Hour})
	at := noon
	for i := range 100_000 { // eleven a second: too many for a while, and then more
		at = at.Add(90 * time.Millisecond)
		l.Predict(Prediction{ID: fmt.Sprint(i), Arm: sources.Legacy, At: at, Score: .5})
		if i%50 == 0 {
			l.Advance(at)
		}
		if i%1000 != 999 {
			continue
		}
		if n := heap() - before; n > may {
			t.Fatalf("after %d predictions %d bytes are held for %d ids", i, n, l.Report().Waiting)
		}
	}
	runtime.KeepAlive(l)
}

// heap is what is held after a collection.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestAUC_ComparesEveryYesWithEveryNo(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	for range 50 {
		var all []scored
		for range 2 + rnd.IntN(40) {
			all = append(all, scored{float64(rnd.IntN(6)), rnd.IntN(2) == 1})
		}
		var won, pairs float64
		for _, a := range all {
			for _, b := range all {
				if a.yes && !b.yes {
					pairs++
					if a.score > b.score {
						won++
					} else if a.score == b.score {
						won += .5
					}
				}
			}
		}
		if got := auc(all); got.Known != (pairs > 0) || got.Known && math.Abs(got.V-won/pairs) > 1e-12 {
			t.Errorf("%v: %+v, want %v", all, got, won/pairs)
		}
	}
}
