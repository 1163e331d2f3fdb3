package prom

import (
	"bytes"
	"encoding/json"
	"slices"

	"rampart/sources/rawjson"
)

// series is one raw series as it came: the samples ascend.
type series struct {
	Labels     map[string]string
	Floats     points
	Histograms nativePoints
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
		if end, ok := in.quick(key, b, i); ok {
			return end, nil
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

// quick reads a member that looks as servers write it, without the price of decoding whatever JSON there may be.
func (in *inlet) quick(key, b []byte, i int) (int, bool) {
	switch string(key) {
	case "values":
		return in.samples(b, i)
	case "metric":
		return in.labels(b, i)
	}
	return i, false
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
