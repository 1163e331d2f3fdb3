package elastic

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rampart/sources"
)

func bare() asked {
	cfg := Config{Arm: ArmRule{Field: "labels.track", Value: sources.ByArm[string]{Legacy: "stable", Candidate: "can*"}}, Now: time.Now}.filled()
	cfg.Line = 256
	s := &Source{cfg: cfg, words: newWords()}
	return s.ask(sources.LogQuery{}, nil)
}

func FuzzLine_OfAnyDocumentIsBoundedAndHarmless(f *testing.F) {
	for _, seed := range []string{
		`{"@timestamp":1,"message":"m","log":{"level":"error"},"labels":{"track":"canary"}}`,
		`{"message":["\ud83d\ude00","\u0000"],"log.level":3,"labels.track":["stable"]}`,
		`{"message":{"a":[1,{"b":null}]},"labels":[{"track":"x"}],"error":{"message":"e"}}`,
		`{"a":"` + strings.Repeat("x", 300) + `","message":"\u00"}`, `[]`, `"x"`, `{}`, `{"":{"":{}}}`,
	} {
		f.Add([]byte(seed))
	}
	a := bare()
	f.Fuzz(func(t *testing.T, source []byte) {
		l, _ := a.line(&hit{Index: "i", ID: "x", Source: source, Sort: []byte("[1767614400000]")})
		if n := len(l.Message.Raw()); n > a.s.cfg.Line+utf8.UTFMax {
			t.Errorf("%d bytes of message", n)
		}
		if json.Valid(source) && len(source) > 0 && source[0] == '{' && !json.Valid(l.Source) {
			t.Errorf("the document became %q", l.Source)
		}
		if len(source) > a.s.cfg.Line && len(l.Source) > a.s.cfg.Line {
			t.Errorf("%d bytes of document", len(l.Source))
		}
	})
}

func FuzzLookup_FindsWhatAJSONDecoderFinds(f *testing.F) {
	f.Add([]byte(`{"a":{"b":"x"},"c":1}`))
	f.Add([]byte(`{"a.b":"y"}`))
	f.Add([]byte(`{ "a" : { "z" : [ {"b":2} , "]" ] , "b" : "q\"}" } }`))
	f.Fuzz(func(t *testing.T, source []byte) {
		var doc struct {
			A *struct {
				B *string `json:"b"`
			} `json:"a"`
		}
		if !utf8.Valid(source) || json.Unmarshal(source, &doc) != nil || doc.A == nil || doc.A.B == nil || strings.Count(string(source), `"`) != 6 || strings.Contains(string(source), `\`) {
			return // one nested member, written plainly: what a decoder folds or escapes is another matter
		}
		if !strings.Contains(string(source), `"a"`) || !strings.Contains(string(source), `"b"`) {
			return
		}
		found := lookup(source, [maxPaths]string{"a.b"})
		if got, _ := text(found[0], 1<<20); got != *doc.A.B {
			t.Errorf("%q: %q, want %q", source, got, *doc.A.B)
		}
	})
}

func FuzzCursor_IsReadOrRefused(f *testing.F) {
	st := &state{query: 7, start: 1000, floor: 1000, edge: 9000, high: 8000, marks: []mark{{"i", -1, 3, 9}}, past: []bin{{60000, 3}}, ahead: []entry{{99999, 4}}}
	st.spans = []*span{{from: 1000, to: 2000, next: 2000, every: 1, want: tally{2, 0}, seen: []uint64{3, 9}}, {from: 5000, to: 6000, next: 5500, every: 4}}
	f.Add(st.encode())
	f.Add([]byte(cursorMagic))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		st, err := decode(b)
		if err != nil {
			return
		}
		again, err := decode(st.encode())
		if err != nil || string(again.encode()) != string(st.encode()) {
			t.Errorf("a cursor that was read cannot be written: %v", err)
		}
	})
}

func FuzzAnswer_IsReadOrRefused(f *testing.F) {
	f.Add([]byte(`{"took":1,"timed_out":false,"_shards":{"total":1,"failed":1,"failures":[{"index":"i","reason":{"type":"t","reason":null}}]},"hits":{"hits":[{"_index":"i","_id":"1","sort":[1],"_source":{}}]},"aggregations":{"part":{"buckets":{"now":{"at":{"buckets":[{"key":1,"doc_count":2}]}}}}}}`), int64(1<<20))
	f.Add([]byte(`{"hits":{"hits":[{},{},{`), int64(20))
	f.Add([]byte(`{"hits":null}`), int64(20))
	f.Fuzz(func(t *testing.T, b []byte, most int64) {
		hits := 0
		a, err := readAnswer(strings.NewReader(string(b)), most, func(*hit) error { hits++; return nil })
		if a.Hits != hits || a.Bytes > max(most, 0)+int64(len(b)) {
			t.Errorf("%d hits, %d bytes for %d hits", a.Hits, a.Bytes, hits)
		}
		if err == nil {
			_ = a.partial()
			_, _, _ = readCensus(a.Aggs, true)
			_, _ = bare().readCounts(a.Aggs)
		}
	})
}

func BenchmarkTail_ReadsLinesOfAnAnswer(b *testing.B) {
	var body strings.Builder
	body.WriteString(`{"took":1,"timed_out":false,"_shards":{"total":1},"hits":{"hits":[`)
	for i := range 1000 {
		if i > 0 {
			body.WriteByte(',')
		}
		body.WriteString(`{"_index":".ds-logs-ranker-prod-2026.01.05-000001","_id":"AbCdEfGhIjKlMnOp","_score":null,"_source":{"@timestamp":"2026-01-05T12:00:00.000Z","message":"GET /rank took 23 ms for user 4711 with 12 items","log":{"level":"info","logger":"ranker"},"service":{"name":"ranker","version":"42"},"labels":{"app":"ranker","track":"canary"},"host":{"name":"ranker-canary-7f9c-x2x9z"},"trace":{"id":"4bf92f3577b34da6a3ce929d0e0e4736"},"http":{"response":{"status_code":200}}},"sort":[1767614400000]}`)
	}
	body.WriteString(`]}}`)
	a, text := bare(), body.String()
	a.s.cfg.Line = DefaultLine
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := readAnswer(strings.NewReader(text), 1<<30, func(h *hit) error { a.line(h); return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "lines/s")
}
