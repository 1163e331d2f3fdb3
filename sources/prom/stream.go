package prom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// errForeign says that the answer is not one of this API.
var errForeign = errors.New("the answer is not the query API's")

// errDisorder says that one series came with samples that do not follow each other in time.
var errDisorder = errors.New("the samples of a series do not ascend in time")

// foreign is a reason for errForeign.
func foreign(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errForeign}, args...)...)
}

// series is one raw series as it came: the samples ascend.
type series struct {
	Labels     map[string]string `json:"metric"`
	Floats     points            `json:"values"`
	Histograms nativePoints      `json:"histograms"`
	Value      json.RawMessage   `json:"value"`     // of an instant vector
	Histogram  json.RawMessage   `json:"histogram"` // of an instant vector
}

// settle makes a series of one sample of an instant vector's.
func (s *series) settle() error {
	if len(s.Value) > 0 {
		return s.Floats.UnmarshalJSON(slices.Concat([]byte("["), s.Value, []byte("]")))
	}
	if len(s.Histogram) > 0 {
		return s.Histograms.UnmarshalJSON(slices.Concat([]byte("["), s.Histogram, []byte("]")))
	}
	return nil
}

// points are raw float samples: times in milliseconds since 1970.
type points struct {
	at []int64
	v  []float64
}

// envelope is all of an answer but its series.
type envelope struct {
	Status    string   `json:"status"`
	ErrorType string   `json:"errorType"`
	Error     string   `json:"error"`
	Warnings  []string `json:"warnings"`
	Infos     []string `json:"infos"`
	kind      string
}

// readSeries reads an answer as a stream and hands each series over as it comes, so that the memory needed is one
// series and not the whole answer. It stops with the first error of each.
func readSeries(r io.Reader, each func(*series) error) (envelope, error) {
	var e envelope
	dec := json.NewDecoder(r)
	err := object(dec, func(key string) error {
		switch key {
		case "data":
			return object(dec, func(key string) error { return e.data(dec, key, each) })
		case "status":
			return dec.Decode(&e.Status)
		case "errorType":
			return dec.Decode(&e.ErrorType)
		case "error":
			return dec.Decode(&e.Error)
		case "warnings":
			return dec.Decode(&e.Warnings)
		case "infos":
			return dec.Decode(&e.Infos)
		}
		return skip(dec)
	})
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, shape := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case errors.Is(err, io.EOF):
		return e, io.ErrUnexpectedEOF
	case syntax || shape:
		return e, foreign("it is not its JSON")
	}
	return e, err
}

// data reads one member of the answer's data.
func (e *envelope) data(dec *json.Decoder, key string, each func(*series) error) error {
	switch key {
	case "resultType":
		return dec.Decode(&e.kind)
	case "result":
		if err := delim(dec, '['); err != nil {
			return err
		}
		for dec.More() {
			var s series
			if err := dec.Decode(&s); err != nil {
				return err
			}
			if err := s.settle(); err != nil {
				return err
			}
			if err := each(&s); err != nil {
				return err
			}
		}
		return delim(dec, ']')
	}
	return skip(dec)
}

// object walks over the members of an object; null is one without any.
func object(dec *json.Decoder, member func(key string) error) error {
	t, err := dec.Token()
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('{') {
		return foreign("an object was expected")
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if err := member(fmt.Sprint(key)); err != nil {
			return err
		}
	}
	return delim(dec, '}')
}

func delim(dec *json.Decoder, want json.Delim) error {
	t, err := dec.Token()
	if err != nil {
		return err
	}
	if t != want {
		return foreign("%v was expected", want)
	}
	return nil
}

func skip(dec *json.Decoder) error {
	var raw json.RawMessage
	return dec.Decode(&raw)
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
	whole, fraction, _ := bytes.Cut(b, []byte("."))
	if n, err := strconv.ParseInt(string(whole), 10, 64); err == nil && n >= 0 && n < 1e12 && len(fraction) <= 3 {
		ms, scale := int64(0), int64(100)
		for _, c := range fraction {
			if c < '0' || c > '9' {
				return 0, foreign("a sample without a time")
			}
			ms += int64(c-'0') * scale
			scale /= 10
		}
		return n*1000 + ms, nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1e12 {
		return 0, foreign("a sample without a time")
	}
	return int64(math.Round(f * 1000)), nil
}
