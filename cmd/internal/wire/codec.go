package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"reflect"
	"strings"
	"sync"

	"rampart/analysis/frame"
	"rampart/sources"
)

// codec turns one type into JSON and back, strictly: what it does not know it refuses.
type codec[T any] struct{ mirror func() mirror }

func codecOf[T any]() codec[T] {
	return codec[T]{sync.OnceValue(func() mirror { return mirrorOf(reflect.TypeFor[T]()) })}
}

// The types that travel. Each is read once, by whoever first sends or takes one (reading all takes 12 ms, which a console
// without a runner does not wait for), and never changed.
var (
	frames   = codecOf[frame.Frame]()
	sessions = codecOf[frame.Session]()
	lists    = codecOf[[]frame.Summary]()
	asked    = codecOf[request]()
	previews = codecOf[sources.Preview]()
	progress = codecOf[sources.Progress]()
	pages    = codecOf[frame.LogsPage]()
	lines    = codecOf[frame.LogLine]()
	baring   = codecOf[bared]()
)

// request is the body of every question and action.
type request struct {
	Service string
	Action  sources.Action
	Preview string // the id of what was previewed
	Word    string // that the preview asks for
	Logs    frame.LogsQuery
	Window  sources.Window // of an export
	Seek    seek
	Unmask  unlock
	Unlock  unlock
	Note    string
	Confirm string // the id of the intent that stays
	Approve sources.Approval
}

// unlock asks for ramping up to be allowed.
type unlock struct {
	For    int64 // nanoseconds
	Reason string
}

// seek is where a search begins and which way it goes.
type seek struct {
	From  string // the id of a line; empty: beyond the newest
	Newer bool
}

// Shape is the version of all that travels but the rollback: the frame's own, and a fingerprint of every field's name
// and kind, so that two builds that differ in any of them know it.
func Shape() string {
	h := fnv.New32a()
	for _, s := range []string{
		frames.mirror().shape, sessions.mirror().shape, lists.mirror().shape, asked.mirror().shape, previews.mirror().shape, progress.mirror().shape,
		pages.mirror().shape, lines.mirror().shape, baring.mirror().shape, fields(reflect.TypeFor[exported]()),
	} {
		_, _ = io.WriteString(h, s)
	}
	return fmt.Sprintf("%d-%08x", frame.Version, h.Sum32())
}

// encode writes a value as one line of JSON, with what stands before and after it.
func (c codec[T]) encode(v *T) ([]byte, error) {
	w := reflect.New(c.mirror().wire)
	c.mirror().to(w.Elem(), reflect.ValueOf(v).Elem())
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(w.Interface()); err != nil {
		return nil, fmt.Errorf("encode %T: %w", *v, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// decode reads exactly one value. What it refuses is ErrInvalid.
func (c codec[T]) decode(b []byte) (*T, error) {
	w := reflect.New(c.mirror().wire)
	if err := strict(b, w.Interface()); err != nil {
		return nil, fmt.Errorf("decode %s: %s: %w", strings.ToLower(c.mirror().src.Name()), sources.Visible(err.Error()), sources.ErrInvalid)
	}
	v := new(T)
	c.mirror().from(reflect.ValueOf(v).Elem(), w.Elem())
	return v, nil
}

// strict reads one JSON value, all of it, and refuses unknown fields.
func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("more than one value")
	}
	return nil
}
