package world

import (
	"math"
	"slices"
	"time"
)

// World is the service at one moment, with all that it has counted so far.
type World struct {
	spec     Spec
	now      time.Time
	noise    noise
	features []Feature
	drawer   *drawer
	pods     []*Pod
	router   *Router
	labels   *lateLabels
	timeline []Event
	scenario Scenario
	onset    time.Time
	putBack  int // how many of the scenario's put-backs were done
	asked    int // the canary's weight that the ramp last set
	bend     Bend
	mood     float64 // factor on the error rate that both models share
	lines    []Line
	seq      uint64
}

// New makes a world that stands at the beginning of its history; Step or RunTo lets it live. The Spec must be valid and must say when it opens.
func New(spec Spec) (*World, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	if spec.Opens.IsZero() {
		return nil, &Flaw{"$.opens", "a world needs a moment to open at"}
	}
	spec.Opens = spec.Opens.UTC().Truncate(time.Second)
	w := &World{
		spec: spec, now: spec.Opens.Add(-spec.History), noise: newNoise(spec.Seed), features: Features(),
		timeline: sorted(spec.Timeline),
	}
	w.drawer = newDrawer(w.features)
	w.populate()
	w.scenario, _ = ScenarioNamed(spec.Scenario)
	w.onset = spec.Opens.Add(w.scenario.Onset)
	return w, nil
}

// Now is the world's time: everything before it has happened.
func (w *World) Now() time.Time { return w.now }

// Spec gives what the world was made of.
func (w *World) Spec() Spec { return w.spec }

// Pods lists the service's processes; shared, read only.
func (w *World) Pods() []*Pod { return w.pods }

// Router gives the balancer; its setters may be called between steps.
func (w *World) Router() *Router { return w.router }

// Lines gives what was written in the last step, oldest first; valid until the next one.
func (w *World) Lines() []Line { return w.lines }

// Bend gives what the scenario does in the current second.
func (w *World) Bend() Bend { return w.bend }

// Broken says whether a scenario is at work, and which.
func (w *World) Broken() (Scenario, bool) {
	return w.scenario, w.scenario.bend != nil && !w.now.Before(w.onset)
}

// Break lets the story begin now: the one of the Spec, or an error burst when that is a healthy one.
func (w *World) Break() {
	w.scenario, _ = ScenarioNamed(w.spec.Scenario)
	if w.scenario.bend == nil {
		w.scenario, _ = ScenarioNamed("error-burst")
	}
	w.onset, w.putBack = w.now, 0
}

// Heal ends the story.
func (w *World) Heal() { w.scenario, _ = ScenarioNamed("healthy") }

// RunTo steps until the world's time is t.
func (w *World) RunTo(t time.Time) {
	for w.now.Before(t) {
		w.Step()
	}
}

// Step lets one second pass.
func (w *World) Step() {
	w.lines = w.lines[:0]
	now := w.now
	w.play(now)
	w.bend = w.scenario.Bend(now.Sub(w.onset))
	if w.bend.PutBack > w.putBack {
		w.putBack = w.bend.PutBack
		w.setCanary(w.asked)
	}
	for _, p := range w.pods {
		w.age(p, now)
	}
	w.tell(w.labels.arrive(now, w.pods), now)
	t := float64(now.Unix())
	w.mood = 1 + .15*math.Sin(t*2*math.Pi/1380)
	rate := w.spec.Rate * (1 + .08*math.Sin(t*2*math.Pi/1020)) * orOne(w.bend.Traffic)
	p := w.router.plan(now)
	for d := range w.noise.arrivals(rate) {
		w.request(now.Add(d), &p)
	}
	w.router.settle(now)
	slices.SortFunc(w.lines, func(a, b Line) int { return a.At.Compare(b.At) })
	w.now = now.Add(time.Second)
}

// request sends one user's request through the balancer to a pod.
func (w *World) request(at time.Time, p *plan) {
	u := User(w.noise.Uint32N(w.spec.Users))
	route := Rank
	if w.noise.Float64() < .28 {
		route = Similar
	}
	s := p.pick(u, w.noise)
	if s == nil || !s.pod.Up() {
		w.router.refused(s, at)
		return
	}
	a := w.handle(s.pod, route, w.bend.strain(s.Track))
	took := time.Duration(a.seconds * float64(time.Second))
	w.router.answered(s, a.code, took, at)
	if a.cause == None && a.seconds > 1 {
		a.cause = SlowAnswer
	}
	if a.cause == None && w.noise.Float64() >= w.spec.LogShare {
		return
	}
	w.write(&Line{At: at.Add(took), Cause: a.cause, Route: route, Code: a.code, Took: took, Score: a.score, User: u, Pod: s.pod})
	if a.code == 200 {
		w.labels.tell(a.outcome, w.seq, s.pod)
		if w.bend.Shadow && s.Track == Stable {
			w.mirror(&w.lines[len(w.lines)-1], a.pull)
		}
	}
}
