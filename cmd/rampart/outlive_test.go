package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// frames gives each frame once and then nothing.
type frames []*frame.Frame

func (f *frames) Next(ctx context.Context) (*frame.Frame, error) {
	if len(*f) == 0 {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	next := (*f)[0]
	*f = (*f)[1:]
	return next, nil
}

func TestOutlive_WaitsForARunnerThatKnowsItsCallButNotForEver(t *testing.T) {
	at := func(c analysis.Call, set bool) *frame.Frame {
		f := &frame.Frame{Verdict: analysis.Verdict{Call: c}}
		if set {
			f.Traffic.Set = sources.SplitAt(0, time.Unix(1, 0))
		}
		return f
	}
	synctest.Test(t, func(t *testing.T) {
		known := at(analysis.Undecided, true)
		if f, err := sees(t.Context(), &frames{at(analysis.Undecided, false), at(analysis.NoData, true), known}); f != known || err != nil {
			t.Errorf("got %+v, %v", f, err)
		}
		none := at(analysis.NoData, true)
		if f, err := sees(t.Context(), &frames{none}); f != none || err != nil {
			t.Errorf("a runner without numbers: %+v, %v", f, err)
		}
		if f, err := sees(t.Context(), &frames{}); f != nil || err == nil {
			t.Errorf("a runner that says nothing: %+v, %v", f, err)
		}
	})
}
