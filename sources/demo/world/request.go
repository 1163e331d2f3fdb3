package world

// User is one of the people who ask for a ranking.
type User uint32

// Position gives the user's fixed place in [0, 1): the canary serves those below its share, so that a user who saw the new model keeps seeing it while the share grows.
func (u User) Position() float64 { return float64(mix(uint64(u))>>11) / (1 << 53) }

// Route is what was asked of the ranking service.
type Route uint8

// The routes of the service. The probes of its pods are not among them: they are answered outside of what is counted, as
// in a service whose mix of requests shall be the same in both arms.
const (
	Rank Route = iota
	Similar
)

// Path gives the route as it stands in labels and logs.
func (r Route) Path() string {
	switch r {
	case Rank:
		return "/rank"
	case Similar:
		return "/similar"
	}
	return "/"
}

// median gives the usual latency of a route in seconds.
func (r Route) median() float64 {
	switch r {
	case Rank:
		return .060
	case Similar:
		return .038
	}
	return .01
}

// answer is what became of one request inside a pod.
type answer struct {
	code    int
	seconds float64
	score   float64
	cause   Cause
	outcome outcome // of a prediction
	pull    float64 // of its features on the score
}

// handle lets a pod serve one request under the strain of its track; the answer is counted in the pod's metrics before it returns.
func (w *World) handle(p *Pod, route Route, s *Strain) answer {
	a := answer{code: 200, seconds: w.noise.seconds(route.median(), .6) * s.slow()}
	if s.TailShare > 0 && w.noise.Float64() < s.TailShare {
		a.seconds *= s.TailFactor
	}
	w.fail(&a, s)
	if a.code == 200 {
		a.score, a.outcome, a.pull = w.predict(p, s)
		if s.Cards > 0 && w.noise.Float64() < s.Cards {
			a.cause = Charged
		}
	}
	p.took(route, a.code, a.seconds)
	return a
}

// fail decides whether the answer is an error and which: one bad request in a hundred is the client's, the rest is ours.
func (w *World) fail(a *answer, s *Strain) {
	base := w.spec.ErrorRate * w.mood
	extra := base * max(0, s.errors()-1)
	switch u := w.noise.Float64(); {
	case u < extra:
		a.code, a.cause = 500, s.cause()
		if w.noise.Float64() < .14 {
			a.code, a.cause = 504, StoreTimeout
		}
	case u < extra+base:
		a.code, a.cause = 504, StoreTimeout
		if w.noise.Float64() < .4 {
			a.code, a.cause = 500, ModelReset
		}
	case u < extra+base+.01*orOne(s.BadRequest):
		a.code, a.cause, a.seconds = 400, BadRequest, a.seconds/10
	}
	if a.cause == StoreTimeout {
		a.seconds = .3 + .05*w.noise.ExpFloat64()
	}
}

// predict draws the features of the request, lets the pod's model score them, counts all, and plans the label that will come late.
func (w *World) predict(p *Pod, s *Strain) (score float64, o outcome, pull float64) {
	word := uint64(0)
	for i, t := range w.drawer.tables(s.Drift, w.features) {
		if i%6 == 0 {
			word = w.noise.Uint64()
		}
		d := &t[word%levels]
		word >>= levelBits
		pull += d.pull
		p.features[i].add(d.bucket, d.value)
		p.means[i].follow(d.value)
	}
	score = p.model.score(pull, w.noise.NormFloat64())
	p.score.observe(score)
	p.served.value++
	return score, w.labels.plan(w.noise, p, pull, score), pull
}

// driftOf says how strongly a drifting pipeline moves each feature, in standard deviations: one that is computed anew, one that hangs on it, the rest not.
func driftOf(feature int) float64 {
	switch feature {
	case 1: // ctr_7d
		return 1
	case 0: // ctr_1d
		return .4
	}
	return 0
}
