package prom

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"
)

// points are raw float samples: times in milliseconds since 1970.
type points struct {
	at []int64
	v  []float64
}

// samples reads [[seconds,"value"],...] as the server writes it, proving it on the way. What is written otherwise, or goes
// on, is for another reader.
func (in *inlet) samples(b []byte, i int) (end int, ok bool) {
	in.taken = points{at: in.taken.at[:0], v: in.taken.v[:0]}
	if i >= len(b) || b[i] != '[' {
		return i, false
	}
	for i++; i < len(b) && b[i] == '['; i++ {
		at, value, next := pair(b, i+1)
		if value == nil || next >= len(b) {
			return i, false
		}
		v, ok := plainFloat(value)
		if n := len(in.taken.at); !ok || n > 0 && in.taken.at[n-1] >= at {
			return i, false
		}
		in.taken.at, in.taken.v = append(in.taken.at, at), append(in.taken.v, v)
		if b[next] == ']' {
			in.Floats = points{at: slices.Clone(in.taken.at), v: slices.Clone(in.taken.v)}
			return next + 1, true
		}
		if i = next; b[i] != ',' {
			return i, false
		}
	}
	return i, false
}

// pair reads seconds,"value"] from i on; no value where it is written otherwise.
func pair(b []byte, i int) (at int64, value []byte, end int) {
	from := i
	for i < len(b) && (b[i] >= '0' && b[i] <= '9' || b[i] == '.') {
		i++
	}
	if i-from > 1 && b[from] == '0' && b[from+1] != '.' || i+1 >= len(b) || b[i] != ',' || b[i+1] != '"' || b[i-1] == '.' {
		return 0, nil, i
	}
	at, ok := plainMillis(b[from:i])
	i += 2
	n := bytes.IndexByte(b[i:], '"')
	if !ok || n <= 0 || i+n+1 >= len(b) || b[i+n+1] != ']' {
		return 0, nil, i
	}
	return at, b[i : i+n : i+n], i + n + 2
}

// plainFloat reads a number that is written without what JSON texts may hide a sign behind.
func plainFloat(b []byte) (float64, bool) {
	whole := int64(0)
	for i, c := range b {
		if c < '0' || c > '9' || i >= 15 {
			v, err := strconv.ParseFloat(string(b), 64)
			return v, err == nil
		}
		whole = whole*10 + int64(c-'0')
	}
	return float64(whole), true // below 2^53: exact
}

// UnmarshalJSON reads [[seconds,"value"],...]. It is the one hot loop of the package: written by hand it costs a
// tenth of what reflection does.
func (p *points) UnmarshalJSON(b []byte) error {
	p.at, p.v = p.at[:0], p.v[:0]
	if n := bytes.Count(b, []byte("],")); cap(p.at) < n+1 {
		p.at, p.v = make([]int64, 0, n+1), make([]float64, 0, n+1)
	}
	return pairs(b, func(at int64, value []byte) error {
		if len(value) < 2 || value[0] != '"' {
			return foreign("a value that is no string")
		}
		v, err := strconv.ParseFloat(string(value[1:len(value)-1]), 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return foreign("a value that is no number")
		}
		if n := len(p.at); n > 0 && p.at[n-1] >= at {
			return errDisorder
		}
		p.at, p.v = append(p.at, at), append(p.v, v)
		return nil
	})
}

// pairs walks over [[seconds,value],...] and hands over each value as it stands. The JSON is known to be well-formed.
func pairs(b []byte, each func(at int64, value []byte) error) error {
	if b = bytes.TrimSpace(b); len(b) == 0 || b[0] != '[' {
		if string(b) == "null" {
			return nil
		}
		return foreign("samples that are no list")
	}
	for b = b[1:]; ; {
		open := bytes.IndexByte(b, '[')
		if open < 0 {
			return nil
		}
		b = b[open+1:]
		comma := bytes.IndexByte(b, ',')
		if comma < 0 {
			return foreign("a sample without a value")
		}
		at, err := millis(bytes.TrimSpace(b[:comma]))
		if err != nil {
			return err
		}
		b = bytes.TrimLeft(b[comma+1:], " \t\r\n")
		end := valueEnd(b)
		if err := each(at, bytes.TrimSpace(b[:end])); err != nil {
			return err
		}
		b = b[min(end+1, len(b)):]
	}
}

// valueEnd finds the bracket that ends a pair; strings of numbers hold no bracket and no escape.
func valueEnd(b []byte) int {
	depth := 0
	for i, c := range b {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return len(b)
}

// millis reads seconds with up to three decimals without the rounding of floats.
func millis(b []byte) (int64, error) {
	if ms, ok := plainMillis(b); ok {
		return ms, nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1e12 {
		return 0, foreign("a sample without a time")
	}
	return int64(math.Round(f * 1000)), nil
}

// plainMillis reads up to twelve digits of seconds and three of their decimals.
func plainMillis(b []byte) (ms int64, ok bool) {
	whole, fraction, _ := bytes.Cut(b, []byte{'.'})
	if len(whole) == 0 || len(whole) > 12 || len(fraction) > 3 {
		return 0, false
	}
	for _, c := range whole {
		if c < '0' || c > '9' {
			return 0, false
		}
		ms = ms*10 + int64(c-'0')
	}
	ms *= 1000
	for scale := int64(100); len(fraction) > 0; fraction, scale = fraction[1:], scale/10 {
		if c := fraction[0]; c < '0' || c > '9' {
			return 0, false
		}
		ms += int64(fraction[0]-'0') * scale
	}
	return ms, true
}
