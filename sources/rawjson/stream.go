package rawjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Stream reads one JSON document from a reader and hands out its values as the bytes they are, each proven to be JSON. It
// holds no more than one value beside what was read ahead. What is no JSON is ErrSyntax, what ends early io.EOF.
type Stream struct {
	// Checker is there for the readers of Next, which find their own ends.
	Checker Checker

	r   io.Reader
	buf []byte // read and not yet taken: buf[at:]
	at  int
	err error // why no more comes
}

// NewStream returns a stream of what r holds.
func NewStream(r io.Reader) *Stream { return &Stream{r: r} }

const leastRead = 16 << 10

// fill reads until want bytes are at hand beyond at, moving them to the front of the buffer. It tells why it could not.
func (s *Stream) fill(want int) error {
	s.buf = s.buf[:copy(s.buf, s.buf[s.at:])]
	s.at = 0
	if grown := max(want, leastRead); cap(s.buf) < grown {
		s.buf = append(make([]byte, 0, grown), s.buf...)
	}
	for idle := 0; len(s.buf) < want && s.err == nil; {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf, s.err = s.buf[:len(s.buf)+n], err
		if idle++; n > 0 {
			idle = 0
		} else if idle == mostIdle && err == nil {
			s.err = io.ErrNoProgress
		}
	}
	if len(s.buf) < want {
		return s.err
	}
	return nil
}

// mostIdle is how often a reader may bring nothing.
const mostIdle = 100

// Peek returns the next byte that is not space, and stands on it.
func (s *Stream) Peek() (byte, error) {
	for {
		if s.at = Space(s.buf, s.at); s.at < len(s.buf) {
			return s.buf[s.at], nil
		}
		if err := s.fill(1); err != nil {
			return 0, err
		}
	}
}

// Take passes over a byte of JSON's own.
func (s *Stream) Take(want byte) error {
	c, err := s.Peek()
	if err != nil {
		return err
	}
	if c != want {
		return fmt.Errorf("%w: %q where %q was expected", ErrSyntax, c, want)
	}
	s.at++
	return nil
}

// Value returns the next value; its bytes are good until the next call.
func (s *Stream) Value() ([]byte, error) { return s.Next(s.Checker.Value) }

// Next hands out what end finds the end of, from the next byte that is not space. While end says ErrShort more is read and
// it begins again; what is longer than what was read is read on by doubling, so that a value of megabytes is not looked at
// again for every packet.
func (s *Stream) Next(end func(b []byte, i int) (int, error)) ([]byte, error) {
	if _, err := s.Peek(); err != nil {
		return nil, err
	}
	for {
		to, err := end(s.buf, s.at)
		if err == nil {
			v := s.buf[s.at:to:to]
			s.at = to
			return v, nil
		}
		if !errors.Is(err, ErrShort) {
			return nil, err
		}
		had := len(s.buf) - s.at
		if err := s.fill(2 * had); err != nil && len(s.buf) == had {
			return nil, err
		}
	}
}

// Members walks an object and lets each read the value of its key.
func (s *Stream) Members(each func(key string) error) error {
	if err := s.Take('{'); err != nil {
		return err
	}
	return s.List('}', func() error {
		c, err := s.Peek()
		if err != nil {
			return err
		}
		if c != '"' {
			return fmt.Errorf("%w: a key that is no text", ErrSyntax)
		}
		key, err := s.Value()
		if err != nil {
			return err
		}
		var name string
		if err := json.Unmarshal(key, &name); err != nil {
			return err
		}
		if err := s.Take(':'); err != nil {
			return err
		}
		return each(name)
	})
}

// List lets each read what stands between commas up to the closing byte, which it takes.
func (s *Stream) List(closing byte, each func() error) error {
	for first := true; ; first = false {
		c, err := s.Peek()
		if err != nil {
			return err
		}
		if c == closing {
			s.at++
			return nil
		}
		if !first {
			if err := s.Take(','); err != nil {
				return err
			}
		}
		if err := each(); err != nil {
			return err
		}
	}
}
