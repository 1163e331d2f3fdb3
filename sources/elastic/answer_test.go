package elastic

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// told is a hit as a test compares it.
type told struct{ Index, ID, Sort, Source, Fields string }

func TestAnswer_IsTheSameInWhateverPiecesItComes(t *testing.T) {
	long := strings.Repeat(`x\"`, 40_000)
	body := ` { "took":1, "timed_out":true,"_shards":{"total":3,"failed":0},"pit_id":"p\u0031", "hits" : {"total":{"value":2},"hits":[
		{"_index":"one","_id":"a","_score":null,"_source":{"m":"` + long + `"},"sort":[1,"2"]} , {"_index":"one","_id":"b\n","_seq_no":7,"fields":{"x":["y"]},"_source":{}},
		{"_id":"c","_index":null}, {}],"more":[]},"aggregations":{"a":[1]}}`
	want := []told{{"one", "a", `[1,"2"]`, `{"m":"` + long + `"}`, ""}, {"one", "b\n", "", "{}", `{"x":["y"]}`}, {ID: "c"}, {}}
	for name, r := range map[string]io.Reader{
		"at once": strings.NewReader(body), "byte by byte": iotest.OneByteReader(strings.NewReader(body)),
		"by halves": iotest.HalfReader(strings.NewReader(body)), "with its end": iotest.DataErrReader(strings.NewReader(body)),
	} {
		var got []told
		a, err := readAnswer(r, 1<<30, func(h *hit) error {
			got = append(got, told{h.Index, h.ID, string(h.Sort), string(h.Source), string(h.Fields)})
			if h.Numbered != (h.ID == "b\n") || h.Numbered && h.SeqNo != 7 {
				t.Errorf("%s: %q is numbered %d", name, h.ID, h.SeqNo)
			}
			return nil
		})
		if err != nil || !a.TimedOut || a.PIT != "p1" || a.Shards.Total != 3 || string(a.Aggs) != `{"a":[1]}` || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %+v, %d hits", name, err, a.Shards, len(got))
		}
	}
}

func TestAnswer_KeepsTheHitsBeforeABreakAndSaysWhatBroke(t *testing.T) {
	const head = `{"hits":{"hits":[{"_id":"a"},`
	broken := errors.New("the line went dead")
	for name, c := range map[string]struct {
		r    io.Reader
		want error
	}{
		"cut within a hit":    {strings.NewReader(head + `{"_id":"b"`), errCut},
		"cut between hits":    {strings.NewReader(head), errCut},
		"a word for a hit":    {strings.NewReader(head + `hello]}}`), errNotJSON},
		"a number for an id":  {strings.NewReader(head + `{"_id":5}]}}`), errNotJSON},
		"a hit without comma": {strings.NewReader(head + `{"_id":"b" "_index":"i"}]}}`), errNotJSON},
		"a page behind it":    {strings.NewReader(head + `<html>`), errNotJSON},
		"an error of its way": {io.MultiReader(strings.NewReader(head), iotest.ErrReader(broken)), broken},
		"nothing ever":        {io.MultiReader(strings.NewReader(head), silent{}), io.ErrNoProgress},
		"too deep":            {strings.NewReader(head + `{"_source":` + strings.Repeat("[", deepestInTest)), errNotJSON},
	} {
		hits := 0
		if _, err := readAnswer(c.r, 1<<30, func(*hit) error { hits++; return nil }); !errors.Is(err, c.want) || hits != 1 {
			t.Errorf("%s: %d hits and %v, want 1 and %v", name, hits, err, c.want)
		}
	}
}

const deepestInTest = 10_002 // encoding/json allows 10 000

// silent is a reader that brings nothing and never ends.
type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }
