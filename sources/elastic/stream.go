package elastic

import (
	"errors"
	"fmt"
	"io"
)

// stream reads one JSON document from a reader and hands out its values as the bytes they are, each proven to be JSON. It
// holds no more than one value beside what was read ahead. Why not encoding/json: it reads each byte of a hit three times
// and makes a value of every member; a document is wanted as bytes, and of what stands around it four members are.
type stream struct {
	checker

	r   io.Reader
	buf []byte // read and not yet taken: buf[at:]
	at  int
	err error // why no more comes
}

const leastRead = 16 << 10

// fill reads until want bytes are at hand beyond at, moving them to the front of the buffer. It tells why it could not.
func (s *stream) fill(want int) error {
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

// peek returns the next byte that is not space, and stands on it.
func (s *stream) peek() (byte, error) {
	for {
		if s.at = space(s.buf, s.at); s.at < len(s.buf) {
			return s.buf[s.at], nil
		}
		if err := s.fill(1); err != nil {
			return 0, err
		}
	}
}

// take passes over a byte of JSON's own.
func (s *stream) take(want byte) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c != want {
		return fmt.Errorf("%w: %q where %q was expected", errNotJSON, c, want)
	}
	s.at++
	return nil
}

// value returns the next value; its bytes are good until the next call.
func (s *stream) value() ([]byte, error) { return s.next(s.checker.value) }

// next hands out what end finds the end of, from the next byte that is not space. What is longer than what was read is read
// on by doubling, so that a value of megabytes is not looked at again for every packet.
func (s *stream) next(end func(b []byte, i int) (int, error)) ([]byte, error) {
	if _, err := s.peek(); err != nil {
		return nil, err
	}
	for {
		to, err := end(s.buf, s.at)
		if err == nil {
			v := s.buf[s.at:to:to]
			s.at = to
			return v, nil
		}
		if !errors.Is(err, errShort) {
			return nil, fmt.Errorf("%w: %w", errNotJSON, err)
		}
		had := len(s.buf) - s.at
		if err := s.fill(2 * had); err != nil && len(s.buf) == had {
			return nil, err
		}
	}
}

// members walks an object and lets each read the value of its key.
func (s *stream) members(each func(key string) error) error {
	if err := s.take('{'); err != nil {
		return err
	}
	return s.list('}', func() error {
		key, err := s.value()
		if err != nil {
			return err
		}
		if key[0] != '"' {
			return fmt.Errorf("%w: a key that is no text", errNotJSON)
		}
		name, _ := unquote(key, len(key))
		if err := s.take(':'); err != nil {
			return err
		}
		return each(name)
	})
}

// list lets each read what stands between commas up to the closing byte.
func (s *stream) list(closing byte, each func() error) error {
	for first := true; ; first = false {
		c, err := s.peek()
		if err != nil {
			return err
		}
		if c == closing {
			s.at++
			return nil
		}
		if !first {
			if err := s.take(','); err != nil {
				return err
			}
		}
		if err := each(); err != nil {
			return err
		}
	}
}
