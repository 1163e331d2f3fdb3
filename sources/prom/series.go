package prom

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"

	"rampart/sources/rawjson"
)

// series is one raw series as it came: the samples ascend.
type series struct {
	Labels     map[string]string
	Floats     points
	Histograms nativePoints
}

// points are raw float samples: times in milliseconds since 1970.
type points struct {
	at []int64
	v  []float64
}

// inlet reads the series of one answer, each as it is proven to be JSON: whoever got one may keep it.
type inlet struct {
	series
	json  *rawjson.Checker
	words map[string]string // what labels were called before in this answer: most series differ in one
	taken points            // the samples of the series that is read, before their number is known
}

func newInlet(json *rawjson.Checker) *inlet { return &inlet{json: json, words: map[string]string{}} }

// read takes up the series that begins at i and returns where it ends, as a checker does. It may be called again for a
// series of which not all was there.
func (in *inlet) read(b []byte, i int) (int, error) {
	in.series = series{}
	if b[i] != '{' {
		return in.none(b, i)
	}
	var one, whole []byte // the sample of an instant vector
	end, err := in.object(b, i, func(key []byte, i int) (int, error) {
		if string(key) == "values" {
			if end, ok := in.samples(b, i); ok {
				return end, nil
			}
		}
		if string(key) == "metric" {
			if end, ok := in.labels(b, i); ok {
				return end, nil
			}
		}
		end, err := in.json.Value(b, i)
		if err != nil {
			return end, err
		}
		v := b[rawjson.Space(b, i):end]
		switch string(key) {
		case "metric":
			in.Labels = nil
			err = json.Unmarshal(v, &in.Labels)
		case "values":
			err = in.Floats.UnmarshalJSON(v)
		case "histograms":
			err = in.Histograms.UnmarshalJSON(v)
		case "value":
			one = v
		case "histogram":
			whole = v
		}
		return end, err
	})
	if err == nil {
		err = in.settle(one, whole)
	}
	return end, err
}

// none is a series that is no object: null has no samples, and nothing else may stand there.
func (in *inlet) none(b []byte, i int) (int, error) {
	end, err := in.json.Value(b, i)
	if err == nil && string(b[i:end]) != "null" {
		err = rawjson.ErrSyntax
	}
	return end, err
}

// settle makes a series of one sample of an instant vector's.
func (s *series) settle(one, whole []byte) error {
	if len(one) > 0 {
		return s.Floats.UnmarshalJSON(slices.Concat([]byte("["), one, []byte("]")))
	}
	if len(whole) > 0 {
		return s.Histograms.UnmarshalJSON(slices.Concat([]byte("["), whole, []byte("]")))
	}
	return nil
}

// object walks over the members of the object at i and lets each read its value.
func (in *inlet) object(b []byte, i int, each func(key []byte, i int) (int, error)) (int, error) {
	i = rawjson.Space(b, i+1)
	for first := true; ; first = false {
		switch {
		case i >= len(b):
			return i, rawjson.ErrShort
		case b[i] == '}' && first:
			return i + 1, nil
		}
		colon, err := rawjson.KeyEnd(b, i)
		if err != nil {
			return colon, err
		}
		key := b[i+1 : i+1+bytes.IndexByte(b[i+1:], '"')] // a key with an escape is none of ours
		if i, err = each(key, rawjson.Space(b, colon)); err != nil {
			return i, err
		}
		switch i = rawjson.Space(b, i); {
		case i >= len(b):
			return i, rawjson.ErrShort
		case b[i] == '}':
			return i + 1, nil
		case b[i] != ',':
			return i, rawjson.ErrSyntax
		}
		i = rawjson.Space(b, i+1)
	}
}

// labels reads an object of plain texts, which nearly all labels are. What is not that, or goes on, is for another reader.
func (in *inlet) labels(b []byte, i int) (end int, ok bool) {
	if i >= len(b) || b[i] != '{' {
		return i, false
	}
	in.Labels = make(map[string]string, 8)
	for i++; i < len(b) && b[i] == '"'; i++ {
		name, colon, ok := in.word(b, i)
		if !ok || colon+1 >= len(b) || b[colon] != ':' || b[colon+1] != '"' {
			return i, false
		}
		value, next, ok := in.word(b, colon+1)
		if !ok || next >= len(b) {
			return i, false
		}
		in.Labels[name] = value
		if b[next] == '}' {
			return next + 1, true
		}
		if i = next; b[i] != ',' {
			return i, false
		}
	}
	return i, false
}

// word reads the text at i where it is plain ASCII.
func (in *inlet) word(b []byte, i int) (text string, end int, ok bool) {
	end = rawjson.PlainEnd(b, i+1)
	if end >= len(b) || b[end] != '"' {
		return "", end, false
	}
	raw := b[i+1 : end]
	if text, ok = in.words[string(raw)]; ok {
		return text, end + 1, true
	}
	for _, c := range raw {
		if c >= 0x80 {
			return "", end, false
		}
	}
	text = string(raw)
	in.words[text] = text
	return text, end + 1, true
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
