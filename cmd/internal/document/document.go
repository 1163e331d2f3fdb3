// Package document is what every JSON document of a command has in common: how it is written, and how a number stands in
// it that may not be known. It owns nothing and asks nobody.
//
// # Why
//
// A number that is not known is null with its reason beside it, never 0 and never left out, so that a script cannot take
// silence for health. The keys are each document's own, because documents are versioned apart: they convert a [Number]
// to a type of the same fields with tags of theirs.
package document

import (
	"encoding/json"
	"io"
	"math"

	"rampart/analysis"
)

// Number is a value as JSON can hold it.
type Number struct {
	Value *float64 // nil: not known, or no finite number, and Why says so
	Lo    *float64 // nil: no interval
	Hi    *float64 // nil: no interval, or none that ends
	N     int64
	Why   string
}

// Of is the number of a value.
func Of(v analysis.Value) Number {
	out := Number{N: v.N, Why: v.Why}
	if !v.Known {
		if out.Why == "" {
			out.Why = "not known"
		}
		return out
	}
	if out.Value = Finite(v.V); out.Value == nil {
		out.Why = "no finite number"
		return out
	}
	if v.Interval {
		out.Lo = Finite(v.Lo)
		if !v.OpenHi {
			out.Hi = Finite(v.Hi)
		}
	}
	return out
}

// Finite is nil for what JSON cannot hold.
func Finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// Lines writes documents one a line, with <, > and & as they are: nothing of it is ever put into a page.
func Lines(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

// Print writes one document over several lines, for people too.
func Print(w io.Writer, document any) error {
	enc := Lines(w)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}
