package relay

import (
	"context"
	"testing"
	"time"

	"rampart/analysis/frame"
)

// still is a place that shows one frame, and then nothing.
type still struct {
	Place
	f   *frame.Frame
	now time.Time
}

func (s *still) Next(ctx context.Context) (*frame.Frame, error) {
	if f := s.f; f != nil {
		s.f = nil
		return f, nil
	}
	<-ctx.Done()
	return nil, ctx.Err()
}
func (s *still) Now() time.Time { return s.now }

func TestRelay_GoesOnOverARunnerWhileSomebodyWaitsForAFrame(t *testing.T) {
	left := 0
	r := New(&still{f: &frame.Frame{Service: "ranker", Seq: 1}, now: time.Unix(1, 0)}, func() { left++ })
	if f, err := r.Next(t.Context()); err != nil || f.Seq != 1 || r.Shown("") != "ranker" {
		t.Fatalf("%+v, %v", f, err)
	}
	got := make(chan *frame.Frame, 2)
	go func() {
		for range 2 {
			f, err := r.Next(t.Context())
			if err != nil {
				t.Error(err)
			}
			got <- f
		}
	}()
	r.Turn(&still{f: &frame.Frame{Seq: 8}, now: time.Unix(2, 0)}, &frame.Frame{Seq: 7})
	if a, b := <-got, <-got; a.Seq != 7 || b.Seq != 8 {
		t.Errorf("frames %d and %d", a.Seq, b.Seq)
	}
	if left != 1 || r.Now() != time.Unix(2, 0) {
		t.Errorf("the first place was left %d times; the clock says %v", left, r.Now())
	}
}
