package world_test

import (
	"math"
	"reflect"
	"testing"
	"time"

	"rampart/sources/demo/world"
)

func TestWorld_OfOneSpecIsAlwaysTheSame(t *testing.T) {
	live := func(seed uint64) (map[string]*tally, []world.Line) {
		w := open(t, func(s *world.Spec) { s.Seed, s.History, s.Scenario = seed, 10*time.Minute, "error-burst" })
		w.RunTo(opens())
		lines := w.Lines()
		for i := range lines {
			lines[i].Pod, lines[i].Model = nil, nil
		}
		return count(w), lines
	}
	a, la := live(7)
	b, lb := live(7)
	if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(la, lb) {
		t.Error("two worlds of the same seed differ")
	}
	if c, _ := live(8); reflect.DeepEqual(a, c) {
		t.Error("two worlds of different seeds are the same")
	}
}

func TestWorld_ArrivalsAreAsNoisyAsPoisson(t *testing.T) {
	w := open(t, func(s *world.Spec) { s.History, s.Rate = 20*time.Minute, 40 })
	var n, sum, squares float64
	last := 0
	for w.Now().Before(opens()) {
		w.Step()
		total := w.Router().Front.Sessions
		d := float64(total - last)
		last = total
		n, sum, squares = n+1, sum+d, squares+d*d
	}
	mean := sum / n
	dispersion := (squares/n - mean*mean) / mean
	// 1200 seconds: the dispersion of a Poisson count has a standard error of .04; the wave of the rate adds some .13.
	if math.Abs(mean-40) > 3 || dispersion < .85 || dispersion > 1.35 {
		t.Errorf("mean %.1f, variance over mean %.2f", mean, dispersion)
	}
}

func TestWorld_TheShareOfRequestsIsTheShareOfWeights(t *testing.T) {
	w := open(t, nil)
	w.RunTo(opens().Add(-15 * time.Minute))
	before := balancer(w, world.Canary).Balanced
	all := before + balancer(w, world.Stable).Balanced
	w.RunTo(opens().Add(-10 * time.Minute))
	after := balancer(w, world.Canary).Balanced
	got := float64(after-before) / float64(after+balancer(w, world.Stable).Balanced-all)
	if want := w.Router().Share(w.Now()); math.Abs(want-.05) > .002 || math.Abs(got-want) > .006 {
		t.Errorf("%.4f of the requests at a share of %.4f", got, want)
	}
}

func TestUser_StaysWithTheCanaryWhileItGrows(t *testing.T) {
	below := 0
	for u := range world.User(20_000) {
		if p := u.Position(); p < 0 || p >= 1 {
			t.Fatalf("user %d stands at %v", u, p)
		} else if p < .05 {
			below++
		}
	}
	if below < 900 || below > 1100 {
		t.Errorf("%d of 20000 users below five percent", below)
	}
}

func TestWorld_LabelsComeLate(t *testing.T) {
	w := open(t, func(s *world.Spec) { s.LabelDelay = 5 * time.Minute })
	_, canary := between(w, -20*time.Minute, -15*time.Minute-10*time.Second)
	if n := canary.sum["model_labels_totalclick"] + canary.sum["model_labels_totalskip"]; n != 0 {
		t.Fatalf("%v labels within five minutes of the first prediction", n)
	}
	_, canary = between(w, -14*time.Minute, 0)
	clicks, skips := canary.sum["model_labels_totalclick"], canary.sum["model_labels_totalskip"]
	if clicks+skips < 1000 || clicks/(clicks+skips) < .2 || clicks/(clicks+skips) > .5 {
		t.Errorf("%v clicks, %v skips", clicks, skips)
	}
	if loss := canary.sum["model_label_logloss_sum"] / (clicks + skips); loss < .4 || loss > .75 {
		t.Errorf("log loss %.3f: no better than a coin, or too good", loss)
	}
}

func TestWorld_EverySampleOfOneNumberIsOneSeries(t *testing.T) {
	w := open(t, func(s *world.Spec) { s.Scenario = "candidate-crash-loop" })
	w.RunTo(opens())
	seen := map[int]string{}
	names := map[string]int{}
	for _, p := range w.Pods() {
		for s := range p.Scrape() {
			name := s.Desc.Name
			for _, l := range s.Desc.Labels {
				name += "," + l.Name + "=" + l.Value
			}
			if _, twice := seen[s.Desc.ID]; twice {
				t.Fatalf("number %d came twice", s.Desc.ID)
			}
			if other, twice := names[name]; twice {
				t.Fatalf("%s has numbers %d and %d", name, other, s.Desc.ID)
			}
			seen[s.Desc.ID], names[name] = name, s.Desc.ID
		}
	}
	if len(seen) < 1500 || len(seen) > 4000 {
		t.Errorf("%d series", len(seen))
	}
}

func TestWorld_ARestartBeginsAtZero(t *testing.T) {
	w := open(t, func(s *world.Spec) {
		s.Timeline = append(s.Timeline, world.Event{At: -time.Minute, Deploy: &world.Deploy{Track: "canary"}})
	})
	w.RunTo(opens().Add(-time.Minute))
	before := count(w)["canary"].requests
	w.RunTo(opens())
	if after := count(w)["canary"].requests; after > before/2 || after == 0 {
		t.Errorf("%v requests before the restart, %v a minute after it", before, after)
	}
	for _, p := range w.Pods() {
		if want := opens().Add(-time.Minute); p.Track == world.Canary && !p.Started().Equal(want) {
			t.Errorf("%s started at %v, want %v", p.Name, p.Started(), want)
		}
	}
}

func TestLive_RunsAheadOfTheWallBySpeed(t *testing.T) {
	wall := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	seconds := 0
	w := open(t, func(s *world.Spec) { s.History = time.Minute })
	l := world.Open(w, func() time.Time { return wall }, 60, world.Hook{After: func(*world.World) { seconds++ }})
	if seconds != 60 || !l.Now().Equal(opens()) {
		t.Fatalf("%d seconds of history, now %v", seconds, l.Now())
	}
	wall = wall.Add(1500 * time.Millisecond)
	l.Do(func(w *world.World) {
		if want := opens().Add(90 * time.Second); !w.Now().Equal(want) || !l.Now().Equal(want) {
			t.Errorf("world at %v, clock at %v, want %v", w.Now(), l.Now(), want)
		}
	})
	if seconds != 150 {
		t.Errorf("hooks were told of %d seconds", seconds)
	}
}

func BenchmarkHistory(b *testing.B) {
	for b.Loop() {
		open(b, nil).RunTo(opens())
	}
}
