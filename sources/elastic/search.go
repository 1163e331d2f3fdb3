package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// search asks one search and hands over its hits as they come. With a point in time the pattern is left out.
func (s *Source) search(ctx context.Context, op string, m *mapping, body dsl, each func(*hit) error) (answer, error) {
	req := esapi.SearchRequest{Index: s.index(m), Preference: s.copies}
	if body["pit"] != nil {
		req.Index, req.Preference = nil, ""
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, s.fault(op, err)
	}
	req.Body = bytes.NewReader(raw)
	var a answer
	var stopped error
	err = s.do(ctx, op, req, func(r io.Reader, _ *esapi.Response) error {
		var err error
		a, err = readAnswer(r, s.cfg.Answer, func(h *hit) error {
			stopped = each(h)
			return stopped
		})
		if stopped != nil {
			return nil // the caller has enough; the rest of the answer need not be read
		}
		return err
	})
	if err == nil {
		err = stopped
	}
	return a, err
}

func noHits(*hit) error { return nil }
