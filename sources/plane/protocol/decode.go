package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"rampart/sources"
)

// MaxAnswer bounds an answer; ten thousand servers need about 1 MB.
const MaxAnswer = 4 << 20

// Decode reads an answer: exactly one JSON object, no key that is not known, every share within 0..100. An answer that
// holds an error is that error, of its kind, with Sent saying whether something may have been done.
func Decode(b []byte) (Answer, error) {
	var a Answer
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&a); err != nil {
		return Answer{}, fmt.Errorf("no answer as agreed: %w: %s", plainly(err), shorten(b))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Answer{}, fmt.Errorf("more than one JSON object: %s", shorten(b))
	}
	if a.Error != nil {
		return a, a.Error.told()
	}
	return a, a.check()
}

// plainly says what is wrong in an answer without Go's names.
func plainly(err error) error {
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s is a %s", t.Field, t.Value)
	}
	if errors.Is(err, io.EOF) {
		return errors.New("nothing at all")
	}
	return err
}

func (f *Failure) told() error {
	kind, ok := kindOf(f.Kind)
	if !ok {
		return fmt.Errorf("no error is of kind %q: %v", f.Kind, f.Text)
	}
	return &sources.Error{
		Op: "answer", Target: "plane", Kind: kind, Cause: errors.New(f.Text.String()), RetryAfter: seconds(f.RetryAfterSeconds),
		Sent: errors.Is(kind, sources.ErrAmbiguous) || errors.Is(kind, sources.ErrPartial),
	}
}

// Told tells whether an error is one that the other end named, and gives it its place.
func Told(err *error, call, target string) bool {
	e, ok := errors.AsType[*sources.Error](*err)
	if ok {
		placed := *e
		placed.Op, placed.Target = call, target
		*err = &placed
	}
	return ok
}

func (a Answer) check() error {
	var shares []float64
	if a.Caps != nil {
		shares = append(shares, a.Caps.Shares...)
		shares = append(shares, a.Caps.Finest)
	}
	if a.Read != nil {
		for _, p := range []*float64{a.Read.Set, a.Read.Effective, a.Read.Reload} {
			if p != nil {
				shares = append(shares, *p)
			}
		}
		for _, s := range a.Read.Servers {
			if s.Arm == 0 || s.Name == "" || negative(s.Requests) || negative(s.Errors) {
				return fmt.Errorf("a server needs a name, an arm and no negative counter: %q", sources.Visible(s.Name))
			}
		}
	}
	for _, p := range shares {
		if math.IsNaN(p) || p < 0 || p > 100 {
			return fmt.Errorf("%v %% is no share", p)
		}
	}
	return nil
}

func negative(n *int64) bool { return n != nil && *n < 0 }

func seconds(s float64) time.Duration {
	if !(s > 0) {
		return 0
	}
	return time.Duration(min(s, 86_400) * float64(time.Second))
}

// share turns percent into a share.
func share(percent float64) sources.Share { return sources.ShareOf(percent / 100) }

func shorten(b []byte) string {
	const most = 200
	if len(b) > most {
		b = append(bytes.Clone(b[:most]), "…"...)
	}
	return sources.Visible(string(bytes.TrimSpace(b)))
}
