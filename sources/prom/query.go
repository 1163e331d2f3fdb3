package prom

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"

	"rampart/sources/rawjson"
	"rampart/sources/road"
)

// begin waits for a free place and gives the query its own deadline, which the time of waiting does not eat.
func (s *Source) begin(ctx context.Context) (context.Context, func(), error) {
	select {
	case s.gate <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	return ctx, func() { cancel(); <-s.gate }, nil
}

// ask asks a question and hands over each series as it is read; together with those of other services, where they are the
// same but for who is asked about (see [Group]).
func (s *Source) ask(ctx context.Context, q question, each func(*series) error) (envelope, error) {
	if s.seat != nil {
		if key, value, ok := q.apart(s.seat.group.label); ok {
			return s.seat.ask(ctx, key, part{question: q, value: value}, each)
		}
	}
	return s.raw(ctx, q, each)
}

// raw asks a question of the server.
func (s *Source) raw(ctx context.Context, q question, each func(*series) error) (envelope, error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return envelope{}, s.fault("query", err)
	}
	defer end()
	e, err := s.stream(ctx, q, each)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // a body that was cut off by our own deadline is no fault of its form
	}
	if err != nil {
		return e, s.fault("query", err)
	}
	return e, nil
}

func (s *Source) stream(ctx context.Context, q question, each func(*series) error) (envelope, error) {
	path, form := q.form(s.cfg.Timeout)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base.JoinPath(path).String(), strings.NewReader(form.Encode()))
	if err != nil {
		return envelope{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.http.Do(req) //nolint:bodyclose // road.Discard closes it.
	if err != nil {
		return envelope{}, err
	}
	defer road.Discard(resp.Body)
	e, err := readSeries(resp.Body, renewing(resp.Body, each))
	switch {
	case err != nil:
		return e, err
	case e.failure() != nil:
		return e, e.failure()
	case e.kind != "matrix" && e.kind != "vector":
		return e, &v1.Error{Type: v1.ErrBadData, Msg: "a " + e.kind + " where series were expected"}
	}
	return e, nil
}

// renewing bounds each series by itself: how many there are is another limit's matter.
func renewing(body io.ReadCloser, each func(*series) error) func(*series) error {
	b, ok := body.(*bounded)
	if !ok {
		return each
	}
	return func(s *series) error { b.renew(); return each(s) }
}

func (s *Source) fault(op string, err error) error { return fault(op, s.target, s.cfg.Timeout, err) }

// envelope is all of an answer but its series.
type envelope struct {
	Status    string   `json:"status"`
	ErrorType string   `json:"errorType"`
	Error     string   `json:"error"`
	Warnings  []string `json:"warnings"`
	Infos     []string `json:"infos"`
	kind      string
}

// failure is what the answer says went wrong; nil when nothing did.
func (e envelope) failure() error {
	switch e.Status {
	case "success":
		return nil
	case "error":
		return &v1.Error{Type: v1.ErrorType(e.ErrorType), Msg: e.Error}
	}
	return foreign("it has no status")
}

// readSeries reads an answer as a stream and hands each series over as it comes, so that the memory needed is one
// series and not the whole answer. It stops with the first error of each.
func readSeries(r io.Reader, each func(*series) error) (envelope, error) {
	var e envelope
	s := rawjson.NewStream(r)
	err := object(s, func(key string) error {
		switch key {
		case "data":
			return object(s, func(key string) error { return e.data(s, key, each) })
		case "status":
			return into(s, &e.Status)
		case "errorType":
			return into(s, &e.ErrorType)
		case "error":
			return into(s, &e.Error)
		case "warnings":
			return into(s, &e.Warnings)
		case "infos":
			return into(s, &e.Infos)
		}
		_, err := s.Value()
		return err
	})
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, shape := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case errors.Is(err, io.EOF):
		return e, io.ErrUnexpectedEOF
	case syntax, shape, errors.Is(err, rawjson.ErrSyntax):
		return e, foreign("it is not its JSON")
	}
	return e, err
}

// into reads the next value.
func into(s *rawjson.Stream, to any) error {
	v, err := s.Value()
	if err != nil {
		return err
	}
	return json.Unmarshal(v, to)
}

// data reads one member of the answer's data.
func (e *envelope) data(s *rawjson.Stream, key string, each func(*series) error) error {
	switch key {
	case "resultType":
		return into(s, &e.kind)
	case "result":
		if err := s.Take('['); err != nil {
			return err
		}
		in := newInlet(&s.Checker)
		return s.List(']', func() error {
			if _, err := s.Next(in.read); err != nil {
				return err
			}
			return each(&in.series)
		})
	}
	_, err := s.Value()
	return err
}

// object walks over the members of an object; null is one without any.
func object(s *rawjson.Stream, member func(key string) error) error {
	c, err := s.Peek()
	switch {
	case err != nil:
		return err
	case c == '{':
		return s.Members(member)
	}
	v, err := s.Value()
	if err == nil && string(v) != "null" {
		err = foreign("an object was expected")
	}
	return err
}
