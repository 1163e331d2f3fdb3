package world_test

import (
	"testing"
	"time"

	"rampart/sources/demo/world"
)

func TestRouter_AShareIsTheSumOfTheWeightsThatServe(t *testing.T) {
	w := open(t, func(s *world.Spec) { s.Rate, s.History = 5, 2*time.Minute })
	w.RunTo(opens())
	r := w.Router()
	share := func() float64 { return r.Share(w.Now()) }
	if got := share(); got != 66./666 {
		t.Fatalf("two canaries of 33 beside six of 100: %v", got)
	}
	r.SetAdmin(r.Server("canary-1"), world.AdminDrain, w.Now())
	r.SetAdmin(r.Server("stable-1"), world.AdminMaint, w.Now())
	if got := share(); got != 33./533 {
		t.Errorf("one of each away: %v", got)
	}
	before := r.Server("canary-1").Balanced
	w.RunTo(opens().Add(20 * time.Second))
	if n := r.Server("canary-1").Balanced - before; n != 0 {
		t.Errorf("a drained server got %d requests", n)
	}
	for _, name := range []string{"canary-1", "stable-1"} {
		r.SetAdmin(r.Server(name), world.AdminReady, w.Now())
	}
	if got := share(); got != 66./666 {
		t.Errorf("both back: %v", got)
	}
	r.SetWeight(r.Server("canary-1"), 999)
	if got := r.Server("canary-1").Weight; got != 256 {
		t.Errorf("weight %d", got)
	}
}

func TestRouter_SetsTheNearestShareThatWeightsAllow(t *testing.T) {
	w := open(t, func(s *world.Spec) { s.Rate, s.History = 5, time.Minute })
	w.RunTo(opens())
	for _, want := range []float64{0, .01, .05, .25, .4} {
		w.SetShare(want)
		if got := w.Router().Share(w.Now()); got < want-.002 || got > want+.002 {
			t.Errorf("asked %v, got %v", want, got)
		}
	}
	w.SetShare(1) // the stable servers keep their weights: two canaries cannot get more than this
	if got := w.Router().Share(w.Now()); got != 512./1112 {
		t.Errorf("asked for all, got %v", got)
	}
}

func TestRouter_WarmsUpAServerThatCameBack(t *testing.T) {
	w := open(t, func(s *world.Spec) {
		s.Rate, s.History, s.SlowStart, s.Scenario = 5, time.Minute, 20*time.Second, "candidate-crash-loop"
	})
	r := w.Router()
	s := r.Server("canary-1")
	for s.Downs == 0 || !s.Up {
		w.Step()
		if w.Now().After(opens().Add(10 * time.Minute)) {
			t.Fatal("never down and up again")
		}
	}
	first := r.Effective(s, w.Now())
	percent, warming := r.Throttle(s, w.Now())
	if !warming || percent > 20 || first >= s.Weight {
		t.Errorf("just back: weight %d of %d, %d%%, warming %v", first, s.Weight, percent, warming)
	}
	// HAProxy 2.6.12 went through 7, 19, 32 and 50 of 100 on a slow start of 20 seconds.
	s.Weight = 100
	for seconds, want := range map[int]int{1: 7, 3: 19, 6: 32, 9: 50, 20: 100} {
		if got := r.Effective(s, s.Changed.Add(time.Duration(seconds)*time.Second)); got != want {
			t.Errorf("after %d s: %d, want %d", seconds, got, want)
		}
	}
}

func TestRouter_AnswersByItselfWhenNothingServes(t *testing.T) {
	w := open(t, func(s *world.Spec) { s.Rate, s.History = 20, time.Minute })
	w.RunTo(opens())
	r := w.Router()
	for _, s := range r.Servers() {
		r.SetAdmin(s, world.AdminMaint, w.Now())
	}
	before := r.Back
	w.RunTo(opens().Add(5 * time.Second))
	if n := r.Back.Codes[4] - before.Codes[4]; n < 50 || r.Back.ConnErrors-before.ConnErrors != n {
		t.Errorf("%d answers of its own, %d connection errors", n, r.Back.ConnErrors-before.ConnErrors)
	}
	if got := r.Share(w.Now()); got != 0 {
		t.Errorf("share %v", got)
	}
}
