package world

import (
	"slices"
	"time"
)

// Strain is what a scenario does to the pods of one track; the zero value does nothing.
type Strain struct {
	Errors     float64       // factor on the error rate; 0 is 1
	Cause      Cause         // of the extra errors; MissingEmbedding when not given
	Slow       float64       // factor on each latency; 0 is 1
	TailShare  float64       // share of requests that are ...
	TailFactor float64       // ... this many times slower
	BadRequest float64       // factor on requests that are called bad; 0 is 1
	Cards      float64       // share of answers that log a payment card
	Drift      float64       // shift of the drifting features, in standard deviations
	Leak       float64       // bytes a second by which memory grows
	CrashEvery time.Duration // how long a process lives; 0 for ever
}

func (s *Strain) errors() float64 { return orOne(s.Errors) }

func (s *Strain) slow() float64 { return orOne(s.Slow) }

func (s *Strain) cause() Cause {
	if s.Cause == None {
		return MissingEmbedding
	}
	return s.Cause
}

func orOne(f float64) float64 {
	if f == 0 {
		return 1
	}
	return f
}

// Bend is all that a scenario does to the world at one moment; the zero value does nothing.
type Bend struct {
	Traffic        float64 // factor on arrivals; 0 is 1
	Stable, Canary Strain
	IngestLag      time.Duration // added between writing a line and storing it
	PrometheusDown bool
	Shadow         bool // the candidate answers what legacy answers and tells of, for nobody to see
	// PutBack counts how often somebody has set the canary's weights back to where they stood before.
	PutBack int
}

func (b *Bend) strain(t Track) *Strain {
	if t == Canary {
		return &b.Canary
	}
	return &b.Stable
}

// Scenario is one story of a ramp: what goes wrong, as a pure function of how long ago it began.
type Scenario struct {
	Name     string
	Sentence string
	// Onset is when it begins relative to the moment the demo opens: before it where the screen should show an incident in full, after it where one should watch it begin.
	Onset time.Duration
	bend  func(since time.Duration) Bend
}

// Bend gives what the scenario does to the world when it began that long ago; nothing before it began.
func (s *Scenario) Bend(since time.Duration) Bend {
	if since < 0 || s.bend == nil {
		return Bend{}
	}
	return s.bend(since)
}

// Scenarios lists all stories, healthy first.
func Scenarios() []Scenario {
	return []Scenario{
		{"healthy", "Both models behave; the new one only scores a little higher.", 0, nil},
		{
			"error-burst", "The candidate misses embeddings: four times as many errors as legacy.", -6 * time.Minute,
			always(Bend{Canary: Strain{Errors: 4}}),
		},
		{
			"slow-tail", "One in a hundred of the candidate's requests takes ten times as long; the median does not move.", -10 * time.Minute,
			always(Bend{Canary: Strain{TailShare: .01, TailFactor: 10}}),
		},
		{"slow-leak", "The candidate leaks memory: each minute makes it five percent slower.", -14 * time.Minute, leak},
		{"low-traffic", "Night: two requests a second, too few for a quick call.", -30 * time.Minute, always(Bend{Traffic: 1. / 60})},
		{
			"feature-drift", "The candidate's pipeline computes ctr_7d anew and shifts it by one standard deviation.", -8 * time.Minute,
			always(Bend{Canary: Strain{Drift: 1}}),
		},
		{
			"both-worse", "The feature store is ill: both models fail and slow down alike, so it is not the candidate.", -6 * time.Minute,
			always(Bend{
				Stable: Strain{Errors: 6, Slow: 1.35, Cause: StoreTimeout},
				Canary: Strain{Errors: 6, Slow: 1.35, Cause: StoreTimeout},
			}),
		},
		{
			"candidate-crash-loop", "The candidate's processes die after forty seconds and report no errors: only the balancer sees the refused connections.",
			-5 * time.Minute, always(Bend{Canary: Strain{CrashEvery: 40 * time.Second}}),
		},
		{"prometheus-down", "Prometheus stops answering; nothing is known about either model.", 20 * time.Second, always(Bend{PrometheusDown: true})},
		{"elastic-lag", "Log lines reach Elasticsearch four minutes late.", -3 * time.Minute, always(Bend{IngestLag: 4 * time.Minute})},
		{
			"chatty-template", "The candidate calls three times as many requests bad: no number of the judge moves, one log template does.", -4 * time.Minute,
			always(Bend{Canary: Strain{BadRequest: 3}}),
		},
		{
			"tripled-template", "One in twenty requests is called bad, and three in twenty of the candidate's.", -3 * time.Minute,
			always(Bend{Stable: Strain{BadRequest: 5}, Canary: Strain{BadRequest: 15}}),
		},
		{
			"card-leak", "The candidate writes payment cards into its log, one answer in a hundred.", -4 * time.Minute,
			always(Bend{Canary: Strain{Cards: .01}}),
		},
		{
			"shadow", "The candidate has no traffic of its own: it answers what legacy answers, unseen, and both answers are compared in pairs.",
			-30 * time.Minute, always(Bend{Shadow: true}),
		},
		{"split-reverted-by-someone", "A deploy script sets the split back forty seconds after it starts and every minute from then on.", 0, putBack},
	}
}

// ScenarioNamed finds a story by its name.
func ScenarioNamed(name string) (Scenario, bool) {
	all := Scenarios()
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == name })
	if i < 0 {
		return Scenario{}, false
	}
	return all[i], true
}

func always(b Bend) func(time.Duration) Bend { return func(time.Duration) Bend { return b } }

// leak slows the candidate down by a factor that grows with the minutes, up to four.
func leak(since time.Duration) Bend {
	return Bend{Canary: Strain{Slow: min(4, 1+.05*since.Minutes()), Leak: 1.2e6}}
}

// putBack tells how many times the script has run.
func putBack(since time.Duration) Bend {
	if since < 40*time.Second {
		return Bend{}
	}
	return Bend{PutBack: 1 + int((since-40*time.Second)/time.Minute)}
}
