package wire

import (
	"math"
	"strconv"
	"time"

	"rampart/analysis"
)

// stamp is a time as it travels: UTC, to the nanosecond, without the monotonic part. A year that JSON cannot say is no
// time at all, because one broken clock must not silence a whole frame.
type stamp time.Time

// IsZero leaves the zero time out.
func (s stamp) IsZero() bool {
	y := time.Time(s).UTC().Year()
	return time.Time(s).IsZero() || y < 0 || y > 9999
}

// MarshalJSON writes RFC 3339.
func (s stamp) MarshalJSON() ([]byte, error) {
	if s.IsZero() {
		return []byte("null"), nil
	}
	b := make([]byte, 0, len(time.RFC3339Nano)+2)
	b = time.Time(s).UTC().AppendFormat(append(b, '"'), time.RFC3339Nano)
	return append(b, '"'), nil
}

// UnmarshalJSON reads RFC 3339.
func (s *stamp) UnmarshalJSON(b []byte) error {
	var t time.Time
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	*s = stamp(t.UTC())
	return nil
}

// number is a bare number as it travels. It may be infinite, as the logarithm of no evidence is.
type number float64

// MarshalJSON writes a number, or the word of one that JSON has none for.
func (n number) MarshalJSON() ([]byte, error) {
	f := float64(n)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.AppendQuote(nil, strconv.FormatFloat(f, 'g', -1, 64)), nil
	}
	return strconv.AppendFloat(nil, f, 'g', -1, 64), nil
}

// UnmarshalJSON reads both.
func (n *number) UnmarshalJSON(b []byte) error {
	s := string(b)
	switch s {
	case "null":
		return nil
	case `"NaN"`, `"+Inf"`, `"-Inf"`:
		s = s[1 : len(s)-1]
	}
	f, err := strconv.ParseFloat(s, 64)
	*n = number(f)
	return err
}

// value is an [analysis.Value] as it travels, with short names because a frame holds thousands.
type value struct {
	V        float64 `json:"v,omitzero"`
	Lo       float64 `json:"l,omitzero"`
	Hi       float64 `json:"h,omitzero"`
	Interval bool    `json:"i,omitzero"`
	OpenHi   bool    `json:"o,omitzero"`
	N        int64   `json:"n,omitzero"`
	Unit     uint8   `json:"u,omitzero"`
	At       int64   `json:"t,omitzero"` // nanoseconds since 1970; 0: no time
	Known    bool    `json:"k,omitzero"`
	Why      string  `json:"y,omitzero"`
	Cell     bool    `json:"c,omitzero"`
}

// valueOf makes a number that is none unknown, with the reason, and an end of an interval that is none open or absent.
func valueOf(v analysis.Value) value {
	if !finite(v.V) {
		if v.Known && v.Why == "" {
			v.Why = "not a number"
			if math.IsInf(v.V, 0) {
				v.Why = "not finite"
			}
		}
		v.Known, v.Interval, v.OpenHi, v.V = false, false, false, 0
	}
	if math.IsInf(v.Hi, 1) && finite(v.Lo) {
		v.OpenHi, v.Hi = true, 0
	}
	if !finite(v.Lo) || !finite(v.Hi) {
		v.Interval, v.OpenHi, v.Cell, v.Lo, v.Hi = false, false, false, 0, 0
		if v.Why == "" {
			v.Why = "its interval is not known"
		}
	}
	return value{v.V, v.Lo, v.Hi, v.Interval, v.OpenHi, v.N, uint8(v.Unit), nanos(v.At), v.Known, v.Why, v.Cell}
}

func (v *value) value() analysis.Value {
	return analysis.Value{
		V: v.V, Lo: v.Lo, Hi: v.Hi, Interval: v.Interval, OpenHi: v.OpenHi, N: v.N, Unit: analysis.Unit(v.Unit), At: instant(v.At), Known: v.Known, Why: v.Why, Cell: v.Cell,
	}
}

// nanos is a time as one number, which is far quicker to write and to read than its letters.
func nanos(t time.Time) int64 {
	if t.IsZero() || t.Year() < 1700 || t.Year() > 2250 {
		return 0
	}
	return t.UnixNano()
}

func instant(nanos int64) time.Time {
	if nanos == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanos).UTC()
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
