package engine

import (
	"context"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// knowing is a desk that knows who drained what.
type knowing struct{}

func (knowing) Progress() []sources.Progress { return nil }
func (knowing) Unlocked() frame.Unlock       { return frame.Unlock{} }
func (knowing) Held() string                 { return "" }
func (knowing) Asked() sources.Split         { return sources.Split{} }
func (knowing) Ramp() *frame.Ramp            { return nil }
func (knowing) Drained(_ context.Context, r sources.Reading) string {
	return r.Servers[1].Name + " drained by ana"
}

func TestFrame_TellsWhoDrainedTheCandidate(t *testing.T) {
	e := New(Config{Service: ranker(), Plane: counting{time.Now()}, PlaneName: "haproxy", Desk: knowing{}, Clock: Clock{Now: time.Now}})
	e.readPlane(t.Context(), time.Time{})
	if got := e.build().Traffic.Drained; got != "c drained by ana" {
		t.Errorf("told %q", got)
	}
}
