package prom

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rampart/sources"
	"rampart/sources/rawjson"
)

// FuzzReadSeries feeds the decoder whatever a network may bring: it must end with an error or with samples in order.
func FuzzReadSeries(f *testing.F) {
	for _, name := range []string{"classic.json", "truncated.json", "native.json", "parse_error.json", "buildinfo.json"} {
		f.Add(recorded(f, name))
	}
	f.Add(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"]"},"values":[[1e3,"NaN"],[1000.5,"+Inf"]]}]}}`)
	f.Add(`{"data":{"result":[{"values":[[1]]}]},"warnings":[1]}`)
	f.Fuzz(func(t *testing.T, answer string) {
		_, err := readSeries(strings.NewReader(answer), func(s *series) error {
			if len(s.Floats.at) != len(s.Floats.v) || len(s.Histograms.at) != len(s.Histograms.whole) {
				t.Fatal("times and values differ in number")
			}
			for i := 1; i < len(s.Floats.at); i++ {
				if s.Floats.at[i] <= s.Floats.at[i-1] {
					t.Fatalf("samples do not ascend: %v", s.Floats.at)
				}
			}
			return nil
		})
		if err == nil && !json.Valid([]byte(strings.TrimSpace(answer))) && json.NewDecoder(strings.NewReader(answer)).Decode(new(any)) != nil {
			t.Fatalf("took %q for an answer", answer)
		}
	})
}

// FuzzSeries_IsWhatEncodingJSONReads compares the reader that proves and reads at once with the library, member by member.
func FuzzSeries_IsWhatEncodingJSONReads(f *testing.F) {
	for _, s := range []string{
		`{"metric":{"__name__":"a","le":"+Inf"},"values":[[1767621613.935,"438"],[1767621628.935,"1e3"],[1767621629,"NaN"]]}`,
		`{"metric":{},"values":[]}`, `{"values":null,"metric":null}`, `null`, `5`, `{}`, `{"metric":{"a":"\u00e9","b":"é"},"value":[1.5,"2"]}`,
		`{"values":[[1,"2"],[1,"3"]]}`, `{"values":[[01,"2"]]}`, `{"values":[[1.,"2"]]}`, `{"values":[[1,"2"],]}`, `{"values":[[1,"2"]],"values":[[3,"4"]]}`,
		`{"values":[[1,"1e999"],[2,"0x1p-2"],[3,"123456789012345678"],[4,"-0"]]}`, `{"values":[ [1, "2"] ] , "x":{"y":[1]}}`, `{"values":[[1.2e3,"2"]]}`,
		`{"metric":{"a":1}}`, `{"metric":{"a":"b",}}`, `{"metric":{"a":"b"},}`, "{\"metric\":{\"a\":\"\xff\"}}", `{"histogram":[1,{"count":"2","sum":"3","buckets":[[0,"1","2","2"]]}]}`,
		`{"histograms":[[1,{"count":"2","sum":"3"}]],"value":[3,"4"],"value":null}`, `{"metric":{"a":"b"},"metric":{"c":"d"}}`, `{"values":[[999999999999.999,"2"]]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if bytes.ContainsRune(b, '\\') { // a member's name that is written with an escape is none of ours
			return
		}
		text := bytes.TrimLeft(b, " \t\r\n")
		if len(text) == 0 {
			return
		}
		in := newInlet(&rawjson.Checker{})
		end, err := in.read(append(text[:len(text):len(text)], ' '), 0)
		want, wrong := bySeries(text)
		if whole := err == nil && len(bytes.TrimSpace(text[min(end, len(text)):])) == 0; whole != (wrong == nil) {
			t.Fatalf("%q: ends at %d with %v, the library says %v", text, end, err, wrong)
		}
		if wrong == nil && fmt.Sprint(in.series) != fmt.Sprint(want) {
			t.Fatalf("%q: read as %v, want %v", text, in.series, want)
		}
	})
}

// bySeries reads a series by the library.
func bySeries(text []byte) (s series, err error) {
	if !json.Valid(text) {
		return s, errForeign
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return s, err
	}
	one, whole := members["value"], members["histogram"]
	for name, to := range map[string]any{"metric": &s.Labels, "values": &s.Floats, "histograms": &s.Histograms} {
		if raw, ok := members[name]; ok {
			if err := json.Unmarshal(raw, to); err != nil {
				return s, err
			}
		}
	}
	return s, s.settle(one, whole)
}

// FuzzPoints compares the hand-written reader of samples with encoding/json.
func FuzzPoints(f *testing.F) {
	for _, s := range []string{`[]`, `null`, `[[1767621613.935,"438"],[1767621628.935,"1e3"]]`, `[[1,"NaN"],[2.5,"-Inf"]]`, `[[1,2]]`, ` [ [ 1 , "2" ] ] `, `[[1,"a,b]"]]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got points
		gotErr := json.Unmarshal([]byte(text), &got)
		var want [][2]json.RawMessage
		if json.Unmarshal([]byte(text), &want) != nil || gotErr != nil {
			return
		}
		if len(want) != len(got.at) {
			t.Fatalf("%q: %d samples, want %d", text, len(got.at), len(want))
		}
		for i, pair := range want {
			var at float64
			var word string
			if json.Unmarshal(pair[0], &at) != nil || json.Unmarshal(pair[1], &word) != nil {
				t.Fatalf("%q: sample %d is none, yet was read", text, i)
			}
			v, _ := strconv.ParseFloat(word, 64)
			if got.at[i] != int64(math.Round(at*1000)) || got.v[i] != v && !math.IsNaN(v) {
				t.Fatalf("%q: sample %d is %d %v", text, i, got.at[i], got.v[i])
			}
		}
	})
}

// FuzzCut cuts any samples into blocks: no count is negative, and what blocks hold is what the counter grew by.
func FuzzCut(f *testing.F) {
	f.Add([]byte{15, 10, 15, 20, 15, 5, 30, 6, 1, 7}, int64(0))
	f.Add([]byte{1, 255, 1, 0, 1, 255, 200, 3}, int64(-100))
	f.Fuzz(func(t *testing.T, raw []byte, start int64) {
		at := start % 1e6
		tr := track{width: 1}
		grown := 0.0
		for i := 0; i+1 < len(raw) && i < 400; i += 2 {
			at += int64(raw[i])*1000 + 1
			v := float64(raw[i+1])
			if n := len(tr.v); n > 0 && v >= tr.v[n-1] {
				grown += v - tr.v[n-1]
			} else {
				grown += v
			}
			tr.at, tr.v = append(tr.at, at), append(tr.v, v)
		}
		g := grid{from: 0, step: 15_000, n: 40, lookback: 60_000}
		kid := &child{arm: sources.Legacy, requests: true}
		sc := newScene(g, nil, map[*child][]track{kid: {tr}}, newTally(sources.Window{}))
		cut := sc.cut(kid, &tr)
		total := 0.0
		for b, span := range cut.span {
			if v := cut.row(b)[0]; v < 0 || span <= 0 && v != 0 {
				t.Fatalf("block %d of span %d counts %v", b, span, v)
			}
			total += cut.row(b)[0]
		}
		if total > grown {
			t.Fatalf("counted %v of %v", total, grown)
		}
		if slices.Max(cut.span) > longest+1 {
			t.Fatal("a span past the longest")
		}
	})
}
