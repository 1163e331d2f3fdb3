package world

import "time"

// Strain is what a scenario does to the pods of one track; the zero value does nothing.
type Strain struct {
	Errors     float64       // factor on the error rate; 0 is 1
	Cause      Cause         // of the extra errors; MissingEmbedding when not given
	Slow       float64       // factor on each latency; 0 is 1
	TailShare  float64       // share of requests that are ...
	TailFactor float64       // ... this many times slower
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
	// PutBack counts how often somebody has set the canary's weights back to where they stood before.
	PutBack int
}

func (b *Bend) strain(t Track) *Strain {
	if t == Canary {
		return &b.Canary
	}
	return &b.Stable
}
