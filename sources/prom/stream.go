package prom

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"rampart/sources/rawjson"
)

// errForeign says that the answer is not one of this API.
var errForeign = errors.New("the answer is not the query API's")

// errDisorder says that one series came with samples that do not follow each other in time.
var errDisorder = errors.New("the samples of a series do not ascend in time")

// foreign is a reason for errForeign.
func foreign(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errForeign}, args...)...)
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
