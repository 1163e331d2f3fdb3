package analysis

import "time"

// Unit is what a number counts in.
type Unit uint8

// The units. The zero value is a bare number.
const (
	Bare     Unit = iota
	Fraction      // 0..1, shown in percent
	Seconds
	PerSecond
	Ratio // candidate over legacy, shown as ×
	Count
	Bytes
)

// Value is a number with its doubt. Its zero value is a number that is not known.
type Value struct {
	V        float64   `json:"v"`
	Lo       float64   `json:"lo"`
	Hi       float64   `json:"hi"`
	Interval bool      `json:"interval"` // Lo and Hi are known
	OpenHi   bool      `json:"open_hi"`  // the interval has no upper end yet
	N        int64     `json:"n"`        // how many requests, values or lines it rests on
	Unit     Unit      `json:"unit"`
	At       time.Time `json:"at,omitzero"` // when it was true
	Known    bool      `json:"known"`
	Why      string    `json:"why,omitempty"`  // why it is not known, or what to know about it
	Cell     bool      `json:"cell,omitempty"` // it lies somewhere from Lo to Hi (a histogram's cell): not evidence
}

// Number returns a known value.
func Number(v float64, u Unit, n int64) Value { return Value{V: v, Unit: u, N: n, Known: true} }

// Missing returns a value that is not known, with the reason.
func Missing(why string) Value { return Value{Why: why} }

// Between gives the value an interval.
func (v Value) Between(lo, hi float64) Value {
	v.Lo, v.Hi, v.Interval = lo, hi, true
	return v
}

// AtLeast gives the value an interval without an upper end.
func (v Value) AtLeast(lo float64) Value {
	v.Lo, v.Interval, v.OpenHi = lo, true, true
	return v
}

// AsOf says when the value was true.
func (v Value) AsOf(t time.Time) Value {
	v.At = t
	return v
}
