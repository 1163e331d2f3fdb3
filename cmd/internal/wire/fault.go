package wire

import (
	"context"
	"errors"
	"time"

	"rampart/sources"
)

// fault is an error as it travels: its text and its kinds, and the place of a [sources.Error].
type fault struct {
	Text  string   `json:"text"`
	Kinds []string `json:"kinds,omitempty"`
	Place *place   `json:"place,omitempty"`
}

// place is what a [sources.Error] knows beyond its text.
type place struct {
	Op         string        `json:"op,omitempty"`
	Target     string        `json:"target,omitempty"`
	Cause      string        `json:"cause,omitempty"`
	Fix        string        `json:"fix,omitempty"`
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	Sent       bool          `json:"sent,omitempty"`
}

// kinds are the failures that keep their meaning over the wire, by their words there.
var kinds = [...]struct {
	word string
	kind error
}{
	{"unreachable", sources.ErrUnreachable},
	{"denied", sources.ErrDenied},
	{"conflict", sources.ErrConflict},
	{"no_data", sources.ErrNoData},
	{"partial", sources.ErrPartial},
	{"invalid", sources.ErrInvalid},
	{"throttled", sources.ErrThrottled},
	{"ambiguous", sources.ErrAmbiguous},
	{"unsupported", sources.ErrUnsupported},
	{"ignored", sources.ErrIgnored},
	{"reverted", sources.ErrReverted},
	{"canceled", context.Canceled},
	{"deadline", context.DeadlineExceeded},
}

// faultOf reads an error; nil for nil.
func faultOf(err error) *fault {
	if err == nil {
		return nil
	}
	f := &fault{Text: sources.Visible(err.Error())}
	for _, k := range kinds {
		if errors.Is(err, k.kind) {
			f.Kinds = append(f.Kinds, k.word)
		}
	}
	if e, ok := errors.AsType[*sources.Error](err); ok {
		f.Place = &place{Op: e.Op, Target: e.Target, Fix: e.Fix, RetryAfter: e.RetryAfter, Sent: e.Sent}
		if e.Cause != nil {
			f.Place.Cause = sources.Visible(e.Cause.Error())
		}
	}
	return f
}

// err is the error again, or nil.
func (f *fault) err() error {
	if f == nil {
		return nil
	}
	out := &remote{text: sources.Visible(f.Text)}
	for _, k := range kinds {
		if f.is(k.word) {
			out.inside = append(out.inside, k.kind)
		}
	}
	if p := f.Place; p != nil {
		e := &sources.Error{Op: sources.Visible(p.Op), Target: p.Target, Fix: sources.Visible(p.Fix), RetryAfter: p.RetryAfter, Sent: p.Sent}
		if len(out.inside) > 0 {
			e.Kind = out.inside[0]
		}
		if p.Cause != "" {
			e.Cause = errors.New(p.Cause)
		}
		out.inside = append(out.inside, e)
	}
	return out
}

func (f *fault) is(word string) bool {
	for _, k := range f.Kinds {
		if k == word {
			return true
		}
	}
	return false
}

// remote is an error that came over the wire: the text of the one that was sent, with its kinds inside.
type remote struct {
	text   string
	inside []error
}

// Error is the text as it was sent.
func (r *remote) Error() string { return r.text }

// Unwrap lets errors.Is find the kinds and errors.As the place.
func (r *remote) Unwrap() []error { return r.inside }
