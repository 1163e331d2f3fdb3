package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
	"rampart/sources/rawjson"
)

// answer is what a search says apart from its hits.
type answer struct {
	TimedOut bool
	Shards   shards
	Aggs     json.RawMessage
	PIT      string
	Hits     int   // how many were handed over
	Bytes    int64 // how long it was
	Cut      bool  // it was longer than one answer may be; the hits before the cut are good
	Status   int   // of a search that was asked with others; 0 of one that was asked alone
	Error    json.RawMessage
}

type shards struct {
	Total    int `json:"total"`
	Failed   int `json:"failed"`
	Failures []struct {
		Index  string `json:"index"`
		Reason said   `json:"reason"`
	} `json:"failures"`
}

// partial says what is missing in an answer; nil when nothing is.
func (a answer) partial() error {
	switch {
	case a.Shards.Failed > 0:
		why := "no reason given"
		if len(a.Shards.Failures) > 0 {
			f := a.Shards.Failures[0]
			why = short(f.Index+": "+f.Reason.deepest().String(), reasonBytes)
		}
		return &sources.Error{Kind: sources.ErrPartial, Cause: fmt.Errorf("%d of %d shards failed: %s", a.Shards.Failed, a.Shards.Total, why), Fix: "their lines are missing; see the cluster's health"}
	case a.TimedOut:
		return &sources.Error{Kind: sources.ErrPartial, Cause: errors.New("the cluster gave up before all shards had answered"), Fix: "lines are missing; see how busy the cluster is"}
	}
	return nil
}

// readAnswer reads a search answer as it comes, handing over each hit, so that no more than one document is held beside
// what the caller keeps. It stops at most bytes. A hit is good until the next one.
func readAnswer(r io.Reader, most int64, each func(*hit) error) (answer, error) {
	capped := &io.LimitedReader{R: r, N: most}
	var a answer
	err := a.read(rawjson.NewStream(capped), each)
	a.Bytes = most - capped.N
	if err != nil && capped.N <= 0 {
		a.Cut = true
		return a, nil
	}
	return a, jsonFault(err)
}

// jsonFault tells a cut answer from one that was never ours.
func jsonFault(err error) error {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, kind := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errCut
	case syntax, kind, errors.Is(err, rawjson.ErrSyntax):
		return fmt.Errorf("%w: %w", errNotJSON, err)
	}
	return err
}

func (a *answer) read(s *rawjson.Stream, each func(*hit) error) error {
	return s.Members(func(key string) error {
		if key == "hits" {
			return a.readHits(s, each)
		}
		v, err := s.Value()
		if err != nil {
			return err
		}
		switch key {
		case "timed_out":
			return json.Unmarshal(v, &a.TimedOut)
		case "_shards":
			return json.Unmarshal(v, &a.Shards)
		case "aggregations":
			a.Aggs = slices.Clone(v)
		case "pit_id":
			return json.Unmarshal(v, &a.PIT)
		case "status":
			return json.Unmarshal(v, &a.Status)
		case "error":
			a.Error = slices.Clone(v)
		}
		return nil
	})
}

func (a *answer) readHits(s *rawjson.Stream, each func(*hit) error) error {
	var h hit
	read := func(b []byte, i int) (int, error) { return h.read(&s.Checker, b, i) }
	return s.Members(func(key string) error {
		if key != "hits" {
			_, err := s.Value()
			return err
		}
		if err := s.Take('['); err != nil {
			return err
		}
		return s.List(']', func() error {
			v, err := s.Next(read)
			if err != nil {
				return err
			}
			a.Bytes += int64(len(v))
			if err := each(&h); err != nil {
				return err
			}
			a.Hits++
			return nil
		})
	})
}

// readAnswers reads the answers to n searches as they come. Of each, hits are handed over up to most bytes; the others are
// passed over, and it is cut.
func readAnswers(r io.Reader, n int, most int64, give func(i int, p portion)) error {
	s, i := rawjson.NewStream(r), 0
	one := func() error {
		if i == n {
			return fmt.Errorf("%w: more answers than searches", errNotJSON)
		}
		var a answer
		err := a.read(s, func(h *hit) error {
			if a.Cut = a.Cut || a.Bytes > most; !a.Cut {
				give(i, portion{of: &a, hit: h})
			} else {
				a.Hits-- // it is read, and not handed over
			}
			return nil
		})
		if err == nil {
			give(i, portion{of: &a})
		}
		i++
		return err
	}
	err := s.Members(func(key string) error {
		if key != "responses" {
			_, err := s.Value()
			return err
		}
		if err := s.Take('['); err != nil {
			return err
		}
		return s.List(']', one)
	})
	if err == nil && i < n {
		err = fmt.Errorf("%w: %d answers to %d searches", errNotJSON, i, n)
	}
	return jsonFault(err)
}

// fault is the failure of a search that was asked with others; nil when it was answered.
func (a answer) fault() error {
	if a.Status/100 == 2 && len(a.Error) == 0 {
		return nil
	}
	return failed(a.Status, a.Error)
}

// notes are the doubts of an answer.
func (a answer) notes() []sources.Note {
	if err := a.partial(); err != nil {
		return []sources.Note{{Kind: sources.NotePartial, Text: sources.NewText(err.(*sources.Error).Cause.Error())}} //nolint:errorlint // partial makes no other
	}
	return nil
}

// once drops notes that say the same.
func once(notes []sources.Note) []sources.Note {
	var out []sources.Note
	for _, n := range notes {
		if !slices.ContainsFunc(out, func(o sources.Note) bool { return o.Kind == n.Kind && o.Text == n.Text }) {
			out = append(out, n)
		}
	}
	return out
}

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
