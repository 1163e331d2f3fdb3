package dossier

import (
	"fmt"
	"math"
	"time"
)

// Kind is what a measure's counts are.
type Kind uint8

// The kinds of measures in a dossier.
const (
	KindUnknown Kind = iota
	Errors           // requests and the bad ones among them
	Latency          // requests in the cells of a histogram
)

var kindWords = [...]string{"unknown", "errors", "latency"}

// String returns the kind's word.
func (k Kind) String() string {
	if int(k) < len(kindWords) {
		return kindWords[k]
	}
	return kindWords[0]
}

// Version is the version of the format that is read and written.
const Version = 1

// What a header means where it says nothing.
const (
	DefaultAlpha      = .05
	DefaultSafeMargin = .5
	DefaultStep       = 15 * time.Second
)

// Measure is one comparison of the rollout.
type Measure struct {
	Name   string
	Kind   Kind
	Edges  []float64 // for Latency: seconds, ascending; there is one cell more
	Weight float64   // part of alpha; 0: outside the call
	// HarmMargin and SafeMargin are how much more of legacy's rate is not yet WORSE, and is still SAFE.
	HarmMargin, SafeMargin float64
}

// Header is what a rollout is judged by. Measures are complete: weights and margins are those in force.
type Header struct {
	ID                     string
	Alpha                  float64
	HarmMargin, SafeMargin float64
	Step                   time.Duration
	Measures               []Measure
}

// reserved are the fields of an arm, which no further measure of a kind may be called.
var reserved = [...]string{"requests", "errors", "latency"}

// slot tells where a measure's counts stand in an arm: in the arm itself, or in an object under its name.
func (h *Header) slot(measure int) (own bool) {
	for _, m := range h.Measures[:measure] {
		if m.Kind == h.Measures[measure].Kind {
			return false
		}
	}
	return true
}

// Check tells the first thing that is wrong with a header.
func (h *Header) Check() error {
	switch {
	case h.ID == "":
		return bad("id", "missing")
	case !(h.Alpha > 0 && h.Alpha < 1):
		return bad("alpha", "%v is not between 0 and 1", h.Alpha)
	case h.Step <= 0:
		return bad("step_seconds", "want more than 0")
	case len(h.Measures) == 0:
		return bad("measures", "empty")
	}
	if err := margins("", h.HarmMargin, h.SafeMargin); err != nil {
		return err
	}
	sum := 0.0
	for i, m := range h.Measures {
		if err := h.checkMeasure(i); err != nil {
			return err
		}
		sum += m.Weight
	}
	if !(math.Abs(sum-1) <= 1e-9) {
		return bad("measures", "weights add up to %v: want 1", sum)
	}
	return nil
}

func (h *Header) checkMeasure(i int) error {
	m, at := h.Measures[i], fmt.Sprintf("measures[%d].", i)
	switch {
	case m.Name == "":
		return bad(at+"name", "missing")
	case m.Kind != Errors && m.Kind != Latency:
		return bad(at+"kind", "want errors or latency")
	case !(m.Weight >= 0):
		return bad(at+"weight", "%v is negative", m.Weight)
	case m.Kind == Errors && m.Edges != nil:
		return bad(at+"edges", "errors have none")
	case m.Kind == Latency && len(m.Edges) == 0:
		return bad(at+"edges", "missing")
	}
	for _, o := range h.Measures[:i] {
		if o.Name == m.Name {
			return bad(at+"name", "%q stands twice", m.Name)
		}
	}
	for _, r := range reserved {
		if m.Name == r && !h.slot(i) {
			return bad(at+"name", "%q is a field of every arm; call this one otherwise", m.Name)
		}
	}
	for k, e := range m.Edges {
		if math.IsInf(e, 0) || k > 0 && !(e > m.Edges[k-1]) {
			return bad(fmt.Sprintf("%sedges[%d]", at, k), "%v: want ascending finite edges", e)
		}
	}
	return margins(at, m.HarmMargin, m.SafeMargin)
}

// mostMargin keeps the arithmetic far from where floats end.
const mostMargin = 1e6

func margins(at string, harm, safe float64) error {
	if !(harm >= 0 && harm <= mostMargin) {
		return bad(at+"harm_margin", "%v: want 0 or more", harm)
	}
	if !(safe >= 0 && safe <= mostMargin) {
		return bad(at+"safe_margin", "%v: want 0 or more", safe)
	}
	return nil
}
