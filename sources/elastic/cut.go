package elastic

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// probe is a line with what analysers make something else of: words that they drop, stems, numbers.
const probe = "The 250ms_of Running timeouts are not at shard7 4711"

// mostCut bounds what is remembered of fields that somebody typed.
const mostCut = 1000

// cuts tells whether the index keeps a text's words as they are written, so that they are found by their parts. Where it
// cannot be asked it is taken for the standard analyser's, which does.
func (s *Source) cuts(ctx context.Context, m *mapping, name string) bool {
	if len(m.indices) == 0 {
		return true
	}
	at := s.cfg.Now()
	if c, known := s.know().cut[name]; known && at.Sub(c.at) < remember {
		return c.well
	}
	well, err := s.askCut(ctx, m.indices[len(m.indices)-1], name)
	if ctx.Err() != nil {
		return true
	}
	s.note(func(l *learnt) {
		next := maps.Clone(l.cut) // readers may hold the one before
		if next == nil || len(next) >= mostCut {
			next = map[string]cut{}
		}
		next[name] = cut{well: well || err != nil, at: at}
		l.cut = next
	})
	return well || err != nil
}

// askCut has a line of ours cut into words; nothing is written.
func (s *Source) askCut(ctx context.Context, index, name string) (well bool, err error) {
	body := compact(dsl{"doc": dsl{name: probe}, "fields": []string{name}, "positions": false, "offsets": false, "payloads": false, "field_statistics": false})
	req := esapi.TermvectorsRequest{Index: index, Body: strings.NewReader(body)}
	err = s.do(ctx, "cut words", req, func(r io.Reader, _ *esapi.Response) error {
		var said struct {
			Vectors map[string]struct {
				Terms map[string]json.RawMessage `json:"terms"`
			} `json:"term_vectors"`
		}
		if err := json.NewDecoder(io.LimitReader(r, s.cfg.Answer)).Decode(&said); err != nil {
			return jsonFault(err)
		}
		v, told := said.Vectors[name]
		if well = true; !told {
			return nil
		}
		var words strings.Builder
		for word := range v.Terms {
			words.WriteString(strings.ToLower(word) + "\n")
		}
		for _, run := range runs(probe) {
			well = well && strings.Contains(words.String(), run)
		}
		return nil
	})
	return well, err
}
