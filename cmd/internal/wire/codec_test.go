package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// filler fills every field of a value with something that is not its zero, each time with something else.
type filler struct{ n int64 }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = time.Unix(1_700_000_000+f.n, 123456789).In(time.FixedZone("far", 3600))
		return
	case *sources.Text:
		*p = sources.NewText(fmt.Sprintf("text %d", f.n))
		return
	case *json.RawMessage:
		*p = fmt.Appendf(nil, `{"n":%d,"s":"<&>"}`, f.n)
		return
	case *error:
		*p = &sources.Error{Op: "read", Target: fmt.Sprint("haproxy ", f.n), Kind: sources.ErrDenied, Cause: errors.New("no"), Fix: "ask", RetryAfter: time.Second, Sent: true}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(k)
		f.fill(e)
		v.SetMapIndex(k, e)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString(fmt.Sprintf("word %d", f.n))
	case reflect.Float64:
		v.SetFloat(float64(f.n) + 1.0/3)
	case reflect.Uint8:
		v.SetUint(uint64(f.n%200 + 1))
	case reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		v.SetUint(uint64(f.n))
	default:
		v.SetInt(f.n)
	}
}

// differ tells where two values differ; times are equal when they are the same instant, errors when they say the same
// and are of the same kinds.
func differ(at string, a, b reflect.Value) []string {
	if x, ok := a.Interface().(time.Time); ok {
		if !x.Equal(b.Interface().(time.Time)) {
			return []string{at}
		}
		return nil
	}
	switch {
	case a.Type() == reflect.TypeFor[error]():
		return differError(at, a, b)
	case a.Type() == reflect.TypeFor[sources.Text]():
		if fmt.Sprint(a.Interface()) != fmt.Sprint(b.Interface()) {
			return []string{at}
		}
		return nil
	}
	switch a.Kind() {
	case reflect.Struct:
		var out []string
		for i := range a.NumField() {
			out = append(out, differ(at+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))...)
		}
		return out
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() || a.Kind() == reflect.Slice && a.IsNil() != b.IsNil() {
			return []string{at + " length"}
		}
		var out []string
		for i := range a.Len() {
			out = append(out, differ(fmt.Sprintf("%s[%d]", at, i), a.Index(i), b.Index(i))...)
		}
		return out
	case reflect.Pointer:
		if a.IsNil() != b.IsNil() {
			return []string{at}
		}
		if a.IsNil() {
			return nil
		}
		return differ(at, a.Elem(), b.Elem())
	}
	if !reflect.DeepEqual(a.Interface(), b.Interface()) {
		return []string{fmt.Sprintf("%s: %v became %v", at, a.Interface(), b.Interface())}
	}
	return nil
}

func differError(at string, a, b reflect.Value) []string {
	if a.IsNil() || b.IsNil() {
		if a.IsNil() != b.IsNil() {
			return []string{at}
		}
		return nil
	}
	x, y := a.Interface().(error), b.Interface().(error)
	if x.Error() != y.Error() {
		return []string{fmt.Sprintf("%s: %v became %v", at, x, y)}
	}
	for _, k := range kinds {
		if errors.Is(x, k.kind) != errors.Is(y, k.kind) {
			return []string{at + " is " + k.word}
		}
	}
	return nil
}

// survives sends a value with every field filled, and an empty one, over the wire and back.
func survives[T any](t *testing.T, c codec[T]) {
	t.Helper()
	full, empty := new(T), new(T)
	(&filler{}).fill(reflect.ValueOf(full).Elem())
	for _, was := range []*T{full, empty} {
		b, err := c.encode(was)
		if err != nil {
			t.Fatal(err)
		}
		is, err := c.decode(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range differ(c.mirror().src.Name(), reflect.ValueOf(was).Elem(), reflect.ValueOf(is).Elem()) {
			t.Error("lost on the wire:", d)
		}
	}
}

func TestWire_EveryFieldArrivesAsItWasSent(t *testing.T) {
	survives(t, frames)
	survives(t, sessions)
	survives(t, lists)
	survives(t, asked)
	survives(t, previews)
	survives(t, progress)
	survives(t, pages)
	survives(t, lines)
}

func TestWire_NoSliceAndAnEmptyOneStayApart(t *testing.T) {
	was := &frame.Frame{Rows: []frame.Row{}, Waiting: []string{}}
	b, err := frames.encode(was)
	if err != nil {
		t.Fatal(err)
	}
	is, err := frames.decode(b)
	if err != nil || is.Rows == nil || is.Waiting == nil || is.Ticks != nil {
		t.Errorf("got %#v %#v %#v, %v", is.Rows, is.Waiting, is.Ticks, err)
	}
}

func TestWire_ANumberThatIsNoneArrivesAsNotKnownWithItsReason(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name      string
		was, want analysis.Value
	}{
		{"NaN", analysis.Value{V: nan, Known: true, N: 3}, analysis.Value{N: 3, Why: "not a number"}},
		{"infinite", analysis.Value{V: inf, Known: true}, analysis.Value{Why: "not finite"}},
		{"NaN with a reason", analysis.Value{V: nan, Why: "no scrape"}, analysis.Value{Why: "no scrape"}},
		{"no upper end", analysis.Value{V: 1, Lo: 0.5, Hi: inf, Interval: true, Known: true}, analysis.Value{V: 1, Lo: 0.5, Interval: true, OpenHi: true, Known: true}},
		{"no interval", analysis.Value{V: 1, Lo: nan, Hi: 2, Interval: true, Known: true}, analysis.Value{V: 1, Known: true, Why: "its interval is not known"}},
		{"a number", analysis.Number(1.0/3, analysis.Fraction, 12).Between(0.1, 0.5), analysis.Number(1.0/3, analysis.Fraction, 12).Between(0.1, 0.5)},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := frames.encode(&frame.Frame{Rows: []frame.Row{{Legacy: c.was}}})
			if err != nil {
				t.Fatal(err)
			}
			f, err := frames.decode(b)
			if err != nil || f.Rows[0].Legacy != c.want {
				t.Errorf("got %+v, %v; want %+v", f.Rows[0].Legacy, err, c.want)
			}
		})
	}
}

func TestWire_EvidenceMayBeInfinite(t *testing.T) {
	for _, was := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), -0.5, math.MaxFloat64} {
		b, err := frames.encode(&frame.Frame{Verdict: analysis.Verdict{Evidence: analysis.Evidence{LogHarm: was}}})
		if err != nil {
			t.Fatal(err)
		}
		f, err := frames.decode(b)
		if is := f.Verdict.Evidence.LogHarm; err != nil || is != was && !(math.IsNaN(is) && math.IsNaN(was)) {
			t.Errorf("%v became %v, %v", was, is, err)
		}
	}
}

func TestWire_AShareThatCameBackIsTheShareThatWasSeen(t *testing.T) {
	was := sources.Action{Seen: sources.Precondition{Split: sources.SplitAt(3906, time.Unix(1, 0))}}
	b, _ := asked.encode(&request{Action: was})
	is, err := asked.decode(b)
	if err != nil || !is.Action.Seen.Split.Equal(was.Seen.Split) {
		t.Errorf("3906 ppm became %d, %v", is.Action.Seen.Split.Candidate, err)
	}
}

func TestWire_TextFromOutsideStaysHarmless(t *testing.T) {
	was := sources.NewText("evil \x1b[2J \u202e \xff <b>")
	b, err := frames.encode(&frame.Frame{Seen: []frame.Event{{Text: was}}})
	if err != nil || bytes.ContainsFunc(b, func(r rune) bool { return r == 0x1b || r == 0x202e || r == utf8.RuneError }) {
		t.Fatalf("on the wire: %q, %v", b, err)
	}
	f, err := frames.decode(b)
	if err != nil || f.Seen[0].Text.String() != was.String() {
		t.Errorf("%q became %q, %v", was, f.Seen[0].Text, err)
	}
}

func TestWire_AnErrorKeepsItsKindItsPlaceAndItsText(t *testing.T) {
	place := &sources.Error{Op: "set weight", Target: "lb1", Kind: sources.ErrAmbiguous, Cause: context.DeadlineExceeded, Fix: "read it", RetryAfter: time.Second, Sent: true}
	was := fmt.Errorf("rollback ranker: %w", place)
	b, _ := progress.encode(&sources.Progress{Err: was})
	p, err := progress.decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if p.Err.Error() != was.Error() || !errors.Is(p.Err, sources.ErrAmbiguous) || !errors.Is(p.Err, context.DeadlineExceeded) || errors.Is(p.Err, sources.ErrDenied) {
		t.Errorf("got %v", p.Err)
	}
	if e, ok := errors.AsType[*sources.Error](p.Err); !ok || e.Op != place.Op || e.Target != "lb1" || !e.Sent || e.Fix != "read it" || e.RetryAfter != time.Second || !errors.Is(e.Kind, sources.ErrAmbiguous) {
		t.Errorf("its place became %+v", e)
	}
}

func TestWire_WhatIsNotKnownIsRefused(t *testing.T) {
	for _, body := range []string{`{"Sevrice":"ranker"}`, `{"Action":{"Verb":"rollback"}}`, `{} {}`, `[]`, `{"Action":{"To":-1}}`, `{"Action":{"Verb":300}}`, ``, `{`} {
		if _, err := asked.decode([]byte(body)); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

func TestShape_ChangesWithEveryFieldAndNothingElse(t *testing.T) {
	if a, b := Shape(), Shape(); a != b || !strings.HasPrefix(a, fmt.Sprintf("%d-", frame.Version)) {
		t.Errorf("got %s and %s", a, b)
	}
	type one struct{ A int }
	type other struct{ B int }
	if codecOf[one]().mirror().shape == codecOf[other]().mirror().shape {
		t.Error("another name has the same shape")
	}
}

func FuzzFrame(f *testing.F) {
	full := new(frame.Frame)
	(&filler{}).fill(reflect.ValueOf(full).Elem())
	b, _ := frames.encode(full)
	f.Add(b)
	f.Add([]byte(`{"Rows":[{"Legacy":{"v":1e400}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		was, err := frames.decode(b)
		if err != nil {
			return
		}
		again, err := frames.encode(was)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		is, err := frames.decode(again)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if d := differ("frame", reflect.ValueOf(was).Elem(), reflect.ValueOf(is).Elem()); len(d) > 0 && !strings.Contains(string(again), `"NaN"`) {
			t.Fatal(d)
		}
	})
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"Service":"ranker","Action":{"Verb":2,"Seen":{"Split":{"Candidate":50000,"Known":true}}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := asked.decode(b); err != nil && r != nil || err != nil && !errors.Is(err, sources.ErrInvalid) {
			t.Fatalf("%v, %v", r, err)
		}
	})
}
