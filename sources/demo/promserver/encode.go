package promserver

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// encode writes a query's value as Prometheus does (web/api/v1/json_codec.go, util/jsonutil): numbers as strings, times as seconds with at most three decimals.
func encode(v parser.Value) json.RawMessage {
	switch v := v.(type) {
	case promql.Vector:
		return list(nil, v, appendSample)
	case promql.Matrix:
		return list(nil, v, appendSeries)
	case promql.Scalar, promql.String: // these write themselves
		if b, err := json.Marshal(v); err == nil {
			return b
		}
	}
	return json.RawMessage("null")
}

func list[T any](b []byte, items []T, one func([]byte, *T) []byte) []byte {
	b = append(b, '[')
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, &items[i])
	}
	return append(b, ']')
}

func appendSample(b []byte, s *promql.Sample) []byte {
	b = appendLabels(append(b, `{"metric":`...), s.Metric)
	if s.H != nil {
		b = appendBars(append(b, `,"histogram":`...), s.T, s.H)
	} else {
		b = appendPoint(append(b, `,"value":`...), s.T, s.F)
	}
	return append(b, '}')
}

func appendSeries(b []byte, s *promql.Series) []byte {
	b = appendLabels(append(b, `{"metric":`...), s.Metric)
	if len(s.Floats) > 0 {
		b = list(append(b, `,"values":`...), s.Floats, func(b []byte, p *promql.FPoint) []byte { return appendPoint(b, p.T, p.F) })
	}
	if len(s.Histograms) > 0 {
		b = list(append(b, `,"histograms":`...), s.Histograms, func(b []byte, p *promql.HPoint) []byte { return appendBars(b, p.T, p.H) })
	}
	return append(b, '}')
}

func appendLabels(b []byte, ls labels.Labels) []byte {
	b = append(b, '{')
	first := true
	ls.Range(func(l labels.Label) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendText(append(appendText(b, l.Name), ':'), l.Value)
	})
	return append(b, '}')
}

func appendPoint(b []byte, t int64, v float64) []byte {
	b = appendTime(append(b, '['), t)
	b = appendNumber(append(b, ','), v)
	return append(b, ']')
}

// appendTime writes milliseconds as seconds.
func appendTime(b []byte, t int64) []byte {
	if t < 0 {
		b, t = append(b, '-'), -t
	}
	b = strconv.AppendInt(b, t/1000, 10)
	if ms := t % 1000; ms != 0 {
		b = append(b, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
	}
	return b
}

func appendNumber(b []byte, v float64) []byte {
	form := byte('f')
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		form = 'e'
	}
	b = strconv.AppendFloat(append(b, '"'), v, form, -1, 64)
	return append(b, '"')
}

func appendText(b []byte, text string) []byte {
	q, err := json.Marshal(text)
	if err != nil { // a string always can be written
		return append(b, `""`...)
	}
	return append(b, q...)
}

// appendBars writes a native histogram at a moment; a bucket's first number says which of its bounds belong to it.
func appendBars(b []byte, t int64, h *histogram.FloatHistogram) []byte {
	b = appendTime(append(b, '['), t)
	b = appendNumber(append(b, `,{"count":`...), h.Count)
	b = appendNumber(append(b, `,"sum":`...), h.Sum)
	found := false
	for it := h.AllBucketIterator(); it.Next(); {
		bar := it.At()
		if bar.Count == 0 {
			continue
		}
		b = append(b, map[bool]string{false: `,"buckets":[`, true: `,`}[found]...)
		found = true
		b = append(b, '[', bounds(bar.LowerInclusive, bar.UpperInclusive))
		for _, v := range []float64{bar.Lower, bar.Upper, bar.Count} {
			b = appendNumber(append(b, ','), v)
		}
		b = append(b, ']')
	}
	if found {
		b = append(b, ']')
	}
	return append(b, "}]"...)
}

// bounds gives 0 for (a,b], 1 for [a,b), 2 for (a,b), 3 for [a,b].
func bounds(lower, upper bool) byte {
	switch {
	case lower && upper:
		return '3'
	case lower:
		return '1'
	case upper:
		return '0'
	}
	return '2'
}
